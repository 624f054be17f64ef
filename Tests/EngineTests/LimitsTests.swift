import AffettoCore
import AffettoEngine
import AffettoSelfReport
import Foundation
import Testing

/// Numbers that no host should send, and sittings longer than any.
@Suite struct LimitsTests {
    private func code(_ body: () throws -> Void) -> AffettoError.Code? {
        do { try body() } catch { return (error as? AffettoError)?.code }
        return nil
    }

    private func pushAudio(_ session: Session, at now: Microseconds) throws {
        try [Float](repeating: 0.1, count: 16).withUnsafeBufferPointer {
            if let start = $0.baseAddress { try session.pushAudio(start, frames: 16, at: now) }
        }
    }

    @Test func timesThatMakeNoSenseAreRefused() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        for first in [Microseconds.min, .max, -(1 << 60), 1 << 60] {
            #expect(code { try session.advance(to: first) } == .range)
            #expect(code { try pushAudio(session, at: first) } == .range)
        }
        let last: Microseconds = (1 << 60) - 1
        try session.pushText("so good", at: -last)
        try session.pushSelfReport(SelfReport(emotion: .sad), at: last)
        #expect(try session.decide(goal: .calm, at: last).id == 1)
        #expect(code { try session.advance(to: -last) } == .state)
        #expect(try !engine.report(session.id, of: "ana").isEmpty)
        try pushAudio(session, at: 5_000_000)
        try pushAudio(session, at: 4_500_000)
        #expect(code { try pushAudio(session, at: 3_000_000) } == .state)
        #expect(Microseconds(seconds: .nan) == 0)
        #expect(Microseconds(seconds: .infinity) == .max && Microseconds(seconds: -1e300) == .min)
        #expect(Microseconds(seconds: -1.5) == -1_500_000)
    }

    @Test func aResumeThatFailsLeavesTheStopInPlace() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        try session.advance(to: 10_000_000)
        session.stopNow()
        #expect(code { try session.resume(at: 0) } == .state)
        #expect(try session.decide(goal: .calm, at: 10_000_000).gate == .stopped)
        try session.resume(at: 10_000_000)
        #expect(try session.decide(goal: .calm, at: 10_000_000).gate != .stopped)
    }

    @Test func aVetoOutlivesTheLearnersOtherSitting() throws {
        let engine = try engine()
        let first = try engine.startSession(learner: "ana", options: SessionOptions())
        let second = try engine.startSession(learner: "ana", options: SessionOptions())
        try first.veto("t1", at: 0)
        let decision = try second.decide(goal: .calm, at: 0)
        try second.feedback(on: decision.id, liking: 0.1, benefit: nil, skipped: false, at: 1)
        let json = try engine.export("ana")
        let export = try JSON.decode(LearnerExport.self, from: Array(json.utf8), what: "export")
        #expect(export.model.vetoed == ["t1"])
    }

    @Test func oldDecisionsAreReadBackFromTheStore() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        let first = try session.decide(goal: .calm, at: 0)
        for n in 1...1100 { _ = try session.decide(goal: .calm, at: Microseconds(n)) }
        #expect(try session.why(1) == first)
        try session.feedback(on: 1, liking: 0.5, benefit: nil, skipped: false, at: 2000)
        #expect(
            code { try session.feedback(on: 1, liking: 0.5, benefit: nil, skipped: false, at: 2000) } == .state)
        #expect(code { _ = try session.why(0) } == .notFound)
        #expect(code { _ = try session.why(1102) } == .notFound)
    }

    @Test func aPackThatClaimsTooMuchIsRefused() throws {
        // No tensors, and more layers than an integer can count.
        let header =
            #"{"task":"voice","revision":2,"labels":[],"corpora":[],"settings":{"net.layers":1e300},"tensors":[]}"#
        var body = Array(header.utf8)
        body += Array(repeating: 0x20, count: (64 - body.count % 64) % 64)
        var checksum: UInt64 = 0xCBF2_9CE4_8422_2325
        for start in stride(from: 0, to: body.count, by: 8) {
            let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(body[start + $1]) << UInt64(8 * $1) }
            checksum = (checksum ^ word) &* 0x100_0000_01B3
            checksum ^= checksum >> 29
        }
        var bytes = Array("AFFETTO\0".utf8)
        for value in [UInt32(1), UInt32(body.count)] { withUnsafeBytes(of: value) { bytes += $0 } }
        withUnsafeBytes(of: checksum) { bytes += $0 }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("affetto-\(UUID()).pack").path
        try Data(bytes + body).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let engine = try engine()
        var message = ""
        do { try engine.loadModel(path: path) } catch { message = error.message }
        #expect(message.contains("1e+300 layers"))
    }
}
