import AffettoCore

/// What the engine has learned about one learner's response to music: kept sealed, exported on request.
public struct LearnerModel: Codable, Sendable, Equatable {
    public var version = 1
    /// Benefit and liking are learned apart and never merged.
    public var benefit = OutcomeModel()
    public var liking = OutcomeModel()
    /// Mean benefit of each strategy, by "emotion/strategy".
    public var strategies: [String: Belief] = [:]
    /// Poor responses in a row, by style, and choices for which a style still rests.
    public var poor: [String: Int] = [:]
    public var resting: [String: Int] = [:]
    /// Tracks the learner never wants to hear again.
    public var vetoed: [String] = []
    public var outcomes = 0

    public init() {}

    /// The assessment as a first belief about styles.
    public init(assessment: Assessment) {
        adopt(assessment)
    }

    /// Sets prior beliefs from stated taste, where nothing has been learned yet.
    public mutating func adopt(_ assessment: Assessment) {
        for (styles, mean) in [(assessment.likedStyles, Float(0.4)), (assessment.dislikedStyles, -0.5)] {
            for style in styles ?? [] where (liking.styles[style]?.count ?? 0) == 0 {
                liking.styles[style] = Belief(mean: mean, variance: 0.15)
            }
        }
    }

    /// Learns from an outcome. Benefit and liking that are `nil` teach nothing.
    public mutating func learn(
        _ outcome: Outcome, track: Track?, strategy: Strategy, emotion: Emotion?, settings: InterventionSettings
    ) {
        outcomes += 1
        if let benefit = outcome.benefit {
            let key = Self.key(emotion, strategy)
            strategies[key] = (strategies[key] ?? Belief(mean: 0, variance: 0.1)).updated(benefit, noise: 0.3)
            if let track { self.benefit.learn(benefit, track) }
        }
        if let liking = outcome.liking, let track {
            self.liking.learn(liking, track)
            if liking <= settings.poorLiking {
                poor[track.style, default: 0] += 1
                if poor[track.style, default: 0] >= 2 {
                    resting[track.style] = settings.restAfterPoor
                    poor[track.style] = 0
                }
            } else {
                poor[track.style] = 0
            }
        }
    }

    /// A choice has been made: resting styles come one choice nearer.
    mutating func countChoice() {
        for (style, left) in resting { resting[style] = left > 1 ? left - 1 : nil }
    }

    static func key(_ emotion: Emotion?, _ strategy: Strategy) -> String {
        "\(emotion?.name ?? "unknown")/\(strategy.name)"
    }

    func strategyBenefit(_ emotion: Emotion?, _ strategy: Strategy) -> Float {
        strategies[Self.key(emotion, strategy)]?.mean ?? 0
    }
}

/// A normal belief about one number.
public struct Belief: Codable, Sendable, Equatable {
    public var mean: Float
    public var variance: Float
    public var count = 0

    public init(mean: Float, variance: Float) {
        self.mean = mean
        self.variance = variance
    }

    /// Bayes' rule for one observation with variance `noise`.
    func updated(_ value: Float, noise: Float) -> Belief {
        var out = self
        let gain = variance / (variance + noise)
        out.mean += gain * (value - mean)
        out.variance = max(variance * (1 - gain), 0.005)
        out.count += 1
        return out
    }
}
