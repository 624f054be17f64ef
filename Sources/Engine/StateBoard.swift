import AffettoCore
import Synchronization

/// The latest state, readable from any thread without waiting: a sequence counter around atomic words.
///
/// One writer (the session, under its lock). A reader that meets a write in progress tries again; a write is some
/// twenty stores long.
final class StateBoard: @unchecked Sendable {
    static let words = 16 + Emotion.count + Modality.count
    private let sequence = Atomic<UInt64>(0)
    private let storage: UnsafeMutablePointer<Atomic<UInt64>>

    init(_ state: AffectState) {
        storage = .allocate(capacity: Self.words)
        for i in 0..<Self.words { (storage + i).initialize(to: Atomic(0)) }
        publish(state)
    }

    deinit {
        storage.deinitialize(count: Self.words)
        storage.deallocate()
    }

    func publish(_ state: AffectState) {
        let start = sequence.load(ordering: .relaxed)
        sequence.store(start &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        func put(_ index: Int, _ value: UInt64) { storage[index].store(value, ordering: .relaxed) }
        func put(_ index: Int, _ value: Float) { put(index, UInt64(value.bitPattern)) }
        put(0, UInt64(bitPattern: state.time))
        put(1, UInt64(bitPattern: Int64(state.emotion?.rawValue ?? -1)))
        for (i, estimate) in [state.valence, state.arousal, state.control].enumerated() {
            put(2 + 2 * i, estimate.mean)
            put(3 + 2 * i, estimate.sd)
        }
        put(8, state.confidence)
        put(9, UInt64(bitPattern: Int64(state.abstain.rawValue)))
        put(10, state.generation)
        for i in 0..<min(Emotion.count, state.probability.count) { put(16 + i, state.probability[i]) }
        for i in 0..<min(Modality.count, state.evidence.count) { put(16 + Emotion.count + i, state.evidence[i]) }
        sequence.store(start &+ 2, ordering: .releasing)
    }

    /// Plain numbers of a state, without arrays: reading one allocates nothing.
    struct Snapshot {
        var time: Int64 = 0
        var emotion: Int32 = -1
        var valence = Estimate(0, sd: 0)
        var arousal = Estimate(0, sd: 0)
        var control = Estimate(0, sd: 0)
        var confidence: Float = 0
        var abstain: Int32 = 0
        var generation: UInt64 = 0
    }

    /// Copies the state; the two lists go to the caller's memory (14 and 5 floats).
    func read(probability: UnsafeMutablePointer<Float>, evidence: UnsafeMutablePointer<Float>) -> Snapshot {
        while true {
            let start = sequence.load(ordering: .acquiring)
            guard start % 2 == 0 else { continue }
            var out = Snapshot()
            func word(_ index: Int) -> UInt64 { storage[index].load(ordering: .relaxed) }
            func number(_ index: Int) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: word(index))) }
            out.time = Int64(bitPattern: word(0))
            out.emotion = Int32(truncatingIfNeeded: word(1))
            out.valence = Estimate(number(2), sd: number(3))
            out.arousal = Estimate(number(4), sd: number(5))
            out.control = Estimate(number(6), sd: number(7))
            out.confidence = number(8)
            out.abstain = Int32(truncatingIfNeeded: word(9))
            out.generation = word(10)
            for i in 0..<Emotion.count { probability[i] = number(16 + i) }
            for i in 0..<Modality.count { evidence[i] = number(16 + Emotion.count + i) }
            atomicMemoryFence(ordering: .acquiring)
            if sequence.load(ordering: .relaxed) == start { return out }
        }
    }
}

public typealias StateSnapshot = (
    time: Int64, emotion: Int32, valence: Estimate, arousal: Estimate, control: Estimate, confidence: Float,
    abstain: Int32, generation: UInt64
)
