import AffettoCore

/// One thing the learner did in the exercise.
public struct ActivityEvent: Sendable, Equatable {
    public var kind: ActivityKind
    /// Of an answer; `nil` = the host does not know.
    public var correct: Bool?
    /// Of an answer: which attempt at this item, from 1.
    public var attempt: Int
    /// Of an answer: time taken; of idling: how long. Seconds; `nil` = unknown.
    public var seconds: Float?
    /// 0 (easy) … 1 (hard); `nil` = unknown.
    public var difficulty: Float?

    public init(
        kind: ActivityKind, correct: Bool? = nil, attempt: Int = 1, seconds: Float? = nil, difficulty: Float? = nil
    ) {
        self.kind = kind
        self.correct = correct
        self.attempt = attempt
        self.seconds = seconds
        self.difficulty = difficulty
    }

    /// - Throws: `.range` where a number makes no sense.
    public func checked() throws(AffettoError) -> ActivityEvent {
        if let seconds { try requireInRange(seconds, 0...86_400, "seconds") }
        if let difficulty { try requireInRange(difficulty, 0...1, "difficulty") }
        guard (1...10_000).contains(attempt) else {
            throw AffettoError(.range, "attempts is \(attempt); it must be 1…10000")
        }
        return self
    }
}
