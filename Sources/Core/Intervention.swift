/// One thing that spoke for or against a choice, in words and as a number.
public struct Reason: Codable, Sendable, Equatable {
    public var code: String
    public var text: String
    public var weight: Float

    public init(_ code: String, _ text: String, weight: Float) {
        self.code = code
        self.text = text
        self.weight = weight
    }
}

/// One member of the action set with the probability it had.
public struct Candidate: Codable, Sendable, Equatable {
    public var track: String
    public var probability: Double

    public init(track: String, probability: Double) {
        self.track = track
        self.probability = probability
    }
}

/// What the engine chose, with the exact probability of having chosen it and the reasons.
public struct Decision: Codable, Sendable, Equatable {
    public var id: UInt64
    public var time: Microseconds
    public var action: Action
    public var gate: Gate
    /// What the learner seemed to feel; `nil` = the engine abstained.
    public var emotion: Emotion?
    public var strategy: Strategy
    public var goal: Goal
    /// Library id; `nil` unless `action` is `.play`.
    public var track: String?
    /// P(strategy) × P(track | strategy); 1 where a gate left no choice.
    public var propensity: Double
    public var strategyProbability: [Double]
    /// The shortlist with P(track | strategy); empty unless a track was chosen.
    public var candidates: [Candidate]
    public var expectedBenefit: Float
    public var expectedLiking: Float
    /// Where the state was, where this step aims, and where the path ends.
    public var start: AffectPoint
    public var target: AffectPoint
    public var destination: AffectPoint
    /// 0 (at the start) … 1 (at the goal).
    public var pathProgress: Float
    public var reasons: [Reason]

    public init(
        id: UInt64, time: Microseconds, action: Action, gate: Gate, emotion: Emotion? = nil, strategy: Strategy,
        goal: Goal, track: String? = nil, propensity: Double = 1, strategyProbability: [Double] = [],
        candidates: [Candidate] = [],
        expectedBenefit: Float = 0, expectedLiking: Float = 0, start: AffectPoint, target: AffectPoint,
        destination: AffectPoint, pathProgress: Float = 0, reasons: [Reason]
    ) {
        self.id = id
        self.time = time
        self.action = action
        self.gate = gate
        self.emotion = emotion
        self.strategy = strategy
        self.goal = goal
        self.track = track
        self.propensity = propensity
        self.strategyProbability = strategyProbability
        self.candidates = candidates
        self.expectedBenefit = expectedBenefit
        self.expectedLiking = expectedLiking
        self.start = start
        self.target = target
        self.destination = destination
        self.pathProgress = pathProgress
        self.reasons = reasons
    }
}

/// What came of a decision. Benefit and liking are two numbers and are never merged; `nil` = not known.
public struct Outcome: Codable, Sendable, Equatable {
    public var decision: UInt64
    public var time: Microseconds
    /// Change of state toward the goal, −1…1.
    public var benefit: Float?
    /// How the learner liked it, −1…1.
    public var liking: Float?

    public init(decision: UInt64, time: Microseconds, benefit: Float?, liking: Float?) {
        self.decision = decision
        self.time = time
        self.benefit = benefit
        self.liking = liking
    }
}

/// What the engine said to the learner.
public struct Prompt: Codable, Sendable, Equatable {
    public var time: Microseconds
    public var text: String
    /// Words the learner may pick from; empty when nothing is asked.
    public var choices: [String]

    public init(time: Microseconds, text: String, choices: [String]) {
        self.time = time
        self.text = text
        self.choices = choices
    }
}
