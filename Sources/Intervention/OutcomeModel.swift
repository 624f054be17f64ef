import AffettoCore

/// Expected benefit, or expected liking, of a track: a Bayesian linear model on what analysis heard, plus a belief
/// about each style. Both forget: an old taste must not outvote a new one.
public struct OutcomeModel: Codable, Sendable, Equatable {
    private static let features = 8
    /// Share of what is known that survives each observation.
    private static let memory: Float = 0.98
    private static let noise: Float = 0.25
    private static let priorVariance: Float = 0.05
    private static let styleVariance: Float = 0.2

    /// Posterior mean of the weights (8) and their covariance (8 × 8).
    public var weights: [Float]
    public var covariance: [Float]
    /// By style tag; tracks without a style have no entry.
    public var styles: [String: Belief] = [:]
    public var count = 0

    public init() {
        weights = Array(repeating: 0, count: Self.features)
        covariance = (0..<(Self.features * Self.features)).map {
            $0 / Self.features == $0 % Self.features ? Self.priorVariance : 0
        }
    }

    /// A constant and what analysis heard, each about −1…1: mood, tempo, brightness, level, minor key, lyrics. What was
    /// not found says nothing.
    private static func describe(_ track: Track) -> SIMD8<Float> {
        let f = track.features
        func squash(_ x: Float) -> Float { x.isFinite ? min(max(x, -1.5), 1.5) : 0 }
        return SIMD8(
            1, squash(track.valence.mean), squash(track.arousal.mean), f.tempo > 0 ? squash((f.tempo - 110) / 40) : 0,
            squash((f.brightness - 1500) / 1000), squash((f.loudness + 18) / 8), f.isMinor ? 0.5 : -0.5,
            track.hasLyrics ? 0.5 : -0.5)
    }

    /// Whether the numbers can be those of this model: they come from a file.
    private var isSound: Bool {
        weights.count == Self.features && covariance.count == Self.features * Self.features
            && weights.allSatisfy { abs($0) <= 10 } && covariance.allSatisfy { abs($0) <= Self.priorVariance * 1.01 }
    }

    /// Begins anew where the numbers cannot be those of this model.
    mutating func mend() {
        styles = styles.mapValues { $0.mended() }
        guard !isSound else { return }
        let fresh = OutcomeModel()
        weights = fresh.weights
        covariance = fresh.covariance
    }

    /// −1…1; 0 where nothing is known.
    public func expect(_ track: Track) -> Float {
        guard weights.count == Self.features else { return 0 }
        let expected = linear(Self.describe(track)) + (styles[track.style]?.mean ?? 0)
        return expected.isFinite ? min(max(expected, -1), 1) : 0
    }

    private func linear(_ x: SIMD8<Float>) -> Float {
        var sum: Float = 0
        for i in 0..<Self.features { sum += weights[i] * x[i] }
        return sum
    }

    /// Learns that `track` had the outcome `value`, −1…1.
    mutating func learn(_ value: Float, _ track: Track) {
        guard value.isFinite else { return }
        mend()
        let n = Self.features
        let x = Self.describe(track)
        // Forgetting widens doubt, but never beyond the prior.
        for i in 0..<n { covariance[i * n + i] = min(covariance[i * n + i] / Self.memory, Self.priorVariance) }
        var style = styles[track.style] ?? Belief(mean: 0, variance: Self.styleVariance)
        style.variance = track.style.isEmpty ? 0 : min(style.variance / Self.memory, Self.styleVariance)
        var px = SIMD8<Float>(repeating: 0)
        for i in 0..<n { for j in 0..<n { px[i] += covariance[i * n + j] * x[j] } }
        let error = min(max(value, -1), 1) - (linear(x) + style.mean)
        let total = (x * px).sum() + style.variance + Self.noise
        for i in 0..<n {
            weights[i] += px[i] / total * error
            for j in 0..<n { covariance[i * n + j] -= px[i] * px[j] / total }
        }
        count &+= 1
        guard !track.style.isEmpty else { return }
        // The style's share of the error, by its share of the doubt.
        style.mean = min(max(style.mean + style.variance / total * error, -1), 1)
        style.variance *= 1 - style.variance / total
        style.count &+= 1
        styles[track.style] = style
    }
}
