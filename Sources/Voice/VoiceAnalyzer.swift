import AffettoCore
import AffettoKernels
import AffettoSignal

/// Streaming voice analysis: mono samples of any rate in, one `VoiceFrame` each 10 ms out, in order.
///
/// A final frame comes 0.34 s after its audio (in compatible mode up to 0.42 s), because pitch is decided by what follows;
/// a provisional one, where wanted, as soon as its samples are there. Nothing is allocated after `init`, and the numbers do
/// not depend on how the samples were cut into blocks.
public final class VoiceAnalyzer {
    /// Seconds between frames: 0.01, in compatible mode as many whole samples as come closest to it.
    let framePeriod: Double
    private let analysis: any VoiceAnalysis
    private let back: FrameBackEnd
    private let block = OwnedBuffer<Float>(VoiceScale.maxBlock, repeating: 0)

    /// - Parameters:
    ///   - rate: of the samples to come, 8000…96000 Hz.
    ///   - provisional: frames also come before their pitch is decided.
    ///   - accumulates: gathers the 88 functionals of all that is pushed.
    ///   - isLive: takes all memory at once that an endless signal will need (2 MB), rather than as it goes.
    /// - Throws: `.range`.
    public init(
        rate: Double, mode: VoiceMode = .corrected, provisional: Bool = false, accumulates: Bool = false,
        isLive: Bool = false
    ) throws(AffettoError) {
        guard rate >= 8000, rate <= 96_000 else {
            throw AffettoError(.range, "the audio rate is \(rate) Hz; it must be 8000…96000")
        }
        switch mode {
        case .corrected: analysis = CorrectedAnalysis(rate: rate, provides: provisional)
        case .compatible: analysis = CompatibleAnalysis(rate: rate, provides: provisional)
        }
        framePeriod = analysis.framePeriod
        back = FrameBackEnd(accumulator: accumulates ? EGeMAPSAccumulator(mode: mode) : nil)
        if isLive { back.accumulator?.touch() }
    }

    /// Analyses `count` mono samples; `emit` gets each frame that they complete. What is not a number counts as 0.
    public func push(_ samples: UnsafePointer<Float>, count: Int, emit: (VoiceFrame) -> Void) {
        var start = 0
        while start < count {
            let step = min(count - start, VoiceScale.maxBlock)
            _ = kernel_clip(samples + start, VoiceScale.limit, block.start, step)
            analysis.push(block.start, count: step, to: back)
            back.drain(emit)
            start += step
        }
    }

    /// The signal has ended: analyses what is still held. To begin another one make another analyzer.
    public func finish(emit: (VoiceFrame) -> Void) {
        analysis.finish(to: back)
        back.drain(emit)
    }

    /// The 88 functionals of all frames that were final so far, in the order of `EGeMAPS.names`; empty where they are not
    /// gathered.
    public var functionals: [Float] { back.accumulator?.functionals() ?? [] }

    /// The same into `out`, which holds 88 numbers; allocates nothing.
    func write(functionals out: UnsafeMutablePointer<Float>) { back.accumulator?.write(functionals: out) }

    /// Overwrites every sample and spectrum held; frames that waited for their pitch are lost.
    public func wipe() {
        block.fill(0)
        analysis.wipe()
        back.wipe()
    }
}

/// What happens to frames of either mode: smoothing, speech activity, syllables, functionals.
private final class FrameBackEnd: FrameSink {
    /// More than one block completes, provisional and final.
    private static let capacity = 256
    private let done = OwnedBuffer<VoiceFrame>(capacity, repeating: .silent)
    private var doneCount = 0
    let accumulator: EGeMAPSAccumulator?
    private var activity = SpeechActivity()
    private var nuclei = SyllableNuclei()
    /// The last two frames, of which `held` are there: not optionals, so that wiping overwrites them.
    private var before = VoiceFrame.silent
    private var here = VoiceFrame.silent
    private var counts = false
    private var held = 0

    init(accumulator: EGeMAPSAccumulator?) { self.accumulator = accumulator }

    func take(spectral values: DescriptorVector, meanSquare: Float) {
        accumulator?.take(spectral: values, meanSquare: meanSquare)
    }

    func take(final frame: VoiceFrame, counts: Bool) {
        if held > 0 { pass(after: frame) }
        before = here
        here = frame
        self.counts = counts
        held = min(held + 1, 2)
    }

    func take(provisional frame: VoiceFrame) {
        var frame = frame
        frame.smoothed = frame.values
        put(frame)
    }

    func end(following: VoiceFrame?) {
        if held > 0 { pass(after: following ?? here) }
        accumulator?.finishSpectral()
        held = 0
    }

    /// Sends on the frame in the middle.
    private func pass(after: VoiceFrame) {
        var frame = here
        let before = held > 1 ? before : here
        Smoothing.smooth(before.values, here.values, after.values, into: &frame.smoothed)
        (frame.isLoud, frame.isSpeech) = activity.update(intensity: frame.intensity)
        frame.isNucleus = nuclei.update(frame)
        if counts { accumulator?.take(frame, between: before, and: after) }
        put(frame)
    }

    private func put(_ frame: VoiceFrame) {
        precondition(doneCount < Self.capacity)
        done.start[doneCount] = frame
        doneCount += 1
    }

    func drain(_ emit: (VoiceFrame) -> Void) {
        for i in 0..<doneCount { emit(done.start[i]) }
        doneCount = 0
    }

    func wipe() {
        before = .silent
        here = .silent
        held = 0
        activity = SpeechActivity()
        nuclei = SyllableNuclei()
        done.fill(.silent)
        doneCount = 0
        accumulator?.wipe()
    }
}
