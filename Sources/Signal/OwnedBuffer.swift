/// A fixed run of plain values (nothing that counts references) that frees itself: hot loops index its pointer.
///
/// `Element` must not be private: Swift 6.3 then makes debug builds that its own checks refuse.
public struct OwnedBuffer<Element>: ~Copyable, @unchecked Sendable {
    public let start: UnsafeMutablePointer<Element>
    public let count: Int

    public init(_ count: Int, repeating value: Element) {
        self.count = count
        start = .allocate(capacity: max(count, 1))
        start.initialize(repeating: value, count: count)
    }

    /// The caller writes each number before it reads it.
    public init(uninitialised count: Int) {
        self.count = count
        start = .allocate(capacity: max(count, 1))
    }

    public init(_ values: [Element]) {
        count = values.count
        start = .allocate(capacity: max(count, 1))
        for (i, value) in values.enumerated() { (start + i).initialize(to: value) }
    }

    deinit { start.deallocate() }

    public func fill(_ value: Element) { start.update(repeating: value, count: count) }
}
