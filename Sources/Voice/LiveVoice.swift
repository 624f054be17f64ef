import AffettoCore
import AffettoSignal
import Synchronization

/// Voice analysis as it happens: `push` from one real-time thread, `advance` on another, poll from anywhere.
///
/// `push` is wait-free and no call allocates after `init`; frames and windows that nobody takes are kept up to a limit,
/// the latest of them.
public final class LiveVoice: Sendable {
    public struct Options: Sendable {
        /// 8000…96000 Hz, 1…8 interleaved channels.
        public var rate = 16_000.0
        public var channels = 1
        public var mode = VoiceMode.corrected
        /// Frames also come before their pitch is decided.
        public var provisional = false
        /// Length of windows and step between them, seconds; length 0 = no windows.
        public var window = 0.0
        public var hop = 1.0

        public init() {}
    }

    static let ringSeconds = 4.0
    public static let framesKept = 2048
    public static let windowsKept = 64

    /// Functionals of one window; times in seconds from the first sample.
    public struct Window {
        public var start = 0.0
        public var end = 0.0
        /// 88 numbers; borrowed from the outbox while a poll hands them out.
        public var features: UnsafePointer<Float>
    }

    public let options: Options
    private let ring: SampleRing
    private let droppedFrames = Atomic<UInt64>(0)
    private let isFinished = Atomic<Bool>(false)
    private let work: Guarded<Work>
    private let outbox: Guarded<Outbox>

    /// - Throws: `.range`.
    public init(_ options: Options) throws(AffettoError) {
        guard (1...8).contains(options.channels) else {
            throw AffettoError(.range, "channels is \(options.channels); it must be 1…8")
        }
        if options.window != 0 {
            try requireInRange(Float(options.window), 0.5...600, "window_s")
            try requireInRange(Float(options.hop), 0.1...600, "hop_s")
        }
        self.options = options
        work = Guarded(try Work(options))
        outbox = Guarded(Outbox())
        ring = SampleRing(capacity: Int(Self.ringSeconds * options.rate))
    }

    public var dropped: UInt64 { droppedFrames.load(ordering: .relaxed) }

    /// One producer. - Throws: `.range` (not finite: nothing is taken), `.overrun` (the rest is dropped and counted),
    /// `.state` once finished.
    public func push(_ samples: UnsafePointer<Float>, frames: Int) throws(AffettoError) {
        guard !isFinished.load(ordering: .relaxed) else { throw Self.finished }
        let takesFirst = options.mode == .compatible
        let fitting = min(frames, ring.space)
        guard Mixdown.isFinite(samples, fitting * options.channels) else { throw Mixdown.notFinite }
        ring.write(count: fitting) { Mixdown.sample(samples, $0, options.channels, takesFirst: takesFirst) }
        guard fitting < frames else { return }
        droppedFrames.wrappingAdd(UInt64(frames - fitting), ordering: .relaxed)
        throw Self.overrun
    }

    fileprivate static let finished = AffettoError(.state, "the voice stream is finished")
    // Made once: throwing must not allocate on the audio thread.
    private static let overrun = AffettoError(.overrun, "the audio ring is full: call advance more often")

    /// Analyses what was pushed. - Throws: `.state` once finished.
    public func advance() throws(AffettoError) {
        try work.withLock { work throws(AffettoError) in try work.advance(ring, outbox) }
    }

    /// The signal has ended: what waits for its pitch comes out. - Throws: `.state` once finished.
    public func finish() throws(AffettoError) {
        try work.withLock { work throws(AffettoError) in
            try work.advance(ring, outbox)
            isFinished.store(true, ordering: .relaxed)
            work.finish(outbox)
        }
    }

    /// Hands up to `capacity` frames to `take`, the oldest first; returns how many.
    public func poll(_ capacity: Int, take: (Int, VoiceFrame) -> Void) -> Int {
        outbox.withLock { $0.takeFrames(capacity, take) }
    }

    public func pollWindows(_ capacity: Int, take: (Int, Window) -> Void) -> Int {
        outbox.withLock { $0.takeWindows(capacity, take) }
    }

    /// The 88 functionals of everything advanced so far.
    public var functionals: [Float] { work.withLock { $0.analyzer.functionals } }
    /// The same into `out`, which holds 88 numbers.
    public func write(functionals out: UnsafeMutablePointer<Float>) {
        work.withLock { $0.analyzer.write(functionals: out) }
    }
    public var summary: VoiceSummary { work.withLock { $0.summary.summary } }

    /// Overwrites everything heard and measured.
    public func wipe() {
        work.withLock { $0.wipe() }
        outbox.withLock { $0.wipe() }
        ring.wipe()
    }
}

/// The consumer's side.
private final class Work {
    let analyzer: VoiceAnalyzer
    var summary: VoiceSummaryBuilder
    private let scratch: OwnedBuffer<Float>
    /// The latest frames, for windows, and the accumulator that measures each.
    private let recent: OwnedBuffer<VoiceFrame>
    private let measure: EGeMAPSAccumulator?
    private let windowFrames: Int
    private let hopFrames: Int
    private var seen = 0
    private var isFinished = false

