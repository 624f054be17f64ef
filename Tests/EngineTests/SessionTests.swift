import AffettoActivity
import AffettoCore
import AffettoEngine
import AffettoSelfReport
import Foundation
import Testing

/// An engine in memory with one learner who consented to everything the preset allows.
func engine(preset: String = "eu_home", learner: String = "ana", consents: [Modality] = Modality.allCases) throws
    -> Engine
{
    var options = EngineOptions()
    options.preset = preset
    options.crisis = plan()
    let engine = try Engine(options)
    try engine.createLearner(learner, assessment: nil)
    for modality in consents { try engine.grant(consent(DataKind(modality)), to: learner) }
    try engine.library.put((0..<12).map { track($0) })
    return engine
}

/// Somebody to turn to, who is not there.
func plan() -> CrisisOptions {
    var crisis = CrisisOptions()
    crisis.handler = { _ in }
    let json = #"{"en": {"contacts": [{"name": "Counsellor", "reach": "room 12"}]}}"#
    if let words = try? CrisisWords(json: Array(json.utf8)) { crisis.words = words }
    return crisis
}

func consent(_ modality: DataKind, expires: Int64 = 3600) -> Consent {
    Consent(
        modality: modality, purpose: .intervention, grantor: .learner, granted: Engine.unixNow - 7200,
        expires: Engine.unixNow + expires, method: "test")
}

func track(_ n: Int, style: String? = nil) -> Track {
    let angle = Double(n) * 2 * .pi / 12
    return Track(
        id: "t\(n)", title: "Track \(n)", style: style ?? ["piano", "dance", "folk"][n % 3],
        valence: Estimate(Float(0.6 * cos(angle)), sd: 0.2), arousal: Estimate(Float(0.6 * sin(angle)), sd: 0.2),
        labelSource: .expert,
        features: MusicFeatures(
            duration: 30, tempo: 80 + Float(n), pulseClarity: 0.5, key: 0, isMinor: false, keyClarity: 0.5,
            majorness: 0.2,
            loudness: -18, energy: -20, brightness: 1500, flux: 1, onsetRate: 2))
}

@Suite struct SessionTests {
    @Test func theMainJob() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        try session.advance(to: 0)
        #expect(try session.state.abstain == .noEvidence)
        let asked = try session.decide(goal: .calm, at: 1_000_000)
        #expect(asked.action == .ask && asked.gate == .lowConfidence && asked.propensity == 1)

        try session.pushSelfReport(SelfReport(emotion: .anxious, valence: -0.6, arousal: 0.6), at: 2_000_000)
        let state = try session.state
        #expect(state.emotion == .anxious)
        #expect(abs(state.valence.mean + 0.6) < 0.1 && state.evidence[Int(Modality.selfReport.rawValue)] > 0.9)

        // Decide until something plays: silence may be drawn first.
        var played: Decision?
        for n in 0..<20 where played == nil {
            let decision = try session.decide(goal: .calm, at: Microseconds(seconds: 3 + Double(n)))
            #expect(decision.propensity > 0 && decision.propensity <= 1)
            #expect(abs(decision.strategyProbability.reduce(0, +) - 1) < 1e-9)
            if decision.action == .play { played = decision }
        }
        let decision = try #require(played)
        #expect(abs(decision.candidates.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
        #expect(try session.why(decision.id) == decision)
        #expect(!decision.reasons.isEmpty)

