/// The latest samples of an endless signal, contiguous in memory and addressed by their index from the beginning.
public struct SampleHistory: ~Copyable, @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Float>
    private let capacity: Int
    private let kept: Int
    private var count = 0
    /// Index of the oldest sample held.
    public private(set) var start = 0

    /// - Parameters:
    ///   - kept: how many of the latest samples stay reachable. - maxBlock: the longest block that `append` will get.
    public init(kept: Int, maxBlock: Int) {
        self.kept = kept
        capacity = 4 * (kept + maxBlock)
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    /// Index after the newest sample.
    public var end: Int { start + count }

    public mutating func append(_ samples: UnsafePointer<Float>, count added: Int) {
        makeRoom(added)
        (storage + count).update(from: samples, count: added)
        count += added
    }

    public mutating func append(repeating value: Float, count added: Int) {
        makeRoom(added)
        (storage + count).update(repeating: value, count: added)
        count += added
    }

    /// Sample `index` and those after it, up to `end`; valid until the next `append`.
    public func at(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(storage + (index - start)) }

    private mutating func makeRoom(_ added: Int) {
        precondition(added <= capacity - kept)
        guard count + added > capacity else { return }
        let gone = count - kept
        storage.update(from: storage + gone, count: kept)
        start += gone
        count = kept
    }

    /// Overwrites every sample held; indices go on.
    public mutating func wipe() { storage.update(repeating: 0, count: capacity) }
}
