import AffettoCore
import AffettoSignal
import Glibc

/// Live speech → evidence each second, over the last three: what a session listens with. It learns what the speaker usually
/// sounds like as it goes, and forgets it when it is wiped.
public final class VoiceStream {
    static let windowFrames = 300
    static let hopFrames = 100
    static let levelFrames = 1000

    private let model: VoiceModel
    private let analyzer: VoiceAnalyzer
    private let features = SpeechFeatures()
    private var baseline: SpeakerBaseline
    private let frames = OwnedBuffer<VoiceFrame>(windowFrames, repeating: .silent)
    private let levels = OwnedBuffer<Float>(levelFrames, repeating: -100)
    /// Frames taken since the beginning, or since it was wiped.
    private var taken = 0
    private var clipped = 0
    private var samples = 0

    /// What one hop found.
    public struct Hop: Sendable {
        public var evidence: Evidence
        /// Means of the window, for the record: Hz, dB.
        public var f0: Float
        public var intensity: Float
    }

    /// - Parameter rate: of the mono samples to come, 8000…96000 Hz.
    public init(rate: Double, model: VoiceModel) throws(AffettoError) {
        self.model = model
        analyzer = try VoiceAnalyzer(rate: rate)
        baseline = model.baseline
    }

    /// Takes samples; `emit` gets a hop for each full second in which the last three held enough voiced speech.
    public func push(_ block: UnsafePointer<Float>, count: Int, at time: Microseconds, emit: (Hop) -> Void) {
        for i in 0..<count where abs(block[i]) >= 0.9999 { clipped += 1 }
        samples += count
        analyzer.push(block, count: count) { frame in
            frames.start[taken % Self.windowFrames] = frame
            levels.start[taken % Self.levelFrames] = frame.intensity
            taken += 1
            if taken % Self.hopFrames == 0, let hop = measure(at: time) { emit(hop) }
        }
    }

    private func measure(at time: Microseconds) -> Hop? {
        let held = min(taken, Self.windowFrames)
        let window = ((taken - held)..<taken).map { frames.start[$0 % Self.windowFrames] }
        guard let found = features.compute(window) else { return nil }
        let z = model.standardise(found)
        let speech = window.filter(\.isSpoken)
        let voiced = speech.filter { $0.f0 > 0 }
        let level = speech.reduce(0) { $0 + $1.intensity } / Float(max(speech.count, 1))
        let recent = UnsafeBufferPointer(start: levels.start, count: min(taken, Self.levelFrames)).sorted()
        var spectrum = [Double](repeating: 0, count: SpectralStage.bands)
        for frame in speech { for band in spectrum.indices { spectrum[band] += Double(exp(frame.mel[band])) } }
        let quality = SpeechQuality.score(
            snr: level - recent[recent.count / 10], clipped: Float(clipped) / Float(max(samples, 1)),
            bandwidth: VoiceSummaryBuilder.reach(spectrum), voicedSeconds: Float(voiced.count) * 0.01)
        clipped = 0
        samples = 0
        let hop = Hop(
            evidence: model.evidence(z, baseline, quality: quality, at: time),
            f0: voiced.reduce(0) { $0 + $1.f0 } / Float(max(voiced.count, 1)), intensity: level)
        // Windows overlap: each second counts once. What is hard to hear tells nothing about the speaker.
        if quality > 0.2 { baseline.add(z, weight: Float(Self.hopFrames) / Float(Self.windowFrames)) }
        return hop
    }

    /// Overwrites all audio and forgets what was measured from it, the speaker included.
    public func wipe() {
        analyzer.wipe()
        baseline.wipe()
        features.wipe()
        frames.fill(.silent)
        levels.fill(-100)
        taken = 0
        clipped = 0
        samples = 0
    }
}
