import AffettoCore
import Synchronization

/// The latest state, readable from any thread without waiting: two places of atomic words, each under a sequence
/// counter.
///
/// One writer (the session, under its lock) writes to the place that is not the latest, so a reader never depends on a
/// writer that was interrupted half way. A reader tries again only when two states were published while it read.
final class StateBoard: @unchecked Sendable {
    private static let words = 11 + Emotion.count + Modality.count

    private struct Place: ~Copyable {
        /// Odd while it is being written.
        let sequence = Atomic<UInt64>(0)
        let words: UnsafeMutablePointer<Atomic<UInt64>>

        init() {
            words = .allocate(capacity: StateBoard.words)
            for i in 0..<StateBoard.words { (words + i).initialize(to: Atomic(0)) }
        }

        deinit {
            words.deinitialize(count: StateBoard.words)
            words.deallocate()
        }
    }

    private let even = Place()
    private let odd = Place()
    /// States published so far; its last bit is the place of the latest.
    private let published = Atomic<UInt64>(0)

    init(_ state: AffectState) { publish(state) }

    func publish(_ state: AffectState) {
        let next = published.load(ordering: .relaxed) &+ 1
        if next % 2 == 0 { Self.write(state, to: even) } else { Self.write(state, to: odd) }
        published.store(next, ordering: .releasing)
    }

    private static func write(_ state: AffectState, to place: borrowing Place) {
        let start = place.sequence.load(ordering: .relaxed)
        place.sequence.store(start &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        let words = place.words
        func put(_ index: Int, _ value: UInt64) { words[index].store(value, ordering: .relaxed) }
        func put(_ index: Int, _ value: Float) { put(index, UInt64(value.bitPattern)) }
        func put(_ index: Int, _ value: Estimate) {
            put(index, value.mean)
            put(index + 1, value.sd)
        }
        put(0, UInt64(bitPattern: state.time))
        put(1, UInt64(bitPattern: Int64(state.emotion?.rawValue ?? -1)))
        put(2, state.valence)
        put(4, state.arousal)
        put(6, state.control)
        put(8, state.confidence)
        put(9, UInt64(bitPattern: Int64(state.abstain.rawValue)))
        put(10, state.generation)
        for i in 0..<min(Emotion.count, state.probability.count) { put(11 + i, state.probability[i]) }
        for i in 0..<min(Modality.count, state.evidence.count) { put(11 + Emotion.count + i, state.evidence[i]) }
        place.sequence.store(start &+ 2, ordering: .releasing)
    }

    /// Copies the state; the two lists go to the caller's memory (14 and 5 floats).
    func read(probability: UnsafeMutablePointer<Float>, evidence: UnsafeMutablePointer<Float>) -> StateSnapshot {
        while true {
            let latest = published.load(ordering: .acquiring)
            let out =
                latest % 2 == 0
                ? Self.read(even, probability, evidence) : Self.read(odd, probability, evidence)
            if let out { return out }
        }
    }

    /// `nil` where the place was written to meanwhile.
    private static func read(
        _ place: borrowing Place, _ probability: UnsafeMutablePointer<Float>, _ evidence: UnsafeMutablePointer<Float>
    ) -> StateSnapshot? {
        let start = place.sequence.load(ordering: .acquiring)
        guard start % 2 == 0 else { return nil }
        let words = place.words
        func word(_ index: Int) -> UInt64 { words[index].load(ordering: .relaxed) }
        func number(_ index: Int) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: word(index))) }
        func estimate(_ index: Int) -> Estimate { Estimate(number(index), sd: number(index + 1)) }
        let out: StateSnapshot = (
            time: Int64(bitPattern: word(0)), emotion: Int32(truncatingIfNeeded: word(1)), valence: estimate(2),
            arousal: estimate(4), control: estimate(6), confidence: number(8),
            abstain: Int32(truncatingIfNeeded: word(9)), generation: word(10)
        )
        for i in 0..<Emotion.count { probability[i] = number(11 + i) }
        for i in 0..<Modality.count { evidence[i] = number(11 + Emotion.count + i) }
        atomicMemoryFence(ordering: .acquiring)
        return place.sequence.load(ordering: .relaxed) == start ? out : nil
    }
}

/// Plain numbers of a state, without arrays: reading one allocates nothing.
public typealias StateSnapshot = (
    time: Int64, emotion: Int32, valence: Estimate, arousal: Estimate, control: Estimate, confidence: Float,
    abstain: Int32, generation: UInt64
)
