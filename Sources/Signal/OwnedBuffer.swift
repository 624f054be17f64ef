/// A fixed run of plain values (nothing that counts references) that frees itself: hot loops index its pointer.
///
/// Two errors of Swift 6.3 to keep clear of: where `Element` is private, debug builds fail; where `start` is changed in place
/// (`buffer.start[i] += 1`), those for the thread sanitizer do. Bind `start` to a name first.
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
