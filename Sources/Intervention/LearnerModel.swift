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
    /// How far each modality errs on this learner, from what they said themselves.
    public var senses = SenseCalibration()
    /// Whether that still helps, and what to go back to.
    public var senseHistory = SenseHistory()

    public init() {}

    /// The assessment as a first belief about styles.
    public init(assessment: Assessment) {
        adopt(assessment)
    }

    /// Reads a model as it was kept; numbers that no model can have are set back to what one begins with.
    public init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        version = try kept.decode(Int.self, forKey: .version)
        benefit = try kept.decode(OutcomeModel.self, forKey: .benefit)
        liking = try kept.decode(OutcomeModel.self, forKey: .liking)
        strategies = try kept.decode([String: Belief].self, forKey: .strategies).mapValues { $0.mended() }
        poor = try kept.decode([String: Int].self, forKey: .poor)
        resting = try kept.decode([String: Int].self, forKey: .resting)
        vetoed = try kept.decode([String].self, forKey: .vetoed)
        outcomes = try kept.decode(Int.self, forKey: .outcomes)
        // Models kept before senses were learned have none.
        senses = try kept.decodeIfPresent(SenseCalibration.self, forKey: .senses) ?? SenseCalibration()
        senseHistory = try kept.decodeIfPresent(SenseHistory.self, forKey: .senseHistory) ?? SenseHistory()
        benefit.mend()
        liking.mend()
    }

    /// Sets prior beliefs from stated taste, where nothing has been learned yet; an earlier assessment's are forgotten.
    public mutating func adopt(_ assessment: Assessment) {
        liking.styles = liking.styles.filter { $0.value.count > 0 }
        for (styles, mean) in [(assessment.likedStyles, Float(0.4)), (assessment.dislikedStyles, -0.5)] {
            for style in styles ?? [] where !style.isEmpty && (liking.styles[style]?.count ?? 0) == 0 {
                liking.styles[style] = Belief(mean: mean, variance: 0.15)
            }
        }
    }

    /// Learns from the learner's own word what one modality had said shortly before.
    /// - Returns: `true` where what was learned of that modality did harm and has begun anew.
    public mutating func learnSense(_ evidence: Evidence, saidValence: Float?, saidArousal: Float?) -> Bool {
        senseHistory.learn(evidence, saidValence: saidValence, saidArousal: saidArousal, into: &senses)
    }

    /// Learns from an outcome, −1…1. Benefit and liking that are `nil` or no numbers teach nothing.
    /// - Parameters:
    ///   - track: what played; `nil` = nothing. - emotion: before it played, as `Decider` will look it up.
    public mutating func learn(
        _ outcome: Outcome, track: Track?, strategy: Strategy, emotion: Emotion?, settings: InterventionSettings
    ) {
        outcomes &+= 1
        if let benefit = outcome.benefit, benefit.isFinite {
            let key = Self.key(emotion, strategy)
            let belief = strategies[key] ?? Belief(mean: 0, variance: 0.1)
            strategies[key] = belief.updated(min(max(benefit, -1), 1), noise: 0.3)
            if let track { self.benefit.learn(benefit, track) }
        }
        if let liking = outcome.liking, liking.isFinite, let track {
            self.liking.learn(liking, track)
            noteResponse(to: track.style, isPoor: liking <= settings.poorLiking, rest: settings.restAfterPoor)
        }
    }

    private mutating func noteResponse(to style: String, isPoor: Bool, rest: Int) {
        guard !style.isEmpty else { return }
        if isPoor, (poor[style] ?? 0) > 0 {
            poor[style] = nil
            resting[style] = rest
        } else {
            poor[style] = isPoor ? 1 : nil
        }
    }

    /// A track was chosen: resting styles come one choice nearer.
    public mutating func noteChoice() {
        for (style, left) in resting { resting[style] = left > 1 ? left - 1 : nil }
    }

    /// Mean benefit of a strategy in this emotion so far, −1…1.
    func strategyBenefit(_ emotion: Emotion?, _ strategy: Strategy) -> Float {
        guard let mean = strategies[Self.key(emotion, strategy)]?.mean, mean.isFinite else { return 0 }
        return min(max(mean, -1), 1)
    }

    private static func key(_ emotion: Emotion?, _ strategy: Strategy) -> String {
        "\(emotion?.name ?? "unknown")/\(strategy.name)"
    }
}
