import AffettoCore
import Glibc

/// What a person asks of a recording: pitch, level, rate, quality. NaN where there was nothing to measure.
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

    public init() {}

    /// Batch analysis of at least 0.1 s.
    ///
    /// - Parameter samples: interleaved, finite. - Parameter rate: 8000…96000 Hz.
    public static func analyze(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int
    ) throws(AffettoError) -> VoiceSummary {
        guard (1...8).contains(channels) else { throw AffettoError(.range, "channels is \(channels); it must be 1…8") }
        let analyzer = try VoiceAnalyzer(rate: rate)
        let frames = samples.count / channels
        guard Double(frames) >= 0.1 * rate else {
            throw AffettoError(.argument, "the recording is shorter than 0.1 s")
        }
        var builder = VoiceSummaryBuilder(rate: rate)
        try builder.take(samples, channels: channels, analyzer: analyzer) { _ in }
        analyzer.finish { builder.add($0) }
        return builder.summary
    }
}

/// Gathers a `VoiceSummary` in constant memory from frames in order.
public struct VoiceSummaryBuilder: Sendable {
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

    public init(rate: Double) { self.rate = rate }

    public mutating func add(_ frame: VoiceFrame) {
        all += 1
        histogram[min(max(Int(frame.intensity + 100), 0), 100)] += 1
        if frame.isNucleus { nuclei += 1 }
        guard frame.isSpeech else { return }
        speech += 1
        level.sum += Double(frame.intensity)
        level.square += Double(frame.intensity) * Double(frame.intensity)
        guard frame.f0 > 0 else { return }
        voiced += 1
        let pitch = 12 * log2(Double(frame.f0) / 27.5)
        semitone.sum += pitch
        semitone.square += pitch * pitch
        alpha += Double(frame.alphaRatio)
    }

    /// Mixes interleaved samples to mono, analyses them and gathers their frames; NaN and infinite are refused.
    public mutating func take(
        _ interleaved: UnsafeBufferPointer<Float>, channels: Int, analyzer: VoiceAnalyzer, frame: (VoiceFrame) -> Void
    ) throws(AffettoError) {
        let frames = interleaved.count / channels
        let scale = 1 / Float(channels)
        var block = [Float](repeating: 0, count: min(VoiceAnalyzer.maxBlock, max(frames, 1)))
        var start = 0
        while start < frames {
            let count = min(block.count, frames - start)
            for i in 0..<count {
                var sum: Float = 0
                for channel in 0..<channels { sum += interleaved[(start + i) * channels + channel] }
                guard sum.isFinite else {
                    throw AffettoError(.range, "audio frame \(start + i) is not a finite number")
                }
                // As a session does with pushed audio, to the bit.
                block[i] = min(max(sum * scale, -VoiceAnalyzer.limit), VoiceAnalyzer.limit)
                if abs(block[i]) >= 0.9999 { clipped += 1 }
            }
            samples += count
            block.withUnsafeBufferPointer { block in
                if let base = block.baseAddress {
                    analyzer.push(base, count: count) { value in
                        add(value)
                        frame(value)
                    }
                }
            }
            start += count
        }
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
        guard voiced > 0 else { return out }
        let pitch = semitone.sum / Double(voiced)
        out.f0Mean = Float(27.5 * pow(2, pitch / 12))
        out.f0Sd = Float(max(semitone.square / Double(voiced) - pitch * pitch, 0).squareRoot())
        out.alphaRatio = Float(alpha / Double(voiced))
        return out
    }
}
