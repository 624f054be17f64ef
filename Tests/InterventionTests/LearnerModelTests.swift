import AffettoCore
import AffettoIntervention
import Testing

private func taught() -> LearnerModel {
    var model = LearnerModel()
    for (n, track) in library(60).enumerated() {
        var track = track
        track.style = ["hip_hop", "hipHop", "Ünïcode/😀", "", "lo fi"][n % 5]
        model.hear(
            track, liking: n % 3 == 0 ? nil : Float(n % 7) / 3.5 - 1,
            benefit: n % 4 == 0 ? nil : Float(n % 5) / 2.5 - 1,
            strategy: Strategy.allCases[n % 5])
    }
    model.resting = ["hip_hop": 3]
    model.poor = ["a_b": 1]
    model.vetoed = ["t_1", "T 2"]
    return model
}

@Suite struct LearnerModelTests {
    @Test func survivesJSONToTheLastBit() throws {
        for model in [LearnerModel(), taught()] {
            let bytes = try JSON.encode(model)
            let back = try JSON.decode(LearnerModel.self, from: bytes, what: "model")
            #expect(back == model)
            #expect(try JSON.encode(back) == bytes)
            for track in library(10) {
                #expect(back.liking.expect(track) == model.liking.expect(track))
                #expect(back.benefit.expect(track) == model.benefit.expect(track))
            }
        }
    }

    @Test func benefitAndLikingNeverMix() {
        var liked = LearnerModel()
        var helped = LearnerModel()
        for track in library(40) {
            liked.hear(track, liking: 0.9)
            helped.hear(track, benefit: -0.9)
        }
        #expect(liked.benefit == OutcomeModel() && liked.strategies.isEmpty)
        #expect(helped.liking == OutcomeModel() && helped.poor.isEmpty && helped.resting.isEmpty)
        // Liking what does harm: the two expectations part.
        var ruminator = LearnerModel()
        for track in library(40) { ruminator.hear(track, liking: 0.9, benefit: -0.9) }
        #expect(ruminator.liking.expect(track("x")) > 0.4 && ruminator.benefit.expect(track("x")) < -0.4)
        #expect(ruminator.liking == liked.liking && ruminator.benefit == helped.benefit)
    }

    @Test func nothingAndNoNumbersTeachNothing() {
        let before = taught()
        for (liking, benefit) in [(nil, nil), (Float.nan, Float.infinity), (-.infinity, .nan)] as [(Float?, Float?)] {
            var model = before
            model.hear(track("x"), liking: liking, benefit: benefit)
            model.outcomes = before.outcomes
            #expect(model == before)
        }
        // Silence has a benefit, but no track to learn about.
        var model = LearnerModel()
        model.learn(
            Outcome(decision: 1, time: 0, benefit: 0.5, liking: 0.5), track: nil, strategy: .silence, emotion: .sad,
            settings: InterventionSettings())
        #expect(model.liking == OutcomeModel() && model.benefit == OutcomeModel())
        #expect(model.strategies.keys.sorted() == ["sad/silence"])
    }

    @Test func wildOutcomesCountAsTheirLimit() {
        var wild = LearnerModel()
        var plain = LearnerModel()
        wild.hear(track("x"), liking: 1e30, benefit: -1e30)
        plain.hear(track("x"), liking: 1, benefit: -1)
        #expect(wild == plain)
    }

    // MARK: Assessment

    @Test func statedTasteIsAPriorThatExperienceOverrules() {
        var assessment = Assessment()
        assessment.likedStyles = ["piano", ""]
        assessment.dislikedStyles = ["dance"]
        var model = LearnerModel(assessment: assessment)
        #expect(model.liking.expect(track("a", style: "piano")) > 0.3)
        #expect(model.liking.expect(track("a", style: "dance")) < -0.3)
        #expect(model.liking.expect(track("a", style: "")) == 0 && model.benefit == OutcomeModel())
        for _ in 0..<15 { model.hear(track("a", style: "dance"), liking: 0.8) }
        #expect(model.liking.expect(track("a", style: "dance")) > 0.3)
        let learned = model.liking
        model.adopt(assessment)
        #expect(model.liking.styles["dance"] == learned.styles["dance"], "what was learned stays")
    }

    @Test func aNewAssessmentReplacesTheOldOne() {
        var model = LearnerModel()
        for n in 0..<500 {
            var assessment = Assessment()
            assessment.likedStyles = ["style\(n)"]
            model.adopt(assessment)
        }
        #expect(model.liking.styles.keys.sorted() == ["style499"])
    }

    // MARK: Damage

    private func damaged(_ change: (inout LearnerModel) -> Void) throws -> LearnerModel {
        var model = taught()
        change(&model)
        return try JSON.decode(LearnerModel.self, from: JSON.encode(model), what: "model")
    }

