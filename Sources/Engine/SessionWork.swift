import AffettoActivity
import AffettoCore
import AffettoFace
import AffettoFusion
import AffettoGuidance
import AffettoIntervention
import AffettoPolicy
import AffettoStore
import AffettoVoice

typealias Influence = AffectFilter.Influence

/// What a session holds between calls; always behind the session's lock. Time, consent and fusing here, sensing in
/// `SessionWork+Sense.swift`, deciding and
/// learning in `SessionWork+Intervene.swift`.
final class SessionWork {
    /// Seconds between kept states while nothing changes.
    static let statePeriod = 5.0
    /// A prompt at most every 8 minutes and three times an hour: questions are a burden.
    static let promptGap = 480.0
    static let promptsPerHour = 3
    static let decisionsHeld: UInt64 = 1024
    /// Seconds for which inference can still be held against a report, and from when it was plainly wrong.
    static let comparable = 120.0
    /// Reports after which it is known what a face is worth on this learner.
    static let faceHistory = 10
    static let plainError: Float = 0.5

    /// A decision, the state's generation when it was made, and whether its outcome was given.
    typealias DecisionEntry = (decision: Decision, generation: UInt64, outcome: Bool)

    unowned let engine: Engine
    let learner: String
    let options: SessionOptions
    let models: Models
    let log: SessionLog
    var filter: AffectFilter
    var assessment: Assessment
    var learned: LearnerModel
    var consents: [Consent] = []
    /// The engine's, as of the last change: a push takes no lock that sessions share.
    var preset: Preset
    private var storeVersion: Int64 = 0
    var task: TaskKind
    var isPaused = false
    /// The learner's words were grave, and nobody has resolved it: no feeling is named, nothing plays, nothing is learned.
    var isCrisis = false
    var isEnded = false
    var stopNoted = false
    /// A commit failed that nobody has been told of.
    private var hasFailed = false
    /// `learned` holds something that is not on file.
    var isUnsaved = false
    let seed: UInt64
    var scratch = [Float](repeating: 0, count: 4096)

    let voice: VoiceStream
    var face: FaceStream
    var faceFrame = FaceFrame()
    var activity = ActivityWindow()
    var belief = ActivityBelief()
    var lastInferred: [Modality: Evidence] = [:]
    var turns = Turns()
    private var started = false
    private(set) var lastTime: Microseconds = 0
    private var lastKept: Microseconds?
    private var keptEmotion: Emotion?
    var emotionSince: Microseconds = 0
    private var leading: Emotion?

    /// The latest decisions; older ones are read back from the store, by their number in the log.
    var decisions: [UInt64: DecisionEntry] = [:]
    var filed: [UInt64: (decision: Int64, outcome: Bool)] = [:]
    var nextDecision: UInt64 = 1
    var played: [Track] = []
    var path: AffectPath?
    var step = 0
    var prompts: [Microseconds] = []
    var lastDecision: Decision?

    init(engine: Engine, learner: String, options: SessionOptions) throws(AffettoError) {
        self.engine = engine
        self.learner = learner
        self.options = options
        assessment = try engine.store.assessment(of: learner)
        learned = try engine.learnerModel(of: learner)
        models = engine.currentModels
        voice = try VoiceStream(rate: options.audioRate, model: models.voice)
        face = FaceStream(model: models.face)
        task = options.task
        preset = engine.preset
        let earlier = try engine.store.sessions(of: learner).count
        log = try engine.store.beginSession(
            learner: learner, started: options.started > 0 ? options.started : Engine.unixNow, task: options.task,
            purpose: options.purpose, preset: preset.name)
        let home = AffectPoint(valence: assessment.typicalValence ?? 0, arousal: assessment.typicalArousal ?? 0)
        filter = AffectFilter(home: home, at: 0)
        // Seeded by engine, learner and the number of the sitting: the same evening gives the same choices.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in learner.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        seed = engine.seed ^ hash ^ (UInt64(earlier) &* 0x9E37_79B9_7F4A_7C15)
    }

    func end() {
        guard !isEnded else { return }
        // A turn that is open ends with the sitting.
        if turns.open != nil { _ = try? endTurn(at: lastTime) }
        isEnded = true
        wipe()
        // Nobody is left to be told of a failure.
        do {
            try log.end()
            if isUnsaved { try saveModel() }
        } catch {}
    }

    private func wipe() {
        voice.wipe()
        face.wipe()
        forgetActivity()
        turns.forgetAll()
        for i in scratch.indices { scratch[i] = 0 }
    }

    private func forgetActivity() {
        activity.wipe()
        belief = ActivityBelief()
    }

    // MARK: Time

    /// Time may stand still or step back a little (threads, clocks), not run backwards.
    func setTime(_ now: Microseconds) throws(AffettoError) {
        try Self.checkTime(now)
        if !started {
            started = true
            let home = AffectPoint(valence: assessment.typicalValence ?? 0, arousal: assessment.typicalArousal ?? 0)
            filter = AffectFilter(home: home, at: now)
            emotionSince = now
            lastTime = now
        }
        guard now >= lastTime - 1_000_000 else {
            throw AffettoError(.state, "time runs backwards by \(Double(lastTime - now) / 1_000_000) s")
        }
        lastTime = max(lastTime, now)
    }

