import AffettoCore
import AffettoSignal
import Glibc

/// Analyses one piece of music pushed in blocks of any size.
///
/// Blocks of any sizes give the same bits as the whole piece at once. Memory grows by about 500 bytes a second of music
/// (the onset curve and the loudness steps). One analyzer serves one piece and one thread at a time.
public final class MusicAnalyzer {
    /// Everything but loudness and level is heard at this rate, mono, Hz.
    static let workingRate = 22_050.0
    private static let blockFrames = 1024
    /// +40 dB re full scale: beyond lie integers that were not scaled.
    private static let largest: Float = 100

    private let rate: Double
    private let channels: Int
    private var loudness: LoudnessMeter
    private var resampler: Resampler
    private var onsets = OnsetEnvelope()
    private var pitches = PitchHistogram()
    private var mono = [Float](repeating: 0, count: blockFrames)
    private let resampled: OwnedBuffer<Float>
    private var squares = 0.0
    private var frames = 0
    private var flaw: AffettoError?
    private var isFinished = false

    /// - Parameters:
    ///   - rate: frames per second, 8000…96000 Hz.
    ///   - channels: interleaved channels, 1…8, in the order of WAV files.
    /// - Throws: `.range`.
    public init(rate: Double, channels: Int) throws(AffettoError) {
        guard rate.isFinite, (8000...96_000).contains(rate) else {
            throw AffettoError(.range, "rate is \(rate) Hz; it must be in 8000…96000")
        }
        guard (1...8).contains(channels) else {
            throw AffettoError(.range, "channels is \(channels); it must be in 1…8")
        }
        self.rate = rate
        self.channels = channels
        loudness = LoudnessMeter(rate: rate, channels: channels)
        resampler = Resampler(from: rate, to: Self.workingRate, maxBlock: Self.blockFrames)
        resampled = OwnedBuffer(Int(Double(Self.blockFrames) * Self.workingRate / rate) + 64, repeating: 0)
    }

    /// Takes `frames` × `channels` interleaved samples, full scale ±1. A sample that is not a number or beyond ±100
    /// makes `finish` refuse the piece.
    public func push(_ samples: UnsafePointer<Float>, frames: Int) {
        guard flaw == nil, !isFinished, frames > 0 else { return }
        var start = 0
        while start < frames, flaw == nil {
            let count = min(frames - start, Self.blockFrames)
            pushBlock(samples + start * channels, frames: count)
            start += count
        }
    }

    private func pushBlock(_ samples: UnsafePointer<Float>, frames count: Int) {
        for i in 0..<(count * channels) where !(abs(samples[i]) <= Self.largest) {
            let fault = samples[i].isFinite ? "\(samples[i]); full scale is ±1" : "not a finite number"
            flaw = AffettoError(.range, "a sample is \(fault)")
            return
        }
        let share = 1 / Float(channels)
        for frame in 0..<count {
            var sum: Float = 0
            for channel in 0..<channels {
                let x = samples[frame * channels + channel]
                sum += x
                squares += Double(x) * Double(x)
            }
            mono[frame] = sum * share
        }
        frames += count
        loudness.push(samples, frames: count)
        mono.withUnsafeBufferPointer { mono in
            guard let base = mono.baseAddress else { return }
            let made = resampler.push(base, count: count, into: resampled.start, capacity: resampled.count)
            let block = UnsafeBufferPointer(start: resampled.start, count: made)
            onsets.push(block)
            pitches.push(block)
        }
    }

    /// Ends the piece.
    /// - Throws: `.range` (a bad sample, shorter than 1 s), `.state` (already finished).
    public func finish() throws(AffettoError) -> MusicFeatures {
        guard !isFinished else { throw AffettoError(.state, "this piece is already finished") }
        isFinished = true
        if let flaw { throw flaw }
        let duration = Double(frames) / rate
        guard duration >= 1 else {
            throw AffettoError(.range, "the piece lasts \(duration) s; it must last at least 1 s")
        }
        let (tempo, clarity) = TempoEstimator.estimate(onsets.strength, frameRate: OnsetEnvelope.frameRate)
        let key = KeyEstimator.estimate(pitches.chroma)
        let meanSquare = squares / Double(frames * channels)
        return MusicFeatures(
            duration: duration, tempo: tempo, pulseClarity: clarity, key: Int32(key.tonic), isMinor: key.isMinor,
            keyClarity: Float(key.clarity), majorness: Float(key.majorness), loudness: Float(loudness.integrated),
            energy: Float(max(10 * log10(max(meanSquare, 1e-12)), -120)), brightness: Float(onsets.centroid),
            flux: onsets.flux, onsetRate: onsets.onsetRate)
    }

    /// Analyses a whole piece.
    /// - Parameters:
    ///   - samples: interleaved, a whole number of frames, full scale ±1, at least 1 s.
    ///   - rate: frames per second, 8000…96000 Hz. - channels: 1…8.
    /// - Throws: `.argument` (no samples, not whole frames), `.range` (rate, channels, length, a bad sample).
    public static func analyze(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int
    ) throws(AffettoError) -> MusicFeatures {
        let analyzer = try MusicAnalyzer(rate: rate, channels: channels)
        guard let base = samples.baseAddress, !samples.isEmpty else {
            throw AffettoError(.argument, "there are no samples")
        }
        guard samples.count % channels == 0 else {
            throw AffettoError(.argument, "\(samples.count) samples are not whole frames of \(channels) channels")
        }
        analyzer.push(base, frames: samples.count / channels)
        return try analyzer.finish()
    }
}
