import AffettoCore
import AffettoEngine
import Foundation
import Testing

/// What one engine changes, sessions of another on the same file go by.
@Suite struct TwoEnginesTests {
    private func opened(_ folder: String) throws -> Engine {
        var options = EngineOptions()
        options.storePath = folder + "/s.affetto"
        options.key = .bytes([UInt8](repeating: 7, count: 32))
        options.preset = "eu_home"
        return try Engine(options)
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "affetto-two-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func code(_ body: () throws -> Void) -> AffettoError.Code? {
        do {
            try body()
            return nil
        } catch { return (error as? AffettoError)?.code }
    }

    private func learner(_ engine: Engine, _ name: String) throws {
        try engine.createLearner(name, assessment: nil)
        for kind in [.text, .voice] as [DataKind] { try engine.grant(consent(kind), to: name) }
    }

    @Test func revocationIsNoticedAtTheNextAdvance() throws {
        try inFolder { folder in
            let first = try opened(folder)
            try learner(first, "ana")
            let second = try opened(folder)
            let session = try second.startSession(learner: "ana", options: SessionOptions())
            try session.pushText("I am so happy", at: 1_000_000)
            try session.advance(to: 1_000_000)
            try first.revoke(modality: .text, purpose: .intervention, of: "ana")
            try session.advance(to: 2_000_000)
            #expect(code { try session.pushText("I am so happy", at: 2_000_000) } == .consent)
            try first.grant(consent(.text), to: "ana")
            try session.advance(to: 3_000_000)
            #expect(code { try session.pushText("I am so happy", at: 3_000_000) } == nil)
        }
    }

    /// One learner erased elsewhere must not leave the sessions of others under the old rules.
    @Test func aChangeOfRulesReachesEverySession() throws {
        try inFolder { folder in
            let engine = try opened(folder)
            let names = (0..<6).map { "learner \($0)" }
            for name in names { try learner(engine, name) }
            let sessions = try names.map { try engine.startSession(learner: $0, options: SessionOptions()) }
            try opened(folder).erase(names[2])
            try engine.amendPolicy(Array(#"{"rules": [{"data": "text", "stance": "forbidden"}]}"#.utf8))
            for session in sessions { #expect(code { try session.pushText("hello", at: 1) } == .policy) }
        }
    }

    @Test func forgettingAllOfASittingThatGoesOn() throws {
        try inFolder { folder in
            let engine = try opened(folder)
            try learner(engine, "ana")
            let session = try engine.startSession(learner: "ana", options: SessionOptions())
            for n in 1...5 { try session.pushText("I am so happy", at: Int64(n) * 1_000_000) }
            try session.advance(to: 6_000_000)
            #expect(try engine.forget(0..<(1 << 40), of: "ana", isDryRun: false).items > 5)
            try session.pushText("I am so sad", at: 7_000_000)
            try session.advance(to: 8_000_000)
            _ = try session.decide(goal: .calm, at: 9_000_000)
            session.end()
            let record = try engine.session(session.id, of: "ana")
            #expect(record.events.count == 1 && record.decisions.count == 1)
            #expect(try engine.checkStore().isSound)
        }
    }
}