    static func checkTime(_ now: Microseconds) throws(AffettoError) {
        guard now > -(1 << 60), now < 1 << 60 else { throw AffettoError(.range, "the time \(now) makes no sense") }
    }

    // MARK: Policy and consent

    func readConsents() throws(AffettoError) {
        preset = engine.preset
        consents = try engine.store.consents(of: learner)
        assessment = try engine.store.assessment(of: learner)
    }

    /// Whether anybody but this engine has written to the store since this was last asked.
    func storeHasChanged() throws(AffettoError) -> Bool {
        let version = try engine.store.othersWrites()
        defer { storeVersion = version }
        return version != storeVersion
    }

    func revoke(_ modality: DataKind, _ purpose: Purpose, at unixSeconds: Int64) {
        for i in consents.indices where consents[i].modality == modality && consents[i].purpose == purpose {
            consents[i].revoked = consents[i].revoked ?? unixSeconds
        }
    }

    /// Zeroes what is held of modalities that may not be sensed.
    func forgetRefused() {
        if refusal(.voice) != nil {
            voice.wipe()
            for i in scratch.indices { scratch[i] = 0 }
        }
        if refusal(.face) != nil { face.wipe() }
        lastInferred = lastInferred.filter { refusal($0.key) == nil }
        for modality in TurnEvidence.modalities where refusal(modality) != nil { turns.forget(modality) }
        if refusal(.activity) != nil { forgetActivity() }
    }

    /// Why evidence of this modality may not be taken now, or `nil`.
    func refusal(_ modality: Modality) -> AffettoError? {
        AffettoError(verdict(modality, consents))
    }

    func verdict(_ modality: Modality, _ consents: [Consent]) -> Verdict {
        Engine.verdict(preset, DataKind(modality), options.purpose, assessment, consents)
    }

    /// Until which second audio may be taken, or `nil` for not at all.
    func allowedUntil(_ modality: Modality) -> Int64? {
        guard refusal(modality) == nil else { return nil }
        // Only a consent that would do alone: another's later end must not stretch it.
        return consents.filter { verdict(modality, [$0]) == .allowed }.map(\.expires).max()
    }

    func require(_ modality: Modality) throws(AffettoError) {
        if let refusal = refusal(modality) { throw refusal }
        // A push never waits for the disk; `advance` and `maintain` do.
        guard log.hasRoom else {
            throw AffettoError(.overrun, "\(SessionLog.capacity) items wait to be written: call advance more often")
        }
    }

    func adopt(_ assessment: Assessment) {
        self.assessment = assessment
        learned.adopt(assessment)
    }

    /// Gives an item to the log. When the store cannot be written it waits there, and `settle` says so: what came with
    /// it was taken, and must not be pushed again.
    func keep(_ item: SessionItem, at now: Microseconds) throws(AffettoError) {
        do { try log.append(item, at: now) } catch {
            if error.code == .closed || error.code == .notFound { throw error }
            hasFailed = true
        }
    }

    func saveModel() throws(AffettoError) {
        isUnsaved = true
        try engine.keep(learned, of: learner)
        isUnsaved = false
    }

    static func short(_ value: Float) -> String { value.isFinite ? "\((value * 100).rounded() / 100)" : "unknown" }

    // MARK: Fuse

    /// The filter's, but nothing is named while a crisis is open.
    var state: AffectState {
        var state = filter.state
        guard isCrisis else { return state }
        let nothing = AffectState.unknown(at: state.time)
        (state.emotion, state.abstain) = (nil, .crisis)
        (state.probability, state.confidence) = (nothing.probability, nothing.confidence)
        return state
    }

    /// Lets time pass, keeps a state when one is due, commits the group when it is.
    func settle(at now: Microseconds) throws(AffettoError) {
        filter.advance(to: now)
        followEmotion(at: now)
        let state = state
        let due = lastKept.map { (now - $0).seconds >= Self.statePeriod } ?? true
        if due || state.emotion != keptEmotion, state.generation > 0 { try keepState(at: now) }
        guard hasFailed else { return try log.commitIfDue(now: now) }
        try log.commit()
        hasFailed = false
    }

    func keepState(at now: Microseconds) throws(AffettoError) {
        let state = state
        lastKept = now
        keptEmotion = state.emotion
        try keep(.state(state), at: now)
    }

    func followEmotion(at now: Microseconds) {
        let emotion = state.emotion
        if emotion != leading {
            leading = emotion
            emotionSince = now
        }
    }
}

extension AffettoError {
    /// The refusal that a verdict means; `nil` where it allows.
    public init?(_ verdict: Verdict) {
        switch verdict {
        case .allowed: return nil
        case .forbidden(let rule, let citation): self.init(.policy, "\(rule) [\(citation)]")
        case .needsConsent(let rule): self.init(.consent, rule)
        }
    }
}
