import AffettoCore

/// The rules that forbid or delay an intervention, strictest first; each gives its reason.
enum Gates {
    static func check(_ c: DecisionContext, _ settings: InterventionSettings) -> (Action, Gate, Reason)? {
        func stop(_ action: Action, _ gate: Gate, _ text: String) -> (Action, Gate, Reason) {
            (action, gate, Reason(gate.name, text, weight: 1))
        }
        if c.isCrisis { return stop(.handToPerson, .crisis, "What the learner wrote is for a person, not for music.") }
        if c.stopped { return stop(.silence, .stopped, "Someone pressed stop; nothing plays until resumed.") }
        switch c.verdict {
        case .allowed: break
        case .forbidden(let rule, let citation): return stop(.wait, .policy, "\(rule) (\(citation))")
        case .needsConsent(let rule): return stop(.wait, .consent, rule)
        }
        let shares = c.state.evidence.dropFirst(Int(Modality.selfReport.rawValue))
        let reported = (shares.first ?? 0) > 0.5
        if reported, c.state.valence.mean <= settings.distressValence {
            return stop(
                .handToPerson, .distress, "The learner says they feel very bad: a person should ask, not music.")
        }
        if c.task == .exam { return stop(.silence, .exam, "An exam is on: no music, no prompts.") }
        if c.task == .lecture { return stop(.silence, .lecture, "Someone is teaching: no music, no prompts.") }
        if c.paused { return stop(.wait, .paused, "Music is paused.") }
        if c.state.abstain != .none {
            return c.mayAsk
                ? stop(.ask, .lowConfidence, "The engine is not sure how the learner feels (\(c.state.abstain.name)).")
                : stop(.wait, .burden, "The engine is not sure, and has asked often enough for now.")
        }
        if c.state.emotion == .confused, c.emotionAge < settings.confusionGrace {
            return stop(.wait, .confusionGrace, "Confusion often turns into learning; it is left alone for a while.")
        }
        if [.engaged, .calm, .happy, .neutral].contains(c.state.emotion), ![.create, .express].contains(c.goal) {
            return stop(.wait, .flow, "The learner seems fine; music would only interrupt.")
        }
        return nil
    }
}
