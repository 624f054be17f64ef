/// A normal belief about one number in −1…1.
public struct Belief: Codable, Sendable, Equatable {
    public var mean: Float
    public var variance: Float
    /// Observations behind it; 0 = a prior.
    public var count = 0

    public init(mean: Float, variance: Float) {
        self.mean = mean
        self.variance = variance
    }

    /// Bayes' rule for one observation with variance `noise`. The variance has a floor, so that habits can change.
    func updated(_ value: Float, noise: Float) -> Belief {
        var out = self
        let gain = variance / (variance + noise)
        out.mean += gain * (value - mean)
        out.variance = max(variance * (1 - gain), 0.005)
        out.count &+= 1
        return out
    }

    /// The belief with numbers that can be used: they come from a file.
    func mended() -> Belief {
        var out = self
        out.mean = mean.isFinite ? min(max(mean, -1), 1) : 0
        out.variance = variance.isFinite ? min(max(variance, 0.001), 1) : 1
        out.count = max(count, 0)
        return out
    }
}
