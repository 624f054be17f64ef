/// One choice that was made at random with known chances, and what came of it: what off-policy evaluation learns from.
public struct LoggedChoice: Sendable, Equatable {
    /// Whose choice it was. Choices of one learner are not independent: intervals resample learners.
    public var learner: String
    /// What was known, as numbers; the same many in every choice of a log.
    public var context: [Double]
    /// The chance of each action under the policy that chose; 0 where it was not to be had. They sum to 1.
    public var chances: [Double]
    /// Which action was taken.
    public var action: Int
    /// What came of it; `nil` where nobody said.
    public var outcome: Double?

    public init(learner: String, context: [Double], chances: [Double], action: Int, outcome: Double?) {
        self.learner = learner
        self.context = context
        self.chances = chances
        self.action = action
        self.outcome = outcome
    }
}
