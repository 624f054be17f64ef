import AffettoCore
import AffettoSelfReport
import Testing

func code<T>(_ body: () throws(AffettoError) -> T) -> AffettoError.Code? {
    do {
        _ = try body()
        return nil
    } catch { return error.code }
}

@Suite struct SelfReportTests {
    @Test func aWordAloneIsNearItsPrototypeWithDoubt() throws {
        for emotion in Emotion.allCases {
            let evidence = try SelfReport(emotion: emotion).evidence(at: 9)
            #expect(evidence.modality == .selfReport && evidence.time == 9 && evidence.quality == 1)
            #expect(evidence.valence == Estimate(emotion.prototype.valence, sd: 0.25))
            #expect(evidence.arousal == Estimate(emotion.prototype.arousal, sd: 0.25))
            #expect(evidence.control == Estimate(emotion.prototype.control, sd: 0.25))
        }
    }

    @Test func aWordIsRightNineTimesInTen() throws {
        let likelihood = try SelfReport(emotion: .bored).evidence(at: 0).logLikelihood
        #expect(likelihood.count == Emotion.count)
        let others = Set(likelihood.indices.filter { $0 != Int(Emotion.bored.rawValue) }.map { likelihood[$0] })
        #expect(others.count == 1, "no other word is favoured")
        let odds = likelihood[Int(Emotion.bored.rawValue)] - (others.first ?? 0)
        #expect(abs(odds - 4.762) < 0.001, "ln(0.9 · 13 / 0.1)")
    }

    @Test func slidersAreTakenAtTheirWordAndSayNothingElse() throws {
        let evidence = try SelfReport(valence: -0.4).evidence(at: 0)
        #expect(evidence.valence == Estimate(-0.4, sd: 0.1))
        #expect(evidence.arousal == nil && evidence.control == nil && evidence.logLikelihood.isEmpty)
        let all = try SelfReport(valence: -1, arousal: 1, control: 0).evidence(at: 0)
        #expect(all.arousal == Estimate(1, sd: 0.1) && all.control == Estimate(0, sd: 0.1))
    }

    @Test func aSliderBeatsTheWord() throws {
        let evidence = try SelfReport(emotion: .sad, valence: 0.1).evidence(at: 0)
        #expect(evidence.valence == Estimate(0.1, sd: 0.1))
        #expect(evidence.arousal == Estimate(Emotion.sad.prototype.arousal, sd: 0.25))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 1.001, -1.001, 1e30])
    func valuesOutOfRangeAreRefused(_ value: Float) {
        #expect(code { () throws(AffettoError) in try SelfReport(valence: value).evidence(at: 0) } == .range)
        #expect(code { () throws(AffettoError) in try SelfReport(arousal: value).evidence(at: 0) } == .range)
        #expect(code { () throws(AffettoError) in try SelfReport(control: value).evidence(at: 0) } == .range)
        #expect(
            code { () throws(AffettoError) in try SelfReport(emotion: .calm, valence: value).evidence(at: 0) } == .range
        )
    }

    @Test func sayingNothingIsRefused() {
        #expect(code { () throws(AffettoError) in try SelfReport().evidence(at: 0) } == .argument)
    }
}
