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
    /// The learner's words were grave, and nobody has resolved it.
    public var isCrisis: Bool
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
        emotionAge: Double, verdict: Verdict, isCrisis: Bool = false, stopped: Bool, paused: Bool, mayAsk: Bool,
        assessment: Assessment,
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
        self.isCrisis = isCrisis
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
