/// A value with doubt: mean and standard deviation in the unit of the value.
public struct Estimate: Codable, Sendable, Hashable {
    public var mean: Float
    public var sd: Float

    public init(_ mean: Float, sd: Float) {
        self.mean = mean
        self.sd = sd
    }
}

/// What one modality says now. What it does not speak about is absent: `nil` or `.nan`, never zero, never "neutral".
public struct Evidence: Sendable {
    public var modality: Modality
    public var time: Microseconds
    /// Class log-likelihoods in order of `Emotion`; `.nan` for an emotion that the model cannot name. Empty: no classes.
    public var logLikelihood: [Float]
    public var valence: Estimate?
    public var arousal: Estimate?
    public var control: Estimate?
    /// 0 (worthless) … 1 (as good as the model was trained on).
    public var quality: Float

    public init(
        modality: Modality, time: Microseconds, logLikelihood: [Float] = [], valence: Estimate? = nil,
        arousal: Estimate? = nil, control: Estimate? = nil, quality: Float
    ) {
        self.modality = modality
        self.time = time
        self.logLikelihood = logLikelihood
        self.valence = valence
        self.arousal = arousal
        self.control = control
        self.quality = quality
    }
}

/// Microseconds on the host's monotonic clock.
public typealias Microseconds = Int64

extension Microseconds {
    /// NaN becomes 0, and what does not fit the nearest that does.
    public init(seconds: Double) {
        let value = seconds * 1_000_000
        self = value.isNaN ? 0 : value >= 0x1p63 ? .max : value <= -0x1p63 ? .min : Int64(value)
    }

    public var seconds: Double { Double(self) / 1_000_000 }
}
