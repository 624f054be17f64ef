import AffettoActivity
import AffettoCore
import AffettoFace
import AffettoGuidance
import AffettoIntervention
import AffettoPolicy
import AffettoSelfReport
import AffettoStore
import AffettoVoice
import Synchronization

/// How a sitting begins.
public struct SessionOptions: Sendable {
    public var task = TaskKind.verbal
    public var purpose = Purpose.intervention
    public var playback = PlaybackScope.own
    /// Of the audio that will be pushed: 8000…96000 Hz, 1…8 interleaved channels.
    public var audioRate = 16_000.0
    public var audioChannels = 1
    /// Seconds since 1970, for the record; 0 = now.
    public var started: Int64 = 0

    public init() {}
}

/// One learner's sitting: sense → fuse → decide → guide → learn, in the order of the methods below.
///
/// Every method may be called from any thread; all but `pushAudio`, `poll` and `stopNow` wait for one another.
public final class Session: Sendable {
    public let learner: String
    public let id: String
    let engine: Engine
    let options: SessionOptions
    private let log: SessionLog
    let audio: AudioGate
    let board: StateBoard
    private let stopped = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)
    private let work: Guarded<SessionWork>

    init(engine: Engine, learner: String, options: SessionOptions) throws(AffettoError) {
        guard (1...8).contains(options.audioChannels) else {
            throw AffettoError(.range, "audio_channels is \(options.audioChannels); it must be 1…8")
        }
        self.engine = engine
        self.learner = learner
        self.options = options
        let work = try SessionWork(engine: engine, learner: learner, options: options)
        log = work.log
        id = log.id
        audio = AudioGate(seconds: 4, rate: options.audioRate, channels: options.audioChannels)
        board = StateBoard(AffectState.unknown(at: 0))
        self.work = Guarded(work)
    }

    deinit { end() }

    func with<Result>(
        _ body: (SessionWork) throws(AffettoError) -> Result
    ) throws(AffettoError) -> Result {
        try work.withLock { work throws(AffettoError) in
            guard !work.isEnded else { throw Self.closed }
            return try body(work)
        }
    }

    private static let closed = AffettoError(.closed, "the session has ended")

    public var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// The error of a push of this modality now, without a push.
    public func checkLeave(for modality: Modality) throws(AffettoError) {
        try with { work throws(AffettoError) in if let refusal = work.refusal(modality) { throw refusal } }
    }

    /// Ends and writes the sitting; everything it heard is zeroed. Twice is fine.
    public func end() {
        ended.store(true, ordering: .releasing)
        work.withLock { work in
            audio.close(because: Self.closed)
            work.end()
        }
        engine.forget(ObjectIdentifier(self))
    }

    // MARK: Sense

    /// Mono or interleaved samples; wait-free.
    public func pushAudio(
        _ samples: UnsafePointer<Float>, frames: Int, at now: Microseconds
    ) throws(AffettoError) {
        guard frames >= 0, frames <= 1 << 28 else { throw AffettoError(.range, "frames must be 0…2^28") }
        try audio.push(samples, frames: frames, at: now)
    }

    public func pushText(_ text: String, at now: Microseconds) throws(AffettoError) {
        try take(text, at: now)?.deliver()
    }

    /// As `pushText`, but grave words are left for the caller to tell.
    public func take(_ text: String, at now: Microseconds) throws(AffettoError) -> CrisisNotice? {
        let report = try with { work throws(AffettoError) in
            defer { board.publish(work.state) }
            return try work.takeText(text, at: now)
        }
        return report.flatMap { engine.noticed($0) }
    }

    /// One frame of the learner's face. - Parameter fill: puts what the host has into an empty frame.
    public func pushFace(
        at now: Microseconds, _ fill: (inout FaceFrame) throws(AffettoError) -> Void
    ) throws(AffettoError) {
        try with { work throws(AffettoError) in try work.takeFace(at: now, fill) }
    }

    /// What the face does, as of the latest frame; nothing of it where the face may not be sensed.
    public func faceSignals() throws(AffettoError) -> FaceSignals {
        try with { work throws(AffettoError) in
            if let refusal = work.refusal(.face) { throw refusal }
            return work.face.signals
        }
    }

    public func pushActivity(_ event: ActivityEvent, at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in try work.takeActivity(event, at: now) }
    }

    public func pushSelfReport(_ report: SelfReport, at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in
            try work.takeSelfReport(report, at: now)
            board.publish(work.state)
        }
    }

    // MARK: Fuse

    /// Analyses waiting audio, lets time pass to `now`, publishes the state and commits what is due.
    public func advance(to now: Microseconds) throws(AffettoError) {
        // First, and whatever else fails: somebody may be waiting.
        for notice in overdue(at: now) { notice.deliver() }
        try work(to: now)
    }

    /// Crises that nobody acknowledged in time, for the caller to tell.
    public func overdue(at now: Microseconds) -> [CrisisNotice] {
        now == .max ? [] : engine.overdue(at: now, of: learner)
    }

    /// As `advance`, without a look at crises.
    public func work(to now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in
            try work.setTime(now)
            // Another engine on the same file may have revoked a consent.
            if try work.storeHasChanged() {
                do throws(AffettoError) { try work.readConsents() } catch {
                    work.consents = []
                    setGate(work)
                    throw error
                }
                setGate(work)
            }
            if stopped.load(ordering: .relaxed) { work.noteStop(at: now) }
            if audio.isOpen {
                hear(work, at: now)
            } else {
                consentLapsed(work)
            }
            // What is known is published even when it cannot be written.
            defer { board.publish(work.state) }
            try work.settle(at: now)
        }
    }

    /// Analyses the audio that waits.
    func hear(_ work: SessionWork, at now: Microseconds) {
        // At most one ring's worth: a producer that never rests cannot keep this busy for ever.
        var left = Int(4 * options.audioRate) + 1
        while left > 0 {
            let count = work.scratch.withUnsafeMutableBufferPointer { scratch in
                scratch.baseAddress.map { audio.read(into: $0, count: min(scratch.count, left)) } ?? 0
            }
            if count == 0 { break }
            left -= count
            work.hear(count, at: now)
        }
    }

    /// The latest state; wait-free. The two lists go to the caller's memory: 14 and 5 floats.
    public func poll(
        probability: UnsafeMutablePointer<Float>, evidence: UnsafeMutablePointer<Float>
    ) -> StateSnapshot {
        board.read(probability: probability, evidence: evidence)
    }

    /// The latest state as a value.
    public var state: AffectState { get throws(AffettoError) { try with { $0.state } } }

    public var droppedAudioFrames: UInt64 { audio.dropped }

    /// Which evidence moved the state, as JSON.
    public func explain() throws(AffettoError) -> String {
        try with { work throws(AffettoError) in
            try JSON.text(Explanation(state: work.state, influences: work.isCrisis ? [] : work.filter.influences))
        }
    }

    // MARK: Decide, guide, learn

    public func decide(goal: Goal, at now: Microseconds) throws(AffettoError) -> Decision {
        try with { work throws(AffettoError) in
            defer { board.publish(work.state) }
            return try work.decide(goal, isStopped: stopped.load(ordering: .sequentiallyConsistent), at: now)
        }
    }

    /// A decision of this session with its reasons and action set.
    public func why(_ decision: UInt64) throws(AffettoError) -> Decision {
        try with { work throws(AffettoError) in try work.decision(decision) }
    }

    /// Words for the learner about the present state, or none.
    ///
    /// - Parameter peek: only look: the prompt is not kept and does not count as shown.
    public func prompt(
        at now: Microseconds, language: String = "en", peek: Bool = false
    ) throws(AffettoError) -> Prompt {
        try with { work throws(AffettoError) in
            if work.isCrisis { return try work.crisisPrompt(language, at: now, peek: peek) }
            guard language == "en" || language.hasPrefix("en-") else {
                throw AffettoError(.argument, "there are no prompts in '\(language)'; there are in 'en'")
            }
            guard !stopped.load(ordering: .sequentiallyConsistent) else {
                throw AffettoError(.state, "the session is stopped; resume it first")
            }
            return try work.prompt(at: now, peek: peek)
        }
    }

    /// What came of a decision. `benefit` nil = from the change of state towards the goal.
    public func feedback(
        on decision: UInt64, liking: Float?, benefit: Float?, skipped: Bool, at now: Microseconds
    ) throws(AffettoError) {
        try with { work throws(AffettoError) in
            try work.feedback(decision, liking: liking, benefit: benefit, skipped: skipped, at: now)
        }
    }

    // MARK: Human override

    /// Any thread, at once: nothing plays or speaks until `resume`.
    public func stopNow() { stopped.store(true, ordering: .sequentiallyConsistent) }

    public func pause(at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in try work.setPaused(true, at: now) }
    }

    public func resume(at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in
            try work.setPaused(false, at: now)
            stopped.store(false, ordering: .sequentiallyConsistent)
        }
    }

    /// This track never again, for this learner.
    public func veto(_ track: String, at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in try work.veto(track, at: now) }
        // The learner's other sittings must not play it, nor keep a model that has forgotten it.
        for other in engine.openSessions(of: learner) where other !== self {
            other.work.withLock { $0.avoid(track) }
        }
    }

    public func setTask(_ task: TaskKind, at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in try work.setTask(task, at: now) }
    }

    // MARK: Called by the engine

    /// Something about the learner's crisis has changed.
    func crisisChanged() {
        work.withLock { work in
            guard !work.isEnded else { return }
            work.setCrisis(engine.crises[learner] != nil)
            board.publish(work.state)
        }
    }

    func checkTime(_ now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in try work.setTime(now) }
    }

    /// Puts it on file where it can be: a person has acted, whatever the disk does.
    func noteCrisis(_ kind: String, _ detail: [String: String], at now: Microseconds) {
        work.withLock { work in
            try? work.keep(.event(SessionEvent(time: now, kind: kind, detail: detail)), at: now)
        }
    }

    /// Writes what waits. Not behind the session's lock: a push must not wait for the disk.
    func commit() throws(AffettoError) {
        if !hasEnded { try log.commit() }
    }

    func adopt(_ assessment: Assessment) {
        work.withLock { work in
            guard !work.isEnded else { return }
            work.adopt(assessment)
            setGate(work)
        }
    }

    /// What this sitting has learned so far; `nil` after its end.
    var learnedModel: LearnerModel? { work.withLock { $0.isEnded ? nil : $0.learned } }

    func adoptSenses(of model: LearnerModel) {
        work.withLock { work in
            (work.learned.senses, work.learned.senseHistory) = (model.senses, model.senseHistory)
        }
    }

    func adopt(_ preset: Preset) {
        work.withLock { work in
            guard !work.isEnded else { return }
            work.preset = preset
            setGate(work)
        }
    }

    /// Reads the consents anew; what may no longer be sensed is zeroed before this returns.
    func consentChanged() throws(AffettoError) {
        try work.withLock { work throws(AffettoError) in
            guard !work.isEnded else { return }
            try work.readConsents()
            setGate(work)
        }
    }

    /// As `consentChanged`, without asking the store, which may be what failed.
    func revoke(_ modality: DataKind, _ purpose: Purpose, at unixSeconds: Int64) {
        work.withLock { work in
            guard !work.isEnded else { return }
            work.revoke(modality, purpose, at: unixSeconds)
            setGate(work)
        }
    }

    /// Opens or shuts the way in for audio, as consents and assessment now have it.
    private func setGate(_ work: SessionWork) {
        work.forgetRefused()
        if let until = work.allowedUntil(.voice) {
            audio.open(until: until)
        } else {
            audio.close(because: work.refusal(.voice) ?? AffettoError(.consent, "the consent has just expired"))
        }
    }

    /// Zeroes what is held past a consent's last second, and notes when a consent given for later begins.
    private func consentLapsed(_ work: SessionWork) {
        if !audio.isShut || work.allowedUntil(.voice) != nil { setGate(work) }
    }
}

struct Explanation: Codable {
    var state: AffectState
    var influences: [Influence]
}
