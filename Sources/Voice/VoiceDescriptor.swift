/// How the features are computed.
public enum VoiceMode: Int32, Sendable, CaseIterable {
    /// What the GeMAPS paper describes, with sound signal processing: the default.
    case corrected = 0
    /// As openSMILE 3.0 computes eGeMAPSv02, its known errors included, for comparison with published figures.
    case compatible = 1

    public var name: String { self == .corrected ? "corrected" : "compatible" }
}

/// The 25 low-level descriptors of eGeMAPSv02 (Eyben et al. 2016), in their usual order; raw values are lanes of
/// `VoiceFrame.values`.
public enum VoiceDescriptor: Int, CaseIterable, Sendable {
    case loudness, alphaRatio, hammarbergIndex, slope0to500, slope500to1500, spectralFlux, mfcc1, mfcc2, mfcc3, mfcc4
    case f0semitone, jitterLocal, shimmerLocal, hnr, h1h2, h1a3
    case f1frequency, f1bandwidth, f1amplitude, f2frequency, f2bandwidth, f2amplitude
    case f3frequency, f3bandwidth, f3amplitude

    public static let count = 25
    /// Descriptors before this one come from the spectrum alone; from here on they hang on the pitch.
    static let firstVoiced = VoiceDescriptor.f0semitone.rawValue

    /// The standard's name, without the suffix that tells of smoothing.
    public var stem: String { Self.table[rawValue].stem }
    /// The standard's name of the smoothed descriptor.
    public var name: String { stem + (rawValue < Self.firstVoiced ? "_sma3" : "_sma3nz") }
    public var unit: String { Self.table[rawValue].unit }

    private static let table: [(stem: String, unit: String)] =
        [
            ("Loudness", "auditory"), ("alphaRatio", "dB"), ("hammarbergIndex", "dB"), ("slope0-500", "dB/Hz"),
            ("slope500-1500", "dB/Hz"), ("spectralFlux", "magnitude"), ("mfcc1", "cepstral"), ("mfcc2", "cepstral"),
            ("mfcc3", "cepstral"), ("mfcc4", "cepstral"), ("F0semitoneFrom27.5Hz", "semitone"),
            ("jitterLocal", "ratio"),
            ("shimmerLocaldB", "dB"), ("HNRdBACF", "dB"), ("logRelF0-H1-H2", "dB"), ("logRelF0-H1-A3", "dB"),
        ]
        + (1...3).flatMap {
            [("F\($0)frequency", "Hz"), ("F\($0)bandwidth", "Hz"), ("F\($0)amplitudeLogRelF0", "dB")]
        }
}

/// One number a descriptor; the lanes beyond the 25th are 0.
public typealias DescriptorVector = SIMD32<Float>

extension SIMD32<Float> {
    public subscript(descriptor: VoiceDescriptor) -> Float {
        get { self[descriptor.rawValue] }
        set { self[descriptor.rawValue] = newValue }
    }
}
