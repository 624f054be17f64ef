import AffettoCore

/// Everything a decision is made from. The decision is a pure function of this value.
public struct DecisionContext: Sendable {
    public var id: UInt64
    public var time: Microseconds
    public var goal: Goal
    public var task: TaskKind
    public var playback: PlaybackScope
    public var state: AffectState
    /// Seconds for which the present emotion has led.
    public var emotionAge: Double
    public var verdict: Verdict
    public var stopped: Bool
    public var paused: Bool
    /// A question may be asked now (the learner has not been asked too often).
    public var mayAsk: Bool
    public var assessment: Assessment
    public var model: LearnerModel
    public var library: [Track]
    /// Tracks played in this session, oldest first.
    public var played: [Track]
    /// The path under way and how many of its steps were played.
    public var path: AffectPath?
    public var step: Int
    public var seed: UInt64

    public init(
        id: UInt64, time: Microseconds, goal: Goal, task: TaskKind, playback: PlaybackScope, state: AffectState,
        emotionAge: Double, verdict: Verdict, stopped: Bool, paused: Bool, mayAsk: Bool, assessment: Assessment,
        model: LearnerModel, library: [Track], played: [Track], path: AffectPath?, step: Int, seed: UInt64
    ) {
        self.id = id
        self.time = time
        self.goal = goal
        self.task = task
        self.playback = playback
        self.state = state
        self.emotionAge = emotionAge
        self.verdict = verdict
        self.stopped = stopped
        self.paused = paused
        self.mayAsk = mayAsk
        self.assessment = assessment
        self.model = model
        self.library = library
        self.played = played
        self.path = path
        self.step = step
        self.seed = seed
    }
}

/// The rules that forbid or delay an intervention, strictest first; each gives its reason.
enum Gates {
    static func check(_ c: DecisionContext, _ settings: InterventionSettings) -> (Action, Gate, Reason)? {
        func stop(_ action: Action, _ gate: Gate, _ text: String) -> (Action, Gate, Reason) {
            (action, gate, Reason(gate.name, text, weight: 1))
        }
        if c.stopped { return stop(.silence, .stopped, "Someone pressed stop; nothing plays until resumed.") }
        switch c.verdict {
        case .allowed: break
        case .forbidden(let rule, let citation): return stop(.wait, .policy, "\(rule) (\(citation))")
        case .needsConsent(let rule): return stop(.wait, .consent, rule)
        }
        if c.task == .exam { return stop(.silence, .exam, "An exam is on: no music, no prompts.") }
        if c.task == .lecture { return stop(.silence, .lecture, "Someone is teaching: no music, no prompts.") }
        if c.paused { return stop(.wait, .paused, "Music is paused.") }
        let reported = c.state.evidence[Int(Modality.selfReport.rawValue)] > 0.5
        if reported, c.state.valence.mean <= settings.distressValence {
            return stop(.handToPerson, .distress, "The learner says they feel very bad: a person should ask, not music.")
        }
        if c.state.abstain != .none {
            return c.mayAsk
                ? stop(.ask, .lowConfidence, "The engine is not sure how the learner feels (\(c.state.abstain.name)).")
                : stop(.wait, .burden, "The engine is not sure, and has asked often enough for now.")
        }
        if c.state.emotion == .confused, c.emotionAge < settings.confusionGrace {
            return stop(.wait, .confusionGrace, "Confusion often turns into learning; it is left alone for a while.")
        }
        if [.engaged, .calm, .happy, .neutral].contains(c.state.emotion), ![.create, .express].contains(c.goal) {
            return stop(.wait, .flow, "The learner seems fine; music would only interrupt.")
        }
        return nil
    }

    /// Why a track may not play, or `nil`.
    static func forbids(_ track: Track, _ c: DecisionContext, _ settings: InterventionSettings) -> String? {
        let never = c.assessment.neverPlay ?? []
        if never.contains(where: { $0 == track.id || $0 == track.artist || $0 == track.style }) { return "never_play" }
        if c.model.vetoed.contains(track.id) { return "vetoed" }
        if c.played.contains(where: { $0.id == track.id }) { return "repetition" }
        if (c.model.resting[track.style] ?? 0) > 0 { return "style_rests" }
        if track.isExplicit, c.assessment.isMinor || c.playback == .shared { return "explicit" }
        if track.hasLyrics {
            if c.task == .verbal { return "lyrics_in_verbal_task" }
            if c.assessment.lyricsWelcome == false { return "lyrics_unwelcome" }
        }
        let low = track.valence.mean < settings.sadValence
        if low, c.assessment.feelsWorseAfterSadMusic == true { return "sad_music_harms" }
        let lately = c.played.suffix(settings.sadTracks)
        if low, lately.count == settings.sadTracks, lately.allSatisfy({ $0.valence.mean < settings.sadValence }) {
            return "enough_sad_music"
        }
        if c.playback == .shared, low { return "shared_loudspeaker" }
        return nil
    }
}
