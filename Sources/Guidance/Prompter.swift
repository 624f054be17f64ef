import AffettoCore

/// Words a prompt for the learner. A prompt does one thing: it names a feeling as a guess, or it asks, or it says nothing.
///
/// A name and advice never come together: naming a feeling right before reappraisal made people feel worse than
/// regulating without naming (Nook, Satpute, Ochsner 2021), so there is no advice here at all.
public enum Prompter {
    /// The prompt for `state`; empty text and no choices where silence is kinder.
    ///
    /// - Parameters:
    ///   - time: when it is shown.
    ///   - lastDecision: what the engine decided last; its gate may call for silence, its action for a question.
    ///   - sources: the modalities that the state rests on, most important first; the first two are told.
    ///   - words: the texts.
    public static func prompt(
        for state: AffectState, at time: Microseconds, lastDecision: Decision?, sources: [Modality],
        words: PromptWords = .english
    ) -> Prompt {
        let silent = Prompt(time: time, text: "", choices: [])
        let isRecent = lastDecision.map { time.seconds - $0.time.seconds < freshness } ?? false
        if let lastDecision {
            if lastDecision.action == .handToPerson || lastDecision.gate == .distress {
                return Prompt(time: time, text: words.person, choices: [])
            }
            if asksForSilence(lastDecision.gate, isRecent: isRecent) { return silent }
        }
        let asks = isRecent && lastDecision?.action == .ask
        guard state.abstain == .none, let emotion = state.emotion, !asks else {
            return Prompt(time: time, text: words.question, choices: words.answers + [words.ratherNotSay])
        }
        guard let entry = words.emotion[emotion.name] else { return silent }
        let told = sources.reduce(into: [String]()) { told, modality in
            if let phrase = words.source[modality.name], !told.contains(phrase) { told.append(phrase) }
        }
        let source = told.prefix(2).joined(separator: " \(words.and) ")
        let template = source.isEmpty ? words.tentative : words.tentativeWithSource
        let text = fill(template, ["source": source, "feeling": entry.feeling])
        return Prompt(time: time, text: text, choices: entry.finer + [words.somethingElse, words.ratherNotSay])
    }

    /// Seconds for which a decision about the moment still speaks for the present.
    private static let freshness = 120.0

    /// In an exam or a lecture and after a stop, for as long as that was the last decision; in flow, while confusion may
    /// still be fruitful and soon after other prompts, for a while. Whether prompts are allowed at all is the policy's.
    private static func asksForSilence(_ gate: Gate, isRecent: Bool) -> Bool {
        switch gate {
        case .stopped, .exam, .lecture: true
        case .flow, .confusionGrace, .burden: isRecent
        case .none, .paused, .policy, .consent, .lowConfidence, .noTrack, .distress, .crisis: false
        }
    }

    /// `template` with each `{name}` replaced; what is filled in is not searched again.
    private static func fill(_ template: String, _ values: [String: String]) -> String {
        var out = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{") {
            out += rest[..<open]
            let after = rest[rest.index(after: open)...]
            guard let close = after.firstIndex(of: "}"), let value = values[String(after[..<close])] else {
                out.append("{")
                rest = after
                continue
            }
            out += value
            rest = after[after.index(after: close)...]
        }
        return out + rest
    }
}
