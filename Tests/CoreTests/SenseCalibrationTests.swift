import AffettoCore
import Testing

@Suite struct SenseCalibrationTests {
    private func shown(_ valence: Float, sd: Float = 0.3) -> Evidence {
        Evidence(modality: .text, time: 0, valence: Estimate(valence, sd: sd), quality: 0.8)
    }

    @Test func nothingLearnedChangesNothing() {
        let evidence = shown(0.2)
        #expect(SenseCalibration().corrected(evidence).valence == evidence.valence)
        #expect(SenseCalibration().corrected(evidence).quality == 0.8)
    }

    @Test func aSteadyErrorIsTakenOffSlowly() throws {
        var senses = SenseCalibration()
        senses.learn(shown(-0.3), saidValence: 0.3, saidArousal: nil)
        let early = try #require(senses.corrected(shown(-0.3)).valence).mean
        #expect(early > -0.3 && early < -0.15, "one odd day changes little")
        for _ in 0..<30 { senses.learn(shown(-0.3), saidValence: 0.3, saidArousal: nil) }
        let late = try #require(senses.corrected(shown(-0.3)).valence)
        #expect(late.mean > early && late.mean > 0.1 && late.mean <= 0.3)
        // Another modality, and another axis, are as they were.
        var face = shown(-0.3)
        face.modality = .face
        #expect(senses.corrected(face).valence == face.valence && senses.arousal.isEmpty)
    }

    @Test func wildErrorsWidenTheDoubtAndSmallOnesNarrowIt() throws {
        var wild = SenseCalibration()
        var exact = SenseCalibration()
        for n in 0..<60 {
            wild.learn(shown(0), saidValence: n % 2 == 0 ? 0.8 : -0.8, saidArousal: nil)
            exact.learn(shown(0), saidValence: n % 2 == 0 ? 0.02 : -0.02, saidArousal: nil)
        }
        let (loose, tight) = (wild.corrected(shown(0)), exact.corrected(shown(0)))
        #expect(try #require(loose.valence).sd > 0.5 && abs(try #require(loose.valence).mean) < 0.15)
        #expect(loose.quality < 0.6 && tight.quality == 0.8)
        #expect(try #require(tight.valence).sd < 0.25)
    }

    @Test func absurdNumbersOfAFileAreIgnored() throws {
        for text in [
            #"{"valence": {"text": {"count": 3, "bias": 1e30, "spread": 1}}, "arousal": {}}"#,
            #"{"valence": {"text": {"count": -3, "bias": 0.5, "spread": 1}}, "arousal": {}}"#,
            #"{"valence": {"text": {"count": 3, "bias": 0.5, "spread": "nan"}}, "arousal": {}}"#,
        ] {
            let senses = try JSON.decode(SenseCalibration.self, from: Array(text.utf8), what: "test")
            #expect(senses.corrected(shown(0.1)).valence == Estimate(0.1, sd: 0.3))
        }
    }
}
