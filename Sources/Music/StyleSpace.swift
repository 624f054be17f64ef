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
        (12.4, 6.21), (-2.68, 4.53), (2.21, 2.47), (-0.894, 1.95), (-0.212, 2.26), (-1.11, 1.6),
        (0.0833, 1.26), (-0.66, 1.1), (-0.154, 1.05), (-0.166, 0.821), (4, 1.88), (2.6, 1.19),
        (2.12, 0.821), (10.7, 0.56), (-3.83, 1.21), (0.236, 0.0863), (0.186, 0.0928), (0.157, 0.144),
        (2.97, 1.12), (0.0369, 0.0135), (0.38, 0.24), (6.58, 0.365), (-0.0078, 0.204), (16, 2.47),
    ]

    /// The quantities themselves, not yet scaled; NaN counts as the mean.
    public static func quantities(_ f: MusicFeatures, mfcc: [Float], deviation: [Float]) -> [Float] {
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
