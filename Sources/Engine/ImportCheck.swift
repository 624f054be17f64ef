import AffettoCore

/// Whether a session that comes from outside can be one of ours: what reads it later trusts lengths and ranges.
enum ImportCheck {
    static func require(_ record: SessionRecord) throws(AffettoError) {
        func refuse(_ what: String) -> AffettoError {
            AffettoError(.argument, "the export is damaged: \(what)")
        }
        guard record.id.utf8.count == 32, record.id.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
            throw refuse("a session's id is not 32 hex digits")
        }
        guard (0..<(1 << 40)).contains(record.started) else { throw refuse("a session's start makes no sense") }
        guard (-(1 << 60)...(1 << 60)).contains(record.clock ?? 0) else { throw refuse("a time makes no sense") }
        let times =
            record.events.map(\.time) + record.states.map(\.time) + record.decisions.map(\.time)
            + record.outcomes.map(\.time) + record.prompts.map(\.time)
        guard times.allSatisfy({ (-(1 << 60)...(1 << 60)).contains($0) }) else { throw refuse("a time makes no sense") }
        guard record.states.allSatisfy(isSound) else { throw refuse("a state's numbers") }
        guard record.decisions.allSatisfy(isSound) else { throw refuse("a decision's numbers") }
    }

    private static func isSound(_ state: AffectState) -> Bool {
        let estimates = [state.valence, state.arousal, state.control]
        return state.probability.count == Emotion.count && state.evidence.count == Modality.count
            && (state.probability + state.evidence + [state.confidence]).allSatisfy { (0...1.001).contains($0) }
            && estimates.allSatisfy { (-1...1).contains($0.mean) && (0...10).contains($0.sd) }
    }

    private static func isSound(_ decision: Decision) -> Bool {
        let points = [decision.start, decision.target, decision.destination]
        return (0...1).contains(decision.propensity)
            && (decision.strategyProbability.isEmpty || decision.strategyProbability.count == Strategy.allCases.count)
            && (decision.strategyProbability + decision.candidates.map { Double($0.probability) })
                .allSatisfy { (0...1.001).contains($0) }
            && points.allSatisfy { (-2...2).contains($0.valence) && (-2...2).contains($0.arousal) }
            && decision.candidates.count <= 10_000 && decision.reasons.count <= 1000
    }
}
