import Synchronization

/// A ring of samples between one producer (a real-time thread) and one consumer; both sides wait-free.
public final class SampleRing: @unchecked Sendable {
    private let storage: UnsafeMutablePointer<Float>
    private let mask: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    /// - Parameter capacity: rounded up to a power of two.
    public init(capacity: Int) {
        var size = 1
        while size < capacity { size <<= 1 }
        mask = size - 1
        storage = .allocate(capacity: size)
        storage.initialize(repeating: 0, count: size)
    }

    deinit { storage.deallocate() }

    public var capacity: Int { mask + 1 }

    /// Producer: how many samples fit now.
    public var space: Int { capacity - (head.load(ordering: .relaxed) - tail.load(ordering: .acquiring)) }

    /// Producer: writes `count` samples got from `sample(i)`; the caller has checked `space`.
    @inlinable
    public func write(count: Int, _ sample: (Int) -> Float) {
        let start = writeIndex
        for i in 0..<count { self[start + i] = sample(i) }
        advanceHead(to: start + count)
    }

    /// Consumer: copies up to `count` samples into `out` and returns how many.
    public func read(into out: UnsafeMutablePointer<Float>, count: Int) -> Int {
        let start = tail.load(ordering: .relaxed)
        let available = min(head.load(ordering: .acquiring) - start, count)
        for i in 0..<max(available, 0) { out[i] = storage[(start + i) & mask] }
        tail.store(start + max(available, 0), ordering: .releasing)
        return max(available, 0)
    }

    /// Drops and zeroes everything; no producer and no consumer may be inside.
    public func wipe() {
        storage.update(repeating: 0, count: capacity)
        tail.store(head.load(ordering: .acquiring), ordering: .releasing)
    }

    @usableFromInline var writeIndex: Int { head.load(ordering: .relaxed) }
    @usableFromInline func advanceHead(to index: Int) { head.store(index, ordering: .releasing) }
    @usableFromInline subscript(index: Int) -> Float {
        get { storage[index & mask] }
        set { storage[index & mask] = newValue }
    }
}
