import AffettoCore
import Glibc

/// Expected benefit, or expected liking, of a track: a Bayesian linear model on what analysis heard, plus a belief
/// about each style. Both forget: an old taste must not outvote a new one.
public struct OutcomeModel: Codable, Sendable, Equatable {
    static let features = 8
    /// Share of what is known that survives each observation.
    static let memory: Float = 0.98
    static let noise: Float = 0.25
    static let priorVariance: Float = 0.05

    /// Posterior mean of the weights and covariance (features × features).
    public var weights: [Float]
    public var covariance: [Float]
    public var styles: [String: Belief] = [:]
    public var count = 0

    public init() {
        weights = Array(repeating: 0, count: Self.features)
        covariance = (0..<(Self.features * Self.features)).map {
            $0 / Self.features == $0 % Self.features ? Self.priorVariance : 0
        }
    }

    /// What analysis heard, each about −1…1: mood, tempo, brightness, level, minor key, lyrics.
    static func describe(_ track: Track) -> [Float] {
        let f = track.features
        func squash(_ x: Float) -> Float { x.isFinite ? min(max(x, -1.5), 1.5) : 0 }
        return [
            1, squash(track.valence.mean), squash(track.arousal.mean), squash((f.tempo - 110) / 40),
            squash((f.brightness - 1500) / 1000), squash((f.loudness + 18) / 8), f.isMinor ? 0.5 : -0.5,
            track.hasLyrics ? 0.5 : -0.5,
        ]
    }

    var isUsable: Bool {
        weights.count == Self.features && covariance.count == Self.features * Self.features
            && (weights + covariance).allSatisfy(\.isFinite)
    }

    public func expect(_ track: Track) -> Float {
        guard isUsable else { return 0 }
        let x = Self.describe(track)
        let linear = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 }
        return min(max(linear + (styles[track.style]?.mean ?? 0), -1), 1)
    }

    mutating func learn(_ value: Float, _ track: Track) {
        guard value.isFinite, isUsable else { return }
        let n = Self.features
        let x = Self.describe(track)
        // Forgetting widens the covariance, but never beyond the prior.
        for i in 0..<n { covariance[i * n + i] = min(covariance[i * n + i] / Self.memory, Self.priorVariance) }
        let style = styles[track.style] ?? Belief(mean: 0, variance: 0.2)
        var px = [Float](repeating: 0, count: n)
        for i in 0..<n { for j in 0..<n { px[i] += covariance[i * n + j] * x[j] } }
        let spread = zip(x, px).reduce(0) { $0 + $1.0 * $1.1 }
        let error = value - (zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } + style.mean)
        let total = spread + style.variance + Self.noise
        for i in 0..<n {
            weights[i] += px[i] / total * error
            for j in 0..<n { covariance[i * n + j] -= px[i] * px[j] / total }
        }
        // The style's share of the error, by its share of the doubt.
        var updated = style
        updated.mean = min(max(style.mean + style.variance / total * error, -1), 1)
        updated.variance = max(style.variance * (1 - style.variance / total), 0.02)
        updated.count += 1
        styles[track.style] = updated
        count += 1
    }
}
