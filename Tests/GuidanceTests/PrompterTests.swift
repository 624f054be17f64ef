import AffettoCore
import AffettoGuidance
import Testing

private func state(_ emotion: Emotion?, abstain: AbstainReason = .none) -> AffectState {
    var state = AffectState.unknown(at: 0)
    state.emotion = emotion
    state.abstain = emotion == nil && abstain == .none ? .lowProbability : abstain
    state.confidence = 0.7
    return state
}

private func decision(_ action: Action, _ gate: Gate, at time: Microseconds = 0) -> Decision {
    let point = AffectPoint(valence: 0, arousal: 0)
    return Decision(
        id: 1, time: time, action: action, gate: gate, strategy: .steady, goal: .calm, start: point, target: point,
        destination: point, reasons: [])
}

/// Every prompt that can be made.
private let everyPrompt: [Prompt] = {
    let subsets: [[Modality]] = [
        [], [.text], [.face], [.voice, .activity], [.selfReport, .text, .face], Modality.allCases,
    ]
    let states = [state(nil)] + Emotion.allCases.map { state($0) }
    var prompts: [Prompt] = []
    for state in states {
        for sources in subsets {
            for last in [nil] + Gate.allCases.map({ decision(.wait, $0) })
                + Action.allCases.map({ decision($0, .none) })
            {
                prompts.append(Prompter.prompt(for: state, at: 1_000_000, lastDecision: last, sources: sources))
            }
        }
    }
    return prompts
}()

@Suite struct PrompterTests {
    @Test func namesAFeelingAsAGuess() {
        let prompt = Prompter.prompt(for: state(.anxious), at: 9, lastDecision: nil, sources: [.text])
        #expect(
            prompt.text == "From what you wrote, you might be feeling tense or worried. Does one of these fit?")
        #expect(prompt.choices.suffix(2) == ["something else", "rather not say"])
        #expect(prompt.time == 9)
    }

    @Test func tellsNoMoreThanTwoSources() {
        let prompt = Prompter.prompt(for: state(.sad), at: 0, lastDecision: nil, sources: [.activity, .text, .voice])
        #expect(prompt.text.hasPrefix("From how the task went and what you wrote, you might be feeling sad or down."))
        let none = Prompter.prompt(for: state(.sad), at: 0, lastDecision: nil, sources: [])
        #expect(none.text == "You might be feeling sad or down. Does one of these fit?")
    }

    @Test func offersThreeToFiveFinerWords() {
        for (name, entry) in PromptWords.english.emotion {
            #expect((3...5).contains(entry.finer.count), "\(name)")
            #expect(Set(entry.finer).count == entry.finer.count)
            #expect(Emotion(name: name) != nil)
        }
    }

    @Test(arguments: [Emotion.neutral, .calm, .happy, .excited, .engaged])
    func leavesGoodStatesAlone(_ emotion: Emotion) {
        let prompt = Prompter.prompt(for: state(emotion), at: 0, lastDecision: nil, sources: [.text])
        #expect(prompt.text.isEmpty && prompt.choices.isEmpty)
    }

    @Test(arguments: [AbstainReason.noEvidence, .lowProbability, .highEntropy, .stale])
    func abstainingAsksAndNamesNothing(_ reason: AbstainReason) {
        // Even where a careless caller leaves an emotion in the state.
        for emotion in [nil, Emotion.sad] {
            let prompt = Prompter.prompt(
                for: state(emotion, abstain: reason), at: 0, lastDecision: nil, sources: [.text])
            #expect(prompt.text == "How are you feeling right now?")
            let words = ([prompt.text] + prompt.choices).joined(separator: " ").lowercased()
            for emotion in Emotion.allCases { #expect(!words.contains(emotion.name)) }
            for entry in PromptWords.english.emotion.values {
                for finer in entry.finer { #expect(!words.contains(finer)) }
            }
        }
    }

    @Test func lastDecisionCanAskOrKeepSilent() {
        func text(_ last: Decision, at time: Microseconds = 0) -> String {
            Prompter.prompt(for: state(.confused), at: time, lastDecision: last, sources: []).text
        }
        #expect(text(decision(.wait, .stopped)) == "" && text(decision(.wait, .exam)) == "")
        #expect(text(decision(.wait, .confusionGrace)) == "")
        #expect(text(decision(.wait, .confusionGrace), at: 300_000_000).hasPrefix("You might"))
        #expect(text(decision(.ask, .lowConfidence)) == PromptWords.english.question)
        #expect(text(decision(.play, .none)).hasPrefix("You might"))
        #expect(text(decision(.handToPerson, .distress), at: .max) == PromptWords.english.person)
        #expect(text(decision(.wait, .burden, at: .min), at: .max).hasPrefix("You might"))
    }

    @Test func noWordOfDiagnosisComparisonOrBlame() {
        let banned = [
            "disorder", "depress", "diagnos", "patient", "symptom", "treat ", "treatment", "therap", "cure", "abnormal",
            "clinical", "mental", "illness", "patholog", "syndrome", "trauma", "phobia", "panic", "adhd", "autis",
            "neuro",
            "manic", "bipolar", "suicid", "medic", "others your age", "classmates", "other students", "peers",
            "better than", "worse than", "normal", "because of your", "your face", "your fault", "lazy", "should",
            "must",
            "you are ",
        ]
        let texts = PromptWords.english.all + everyPrompt.flatMap { [$0.text] + $0.choices }
        for text in Set(texts) {
            for word in banned { #expect(!text.lowercased().contains(word), "\(text): \(word)") }
        }
    }

    @Test func nameAndAdviceNeverComeTogether() {
        let advice = ["try ", "take a", "breathe", "listen", "music", "go for", "it may help"]
        for prompt in everyPrompt where prompt.text.contains("might be feeling") {
            for word in advice { #expect(!prompt.text.lowercased().contains(word)) }
        }
    }

    /// Flesch–Kincaid grade, which counts words, sentences and vowel groups; grade 5 is about ten years of age.
    @Test func tenYearOldsCanReadIt() {
        for text in Set(everyPrompt.map(\.text)) where !text.isEmpty {
            let words = text.lowercased().split { !$0.isLetter && $0 != "'" }
            let sentences = max(text.count { ".?!".contains($0) }, 1)
            let syllables = words.reduce(0) { $0 + self.syllables($1) }
            let grade =
                0.39 * Double(words.count) / Double(sentences) + 11.8 * Double(syllables) / Double(words.count) - 15.59
            #expect(grade <= 5, "\(text): \(grade)")
        }
    }

    private func syllables(_ word: Substring) -> Int {
        var count = 0
        var wasVowel = false
        for letter in word {
            let isVowel = "aeiouy".contains(letter)
            if isVowel && !wasVowel { count += 1 }
            wasVowel = isVowel
        }
        return max(word.hasSuffix("e") && count > 1 ? count - 1 : count, 1)
    }

    @Test func translationsAreData() throws {
        var words = PromptWords.english
        words.language = "de"
        words.tentative = "Vielleicht bist du gerade {feeling}. Passt eins davon? {what}"
        let json = try JSON.encode(words)
        let back = try JSON.decode(PromptWords.self, from: json, what: "words")
        #expect(back.tentative == words.tentative && back.question == words.question)
        let prompt = Prompter.prompt(for: state(.sad), at: 0, lastDecision: nil, sources: [], words: words)
        #expect(prompt.text == "Vielleicht bist du gerade sad or down. Passt eins davon? {what}")
    }
}