    init(_ options: LiveVoice.Options) throws(AffettoError) {
        analyzer = try VoiceAnalyzer(
            rate: options.rate, mode: options.mode, provisional: options.provisional, accumulates: true,
            isLive: true)
        summary = VoiceSummaryBuilder(rate: options.rate)
        scratch = OwnedBuffer(VoiceScale.maxBlock, repeating: 0)
        windowFrames = Int((options.window / analyzer.framePeriod).rounded())
        // A step between windows that nobody wants was not checked either.
        hopFrames = windowFrames > 0 ? Int((options.hop / analyzer.framePeriod).rounded()) : 1
        recent = OwnedBuffer(windowFrames, repeating: .silent)
        measure = windowFrames > 0 ? EGeMAPSAccumulator(mode: options.mode, capacity: windowFrames) : nil
        measure?.touch()
    }

    func advance(_ ring: SampleRing, _ outbox: Guarded<Outbox>) throws(AffettoError) {
        guard !isFinished else { throw LiveVoice.finished }
        // At most one ring's worth: a producer that never rests cannot keep this busy for ever.
        var left = ring.capacity
        while left > 0 {
            let count = ring.read(into: scratch.start, count: min(scratch.count, left))
            if count == 0 { break }
            left -= count
            summary.hear(scratch.start, count)
            analyzer.push(scratch.start, count: count) { take($0, outbox) }
        }
    }

    func finish(_ outbox: Guarded<Outbox>) {
        isFinished = true
        analyzer.finish { take($0, outbox) }
    }

    private func take(_ frame: VoiceFrame, _ outbox: Guarded<Outbox>) {
        outbox.withLock { $0.put(frame) }
        guard frame.isFinal else { return }
        summary.add(frame)
        guard let measure else { return }
        recent.start[seen % windowFrames] = frame
        seen += 1
        guard seen >= windowFrames, (seen - windowFrames) % hopFrames == 0 else { return }
        let first = seen - windowFrames
        measure.reset()
        measure.take(window: windowFrames) { recent.start[(first + $0) % windowFrames] }
        outbox.withLock { outbox in
            outbox.put(
                start: Double(first) * analyzer.framePeriod, end: Double(seen) * analyzer.framePeriod, measure)
        }
    }

    func wipe() {
        analyzer.wipe()
        summary.wipe()
        scratch.fill(0)
        recent.fill(.silent)
        measure?.wipe()
    }
}

/// What waits to be polled: two rings that drop their oldest.
private final class Outbox {
    private let frames = OwnedBuffer<VoiceFrame>(LiveVoice.framesKept, repeating: .silent)
    private var firstFrame = 0
    private var frameCount = 0
    private let times = OwnedBuffer<SIMD2<Double>>(LiveVoice.windowsKept, repeating: .zero)
    private let features = OwnedBuffer<Float>(LiveVoice.windowsKept * EGeMAPS.count, repeating: 0)
    private var firstWindow = 0
    private var windowCount = 0

    func put(_ frame: VoiceFrame) {
        if frameCount == frames.count {
            firstFrame = (firstFrame + 1) % frames.count
            frameCount -= 1
        }
        frames.start[(firstFrame + frameCount) % frames.count] = frame
        frameCount += 1
    }

    func takeFrames(_ capacity: Int, _ take: (Int, VoiceFrame) -> Void) -> Int {
        let count = min(max(capacity, 0), frameCount)
        for i in 0..<count { take(i, frames.start[(firstFrame + i) % frames.count]) }
        firstFrame = (firstFrame + count) % frames.count
        frameCount -= count
        return count
    }

    func put(start: Double, end: Double, _ measured: EGeMAPSAccumulator) {
        if windowCount == times.count {
            firstWindow = (firstWindow + 1) % times.count
            windowCount -= 1
        }
        let slot = (firstWindow + windowCount) % times.count
        times.start[slot] = SIMD2(start, end)
        measured.write(functionals: features.start + slot * EGeMAPS.count)
        windowCount += 1
    }

    func takeWindows(_ capacity: Int, _ take: (Int, LiveVoice.Window) -> Void) -> Int {
        let count = min(max(capacity, 0), windowCount)
        for i in 0..<count {
            let slot = (firstWindow + i) % times.count
            let time = times.start[slot]
            take(
                i,
                LiveVoice.Window(
                    start: time.x, end: time.y, features: UnsafePointer(features.start + slot * EGeMAPS.count)))
        }
        firstWindow = (firstWindow + count) % times.count
        windowCount -= count
        return count
    }

    func wipe() {
        frames.fill(.silent)
        times.fill(.zero)
        features.fill(0)
        frameCount = 0
        windowCount = 0
    }
}