        try session.pushSelfReport(SelfReport(valence: 0.3, arousal: -0.3), at: 60_000_000)
        try session.feedback(on: decision.id, liking: 0.8, benefit: nil, skipped: false, at: 61_000_000)
        #expect {
            try session.feedback(on: decision.id, liking: 1, benefit: nil, skipped: false, at: 62_000_000)
        } throws: {
            ($0 as? AffettoError)?.code == .state
        }
        session.end()

        let record = try engine.session(session.id, of: "ana")
        #expect(record.decisions.contains(decision))
        let outcome = try #require(record.outcomes.first)
        #expect(outcome.liking == 0.8)
        #expect(try #require(outcome.benefit) > 0.3, "the state moved towards the goal")
        #expect(record.states.count >= 2)
        let html = try engine.report(session.id, of: "ana")
        #expect(html.contains("<svg") && !html.contains("<script"))
        #expect(throws: AffettoError.self) { try session.advance(to: 70_000_000) }
    }

    @Test func sameInputsAndSeedSameDecisions() throws {
        func run() throws -> [Decision] {
            let engine = try engine()
            let session = try engine.startSession(learner: "ana", options: SessionOptions())
            try session.pushSelfReport(SelfReport(emotion: .sad), at: 0)
            return try (1...10).map { try session.decide(goal: .uplift, at: Microseconds(seconds: Double($0))) }
        }
        #expect(try run() == run())
    }

    @Test func likedStylesComeMoreOftenAndStayLikedInTheNextSession() throws {
        let engine = try engine()
        func shareOfPiano() throws -> Double {
            let session = try engine.startSession(learner: "ana", options: SessionOptions())
            defer { session.end() }
            try session.pushSelfReport(SelfReport(emotion: .anxious), at: 0)
            var sum = 0.0
            var plays = 0.0
            for n in 1...30 {
                let decision = try session.decide(goal: .calm, at: Microseconds(seconds: Double(n)))
                guard decision.action == .play, plays < 1 else { continue }
                let piano = decision.candidates.filter { (try? engine.library.track($0.track))?.style == "piano" }
                sum += piano.reduce(0) { $0 + $1.probability }
                plays += 1
            }
            return sum / max(plays, 1)
        }
        func teach(_ style: String, liking: Float) throws {
            let session = try engine.startSession(learner: "ana", options: SessionOptions())
            defer { session.end() }
            try session.pushSelfReport(SelfReport(emotion: .anxious), at: 0)
            for n in 1...40 {
                let decision = try session.decide(goal: .calm, at: Microseconds(seconds: Double(n)))
                guard let id = decision.track, try engine.library.track(id)?.style == style else { continue }
                try session.feedback(
                    on: decision.id, liking: liking, benefit: nil, skipped: false, at: Microseconds(seconds: Double(n)))
            }
        }
        let before = try shareOfPiano()
        try teach("piano", liking: 1)
        let after = try shareOfPiano()
        #expect(after > before + 0.05, "\(before) → \(after)")
        try teach("piano", liking: -1)
        #expect(try shareOfPiano() < after)
    }

    @Test func stopReachesAnywhereAndResumeEndsIt() throws {
        let engine = try engine()
        let session = try engine.startSession(learner: "ana", options: SessionOptions())
        try session.pushSelfReport(SelfReport(emotion: .sad), at: 0)
        Thread.detachNewThread { session.stopNow() }
        var decision = try session.decide(goal: .calm, at: 1)
        for _ in 0..<1000 where decision.gate != .stopped {
            usleep(1000)
            decision = try session.decide(goal: .calm, at: 1)
        }
        #expect(decision.gate == .stopped && decision.action == .silence)
        #expect(throws: AffettoError.self) { try session.prompt(at: 2) }
        try session.resume(at: 3)
        #expect(try session.decide(goal: .calm, at: 4).gate != .stopped)
        try session.pause(at: 5)
        #expect(try session.decide(goal: .calm, at: 6).gate == .paused)
    }

    @Test func examsAreSilentAndVetoesHold() throws {
        let engine = try engine()
        var options = SessionOptions()
        options.task = .exam
        let session = try engine.startSession(learner: "ana", options: options)
        try session.pushSelfReport(SelfReport(emotion: .anxious), at: 0)
        #expect(try session.decide(goal: .calm, at: 1).gate == .exam)
        try session.setTask(.rest, at: 2)
        for n in 0..<11 { try session.veto("t\(n)", at: 3) }
        #expect(throws: AffettoError.self) { try session.veto("nothing", at: 3) }
        for n in 4..<40 {
            let decision = try session.decide(goal: .calm, at: Microseconds(n))
            if let track = decision.track { #expect(track == "t11") }
        }
    }

    @Test func timeMayNotRunBackwards() throws {
        let session = try engine().startSession(learner: "ana", options: SessionOptions())
        try session.advance(to: 10_000_000)
        try session.advance(to: 9_500_000)
        for bad in [8_000_000, .min, .max] as [Int64] {
            #expect(throws: AffettoError.self) { try session.advance(to: bad) }
        }
    }

    @Test func badPushesAreRefusedAndLeaveTheStateAlone() throws {
        let session = try engine().startSession(learner: "ana", options: SessionOptions())
        try session.advance(to: 0)
        let before = try session.state
        let bad: [Float] = [0, .nan]
        #expect {
            try bad.withUnsafeBufferPointer { try session.pushAudio($0.baseAddress!, frames: 2, at: 0) }
        } throws: {
            ($0 as? AffettoError)?.code == .range
        }
        #expect(throws: AffettoError.self) { try session.pushFace(at: 0) { _ = $0.set("jawOpen", 7) } }
        #expect(throws: AffettoError.self) { try session.pushFace(at: 0) { _ in } }
        #expect(throws: AffettoError.self) { try session.pushText(String(repeating: "a", count: (1 << 20) + 1), at: 0) }
        #expect(throws: AffettoError.self) { try session.pushSelfReport(SelfReport(valence: 2), at: 0) }
        #expect(throws: AffettoError.self) {
            try session.pushActivity(ActivityEvent(kind: .answer, seconds: -1), at: 0)
        }
        #expect(try session.state == before)
    }

    @Test func theAudioRingOverrunsWithACount() throws {
        let session = try engine().startSession(learner: "ana", options: SessionOptions())
        let second = [Float](repeating: 0.1, count: 16_000)
        var code: AffettoError.Code?
        for _ in 0..<6 {
            do throws(AffettoError) {
                try second.withUnsafeBufferPointer { b throws(AffettoError) in
                    try session.pushAudio(b.baseAddress!, frames: 16_000, at: 0)
                }
            } catch { code = error.code }
        }
        #expect(code == .overrun)
        #expect(session.droppedAudioFrames > 16_000 && session.droppedAudioFrames < 48_000)
    }
}
