import AffettoActivity
import AffettoCore
import AffettoEngine
import AffettoFace
import AffettoSelfReport
import Foundation

/// One evening of the scripted learner, told as it happens: pushes evidence, asks for decisions, answers prompts.
final class Evening {
    private let session: Session
    private let engine: Engine
    private var learner: ScriptedLearner
    private(set) var now: Microseconds = 0
    private let start: Int64

    init(engine: Engine, session: Session, learner: ScriptedLearner, start: Int64) {
        self.engine = engine
        self.session = session
        self.learner = learner
        self.start = start
    }

    // MARK: Telling

    private var clock: String {
        let minutes = Int((start / 60 + Int64(now.seconds / 60)) % 1440)
        return String(format: "%02d:%02d", minutes / 60, minutes % 60)
    }

    private func tell(_ what: String, _ text: String) {
        let label = what.padding(toLength: 10, withPad: " ", startingAt: 0)
        print("\(Terminal.dim(clock))  \(label)\(text)")
    }

    private func tellState() throws {
        let state = try session.state
        let word =
            state.emotion.map { "seems \($0.name)" }
            ?? "cannot tell (\(state.abstain.name.replacingOccurrences(of: "_", with: " ")))"
        let share = String(format: "%3.0f %%", state.confidence * 100)
        tell(
            "  state",
            word.padding(toLength: 32, withPad: " ", startingAt: 0) + share
                + "   valence \(Terminal.meter(state.valence.mean))  arousal \(Terminal.meter(state.arousal.mean))")
    }

    // MARK: Evidence

    /// Lets seconds pass.
    func pass(_ seconds: Double) throws {
        var left = seconds
        while left > 0 {
            now += Microseconds(seconds: min(left, 1))
            left -= 1
            try session.advance(to: now)
        }
    }

    func scene(_ title: String, task: TaskKind, mood: AffectPoint, share: Float) throws {
        print("")
        tell("", Terminal.bold(title))
        try session.setTask(task, at: now)
        learner.feel(mood, share: share)
    }

    func writes(_ text: String) throws {
        tell("writes", "“\(text)”")
        try session.pushText(text, at: now)
        try pass(2)
    }

    func speaks(_ seconds: Double) throws {
        tell("speaks", "for \(Int(seconds)) s")
        let samples = learner.speak(seconds: seconds)
        var at = 0
        while at < samples.count {
            let count = min(1600, samples.count - at)
            try samples.withUnsafeBufferPointer { buffer in
                if let base = buffer.baseAddress { try session.pushAudio(base + at, frames: count, at: now) }
            }
            at += count
            now += 100_000
            try session.advance(to: now)
        }
    }

    func shows(_ seconds: Double) throws {
        tell("camera", "blendshapes for \(Int(seconds)) s, \(Int(seconds * 15)) frames")
        for _ in 0..<Int(seconds * 15) {
            let face = learner.face()
            try session.pushFace(at: now) { frame throws(AffettoError) in
                frame.tracking = 0.95
                face.withUnsafeBufferPointer { frame.set(FaceFrame.blendshapes, from: $0.baseAddress) }
            }
            now += 66_667
        }
        try session.advance(to: now)
    }

    func does(_ text: String, _ events: [ActivityEvent], every seconds: Double) throws {
        tell("works", text)
        for event in events {
            try session.pushActivity(event, at: now)
            try pass(seconds)
        }
    }

    func reports() throws {
        let report = learner.report
        tell(
            "reports",
            "\(learner.emotion.name), valence \(Terminal.signed(report.valence)), arousal \(Terminal.signed(report.arousal))"
        )
        try session.pushSelfReport(
            SelfReport(emotion: learner.emotion, valence: report.valence, arousal: report.arousal), at: now)
    }

    // MARK: Decision, prompt, feedback

    /// Asks for a decision and lives with it: listens, answers, gives feedback. Tells all of it.
    @discardableResult
    func decides(_ goal: Goal, listeningFor minutes: Double = 3) throws -> Decision {
        try tellState()
        let decision = try session.decide(goal: goal, at: now)
        try tellDecision(decision)
        if try prompts(), decision.action == .ask {
            try pass(5)
            try reports()
            try tellState()
        }
        guard decision.action == .play || decision.action == .silence,
            decision.gate == .none || decision.gate == .noTrack
        else { return decision }
        let track = try decision.track.flatMap { try engine.library.track($0) }
        if let track { learner.listen(to: track) }
        let liking = track.map { learner.taste($0.style) }
        let dislikes = (liking ?? 0) < -0.5
        try pass(dislikes ? 25 : minutes * 60)
        try shows(6)
        try session.feedback(on: decision.id, liking: liking, benefit: nil, skipped: dislikes, at: now)
        let outcome = try engine.session(session.id, of: learner.name).outcomes.last
        let benefit = outcome?.benefit.map { Terminal.signed($0) } ?? "not known"
        let liked = outcome?.liking.map { Terminal.signed($0) } ?? "not said"
        tell("outcome", (dislikes ? "skipped after 25 s · " : "") + "liking \(liked) · benefit \(benefit)")
        return decision
    }

