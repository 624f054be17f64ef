import AffettoCore

/// Live speech → a feature vector each second, over the last three: what a session's recogniser listens to.
public final class VoiceStream {
    static let windowFrames = 300
    static let hopFrames = 100
    static let levelFrames = 1000

    private let analyzer: VoiceAnalyzer
    private var frames: [VoiceFrame] = []
    private var levels: [Float] = []
    private var sinceHop = 0
    private var clipped = 0
    private var samples = 0

    /// What one hop found.
    public struct Hop: Sendable {
        public var functionals: [Float]
        public var quality: Float
        /// Means of the window, for the record: Hz, dB, per second.
        public var f0: Float
        public var intensity: Float
    }

    /// - Parameter rate: of the mono samples to come, 8000…96000 Hz.
    public init(rate: Double) throws(AffettoError) {
        analyzer = try VoiceAnalyzer(rate: rate)
        frames.reserveCapacity(Self.windowFrames + 1)
        levels.reserveCapacity(Self.levelFrames + 1)
    }

    /// Takes samples; `emit` gets a hop for each full second in which the last three held enough voiced speech.
    public func push(_ block: UnsafePointer<Float>, count: Int, emit: (Hop) -> Void) {
        for i in 0..<count where abs(block[i]) >= 0.9999 { clipped += 1 }
        samples += count
        analyzer.push(block, count: count) { frame in
            if frames.count == Self.windowFrames { frames.removeFirst() }
            frames.append(frame)
            if levels.count == Self.levelFrames { levels.removeFirst() }
            levels.append(frame.intensity)
            sinceHop += 1
            if sinceHop >= Self.hopFrames {
                sinceHop = 0
                if let hop = measure() { emit(hop) }
            }
        }
    }

    private func measure() -> Hop? {
        guard let functionals = VoiceFunctionals.compute(frames) else { return nil }
        let speech = frames.filter(\.isSpeech)
        let voiced = speech.filter { $0.f0 > 0 }
        let level = speech.reduce(0) { $0 + $1.intensity } / Float(max(speech.count, 1))
        let quietest = levels.sorted()[levels.count / 10]
        let quality = SpeechQuality.score(
            snr: level - quietest, clipped: Float(clipped) / Float(max(samples, 1)),
            voicedSeconds: Float(voiced.count) * 0.01)
        clipped = 0
        samples = 0
        let f0 = voiced.reduce(0) { $0 + $1.f0 } / Float(max(voiced.count, 1))
        return Hop(functionals: functionals, quality: quality, f0: f0, intensity: level)
    }

    /// Overwrites all audio and forgets what was measured from it.
    public func wipe() {
        analyzer.wipe()
        for i in frames.indices { frames[i] = .silent }
        for i in levels.indices { levels[i] = -100 }
        frames.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
        sinceHop = 0
    }
}
