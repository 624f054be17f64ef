import AffettoCore
import AffettoSignal
import Glibc
import Synchronization

/// The wait-free way in for audio: one producer, checked against consent before a sample is copied.
///
/// The session's side may close it at any moment: it then waits out a push that is under way (a copy of at most the
/// ring) and zeroes everything.
final class AudioGate: Sendable {
    private let ring: SampleRing
    private let channels: Int
    /// Unix seconds until which audio may enter; 0 = never.
    private let allowedUntil = Atomic<Int64>(0)
    private let busy = Atomic<Bool>(false)
    private let droppedFrames = Atomic<UInt64>(0)

    init(seconds: Double, rate: Double, channels: Int) {
        ring = SampleRing(capacity: Int(seconds * rate))
        self.channels = channels
    }

    var dropped: UInt64 { droppedFrames.load(ordering: .relaxed) }

    enum Outcome { case taken, refused, overrun, notFinite }

    /// Producer. Mixes to mono; takes what fits and counts the rest as dropped.
    func push(_ samples: UnsafePointer<Float>, frames: Int) -> Outcome {
        busy.store(true, ordering: .sequentiallyConsistent)
        defer { busy.store(false, ordering: .sequentiallyConsistent) }
        guard Int64(time(nil)) < allowedUntil.load(ordering: .sequentiallyConsistent) else { return .refused }
        let fitting = min(frames, ring.space)
        for i in 0..<(fitting * channels) where !samples[i].isFinite { return .notFinite }
        let scale = 1 / Float(channels)
        ring.write(count: fitting) { frame in
            var sum: Float = 0
            for channel in 0..<channels { sum += samples[frame * channels + channel] }
            return min(max(sum * scale, -1e4), 1e4)
        }
        guard fitting < frames else { return .taken }
        droppedFrames.add(UInt64(frames - fitting), ordering: .relaxed)
        return .overrun
    }

    /// Consumer.
    func read(into out: UnsafeMutablePointer<Float>, count: Int) -> Int { ring.read(into: out, count: count) }

    var isOpen: Bool { Int64(time(nil)) < allowedUntil.load(ordering: .relaxed) }

    func open(until unixSeconds: Int64) { allowedUntil.store(unixSeconds, ordering: .sequentiallyConsistent) }

    /// Refuses the next push and zeroes what is buffered. The consumer must be this thread, or shut out.
    func close() {
        allowedUntil.store(0, ordering: .sequentiallyConsistent)
        while busy.load(ordering: .sequentiallyConsistent) { sched_yield() }
        ring.wipe()
    }
}
