import AffettoCore
import AffettoSignal
import AffettoVoice
import Glibc
import Synchronization

/// The wait-free way in for audio: one producer, checked against consent before a sample is copied.
///
/// The session's side may close it at any moment: it then waits out a push that is under way (a copy of at most the
/// ring) and zeroes everything.
final class AudioGate: Sendable {
    /// Why a push is refused, as an object that the producer can read without waiting.
    private final class Refusal: Sendable {
        let error: AffettoError
        init(_ error: AffettoError) { self.error = error }
    }

    private let ring: SampleRing
    private let channels: Int
    /// Unix seconds until which audio may enter; 0 = shut, and wiped.
    private let allowedUntil = Atomic<Int64>(0)
    private let busy = Atomic<Bool>(false)
    private let droppedFrames = Atomic<UInt64>(0)
    /// Of the last push that was taken.
    private let lastTime = Atomic<Int64>(-(1 << 60))
    /// The refusals so far, one for each wording: kept, because a producer may be reading any of them.
    private let refusals: Guarded<[Refusal]>
    private let refusal: Atomic<Unmanaged<Refusal>>

    private static let lapsed = AffettoError(.consent, "the consent for voice has just expired")

    /// Shut until `open`.
    init(seconds: Double, rate: Double, channels: Int) {
        ring = SampleRing(capacity: Int(seconds * rate))
        self.channels = channels
        let first = Refusal(Self.lapsed)
        refusals = Guarded([first])
        refusal = Atomic(.passUnretained(first))
    }

    var dropped: UInt64 { droppedFrames.load(ordering: .relaxed) }

    /// Producer. Mixes to mono; takes what fits and counts the rest as dropped. Waits for nobody, allocates nothing.
    func push(_ samples: UnsafePointer<Float>, frames: Int, at now: Microseconds) throws(AffettoError) {
        busy.store(true, ordering: .sequentiallyConsistent)
        defer { busy.store(false, ordering: .sequentiallyConsistent) }
        let until = allowedUntil.load(ordering: .sequentiallyConsistent)
        guard until != 0 else { throw refusal.load(ordering: .acquiring).takeUnretainedValue().error }
        guard Int64(time(nil)) < until else { throw Self.lapsed }
        guard now > -(1 << 60), now < 1 << 60 else { throw AffettoError(.range, "the audio's time makes no sense") }
        let last = lastTime.load(ordering: .relaxed)
        guard now >= last - 1_000_000 else { throw AffettoError(.state, "the audio's time runs backwards") }
        let fitting = min(frames, ring.space)
        guard Mixdown.isFinite(samples, fitting * channels) else { throw Mixdown.notFinite }
        lastTime.store(max(now, last), ordering: .relaxed)
        ring.write(count: fitting) { Mixdown.sample(samples, $0, channels) }
        guard fitting < frames else { return }
        droppedFrames.wrappingAdd(UInt64(frames - fitting), ordering: .relaxed)
        throw AffettoError(.overrun, "the audio ring is full: call advance more often")
    }

    /// Consumer.
    func read(into out: UnsafeMutablePointer<Float>, count: Int) -> Int { ring.read(into: out, count: count) }

    var isOpen: Bool { Int64(time(nil)) < allowedUntil.load(ordering: .relaxed) }
    /// Shut and wiped; neither open nor this, the consent has expired with audio still held.
    var isShut: Bool { allowedUntil.load(ordering: .relaxed) == 0 }

    func open(until unixSeconds: Int64) { allowedUntil.store(unixSeconds, ordering: .sequentiallyConsistent) }

    /// Refuses the next push, with this error, and zeroes what is buffered. The consumer must be this thread, or shut
    /// out.
    func close(because error: AffettoError) {
        let why = refusals.withLock { refusals in
            if let known = refusals.first(where: { $0.error == error }) { return known }
            let new = Refusal(error)
            refusals.append(new)
            return new
        }
        refusal.store(.passUnretained(why), ordering: .releasing)
        allowedUntil.store(0, ordering: .sequentiallyConsistent)
        waitBriefly { busy.load(ordering: .sequentiallyConsistent) }
        ring.wipe()
    }
}
