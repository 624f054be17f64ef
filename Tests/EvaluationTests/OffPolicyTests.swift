import AffettoCore
import AffettoEvaluation
import Testing

@Suite struct OffPolicyTests {
    /// Two actions; the second is better by 0.4 where the context is 1 and worse by 0.2 where it is 0.
    private func log(_ n: Int, seed: UInt64, learners: Int = 60) -> [LoggedChoice] {
        var random = SeededRandom(seed: seed)
        return (0..<n).map { i in
            let context = random.uniform() < 0.5 ? 0.0 : 1.0
            let second = context == 1 ? 0.3 : 0.6
            let action = random.uniform() < second ? 1 : 0
            let noise = random.uniform() - 0.5
            return LoggedChoice(
                learner: "l\(i % learners)", context: [context], chances: [1 - second, second], action: action,
                outcome: 0.1 + noise + (action == 1 ? (context == 1 ? 0.4 : -0.2) : 0))
        }
    }

    private func best(_ log: [LoggedChoice]) -> [[Double]] { log.map { $0.context[0] == 1 ? [0, 1] : [1, 0] } }

    /// By hand: w = 2, 0, 0.5; r = 1, 3, 2.
    @Test func theFormulas() throws {
        let log = [
            LoggedChoice(learner: "a", context: [], chances: [0.5, 0.5], action: 0, outcome: 1),
            LoggedChoice(learner: "b", context: [], chances: [0.5, 0.5], action: 1, outcome: 3),
            LoggedChoice(learner: "c", context: [], chances: [0.2, 0.8], action: 1, outcome: 2),
        ]
        var evaluation = OffPolicy()
        (evaluation.leastSampleSize, evaluation.leastCoverage) = (0, 0)
        let result = try evaluation.evaluate(log, target: [[1, 0], [1, 0], [0.6, 0.4]])
        #expect(abs(try #require(result.ips).value - 1) < 1e-12)
        #expect(abs(try #require(result.snips).value - 1.2) < 1e-12)
        #expect(abs(result.effectiveSampleSize - 6.25 / 4.25) < 1e-12)
        #expect(result.coverage == 1 && abs(result.logged.value - 2) < 1e-12)
        #expect(result.choices == 3 && result.learners == 3)
    }

    @Test func judgingTheLoggedPolicyGivesItsMean() throws {
        let log = log(2000, seed: 1)
        let result = try OffPolicy().evaluate(log, target: log.map(\.chances))
        for estimate in [result.ips, result.snips, result.dr] {
            #expect(abs(try #require(estimate).value - result.logged.value) < 0.02)
        }
        #expect(abs(result.effectiveSampleSize - 2000) < 1e-6)
    }