    private func tellDecision(_ decision: Decision) throws {
        let chance = String(format: "chance %.3f", decision.propensity)
        switch decision.action {
        case .play:
            let track = try decision.track.flatMap { try engine.library.track($0) }
            let title = "▶ \(track?.title ?? "?") (\(track?.style ?? ""), \(Int(track?.features.tempo ?? 0)) bpm)"
            tell("decides", Terminal.bold(title) + "   \(decision.strategy.name), \(chance)")
        case .silence where decision.gate == .none: tell("decides", Terminal.bold("silence") + "   \(chance)")
        default: tell("decides", Terminal.bold(decision.action.name) + "   gate: \(decision.gate.name)")
        }
        for reason in decision.reasons.prefix(3) { print("                 \(Terminal.dim("· " + reason.text))") }
    }

    /// Shows the prompt, if there is one.
    private func prompts() throws -> Bool {
        let prompt = try session.prompt(at: now)
        guard !prompt.text.isEmpty else { return false }
        tell("says", "“\(prompt.text)”")
        if !prompt.choices.isEmpty {
            print("                 \(Terminal.dim(prompt.choices.map { "[\($0)]" }.joined(separator: " ")))")
        }
        return true
    }

    func stops() throws {
        session.stopNow()
        tell("stop", "Mia presses stop; nothing plays or speaks until she resumes")
        let decision = try session.decide(goal: .calm, at: now)
        try tellDecision(decision)
        try pass(120)
        try session.resume(at: now)
        tell("resume", "and goes on two minutes later")
    }

    func vetoes(_ track: String) throws {
        guard let title = try engine.library.track(track)?.title else { return }
        try session.veto(track, at: now)
        tell("veto", "never again: \(title)")
    }

    // MARK: The script

    /// A homework evening of about an hour.
    func play() throws {
        let nervous = Emotion.anxious.point
        try scene("An essay is due tomorrow", task: .verbal, mood: nervous, share: 0.8)
        try decides(.calm)
        try writes("I don't even know where to start with this essay, I'm so nervous about tomorrow")
        try speaks(6)
        try does(
            "opens the page, types and deletes the first line again and again",
            [.init(kind: .itemShown)] + Array(repeating: .init(kind: .edit), count: 5) + [
                .init(kind: .idle, seconds: 8)
            ],
            every: 4)
        try shows(8)
        try decides(.calm)
        try decides(.calm)
        try writes("ok I have a first paragraph")

        try scene("Maths: the same mistake, four times", task: .numeric, mood: Emotion.frustrated.point, share: 0.8)
        try does(
            "answers wrong, tries again at once, wrong again",
            (1...5).map { .init(kind: .answer, correct: false, attempt: $0, seconds: 7, difficulty: 0.6) }, every: 9)
        try writes("this is so annoying, I keep getting it wrong and I hate it")
        try speaks(5)
        try reports()
        try decides(.focus)
        try decides(.focus)
        try does(
            "finds the sign error; four right in a row",
            (1...4).map { _ in .init(kind: .answer, correct: true, seconds: 16, difficulty: 0.6) }, every: 18)
        learner.feel(Emotion.happy.point, share: 0.7)
        try writes("I finally got it!! that feels great")
        try decides(.focus)

        try scene("Vocabulary, page four", task: .verbal, mood: Emotion.bored.point, share: 0.85)
        try does(
            "long gaps, then quick guesses",
            [
                .init(kind: .idle, seconds: 40), .init(kind: .answer, correct: false, seconds: 2),
                .init(kind: .idle, seconds: 35), .init(kind: .answer, correct: false, seconds: 2),
                .init(kind: .idle, seconds: 30),
            ], every: 20)
        try writes("so boring. whatever")
        try reports()
        try decides(.motivate)
        try decides(.motivate)
        try vetoes("iron-steps")

        try scene("A mock exam", task: .exam, mood: nervous, share: 0.4)
        try decides(.calm)
        try pass(300)
        try scene("Enough for today", task: .rest, mood: Emotion.tired.point, share: 0.9)
        try stops()
        try writes("I'm tired but it's done, thank you")
        try reports()
        try decides(.uplift)
        try pass(30)
    }

    /// The start of the next evening: the same feeling as before, met with what was learned.
    func playNext() throws {
        try scene("The next evening, the store opened again", task: .verbal, mood: Emotion.anxious.point, share: 0.9)
        try reports()
        try tellState()
        let decision = try session.decide(goal: .calm, at: now)
        try tellDecision(decision)
        var share: [String: Double] = [:]
        for candidate in decision.candidates {
            share[(try? engine.library.track(candidate.track))?.style ?? "", default: 0] += candidate.probability
        }
        let words = share.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4)
            .map { String(format: "%@ %.0f %%", $0.key, $0.value * 100) }
        if !words.isEmpty { tell("chances", "by style: \(words.joined(separator: ", "))") }
    }
}
