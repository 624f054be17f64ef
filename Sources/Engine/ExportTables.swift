import AffettoCore

/// A learner's export as tables, each a CSV text (RFC 4180, UTF-8, one header line).
enum ExportTables {
    static func of(_ all: LearnerExport) -> [(name: String, csv: String)] {
        [
            ("consents", consents(all)), ("sessions", sessions(all)), ("events", events(all)), ("states", states(all)),
            ("decisions", decisions(all)), ("reasons", reasons(all)), ("outcomes", outcomes(all)),
            ("prompts", prompts(all)),
        ]
    }

    private static func consents(_ all: LearnerExport) -> String {
        table(
            ["modality", "purpose", "grantor", "granted", "expires", "revoked", "method", "evidence_sha256"],
            all.consents.map {
                [
                    $0.modality.name, $0.purpose.name, $0.grantor.name, "\($0.granted)", "\($0.expires)",
                    $0.revoked.map { "\($0)" } ?? "", $0.method, $0.evidenceSha256 ?? "",
                ]
            })
    }

    private static func sessions(_ all: LearnerExport) -> String {
        table(
            ["session", "started", "task", "purpose", "preset", "events", "states", "decisions", "outcomes"],
            all.sessions.map {
                [
                    $0.id, "\($0.started)", $0.task.name, $0.purpose.name, $0.preset, "\($0.events.count)",
                    "\($0.states.count)", "\($0.decisions.count)", "\($0.outcomes.count)",
                ]
            })
    }

    private static func events(_ all: LearnerExport) -> String {
        rows(all, ["time_us", "kind", "detail"], \.events) { event in
            let detail = event.detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return ["\(event.time)", event.kind, detail.joined(separator: " ")]
        }
    }

    private static func states(_ all: LearnerExport) -> String {
        let names = Emotion.allCases.map { "p_\($0.name)" } + Modality.allCases.map { "evidence_\($0.name)" }
        let dimensions = ["valence", "arousal", "control"].flatMap { [$0, $0 + "_sd"] }
        return rows(all, ["time_us", "emotion", "confidence", "abstain"] + dimensions + names, \.states) { state in
            let numbers =
                [state.valence, state.arousal, state.control].flatMap { [$0.mean, $0.sd] } + state.probability
                + state.evidence
            return ["\(state.time)", state.emotion?.name ?? "", "\(state.confidence)", state.abstain.name]
                + numbers.map { "\($0)" }
        }
    }

    private static func decisions(_ all: LearnerExport) -> String {
        let columns = [
            "decision", "time_us", "action", "gate", "emotion", "strategy", "goal", "track", "propensity",
            "expected_benefit", "expected_liking", "target_valence", "target_arousal", "path_progress",
        ]
        return rows(all, columns, \.decisions) { decision in
            [
                "\(decision.id)", "\(decision.time)", decision.action.name, decision.gate.name,
                decision.emotion?.name ?? "", decision.strategy.name, decision.goal.name, decision.track ?? "",
                "\(decision.propensity)", "\(decision.expectedBenefit)", "\(decision.expectedLiking)",
                "\(decision.target.valence)", "\(decision.target.arousal)", "\(decision.pathProgress)",
            ]
        }
    }

    /// Why each decision was made, and what the choices were.
    private static func reasons(_ all: LearnerExport) -> String {
        var lines: [[String]] = []
        for session in all.sessions {
            for decision in session.decisions {
                let head = [session.id, "\(decision.id)"]
                lines += decision.reasons.map { head + ["reason", $0.code, $0.text, "\($0.weight)"] }
                lines += decision.candidates.map { head + ["candidate", $0.track, "", "\($0.probability)"] }
            }
        }
        return table(["session", "decision", "kind", "code", "text", "weight"], lines)
    }

    private static func outcomes(_ all: LearnerExport) -> String {
        rows(all, ["decision", "time_us", "benefit", "liking"], \.outcomes) { outcome in
            func text(_ value: Float?) -> String { value.map { "\($0)" } ?? "" }
            return ["\(outcome.decision)", "\(outcome.time)", text(outcome.benefit), text(outcome.liking)]
        }
    }

    private static func prompts(_ all: LearnerExport) -> String {
        rows(all, ["time_us", "text", "choices"], \.prompts) { prompt in
            ["\(prompt.time)", prompt.text, prompt.choices.joined(separator: " | ")]
        }
    }

    // MARK: CSV

    /// One line for each thing of each session, the session's id in front.
    private static func rows<Thing>(
        _ all: LearnerExport, _ columns: [String], _ things: (SessionRecord) -> [Thing], _ cells: (Thing) -> [String]
    ) -> String {
        table(
            ["session"] + columns, all.sessions.flatMap { session in things(session).map { [session.id] + cells($0) } })
    }

    private static func table(_ columns: [String], _ lines: [[String]]) -> String {
        ([columns] + lines).map(CSV.line).joined()
    }
}
