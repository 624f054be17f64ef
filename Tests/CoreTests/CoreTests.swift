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
        #expect(throws: AffettoError.self) { try JSON.decode([Modality].self, from: Array(#"["smell"]"#.utf8), what: "it") }
    }

    @Test func prototypesLieInRangeAndTellApart() {
        for a in Emotion.allCases {
            #expect(abs(a.point.valence) <= 1 && abs(a.point.arousal) <= 1)
            for b in Emotion.allCases where a != b {
                let (p, q) = (a.prototype, b.prototype)
                #expect(abs(p.valence - q.valence) + abs(p.arousal - q.arousal) + abs(p.control - q.control) > 0.15, "\(a) \(b)")
            }
        }
    }
}

@Suite struct LabelTableTests {
    @Test func absentClassesAreAbsentNotZero() {
        let l = LabelTable.logLikelihood(labels: ["anger", "joy", "contempt"], probability: [0.5, 0.25, 0.25]) { $0 }
        #expect(l[Int(Emotion.angry.rawValue)] == 0.5)
        #expect(l[Int(Emotion.happy.rawValue)] == 0.25)
        #expect(l[Int(Emotion.bored.rawValue)].isNaN)
        #expect(l.filter { !$0.isNaN }.count == 2)
    }

    @Test func labelsOfOneEmotionAreSummed() {
        let l = LabelTable.logLikelihood(labels: ["joy", "love"], probability: [0.25, 0.5]) { $0 }
        #expect(l[Int(Emotion.happy.rawValue)] == 0.75)
    }
}

@Suite struct SeededRandomTests {
    @Test func sameSeedSameNumbersOtherIndexOthers() {
        var a = SeededRandom(seed: 7, stream: 1, index: 3)
        var b = SeededRandom(seed: 7, stream: 1, index: 3)
        var c = SeededRandom(seed: 7, stream: 1, index: 4)
        let first = (0..<8).map { _ in a.next() }
        #expect(first == (0..<8).map { _ in b.next() })
        #expect(first != (0..<8).map { _ in c.next() })
    }

    @Test func uniformFillsTheUnitIntervalEvenly() {
        var random = SeededRandom(seed: 1)
        var bins = [Int](repeating: 0, count: 10)
        for _ in 0..<100_000 {
            let u = random.uniform()
            #expect(u >= 0 && u < 1)
            bins[Int(u * 10)] += 1
        }
        // Chi-square with 9 degrees of freedom: 27.9 is the 99.9 % point.
        let chi = bins.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(chi < 27.9)
    }
}

@Suite struct JSONTests {
    @Test func bytesAreStableAndKeysSnakeCase() throws {
        var assessment = Assessment()
        assessment.typicalValence = 0.5
        assessment.neverPlay = ["a"]
        #expect(try JSON.text(assessment) == #"{"never_play":["a"],"typical_valence":0.5}"#)
        #expect(try JSON.decode(Assessment.self, from: JSON.encode(assessment), what: "it") == assessment)
    }

    @Test(arguments: ["", "{", "[]", "{\"typical_valence\": \"high\"}", "{\"goals\": [\"win\"]}", String(repeating: "[", count: 100_000)])
    func brokenTextIsAnErrorWithItsName(_ text: String) {
        #expect {
            try JSON.decode(Assessment.self, from: Array(text.utf8), what: "the assessment")
        } throws: { error in
            (error as? AffettoError)?.code == .argument && "\(error)".hasPrefix("the assessment is not valid")
        }
    }

    @Test func recordsSurviveTheRoundTrip() throws {
        var state = AffectState.unknown(at: 5)
        state.valence = Estimate(.nan, sd: 0.1)
        let text = try JSON.text(state)
        let back = try JSON.decode(AffectState.self, from: Array(text.utf8), what: "state")
        #expect(back.valence.mean.isNaN)
        #expect(back.probability == state.probability)
    }
}
