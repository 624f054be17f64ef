import AffettoCore
import Testing

@Suite struct JSONTests {
    @Test func bytesAreStableAndKeysSnakeCase() throws {
        var assessment = Assessment()
        assessment.typicalValence = 0.5
        assessment.neverPlay = ["a"]
        #expect(try JSON.text(assessment) == #"{"never_play":["a"],"typical_valence":0.5}"#)
        #expect(try JSON.decode(Assessment.self, from: JSON.encode(assessment), what: "it") == assessment)
    }

    @Test(arguments: [
        "", "{", "[]", "{\"typical_valence\": \"high\"}", "{\"goals\": [\"win\"]}",
        String(repeating: "[", count: 100_000),
    ])
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
