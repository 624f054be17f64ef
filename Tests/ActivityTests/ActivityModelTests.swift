import AffettoActivity
import AffettoCore
import Foundation
import Testing

@Suite struct ActivityModelTests {
    @Test func steadySuccessIsEngaged() {
        var log = Log()
        for _ in 0..<8 { log.answer(true, in: 12) }
        #expect(log.leader == .engaged)
        log.answer(false, in: 14)
        log.answer(true, in: 12)
        #expect(log.leader == .engaged, "one error changes nothing")
    }

    @Test func helpAndSlowErrorsAreConfused() {
        var log = Log()
        log.warmUp(10)
        for _ in 0..<2 {
            log.add(.hint, after: 8)
            log.answer(false, in: 25)
            log.add(.helpRequest, after: 5)
        }
        #expect(log.leader == .confused)
    }

    @Test func errorsInARowAndRapidRetriesAreFrustrated() {
        var log = Log()
        log.warmUp(10)
        for n in 1...6 { log.answer(false, in: 4, attempt: n) }
        #expect(log.leader == .frustrated)
    }

    @Test func idlingAndHastyAnswersAreBored() {
        var log = Log()
        log.warmUp(10)
        for n in 0..<4 {
            log.add(.idle, after: 20, lasting: 20)
            log.answer(n % 2 == 0, in: 2)
        }
        #expect(log.leader == .bored)
    }

    @Test func answersChangedAgainAndAgainAreAnxious() {
        var log = Log()
        log.warmUp(10)
        for n in 0..<3 {
            for _ in 0..<3 { log.add(.edit, after: 4) }
            log.answer(n == 1, in: 24)
        }
        #expect(log.leader == .anxious)
    }

    /// Whoever takes a minute for every item, and takes it with care, is slow against others, not against themselves.
    @Test func aSlowAndCarefulLearnerIsNotBored() {
        var log = Log()
        for n in 0..<10 { log.answer(n != 4, in: 55 + Float(n % 3) * 5) }
        #expect(log.features.hasty == 0 && log.features.slow == 0)
        #expect(log.leader == .engaged)
        #expect(log.likelihood(.bored) < log.likelihood(.engaged) - 1)
    }

    @Test func fewerThanThreeEventsSayNothingAndFewSayLittle() throws {
        var log = Log()
        #expect(log.evidence == nil)
        log.add(.itemShown, after: 0)
        log.add(.answer, after: 5)
        #expect(log.evidence == nil)
        log.add(.itemShown, after: 1)
        let few = try #require(log.evidence)
        #expect(few.quality == 3.0 / 8)
        for _ in 0..<10 { log.answer(true, in: 5) }
        #expect(try #require(log.evidence).quality == 1)
    }

    @Test func evidenceNamesFiveStatesAndOnlyThose() throws {
        var log = Log()
        for _ in 0..<4 { log.answer(true, in: 10) }
        let evidence = try #require(log.evidence)
        #expect(evidence.modality == .activity && evidence.time == log.now)
        let named = Emotion.allCases.filter { evidence.logLikelihood[Int($0.rawValue)].isFinite }
        #expect(Set(named) == [.engaged, .confused, .frustrated, .bored, .anxious])
        #expect(abs(named.reduce(0) { $0 + exp(evidence.logLikelihood[Int($1.rawValue)]) } - 1) < 1e-3)
        #expect(try #require(evidence.valence).mean > 0.2 && evidence.control != nil)
    }

    @Test func everyLogGivesNumbersThatCanBeUsed() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<500 {
            var log = Log()
            for _ in 0..<random.below(60) {
                let event = ActivityEvent(
                    kind: ActivityKind.allCases[random.below(ActivityKind.allCases.count)],
                    correct: [true, false, nil][random.below(3)], attempt: 1 + random.below(10_000),
                    seconds: [nil, 0, 0.001, 30, 86_400][random.below(5)], difficulty: [nil, 0, 1][random.below(3)])
                log.add(after: random.uniform() * 40, event)
            }
            let f = log.features
            for value in [
                f.right, f.wrong, f.wrongStreak, f.hasty, f.slow, f.retries, f.help, f.edits, f.idle, f.abandoned,
            ] { #expect((0...1).contains(value)) }
            guard let evidence = log.evidence else { continue }
            #expect(evidence.logLikelihood.allSatisfy { $0.isNaN || ($0.isFinite && $0 <= 0) })
            #expect((0...1).contains(evidence.quality) && abs(evidence.valence?.mean ?? 2) <= 1)
        }
    }
}
