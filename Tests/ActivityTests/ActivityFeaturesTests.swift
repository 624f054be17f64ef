import AffettoActivity
import AffettoCore
import Testing

@Suite struct ActivityFeaturesTests {
    @Test func sharesByHand() {
        var log = Log()
        log.warmUp(10)
        log.answer(true, in: 10)
        log.answer(false, in: 4, attempt: 2)
        log.answer(false, in: 30)
        log.answer(nil, in: 10)
        log.add(.hint, after: 1)
        log.add(.edit, after: 1)
        let f = log.features
        #expect(f.right == 0.25 && f.wrong == 0.5 && f.retries == 0.25 && f.hasty == 0.25 && f.slow == 0.25)
        #expect(f.wrongStreak == 0, "the last answer was not known to be wrong")
        #expect(f.help == 0.25 && f.edits == Float(1) / 16 && f.count == 10 && f.abandoned == 0 && f.idle == 0)
    }

    @Test func streaksIdlingAndLeaving() {
        var log = Log()
        for n in 0..<4 { log.answer(n == 0, in: 5) }
        #expect(log.features.wrongStreak == 0.6)
        log.add(.idle, after: 30, lasting: 30)
        #expect(abs(log.features.idle - 30 / 51.5) < 0.01)
        log.add(.abandon, after: 1)
        #expect(log.features.abandoned == 1)
        log.add(.resume, after: 1)
        #expect(log.features.abandoned == 0)
    }

    @Test func nothingIsNothing() { #expect(ActivityWindow().features(at: 5) == ActivityFeatures()) }

    @Test func theUsualTimeFollowsTheLearner() {
        var log = Log()
        for _ in 0..<3 { log.answer(true, in: 30) }
        log.answer(true, in: 10)
        #expect(log.features.hasty == 0.25)
        for _ in 0..<40 { log.answer(true, in: 10) }
        #expect(log.features.hasty == 0 && log.features.slow == 0, "ten seconds are usual now")
    }

    @Test func theWindowForgetsAfterTwoMinutes() {
        var log = Log()
        for _ in 0..<3 { log.add(.hint, after: 0) }
        #expect(log.window.features(at: log.now + 119_000_000).count == 3)
        #expect(log.window.features(at: log.now + 120_000_001) == ActivityFeatures())
        log.add(.hint, after: 121)
        #expect(log.features.count == 1 && log.window.count == 1, "what is too old is not held either")
    }

    @Test func memoryIsBounded() {
        var log = Log()
        for n in 0..<100_000 {
            log.add(.edit, after: 0.000_01)
            if n % 10_000 == 0 { #expect(log.window.count <= 256) }
        }
        #expect(log.features.count == 256 && log.features.edits == 1)
    }

    @Test func wipeForgetsEverything() {
        var log = Log()
        log.warmUp(60)
        log.window.wipe()
        #expect(log.window.count == 0 && log.evidence == nil)
        for _ in 0..<3 { log.answer(true, in: 5) }
        #expect(log.features.hasty == 0, "the usual time was forgotten, too")
    }
}

@Suite struct ActivityEventTests {
    @Test func rangesAreChecked() throws {
        func code(_ event: ActivityEvent) -> AffettoError.Code? {
            do {
                _ = try event.checked()
                return nil
            } catch { return error.code }
        }
        for seconds: Float in [-1, -0.001, 86_401, .nan, .infinity] {
            #expect(code(ActivityEvent(kind: .answer, seconds: seconds)) == .range)
        }
        for difficulty: Float in [-0.1, 1.1, .nan, -.infinity] {
            #expect(code(ActivityEvent(kind: .itemShown, difficulty: difficulty)) == .range)
        }
        for attempt in [Int.min, -1, 0, 10_001, .max] {
            #expect(code(ActivityEvent(kind: .answer, attempt: attempt)) == .range)
        }
        let fine = ActivityEvent(kind: .answer, correct: true, attempt: 10_000, seconds: 86_400, difficulty: 1)
        #expect(try fine.checked() == fine)
        #expect(code(ActivityEvent(kind: .idle, seconds: 0, difficulty: 0)) == nil)
    }
}
