import AffettoCore
import AffettoSelfReport
import Testing

@Suite struct FeelingWordsTests {
    @Test func everyWordHasItsPlaceNearItsEmotion() {
        for language in ["en", "zh"] {
            let words = FeelingWords.list(language)
            #expect(Set(words.map(\.emotion)) == Set(Emotion.allCases) && Set(words.map(\.word)).count == words.count)
            for word in words {
                #expect(FeelingWords.find(word.word)?.emotion == word.emotion, "\(word.word)")
                let place = word.emotion.point
                #expect(AffectPoint(valence: word.valence, arousal: word.arousal).distance(to: place) <= 0.6)
                #expect(abs(word.valence) <= 1 && abs(word.arousal) <= 1)
            }
        }
        #expect(FeelingWords.list("fr").isEmpty && FeelingWords.list("").isEmpty && FeelingWords.find("") == nil)
        #expect(FeelingWords.find("OVERWHELMED")?.emotion == .anxious)
    }

    @Test func aFinerWordPlacesTheStateAndASliderBeatsIt() throws {
        let worried = try SelfReport(word: "worried")
        #expect(worried.emotion == .anxious && worried.word == "worried")
        let evidence = try worried.evidence(at: 0)
        let tense = try SelfReport(word: "tense").evidence(at: 0)
        #expect((evidence.arousal?.mean ?? 1) < (tense.arousal?.mean ?? 0) && evidence.valence?.sd == 0.25)
        #expect(try SelfReport(word: "tense", valence: 0.3).evidence(at: 0).valence == Estimate(0.3, sd: 0.1))
        #expect(code { () throws(AffettoError) in try SelfReport(word: "nonesuch") } == .notFound)
    }
}

@Suite struct AssessmentFormTests {
    @Test func itIsShortAndTheSameInBothLanguages() {
        let (english, chinese) = (AssessmentForm.items("en-GB"), AssessmentForm.items("zh"))
        #expect(english.count <= 15 && english.reduce(0) { $0 + $1.seconds } <= 180)
        #expect(english.map(\.id) == chinese.map(\.id))
        #expect(english.map { $0.choices.map(\.value) } == chinese.map { $0.choices.map(\.value) })
        for (one, other) in zip(english, chinese) {
            #expect(one.text != other.text && one.ends.count == other.ends.count)
            #expect(zip(one.choices, other.choices).allSatisfy { $0.text != $1.text })
        }
    }

    @Test func whateverIsSkippedStaysUnknown() throws {
        #expect(try AssessmentForm.assessment(answers: Array("{}".utf8)) == Assessment())
        let nulls = "{" + AssessmentForm.items("en").map { "\"\($0.id)\": null" }.joined(separator: ",") + "}"
        #expect(try AssessmentForm.assessment(answers: Array(nulls.utf8)) == Assessment())
    }

    @Test func answersBecomePriors() throws {
        let answers = """
            {"age_band": "16_17", "languages": ["zh"], "goals": ["calm", "focus"], "mood_study": -0.6, "mood_free": 0.3,
             "energy": -0.4, "liked_styles": ["piano"], "never_play": ["Someone"], "lyrics_welcome": "no",
             "feels_worse_after_sad_music": "no", "dwells_with_music": "yes", "not_readable": ["voice"]}
            """
        let filled = try AssessmentForm.assessment(answers: Array(answers.utf8))
        #expect(filled.ageBand == "16_17" && filled.goals == [.calm, .focus] && filled.likedStyles == ["piano"])
        #expect(abs((filled.typicalValence ?? 0) + 0.15) < 1e-6 && filled.typicalArousal == -0.4)
        #expect(filled.feelsWorseAfterSadMusic == true && filled.lyricsWelcome == false)
        #expect(filled.voiceNotReadable == true && filled.faceNotReadable == nil && filled.dislikedStyles == nil)
    }
}
