import AffettoActivity
import AffettoCore
import AffettoLearning
import AffettoSimulation
import Testing

@Suite struct SimulatedTests {
    private func follow(_ kind: SimulatedLearner.Kind, seed: UInt64) -> [(state: Emotion, probability: [Float])] {
        var learner = SimulatedLearner(kind, seed: seed)
        var window = ActivityWindow()
        var belief = ActivityBelief()
        return learner.sitting(minutes: 60).map { moment in
            window.push(moment.event, at: moment.time)
            belief.update(window.features(at: moment.time), at: moment.time)
            return (moment.state, belief.probability)
        }
    }

    /// A state is more probable while it lasts than while it does not, for learners of every kind together.
    @Test(arguments: ActivityBelief.states.indices)
    func statesAreToldApart(_ index: Int) {
        let rows = SimulatedLearner.Kind.allCases.flatMap { kind in
            (UInt64(100)..<110).flatMap { follow(kind, seed: $0) }
        }
        let truth = rows.map { $0.state == ActivityBelief.states[index] }
        #expect(Metrics.auc(rows.map { $0.probability[index] }, truth) > 0.56)
    }

    /// Taking one's time over everything, with long looks, is no boredom; asking for help as a habit no confusion.
    @Test func habitsAreNoStates() {
        func share(_ kind: SimulatedLearner.Kind, of index: Int) -> Double {
            let rows = (UInt64(100)..<110).flatMap { follow(kind, seed: $0) }.filter { $0.state == .engaged }
            let called = rows.count { row in
                row.probability.indices.max { row.probability[$0] < row.probability[$1] } == index
            }
            return Double(called) / Double(rows.count)
        }
        #expect(share(.slowAndCareful, of: 3) < 0.05)
        #expect(share(.asksForHelp, of: 1) < 0.35)
        #expect(share(.perfectionist, of: 4) < 0.35)
    }

    @Test func theSimulatorIsReproducibleAndOrderly() {
        for kind in SimulatedLearner.Kind.allCases {
            var one = SimulatedLearner(kind, seed: 3)
            var other = SimulatedLearner(kind, seed: 3)
            let moments = one.sitting(minutes: 30)
            #expect(moments.map(\.time) == other.sitting(minutes: 30).map(\.time))
            #expect(zip(moments, moments.dropFirst()).allSatisfy { $0.time <= $1.time })
            let isChecked = moments.allSatisfy { (try? $0.event.checked()) != nil }
            #expect(isChecked && Set(moments.map(\.state)).count >= 2)
        }
    }
}

@Suite struct ActivityBeliefTests {
    /// Nothing new: it falls back to what is usual, quickly from confusion, slowly from boredom.
    @Test func statesFadeByTheirHalfLives() {
        func after(_ seconds: Double, _ make: (inout Log) -> Void, _ index: Int) -> Float {
            var log = Log()
            log.warmUp(10)
            make(&log)
            log.belief.update(ActivityFeatures(), at: log.now + Microseconds(seconds: seconds))
            return log.belief.probability[index]
        }
        let confuse: (inout Log) -> Void = { log in
            for _ in 0..<4 {
                log.add(.hint, after: 8)
                log.answer(false, in: 25)
            }
        }
        let bore: (inout Log) -> Void = { log in
            for n in 0..<5 {
                log.add(.idle, after: 20, lasting: 20)
                log.answer(n % 2 == 0, in: 2)
            }
        }
        #expect(after(0, confuse, 1) > 0.5 && after(0, bore, 3) > 0.5)
        let kept = after(180, bore, 3) / after(0, bore, 3)
        #expect(after(180, confuse, 1) / after(0, confuse, 1) < kept - 0.15)
        // Long after, it is what the chain settles at, whatever was.
        for i in 0..<5 { #expect(abs(after(1e6, confuse, i) - after(1e6, bore, i)) < 0.03) }
    }

    @Test func howOftenItIsAskedMakesNoDifference() {
        var once = ActivityBelief()
        var often = ActivityBelief()
        var log = Log()
        for _ in 0..<6 { log.answer(false, in: 4, attempt: 2) }
        once.update(log.features, at: log.now)
        often.update(log.features, at: log.now)
        for _ in 0..<50 { often.update(log.features, at: log.now) }
        for i in 0..<5 { #expect(abs(once.probability[i] - often.probability[i]) < 1e-5) }
        for step in 1...40 { often.update(ActivityFeatures(), at: log.now + Microseconds(step) * 1_000_000) }
        once.update(ActivityFeatures(), at: log.now + 40_000_000)
        for i in 0..<5 { #expect(abs(once.probability[i] - often.probability[i]) < 0.02) }
    }

    @Test func oddTimesAreTaken() {
        var belief = ActivityBelief()
        for time: Microseconds in [0, -5, .max / 4, 7, -(.max / 4)] {
            belief.update(ActivityFeatures(), at: time)
            #expect(abs(belief.probability.reduce(0, +) - 1) < 1e-4 && belief.probability.allSatisfy { $0 > 0 })
        }
    }
}
