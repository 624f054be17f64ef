import AffettoCore
import AffettoIntervention
import Testing

@Suite struct DeciderTests {
    @Test func propensitiesAreExact() {
        let base = context(library(30))
        let draws = 40_000
        var strategies = [Int](repeating: 0, count: Strategy.allCases.count)
        var pairs: [String: (count: Int, propensity: Double)] = [:]
        var said: [Double] = []
        for seed in 0..<UInt64(draws) {
            var context = base
            context.seed = seed
            let decision = Decider().decide(context).decision
            strategies[Int(decision.strategy.rawValue)] += 1
            said = decision.strategyProbability
            let key = "\(decision.strategy.name)/\(decision.track ?? "")"
            let known = pairs[key]
            #expect(known == nil || known?.propensity == decision.propensity, "one choice, one propensity")
            pairs[key] = ((known?.count ?? 0) + 1, decision.propensity)
        }
        func within3Sigma(_ count: Int, _ p: Double) -> Bool {
            abs(Double(count) - p * Double(draws)) <= 3 * (p * (1 - p) * Double(draws)).squareRoot()
        }
        #expect(abs(said.reduce(0, +) - 1) < 1e-12)
        for (count, p) in zip(strategies, said) { #expect(within3Sigma(count, p)) }
        for (pair, seen) in pairs { #expect(within3Sigma(seen.count, seen.propensity), "\(pair)") }
        #expect(abs(pairs.values.reduce(0) { $0 + $1.propensity } - 1) < 1e-9, "every choice there is was drawn")
        #expect(pairs.count > 20)
    }

    @Test func chancesSumToOneAndSilenceIsAlwaysAmongThem() {
        var random = SeededRandom(seed: 3)
        for seed in 0..<UInt64(3000) {
            var context = context(library(random.below(40), seed: seed), seed: seed)
            context.goal = Goal.allCases[random.below(Goal.allCases.count)]
            context.task = [.verbal, .numeric, .motor, .creative, .rest][random.below(5)]
            context.state = state(Emotion.allCases[random.below(Emotion.count)])
            context.assessment.feelsWorseAfterSadMusic = [true, false, nil][random.below(3)]
            for strategy in Strategy.allCases where random.uniform() < 0.5 {
                let benefit = Float(random.uniform() * 2 - 1)
                for _ in 0..<random.below(30) { context.model.hear(track("x"), benefit: benefit, strategy: strategy) }
            }
            let decision = Decider().decide(context).decision
            guard decision.gate == .none else { continue }
            #expect(abs(decision.strategyProbability.reduce(0, +) - 1) < 1e-9)
            #expect(decision.strategyProbability[Int(Strategy.silence.rawValue)] >= 0.02)
            #expect(decision.strategyProbability.allSatisfy { $0 == 0 || $0 >= 0.02 })
            #expect(decision.propensity > 0 && decision.propensity <= 1)
            guard decision.action == .play else { continue }
            #expect(abs(decision.candidates.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
            #expect(decision.candidates.allSatisfy { $0.probability >= 0.02 - 1e-12 } && decision.candidates.count <= 8)
            let own = decision.candidates.first { $0.track == decision.track }?.probability ?? 0
            let strategy = decision.strategyProbability[Int(decision.strategy.rawValue)]
            #expect(abs(decision.propensity - own * strategy) < 1e-12)
        }
    }

    @Test func sameContextSameDecision() {
        for seed in 0..<UInt64(50) {
            let one = Decider().decide(context(library(40, seed: seed), seed: seed))
            let shuffled = context(library(40, seed: seed).reversed(), seed: seed)
            let other = Decider().decide(shuffled)
            #expect(one.decision == other.decision && one.path == other.path && one.step == other.step)
        }
    }

    // MARK: Strategies

    private func chance(_ strategy: Strategy, _ change: (inout DecisionContext) -> Void) -> Double {
        Decider().decide(context(library(10), change)).decision.strategyProbability[Int(strategy.rawValue)]
    }

    @Test func whatTheEvidenceSaysAboutOrder() {
        for emotion in [Emotion.angry, .disgusted] {
            #expect(chance(.iso) { $0.state = state(emotion) } == 0, "\(emotion) is never matched")
            #expect(chance(.compensatory) { $0.state = state(emotion) } > 0.5)
        }
        #expect(chance(.iso) { _ in } > chance(.compensatory) { _ in }, "sad: begin where the learner is")
        let anxious = { (c: inout DecisionContext) in c.state = state(.anxious) }
        #expect(abs(chance(.iso, anxious) - chance(.compensatory, anxious)) < 1e-9, "either guided order")
    }

    @Test func sadMatchingIsOffForWhomItHarms() {
        #expect(chance(.iso) { $0.assessment.feelsWorseAfterSadMusic = true } == 0)
        #expect(chance(.iso) { $0.assessment.feelsWorseAfterSadMusic = false } > 0.3)
    }

    @Test func readingMakesSilenceLikelier() {
        #expect(chance(.silence) { $0.task = .verbal } > chance(.silence) { _ in })
    }

    @Test func aStrategyThatHelpedComesMoreOften() {
        let before = chance(.steady) { _ in }
        #expect(
            chance(.steady) { for _ in 0..<10 { $0.model.hear(track("x"), benefit: 0.8, strategy: .steady) } } > before)
        #expect(
            chance(.steady) { for _ in 0..<10 { $0.model.hear(track("x"), benefit: -0.8, strategy: .steady) } } < before
        )
        // What helped when sad says nothing about being anxious.
        let anxious = chance(.steady) { $0.state = state(.anxious) }
        let taught = chance(.steady) {
            for _ in 0..<10 { $0.model.hear(track("x"), benefit: 0.8, strategy: .steady) }
            $0.state = state(.anxious)
        }
        #expect(taught == anxious)
    }

