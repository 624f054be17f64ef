import AffettoCore
import AffettoSignal
import Glibc

/// Analyses one piece of music pushed in blocks of any size.
///
/// Blocks of any sizes give the same bits as the whole piece at once. Memory stays under 3 MB however long the piece is,
/// but for eight bytes a beat. One analyzer serves one piece and one thread at a time.
public final class MusicAnalyzer {
    private static let blockFrames = 1024
    /// +40 dB re full scale: beyond lie integers that were not scaled.
    private static let largest: Float = 100

    private let rate: Double
    private let channels: Int
    private var loudness: LoudnessMeter
    private var truePeak: TruePeakMeter
    private var attack = AttackMeter()
    private var resampler: Resampler
    private var pulses = PulseFrames()
    private var pitches = PitchFrames()
    private var tracker = PulseTracker()
    private var course = SectionFinder()
    private let mono = OwnedBuffer<Float>(blockFrames, repeating: 0)
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
        truePeak = TruePeakMeter(channels: channels, maxBlock: Self.blockFrames)
        resampler = Resampler(from: rate, to: MusicRate.hertz, maxBlock: Self.blockFrames)
        resampled = OwnedBuffer(Int(Double(Self.blockFrames) * MusicRate.hertz / rate) + 64, repeating: 0)
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
        let mono = mono.start
        var sumOfSquares = 0.0
        for frame in 0..<count {
            var sum: Float = 0
            for channel in 0..<channels {
                let x = samples[frame * channels + channel]
                sum += x
                sumOfSquares += Double(x * x)
            }
            mono[frame] = sum * share
        }
        squares += sumOfSquares
        frames += count
        loudness.push(samples, frames: count)
        truePeak.push(samples, frames: count)
        let made = resampler.push(mono, count: count, into: resampled.start, capacity: resampled.count)
        listen(UnsafeBufferPointer(start: resampled.start, count: made))
    }

    /// Takes samples at the working rate.
    private func listen(_ block: UnsafeBufferPointer<Float>) {
        attack.push(block)
        var rest = block
        while !rest.isEmpty {
            // Up to the next frame of either kind, so that they come in one order however the samples are cut.
            let part = UnsafeBufferPointer(rebasing: rest.prefix(min(pulses.untilFrame, pitches.untilFrame)))
            pulses.push(part) { strength, low, timbre in
                tracker.push(strength: strength, low: low)
                if let timbre { course.push(timbre: timbre) }
            }
            pitches.push(part) { change, semitones in
                tracker.push(change: change)
                course.push(semitones: semitones)
            }
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(part.count))
        }
    }

    /// Ends the piece.
    /// - Throws: `.range` (a bad sample, shorter than 1 s), `.state` (already finished).
    public func finish() throws(AffettoError) -> MusicAnalysis {
        guard !isFinished else { throw AffettoError(.state, "this piece is already finished") }
        isFinished = true
        if let flaw { throw flaw }
        guard duration >= 1 else {
            throw AffettoError(.range, "the piece lasts \(duration) s; it must last at least 1 s")
        }
        var chroma = pitches.histogram.chroma
        let pulse = tracker.finish()
        let features = features(pulse, chroma)
        let (mfcc, deviation) = pulses.timbre.moments
        let affect = PerceivedAffect.estimate(features)
        if let top = chroma.max(), top > 0 { chroma = chroma.map { $0 / top } }
        return MusicAnalysis(
            features: features, valence: affect.valence, arousal: affect.arousal, beats: pulse.beats,
            downbeats: pulse.downbeats, sections: course.sections, chroma: chroma.map { Float($0) }, mfcc: mfcc,
            mfccDeviation: deviation, style: StyleSpace.place(features, mfcc: mfcc, deviation: deviation),
            fingerprint: course.fingerprint)
    }

    /// Seconds pushed so far.
    public var duration: Double { Double(frames) / rate }

    private func features(_ pulse: PulseTracker.Result, _ chroma: [Double]) -> MusicFeatures {
        func decibels(_ power: Double) -> Float { Float(max(10 * log10(max(power, 1e-12)), -120)) }
        var f = MusicFeatures()
        f.duration = duration
        f.tempo = Float(pulse.tempo.tempo)
        f.pulseClarity = Float(pulse.tempo.clarity)
        f.tempoStability = pulse.stability
        let others = pulse.tempo.others
        if let second = others.first { (f.secondTempo, f.secondTempoFit) = (Float(second.tempo), Float(second.fit)) }
        if others.count > 1 { (f.thirdTempo, f.thirdTempoFit) = (Float(others[1].tempo), Float(others[1].fit)) }
        f.beatsPerBar = Int32(pulse.beatsPerBar)
        let key = KeyEstimator.estimate(chroma)
        f.key = Int32(key.tonic)
        f.isMinor = key.isMinor
        f.keyClarity = Float(key.clarity)
        f.majorness = Float(key.majorness)
        f.tuning = Float(pitches.histogram.tuning)
        f.loudness = Float(loudness.integrated)
        f.loudnessRange = Float(loudness.range)
        f.maxMomentary = Float(loudness.maxMomentary)
        f.truePeak = decibels(Double(truePeak.peak) * Double(truePeak.peak))
        f.energy = decibels(squares / Double(frames * channels))
        f.crest = f.energy > -120 ? max(f.truePeak - f.energy, 0) : 0
        f.attack = Float(attack.sharpest)
        f.brightness = Float(pulses.centroid)
        f.rolloff = Float(pulses.rolloff)
        f.flatness = Float(pulses.timbre.flatness)
        f.flux = Float(pulses.flux)
        f.onsetRate = pulse.onsetRate
        f.onsetStrength = pulse.onsetStrength
        f.percussiveness = Float(pulses.percussiveness)
        f.roughness = Float(pitches.roughness)
        f.vocalActivity = Float(pitches.vocalActivity)
        return f
    }

    /// Analyses a whole piece.
    /// - Parameters:
    ///   - samples: interleaved, a whole number of frames, full scale ±1, at least 1 s.
    ///   - rate: frames per second, 8000…96000 Hz. - channels: 1…8.
    /// - Throws: `.argument` (no samples, not whole frames), `.range` (rate, channels, length, a bad sample).
    public static func analyze(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int
    ) throws(AffettoError) -> MusicAnalysis {
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