    @Test func aDamagedModelIsSetBackNotBelieved() throws {
        for wild: Float in [.nan, .infinity, -1e30, 1e30] {
            let model = try damaged {
                $0.liking.weights[3] = wild
                $0.benefit.covariance[9] = wild
                $0.liking.styles["lo fi"] = Belief(mean: wild, variance: wild)
                $0.strategies["sad/iso"] = Belief(mean: wild, variance: wild)
            }
            for track in library(10) {
                #expect(abs(model.liking.expect(track)) <= 1 && abs(model.benefit.expect(track)) <= 1)
            }
            let decision = Decider().decide(context(library(20)) { $0.model = model }).decision
            #expect(abs(decision.strategyProbability.reduce(0, +) - 1) < 1e-9)
            #expect(decision.strategyProbability.allSatisfy { $0.isFinite && $0 >= 0 })
        }
        let short = try damaged {
            $0.liking.weights = []
            $0.benefit.covariance = [1]
        }
        #expect(short.liking.weights.count == 8 && short.benefit.covariance.count == 64)
    }

    @Test func aModelThatWasSetBackLearnsAgain() throws {
        var model = try damaged { $0.liking.weights = [.nan] }
        for track in library(30) { model.hear(track, liking: 1) }
        #expect(model.liking.expect(track("x", style: "piano")) > 0.4)
        // So does one that was never read back.
        var live = LearnerModel()
        live.liking.weights = []
        live.liking.covariance = Array(repeating: .nan, count: 64)
        #expect(live.liking.expect(track("x")) == 0)
        live.hear(track("x"), liking: 1)
        #expect(live.liking.expect(track("x")) > 0)
    }

    @Test func countersAtTheirLimitsDoNotTrap() {
        var model = LearnerModel()
        model.outcomes = .max
        model.poor = ["piano": .max]
        model.resting = ["piano": .max, "folk": .min, "dance": 0]
        model.liking.count = .max
        model.liking.styles["piano"] = Belief(mean: 0, variance: 0.1)
        model.liking.styles["piano"]?.count = .max
        model.strategies["sad/compensatory"] = model.liking.styles["piano"]
        model.hear(track("x"), liking: -1, benefit: 1)
        model.noteChoice()
        #expect(model.resting == ["piano": 4])
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "{\"version\": 1}", "{\"version\": \"one\"}",
        "{\"version\": 1e300, \"benefit\": {}, \"liking\": {}}",
    ])
    func whatIsNoModelIsRefused(_ json: String) {
        #expect(throws: AffettoError.self) { try JSON.decode(LearnerModel.self, from: Array(json.utf8), what: "model") }
    }
}

@Suite struct OutcomeModelTests {
    @Test func learnsATasteForTempoNotOnlyForStyles() {
        var model = LearnerModel()
        var random = SeededRandom(seed: 2)
        for _ in 0..<300 {
            let tempo = Float(60 + random.below(100))
            model.hear(track("x", style: "piano", tempo: tempo), liking: tempo > 110 ? 0.7 : -0.7)
        }
        #expect(model.liking.expect(track("x", tempo: 150)) > model.liking.expect(track("x", tempo: 70)) + 0.5)
        // What is not known is in the middle: no pulse is not a slow one.
        let none = model.liking.expect(track("x", tempo: 0))
        #expect(none < model.liking.expect(track("x", tempo: 150)) && none > model.liking.expect(track("x", tempo: 70)))
    }

    @Test func anOldTasteDoesNotOutvoteANewOne() {
        var model = LearnerModel()
        for _ in 0..<1000 { model.hear(track("x"), liking: 1) }
        #expect(model.liking.expect(track("x")) > 0.9)
        for _ in 0..<30 { model.hear(track("x"), liking: -1) }
        #expect(model.liking.expect(track("x")) < 0)
    }

    @Test func tenThousandOutcomesStaySound() throws {
        var model = LearnerModel()
        var random = SeededRandom(seed: 4)
        let tracks = library(200, valences: -1...1)
        for _ in 0..<10_000 { model.hear(tracks[random.below(200)], liking: Float(random.uniform() * 2 - 1)) }
        #expect(model.liking.weights.allSatisfy { abs($0) < 1 } && model.liking.count == 10_000)
        let back = try JSON.decode(LearnerModel.self, from: JSON.encode(model), what: "model")
        #expect(back == model, "nothing had to be set back")
        #expect(model.liking.styles.count == 3)
    }

    @Test func tracksWithoutNumbersTeachAndExpectWithoutHarm() {
        var model = LearnerModel()
        for wild: Float in [.nan, .infinity, -.infinity, 1e38] {
            var odd = track("x", valence: wild, arousal: wild, tempo: wild)
            (odd.features.brightness, odd.features.loudness) = (wild, wild)
            model.hear(odd, liking: 0.5, benefit: 0.5)
            #expect(abs(model.liking.expect(odd)) <= 1)
        }
        #expect(model.liking.weights.allSatisfy { $0.isFinite } && model.liking.expect(track("y")) > 0)
    }
}
