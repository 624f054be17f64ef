import AffettoCore
import Glibc

/// What a person asks of a recording: pitch, level, rate, pauses, quality. NaN where there was nothing to measure.
public struct VoiceSummary: Codable, Sendable, Equatable {
    /// Seconds.
    public var duration: Float = 0
    /// Share of time with speech.
    public var speechRatio: Float = .nan
    /// Share of speech that is voiced.
    public var voicedRatio: Float = .nan
    /// Geometric mean over voiced frames, Hz.
    public var f0Mean: Float = .nan
    /// Semitones.
    public var f0Sd: Float = .nan
    /// Mean over speech, dB re full scale.
    public var intensity: Float = .nan
    public var intensitySd: Float = .nan
    /// Syllable nuclei per second of recording.
    public var syllableRate: Float = .nan
    /// dB, voiced frames.
    public var alphaRatio: Float = .nan
    /// Speech against the quietest tenth of the recording, dB.
    public var snr: Float = .nan
    /// Share of samples at or above full scale.
    public var clippedRatio: Float = 0
    /// Silences of 0.2 s or more between stretches of speech: how many a minute, and their mean length in seconds.
    public var pausesPerMinute: Float = .nan
    public var pauseMean: Float = .nan
    /// Up to where the speech reaches, Hz: the last mel band within 55 dB of the strongest; at most 8000.
    public var bandwidth: Float = .nan

    public init() {}

    /// Batch analysis of at least 0.1 s.
    ///
    /// - Parameter samples: interleaved, finite. - Parameter rate: 8000…96000 Hz.
    public static func analyze(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int
    ) throws(AffettoError) -> VoiceSummary {
        let analyzer = try VoiceAnalyzer(rate: rate)
        let blocks = try MonoBlocks(samples, channels: channels, rate: rate)
        var builder = VoiceSummaryBuilder(rate: rate)
        try blocks.forEach { block, count in
            builder.hear(block, count)
            analyzer.push(block, count: count) { builder.add($0) }
        }
        analyzer.finish { builder.add($0) }
        return builder.summary
    }
}

/// Gathers a `VoiceSummary` in constant memory from samples and final frames in order.
public struct VoiceSummaryBuilder: Sendable {
    /// Shorter silences belong to speech itself: closures of plosives.
    private static let shortestPause = 20
    /// A frame hears 20 ms, so that a silence shows as two frames less.
    private static let unseen = 2
    private static let depth = 55.0

    private let rate: Double
    private var samples = 0
    private var clipped = 0
    private var all = 0
    private var speech = 0
    private var voiced = 0
    private var nuclei = 0
    private var semitone = (sum: 0.0, square: 0.0)
    private var level = (sum: 0.0, square: 0.0)
    private var alpha = 0.0
    /// Frames per dB from −100 to 0.
    private var histogram = [Int](repeating: 0, count: 101)
    /// Power of each mel band over speech.
    private var spectrum = [Double](repeating: 0, count: SpectralStage.bands)
    /// Frames without speech since speech was last heard; −1 before that.
    private var silence = -1
    private var pauses = 0
    private var pauseFrames = 0

    public init(rate: Double) { self.rate = rate }

    /// Counts samples, and those at full scale.
    public mutating func hear(_ block: UnsafePointer<Float>, _ count: Int) {
        for i in 0..<count where abs(block[i]) >= 0.9999 { clipped += 1 }
        samples += count
    }

    public mutating func add(_ frame: VoiceFrame) {
        all += 1
        histogram[min(max(Int(frame.intensity + 100), 0), 100)] += 1
        if frame.isNucleus { nuclei += 1 }
        guard frame.isSpoken else {
            if silence >= 0 { silence += 1 }
            return
        }
        if silence + Self.unseen >= Self.shortestPause {
            pauses += 1
            pauseFrames += silence + Self.unseen
        }
        silence = 0
        speech += 1
        level.sum += Double(frame.intensity)
        level.square += Double(frame.intensity) * Double(frame.intensity)
        for band in 0..<SpectralStage.bands { spectrum[band] += Double(exp(frame.mel[band])) }
        guard frame.f0 > 0 else { return }
        voiced += 1
        let pitch = 12 * log2(Double(frame.f0) / 27.5)
        semitone.sum += pitch
        semitone.square += pitch * pitch
        alpha += Double(frame.values[.alphaRatio])
    }

    /// Overwrites what was measured.
    mutating func wipe() {
        for i in histogram.indices { histogram[i] = 0 }
        for i in spectrum.indices { spectrum[i] = 0 }
        self = VoiceSummaryBuilder(rate: rate)
    }

    public var summary: VoiceSummary {
        var out = VoiceSummary()
        out.duration = Float(Double(samples) / rate)
        out.clippedRatio = samples > 0 ? Float(clipped) / Float(samples) : 0
        guard all > 0 else { return out }
        out.speechRatio = Float(speech) / Float(all)
        out.syllableRate = Float(nuclei) / (Float(all) * 0.01)
        guard speech > 0 else { return out }
        out.voicedRatio = Float(voiced) / Float(speech)
        let mean = level.sum / Double(speech)
        out.intensity = Float(mean)
        out.intensitySd = Float(max(level.square / Double(speech) - mean * mean, 0).squareRoot())
        var below = 0
        let tenth = max(all / 10, 1)
        for (bin, count) in histogram.enumerated() {
            below += count
            if below >= tenth {
                out.snr = Float(mean) - (Float(bin) - 100)
                break
            }
        }
        out.pausesPerMinute = Float(pauses) / (Float(all) * 0.01 / 60)
        if pauses > 0 { out.pauseMean = Float(pauseFrames) * 0.01 / Float(pauses) }
        out.bandwidth = Self.reach(spectrum)
        guard voiced > 0 else { return out }
        let pitch = semitone.sum / Double(voiced)
        out.f0Mean = Float(27.5 * pow(2, pitch / 12))
        out.f0Sd = Float(max(semitone.square / Double(voiced) - pitch * pitch, 0).squareRoot())
        out.alphaRatio = Float(alpha / Double(voiced))
        return out
    }

    /// Upper edge (Hz) of the last band within `depth` dB of the strongest.
    static func reach(_ spectrum: [Double]) -> Float {
        let least = (spectrum.max() ?? 0) * pow(10, -depth / 10)
        guard let last = spectrum.lastIndex(where: { $0 > least }) else { return .nan }
        return SpectralStage.edges[last + 2]
    }
}