    // MARK: Paths

    /// Plays on until something has played `count` times.
    private func walk(_ count: Int, _ change: (inout DecisionContext) -> Void = { _ in }) -> [Decision] {
        var context = context(library(400, valences: -0.9...0.9), change)
        var out: [Decision] = []
        for id in 1...UInt64(count * 20) where out.count < count {
            context.id = id
            let (decision, path, step) = Decider().decide(context)
            (context.path, context.step) = (path, step)
            if decision.action == .play {
                out.append(decision)
                context.played += context.library.filter { $0.id == decision.track }
            }
        }
        return out
    }

    @Test func isoBeginsAtTheLearnerAndEndsAtTheGoal() throws {
        let decisions = walk(30)
        let steps = AffectPath(start: Emotion.sad.point, goal: Goal.uplift.destination).steps
        var seen: Set<Int> = []
        for (n, decision) in decisions.enumerated() where decision.strategy == .iso {
            let place = n % (steps + 1)
            let expected = AffectPath(start: Emotion.sad.point, goal: Goal.uplift.destination).waypoint(place)
            #expect(decision.target.distance(to: expected) < 1e-5, "track \(n) is step \(place) of its path")
            seen.insert(place)
        }
        #expect(seen.contains(0) && seen.contains(steps))
    }

    @Test func aNewGoalAndANewStartBeginANewPath() {
        let old = AffectPath(start: AffectPoint(valence: 0.9, arousal: 0.9), goal: Goal.calm.destination)
        for step in [0, 3, old.steps, .max, -1] {
            let next = Decider().decide(
                context(library(20)) {
                    $0.path = old
                    $0.step = step
                })
            #expect(next.path?.goal == Goal.uplift.destination && next.path?.start == Emotion.sad.point)
            #expect(next.step == (next.decision.action == .play ? 1 : 0))
        }
        // Nothing has played yet: the path begins where the learner is now, not where they were.
        let stale = AffectPath(start: AffectPoint(valence: 0.9, arousal: 0.9), goal: Goal.uplift.destination)
        #expect(Decider().decide(context(library(20)) { $0.path = stale }).path?.start == Emotion.sad.point)
    }

    @Test func compensatoryBeginsNearTheGoal() throws {
        let found = try #require(decision(.compensatory, context(library(40))))
        let goal = Goal.uplift.destination
        #expect(found.target.distance(to: goal) < 0.21 * Emotion.sad.point.distance(to: goal))
        #expect(found.destination == goal && found.start == Emotion.sad.point)
    }

    @Test func selfChoicePlaysWhatIsLikedWhereverItLies() throws {
        var model = LearnerModel()
        let tracks = library(30)
        for _ in 0..<10 { for track in tracks where track.style == "folk" { model.hear(track, liking: 0.9) } }
        let found = try #require(decision(.selfChoice, context(tracks) { $0.model = model }))
        let chosen = try #require(tracks.first { $0.id == found.track })
        #expect(found.target == chosen.point)
        #expect(share(of: "folk", by: .selfChoice, context(tracks) { $0.model = model }) > 0.5)
    }

    @Test func reasonsNameTheStrategyFirstAndTheRestByWeight() {
        for seed in 0..<UInt64(100) {
            let decision = Decider().decide(context(library(20), seed: seed)).decision
            #expect(decision.reasons.first?.code == "strategy_\(decision.strategy.name)")
            let rest = decision.reasons.dropFirst().filter { $0.code != "exploration" }.map { abs($0.weight) }
            #expect(rest == rest.sorted(by: >))
            #expect(decision.reasons.allSatisfy { !$0.text.isEmpty && !$0.text.contains("  ") })
        }
    }
}
