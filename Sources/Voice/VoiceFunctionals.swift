import AffettoCore
import AffettoSignal
import Glibc

/// Statistics of a stretch of frames: the recogniser's input. All are free of recording gain.
public enum VoiceFunctionals {
    /// Grows when a name, its meaning or the order changes; a voice pack of another revision is refused.
    public static let revision = 1

    public static let names: [String] =
        [
            "f0_semitone_mean", "f0_semitone_sd", "f0_semitone_p20", "f0_semitone_p80", "f0_semitone_range",
            "f0_step_mean", "periodicity_mean", "periodicity_sd", "intensity_sd", "intensity_range",
            "intensity_step_mean",
            "alpha_ratio_mean", "alpha_ratio_sd", "hammarberg_mean", "hammarberg_sd", "slope_low_mean", "slope_low_sd",
            "slope_high_mean", "slope_high_sd", "centroid_mean", "centroid_sd", "flux_mean", "flux_sd",
            "alpha_ratio_unvoiced", "flux_unvoiced", "voiced_ratio", "syllables_per_s", "voiced_segments_per_s",
            "voiced_segment_mean_s", "pause_ratio",
        ] + (1...12).map { "mfcc\($0)_mean" } + (1...12).map { "mfcc\($0)_sd" }

    private static func centroid(_ f: VoiceFrame) -> Float {
        var a: Float = 0, b: Float = 0; for i in 0..<26 { a += exp(f.mel[i]) * Float(i); b += exp(f.mel[i]) };
        return a / b
    }
    private static func mfcc(_ f: VoiceFrame, _ n: Int) -> Float {
        var a: Float = 0; for i in 0..<26 { a += f.mel[i] * cos(.pi * Float(n) * (Float(i) + 0.5) / 26) };
        return a * 0.277
    }
    /// Fewest voiced frames from which the numbers mean something: 0.3 s.
    public static let minimumVoiced = 30

    /// - Returns: one number per name, or `nil` where fewer than 0.3 s are voiced.
    public static func compute(_ frames: some Collection<VoiceFrame>) -> [Float]? {
        let voiced = frames.filter { $0.f0 > 0 && $0.isSpeech }
        guard voiced.count >= minimumVoiced else { return nil }
        let speech = frames.filter(\.isSpeech)
        let unvoiced = speech.filter { $0.f0 == 0 }
        let seconds = Float(frames.count) * 0.01
        let semitones = voiced.map { 12 * log2($0.f0 / 27.5) }
        let sorted = semitones.sorted()
        let levels = speech.map(\.intensity)
        let sortedLevels = levels.sorted()
        let low = Statistics.quantile(0.2, ofSorted: sorted)
        let high = Statistics.quantile(0.8, ofSorted: sorted)
        var steps: [Float] = []
        var levelSteps: [Float] = []
        var segments: Float = 0
        var last: VoiceFrame?
        for frame in frames {
            if let last {
                if frame.f0 > 0, last.f0 > 0 { steps.append(abs(12 * log2(frame.f0 / last.f0))) }
                if frame.isSpeech, last.isSpeech { levelSteps.append(abs(frame.intensity - last.intensity)) }
                if frame.f0 > 0, last.f0 == 0 { segments += 1 }
            } else if frame.f0 > 0 {
                segments += 1
            }
            last = frame
        }
        func both(_ value: (VoiceFrame) -> Float) -> [Float] {
            let values = voiced.map(value)
            return [Statistics.mean(values), Statistics.standardDeviation(values)]
        }
        var out: [Float] = [
            Statistics.mean(semitones), Statistics.standardDeviation(semitones), low, high, high - low,
            steps.isEmpty ? 0 : Statistics.mean(steps),
        ]
        out += both(\.periodicity)
        out += [
            Statistics.standardDeviation(levels),
            Statistics.quantile(0.8, ofSorted: sortedLevels) - Statistics.quantile(0.2, ofSorted: sortedLevels),
            levelSteps.isEmpty ? 0 : Statistics.mean(levelSteps),
        ]
        out +=
            both({ $0.values[.alphaRatio] }) + both({ $0.values[.hammarbergIndex] }) + both({ $0.values[.slope0to500] })
            + both({ $0.values[.slope500to1500] })
        out += both(centroid) + both({ $0.values[.spectralFlux] })
        out += [
            unvoiced.isEmpty ? .nan : Statistics.mean(unvoiced.map { $0.values[.alphaRatio] }),
            unvoiced.isEmpty ? .nan : Statistics.mean(unvoiced.map { $0.values[.spectralFlux] }),
            Float(voiced.count) / Float(max(speech.count, 1)), Float(frames.count(where: \.isNucleus)) / seconds,
            segments / seconds, Float(voiced.count) * 0.01 / max(segments, 1),
            1 - Float(speech.count) / Float(frames.count),
        ]
        for n in 0..<12 { out.append(Statistics.mean(voiced.map { mfcc($0, n + 1) })) }
        for n in 0..<12 { out.append(Statistics.standardDeviation(voiced.map { mfcc($0, n + 1) })) }
        return out
    }
}
