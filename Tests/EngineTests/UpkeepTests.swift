import AffettoCore
import AffettoEngine
import AffettoSelfReport
import Foundation
import Testing

/// Forgetting, retention, import: through the engine, as a host meets them.
@Suite struct UpkeepTests {
    private let now = Int64(Date().timeIntervalSince1970)

    private func engine() throws -> Engine {
        var options = EngineOptions()
        options.preset = "eu_home"
        return try Engine(options)
    }

    /// A learner with an evening of `minutes` one-minute reports that began `ago` seconds ago.
    private func sit(_ engine: Engine, _ learner: String, ago: Int64, minutes: Int) throws -> String {
        if (try? engine.sessions(of: learner)) == nil {
            try engine.createLearner(learner, assessment: Array(#"{"age_band": "adult"}"#.utf8))
        }
        try engine.grant(
            Consent(
                modality: .selfReport, purpose: .intervention, grantor: .learner, granted: 0, expires: 1 << 40,
                method: "test"), to: learner)
        var sitting = SessionOptions()
        sitting.started = now - ago
        let session = try engine.startSession(learner: learner, options: sitting)
        for minute in 0..<minutes {
            let time = Microseconds(minute) * 60_000_000
            try session.pushSelfReport(SelfReport(emotion: minute % 2 == 0 ? .calm : .bored), at: time)
            try session.advance(to: time)
            if minute == 1 { _ = try session.decide(goal: .calm, at: time) }
        }
        session.end()
        return session.id
    }

    @Test func theLastHourIsForgottenAndTheRestStays() throws {
        let engine = try engine()
        let old = try sit(engine, "ana", ago: 7200, minutes: 90)
        let recent = try sit(engine, "ana", ago: 1800, minutes: 10)
        let before = try engine.session(old, of: "ana")
        let hour = (now - 3600)..<(now + 60)
        let planned = try engine.forget(hour, of: "ana", isDryRun: true)
        #expect(try engine.session(old, of: "ana") == before)
        let done = try engine.forget(hour, of: "ana", isDryRun: false)
        #expect(planned == done && done.sessions == 1)
        #expect(try engine.sessions(of: "ana").map(\.id) == [old])
        let after = try engine.session(old, of: "ana")
        // 90 minutes from two hours ago: the first 60 stay.
        #expect(after.events.count == before.events.count * 60 / 90)
        #expect(after.events == Array(before.events.prefix(after.events.count)))
        #expect(after.decisions == before.decisions)
        #expect(throws: AffettoError.self) { try engine.session(recent, of: "ana") }
        #expect(try engine.checkStore().isSound)
        #expect(try engine.forget(hour, of: "ana", isDryRun: false).items == 0)
    }

    @Test func aMiddleIsForgottenTwice() throws {
        let engine = try engine()
        let id = try sit(engine, "ana", ago: 6000, minutes: 50)
        let all = try engine.session(id, of: "ana").events.count
        for (from, to) in [(600, 1200), (900, 1800)] {
            _ = try engine.forget((now - 6000 + Int64(from))..<(now - 6000 + Int64(to)), of: "ana", isDryRun: false)
        }
        let left = try engine.session(id, of: "ana")
        #expect(left.events.count == all * 30 / 50)
        #expect(left.events.last?.time == Microseconds(49 * 60_000_000))
        #expect(try engine.report(id, of: "ana").contains("</html>"))
    }

    @Test func retentionTakesWhatIsOld() throws {
        let engine = try engine()
        let day: Int64 = 86_400
        let kept = try sit(engine, "ana", ago: 10 * day, minutes: 3)
        _ = try sit(engine, "ana", ago: 40 * day, minutes: 3)
        _ = try sit(engine, "ben", ago: 31 * day, minutes: 3)
        #expect(try engine.retain(days: 30, isDryRun: true).sessions == 2)
        #expect(try engine.sessions(of: "ben").count == 1)
        #expect(try engine.retain(days: 30, isDryRun: false).sessions == 2)
        #expect(try engine.sessions(of: "ana").map(\.id) == [kept])
        #expect(try engine.sessions(of: "ben").isEmpty)
        #expect(try engine.retain(days: 30, isDryRun: false) == Forgotten())
        for days in [0, -1, 40_000] {
            #expect(throws: AffettoError.self) { try engine.retain(days: days, isDryRun: true) }
        }
        #expect(try engine.auditLog().entries.last?.action == "retained")
    }

    @Test func exportImportExportIsTheSameToTheByte() throws {
        let (one, two) = (try engine(), try engine())
        let id = try sit(one, "ana", ago: 5000, minutes: 20)
        try one.revoke(modality: .selfReport, purpose: .intervention, of: "ana")
        let first = try one.export("ana")
        try two.importLearner(Array(first.utf8))
        #expect(try two.export("ana") == first)
        #expect(try two.session(id, of: "ana") == one.session(id, of: "ana"))
        // Once only; and back again after an erasure.
        #expect(throws: AffettoError.self) { try two.importLearner(Array(first.utf8)) }
        try two.erase("ana")
        try two.importLearner(Array(first.utf8))
        #expect(try two.export("ana") == first)
    }

    @Test func whatIsNoExportIsRefusedWhole() throws {
        let (one, two) = (try engine(), try engine())
        _ = try sit(one, "ana", ago: 5000, minutes: 5)
        let good = try one.export("ana")
        func broken(_ from: String, _ to: String) -> String { good.replacingOccurrences(of: from, with: to) }
        let bad = [
            "", "{}", "[1]", String(good.prefix(good.utf8.count / 2)), broken("\"format\" : 1", "\"format\" : 9"),
            broken("\"probability\" : [", "\"probability\" : [ 0.5,"),
            broken("\"evidence\" : [", "\"evidence\" : [ 0,"),
            broken("\"propensity\" : ", "\"propensity\" : 7"), broken("\"started\" : ", "\"started\" : -9"),
            broken("\"time\" : 60000000,", "\"time\" : 9000000000000000000,"),
        ]
        for text in bad where text != good {
            #expect(throws: AffettoError.self) { try two.importLearner(Array(text.utf8)) }
        }
        #expect(throws: AffettoError.self) { try two.export("ana") }
        #expect(try two.checkStore().learners == 0)
    }
}