    /// The true value of the best policy is 0.1 + 0.5 · 0.4 = 0.3: the intervals hold it about as often as they say.
    @Test func intervalsHoldTheTruth() throws {
        var held = [0, 0, 0]
        var off = [0.0, 0, 0]
        let runs = 60
        for run in 0..<runs {
            let log = log(600, seed: UInt64(run) + 10)
            var evaluation = OffPolicy()
            evaluation.draws = 200
            let result = try evaluation.evaluate(log, target: best(log))
            for (i, estimate) in [result.ips, result.snips, result.dr].enumerated() {
                let estimate = try #require(estimate)
                if estimate.low <= 0.3, estimate.high >= 0.3 { held[i] += 1 }
                off[i] += (estimate.value - 0.3) * (estimate.value - 0.3)
            }
        }
        // 95 % of 60 is 57; below 51 lies less than one chance in a hundred.
        for count in held { #expect(count >= 51, "\(held)") }
        #expect(off[2] < off[0], "doubly robust beats plain weighting here: \(off)")
    }

    @Test func tooLittleIsSaidNotGuessed() throws {
        let few = log(20, seed: 3)
        let small = try OffPolicy().evaluate(few, target: best(few))
        #expect(small.dr == nil && small.ips == nil && small.refusal?.contains("sample size") == true)
        let uncovered = (0..<200).map { i in
            LoggedChoice(learner: "l\(i)", context: [], chances: [1, 0], action: 0, outcome: 1)
        }
        let outside = try OffPolicy().evaluate(uncovered, target: uncovered.map { _ in [0.5, 0.5] })
        #expect(outside.coverage == 0.5 && outside.dr == nil && outside.refusal?.contains("coverage") == true)
    }

    @Test func unknownOutcomesDoNotCount() throws {
        var log = log(400, seed: 4)
        for i in 0..<200 { log[i * 2].outcome = nil }
        let result = try OffPolicy().evaluate(log, target: log.map(\.chances))
        #expect(result.choices == 200 && result.unknown == 200)
    }

    @Test func contradictionsAreRefused() throws {
        let good = LoggedChoice(learner: "a", context: [0], chances: [0.5, 0.5], action: 0, outcome: 1)
        func refused(_ log: [LoggedChoice], _ target: [[Double]]) {
            #expect(throws: AffettoError.self) { _ = try OffPolicy().evaluate(log, target: target) }
        }
        refused([], [])
        refused([good], [])
        refused([good], [[1]])
        refused([good], [[0.5, 0.6]])
        refused([good], [[.nan, 1]])
        refused([good], [[1.5, -0.5]])
        let changes: [(inout LoggedChoice) -> Void] = [
            { $0.action = 2 }, { $0.action = -1 }, { $0.chances = [0, 1] }, { $0.chances = [] },
            { $0.outcome = .infinity },
            { $0.context = [.nan] }, { $0.chances = [0.4, 0.4] }, { $0.outcome = nil },
        ]
        for change in changes {
            var odd = good
            change(&odd)
            refused([odd], [[1, 0]])
            if odd.outcome != nil { refused([good, odd], [[1, 0], [1, 0]]) }
        }
        var other = good
        other.context = [0, 1]
        refused([good, other], [[1, 0], [1, 0]])
    }

    @Test func oneLearnerAloneIsResampledChoiceByChoice() throws {
        var log = log(200, seed: 5)
        for i in log.indices { log[i].learner = "ana" }
        let result = try OffPolicy().evaluate(log, target: best(log))
        let dr = try #require(result.dr)
        #expect(dr.low < dr.value && dr.value < dr.high)
    }

    @Test func theSameLogGivesTheSameNumbers() throws {
        let log = log(300, seed: 9)
        #expect(try OffPolicy().evaluate(log, target: best(log)) == OffPolicy().evaluate(log, target: best(log)))
    }

    // MARK: Logs

    @Test func linesAreReadAndTheirFaultsNamed() throws {
        let text = """
            {"learner":"a","chances":[0.5,0.5],"action":1,"outcome":0.5,"target":[1,0]}

            {"learner":"b","context":[],"chances":[1,0],"action":0,"outcome":null}
            """
        let log = try ChoiceLog(Array(text.utf8))
        #expect(log.choices.count == 2 && log.choices[1].outcome == nil && log.choices[0].context.isEmpty)
        #expect(log.uniform == [[0.5, 0.5], [1, 0]])
        #expect(try log.always(1) == [[0, 1], [0, 1]])
        #expect(throws: AffettoError.self) { _ = try log.always(2) }
        #expect(throws: AffettoError.self) { _ = try log.namedTargets() }
        for (bad, line) in [("{}", 1), ("\n\n{\"learner\":1}", 3), ("\n[", 2)] {
            #expect { _ = try ChoiceLog(Array(bad.utf8)) } throws: {
                ($0 as? AffettoError)?.message.hasPrefix("line \(line):") == true
            }
        }
        #expect(throws: AffettoError.self) { _ = try ChoiceLog([0xFF]) }
    }

    @Test func aSessionsStrategiesBecomeChoices() throws {
        func decision(_ id: UInt64, _ strategy: Strategy, _ chances: [Double]) -> Decision {
            var decision = Decision(
                id: id, time: 1, action: .play, gate: .none, strategy: strategy, goal: .calm,
                start: AffectPoint(valence: -0.5, arousal: 0.25), target: AffectPoint(valence: 0, arousal: 0),
                destination: AffectPoint(valence: 0, arousal: 0), reasons: [])
            decision.strategyProbability = chances
            return decision
        }
        var session = SessionRecord(
            id: "s", learner: "ana", started: 0, task: .verbal, purpose: .intervention, preset: "eu_home")
        session.decisions = [
            decision(1, .iso, [0.4, 0.2, 0.2, 0.1, 0.1]), decision(2, .silence, []),
            decision(3, .silence, [0, 0, 0, 1, 0]),
        ]
        session.outcomes = [Outcome(decision: 1, time: 2, benefit: 0.25, liking: nil)]
        let log = ChoiceLog([session], measure: .benefit)
        #expect(log.choices.map(\.action) == [0, 3], "nothing was drawn behind a gate")
        #expect(log.choices[0].outcome == 0.25 && log.choices[1].outcome == nil)
        #expect(log.choices[0].context == [-0.5, 0.25])
        #expect(ChoiceLog([session], measure: .liking).choices[0].outcome == nil)
    }
}
