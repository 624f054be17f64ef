/// What happened at one moment, without its content: no words, no audio, no face.
public struct SessionEvent: Codable, Sendable, Equatable {
    public var time: Microseconds
    /// "voice", "text", "face", "activity", "self_report", "task", "stop", "resume", "pause", "veto",
    /// "withdrawn" (a decision that could not be put on file in time, and was never handed out).
    public var kind: String
    /// What is kept of it: numbers and vocabulary words only.
    public var detail: [String: String]

    public init(time: Microseconds, kind: String, detail: [String: String] = [:]) {
        self.time = time
        self.kind = kind
        self.detail = detail
    }
}

/// One session as it is kept: read back, charted and exported from this value.
public struct SessionRecord: Codable, Sendable, Equatable {
    public var id: String
    public var learner: String
    /// Seconds since 1970.
    public var started: Int64
    public var task: TaskKind
    public var purpose: Purpose
    public var preset: String
    public var events: [SessionEvent]
    public var states: [AffectState]
    public var decisions: [Decision]
    public var outcomes: [Outcome]
    public var prompts: [Prompt]
    /// Session time at `started`, where the first moments are gone; `nil`: that of the first item.
    public var clock: Microseconds?
    /// Kinds of data that the session rested on, where their events are gone.
    public var kinds: [DataKind]?

    public init(
        id: String, learner: String, started: Int64, task: TaskKind, purpose: Purpose, preset: String,
        events: [SessionEvent] = [], states: [AffectState] = [], decisions: [Decision] = [], outcomes: [Outcome] = [],
        prompts: [Prompt] = []
    ) {
        self.id = id
        self.learner = learner
        self.started = started
        self.task = task
        self.purpose = purpose
        self.preset = preset
        self.events = events
        self.states = states
        self.decisions = decisions
        self.outcomes = outcomes
        self.prompts = prompts
    }
}
