import AffettoCore
import Testing

@Suite struct VocabularyTests {
    @Test func numbersAreTheOnesOfTheHeader() {
        #expect(Emotion.calm.rawValue == 1)
        #expect(Emotion.disgusted.rawValue == 13)
        #expect(Emotion.allCases.count == Emotion.count)
        #expect(Modality.selfReport.rawValue == 4)
        #expect(Gate.distress.rawValue == 12)
        #expect(Strategy.selfChoice.rawValue == 4)
    }

    @Test func namesAreSnakeCaseAndReadBack() throws {
        #expect(Modality.selfReport.name == "self_report")
        #expect(Action.handToPerson.name == "hand_to_person")
        for emotion in Emotion.allCases { #expect(Emotion(name: emotion.name) == emotion) }
        #expect(Emotion(name: "rage") == nil)
        #expect(try JSON.text([Modality.selfReport]) == #"["self_report"]"#)
        #expect(throws: AffettoError.self) {
            try JSON.decode([Modality].self, from: Array(#"["smell"]"#.utf8), what: "it")
        }
    }

    @Test func prototypesLieInRangeAndTellApart() {
        for a in Emotion.allCases {
            #expect(abs(a.point.valence) <= 1 && abs(a.point.arousal) <= 1)
            for b in Emotion.allCases where a != b {
                let (p, q) = (a.prototype, b.prototype)
                #expect(
                    abs(p.valence - q.valence) + abs(p.arousal - q.arousal) + abs(p.control - q.control) > 0.15,
                    "\(a) \(b)")
            }
        }
    }
}
