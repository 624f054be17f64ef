import AffettoCore

/// A log of choices as text, one JSON object a line:
///
///     {"learner": "a", "context": [0.2, -0.5], "chances": [0.1, 0.9], "action": 1, "outcome": 0.3, "target": [0.5, 0.5]}
///
/// `context` may be left out; `outcome` may be null or left out where it is not known.
public struct ChoiceLog: Sendable {
    public var choices: [LoggedChoice] = []
    /// The chances of the policy to be judged; empty where a line names none.
    public var targets: [[Double]] = []

    private struct Line: Decodable {
        var learner: String
        var context: [Double]?
        var chances: [Double]
        var action: Int
        var outcome: Double?
        var target: [Double]?
    }

    /// - Throws: `.argument` with the number of the line that cannot be read, `.encoding`.
    public init(_ text: [UInt8]) throws(AffettoError) {
        guard String(validating: text, as: UTF8.self) != nil else {
            throw AffettoError(.encoding, "the log is not UTF-8")
        }
        var number = 0
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let read: Line
            do { read = try JSON.decode(Line.self, from: line, what: "the choice") } catch {
                throw AffettoError(.argument, "line \(number): \(error.message)")
            }
            choices.append(
                LoggedChoice(
                    learner: read.learner, context: read.context ?? [], chances: read.chances, action: read.action,
                    outcome: read.outcome))
            targets.append(read.target ?? [])
        }
    }

    /// Every line's own target.
    /// - Throws: `.argument` where a line has none.
    public func namedTargets() throws(AffettoError) -> [[Double]] {
        if let missing = targets.firstIndex(where: \.isEmpty) {
            throw AffettoError(
                .argument, "choice \(missing + 1) names no target: the chances of the policy to be judged")
        }
        return targets
    }

    /// The policy that takes each action that was to be had with the same chance.
    public var uniform: [[Double]] {
        choices.map { choice in
            let open = choice.chances.count { $0 > 0 }
            return choice.chances.map { $0 > 0 ? 1 / Double(open) : 0 }
        }
    }

    /// The policy that always takes one action.
    public func always(_ action: Int) throws(AffettoError) -> [[Double]] {
        guard choices.allSatisfy({ $0.chances.indices.contains(action) }) else {
            throw AffettoError(.range, "there is no action \(action)")
        }
        return choices.map { choice in choice.chances.indices.map { $0 == action ? 1 : 0 } }
    }
}

extension ChoiceLog {
    /// What counts as the outcome of a choice: two numbers that are never merged.
    public enum Measure: String, Sendable, CaseIterable { case benefit, liking }

    /// The choices of a strategy in a learner's sessions. Actions are the strategies in order of their codes; the context is
    /// valence and arousal at the time. Decisions in which nothing was drawn, because a gate was shut, do not count.
    public init(_ sessions: [SessionRecord], measure: Measure) {
        for session in sessions {
            let outcomes = Dictionary(
                session.outcomes.map { ($0.decision, measure == .benefit ? $0.benefit : $0.liking) },
                uniquingKeysWith: { _, later in later })
            for decision in session.decisions where !decision.strategyProbability.isEmpty {
                let chances = decision.strategyProbability
                let action = Int(decision.strategy.rawValue)
                guard chances.indices.contains(action), chances[action] > 0, decision.start.valence.isFinite,
                    decision.start.arousal.isFinite
                else { continue }
                choices.append(
                    LoggedChoice(
                        learner: session.learner,
                        context: [Double(decision.start.valence), Double(decision.start.arousal)],
                        chances: chances, action: action, outcome: outcomes[decision.id]?.map(Double.init)))
                targets.append([])
            }
        }
    }

    public mutating func append(_ other: ChoiceLog) {
        choices += other.choices
        targets += other.targets
    }
}
