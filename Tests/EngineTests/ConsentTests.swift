import AffettoCore
import AffettoEngine
import AffettoSelfReport
import Foundation
import Testing

@Suite struct ConsentTests {
    private func code(_ body: () throws -> Void) -> AffettoError.Code? {
        do { try body() } catch { return (error as? AffettoError)?.code }
        return nil
    }

    private func pushVoice(_ session: Session) throws {
        try [Float](repeating: 0.1, count: 160).withUnsafeBufferPointer {
            try session.pushAudio($0.baseAddress!, frames: 160, at: 0)
        }
    }

    @Test func strictForbidsVoiceAndFaceWhateverIsConsentedTo() throws {
        let engine = try engine(preset: "strict")
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        #expect(code { try pushVoice(session) } == .policy)
        #expect(
            code {
                try session.pushFace(at: 0) { _ in Issue.record("refused before anything is copied") }
            } == .policy)
        #expect(code { try session.pushText("hello there", at: 0) } == nil)
        var options = EngineOptions()
        options.preset = "no such preset"
        #expect(try Engine(options).preset.name == "strict")
    }

    @Test func everyPushNeedsItsOwnConsent() throws {
        let engine = try engine(consents: [.text])
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        #expect(code { try session.pushText("hello there", at: 0) } == nil)
        #expect(code { try pushVoice(session) } == .consent)
        #expect(code { try session.pushSelfReport(SelfReport(valence: 0), at: 0) } == .consent)
        try engine.grant(consent(.voice), to: "ana")
        #expect(code { try pushVoice(session) } == nil)
    }

    @Test func expiredConsentAndOtherPurposeDoNotCount() throws {
        let engine = try engine(consents: [])
        try engine.grant(consent(.text, expires: -10), to: "ana")
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        #expect(code { try session.pushText("hello there", at: 0) } == .consent)
        try engine.grant(consent(.text), to: "ana")
        var research = SessionOptions()
        research.purpose = .research
        let other = try engine.startSession(learner: "ana", options: research)
        #expect(code { try other.pushText("hello there", at: 0) } == .consent)
    }

    @Test func revokingRefusesTheNextPushAndForgetsWhatWasHeard() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        try session.advance(to: 0)
        let loud = (0..<48_000).map { Float(sin(Double($0) * 0.05)) * 0.5 }
        try loud.withUnsafeBufferPointer { try session.pushAudio($0.baseAddress!, frames: 48_000, at: 0) }
        try engine.revoke(modality: .voice, purpose: .intervention, of: "ana")
        #expect(code { try pushVoice(session) } == .consent)
        try session.advance(to: 3_000_000)
        #expect(try session.state.generation == 0, "nothing of the buffered audio may become evidence")
        #expect(code { try session.pushText("hello there", at: 3_000_000) } == nil)
    }

    @Test func withoutAnyConsentNothingIsDecided() throws {
        let engine = try engine(consents: [])
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        #expect(try session.decide(goal: .calm, at: 0).gate == .consent)
    }

    @Test func exportHoldsWhatIsHeldAndEraseEndsIt() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        try session.pushText("I am very happy about my marvellous zebra essay", at: 0)
        try session.pushSelfReport(SelfReport(emotion: .happy), at: 1)
        _ = try session.decide(goal: .focus, at: 2)
        let json = try engine.export("ana")
        let export = try JSON.decode(LearnerExport.self, from: Array(json.utf8), what: "export")
        #expect(export.sessions.count == 1 && export.sessions[0].decisions.count == 1)
        #expect(export.consents.count == Modality.count)
        #expect(!json.contains("zebra"), "words are read and forgotten")
        try engine.erase("ana")
        #expect(session.hasEnded)
        #expect(code { _ = try engine.export("ana") } == .notFound)
        #expect(code { try engine.erase("ana") } == .notFound)
    }
}
