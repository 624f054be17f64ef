import AffettoCore
import AffettoEngine
import AffettoSelfReport
import Foundation
import Testing

/// Consents that begin, end or stop counting while a session runs.
@Suite struct ConsentInTimeTests {
    private func push(_ session: Session, at now: Microseconds, frames: Int = 1600) -> AffettoError.Code? {
        do throws(AffettoError) {
            try [Float](repeating: 0.1, count: frames).withUnsafeBufferPointer { samples throws(AffettoError) in
                guard let start = samples.baseAddress else { return }
                try session.pushAudio(start, frames: frames, at: now)
            }
        } catch { return error.code }
        return nil
    }

    private func voiceConsent(_ grantor: GrantorRole, from begin: Int64, to end: Int64) -> Consent {
        Consent(
            modality: .voice, purpose: .intervention, grantor: grantor, granted: Engine.unixNow + begin,
            expires: Engine.unixNow + end, method: "test")
    }

    private func child(_ consents: [Consent]) throws -> (Engine, Session) {
        var options = EngineOptions()
        options.preset = "us_under13"
        options.crisis = plan()
        let engine = try Engine(options)
        try engine.createLearner("kim", assessment: nil)
        for consent in consents { try engine.grant(consent, to: "kim") }
        return (engine, try engine.startSession(learner: "kim", options: SessionOptions()))
    }

    /// One wait of two seconds for all that depends on the wall clock.
    @Test func audioFollowsTheConsentThatAllowsIt() throws {
        // The child's own consent lasts longer, but only the guardian's unlocks the voice.
        let (endingEngine, ending) = try child([
            voiceConsent(.guardian, from: -60, to: 2), voiceConsent(.learner, from: -60, to: 3600),
        ])
        let (laterEngine, later) = try child([voiceConsent(.guardian, from: 2, to: 3600)])
        #expect(push(ending, at: 0) == nil)
        #expect(push(later, at: 0) == .consent)
        usleep(2_100_000)
        #expect(push(ending, at: 100_000) == .consent, "the guardian's consent has ended")
        try ending.advance(to: 200_000)
        #expect(push(ending, at: 200_000) == .consent)
        try later.advance(to: 200_000)
        #expect(push(later, at: 200_000) == nil, "the guardian's consent has begun")
        endingEngine.close()
        laterEngine.close()
        #expect(push(later, at: 300_000) == .closed)
    }

    @Test func aNewAssessmentClosesWhatItDeclaresUnreadable() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        #expect(push(session, at: 0) == nil)
        try engine.createLearner("ana", assessment: Array(#"{"voice_not_readable": true}"#.utf8))
        #expect(push(session, at: 0) == .policy)
        let verdict = try engine.verdict(modality: .voice, purpose: .intervention, learner: "ana")
        #expect(AffettoError(verdict)?.code == .policy)
        try engine.createLearner("ana", assessment: nil)
        #expect(push(session, at: 0) == nil)
    }

    @Test func whatBeginsAfterAChangeGoesByIt() throws {
        let engine = try engine()
        try engine.revoke(modality: .voice, purpose: .intervention, of: "ana")
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        #expect(push(session, at: 0) == .consent)
        try engine.erase("ana")
        #expect(session.hasEnded && push(session, at: 0) == .closed)
        #expect(throws: AffettoError.self) {
            try engine.startSession(learner: "ana", options: SessionOptions())
        }
    }
}
