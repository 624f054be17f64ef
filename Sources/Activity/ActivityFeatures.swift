import AffettoCore

/// What the last two minutes of the exercise look like; shares and rates, 0…1 unless said.
public struct ActivityFeatures: Sendable, Equatable {
    /// Share of answers that were right, and of those that were wrong.
    public var right: Float = 0
    public var wrong: Float = 0
    /// Wrong answers in a row at the end, 5 = 1.
    public var wrongStreak: Float = 0
    /// Share of answers given in under half the learner's own usual time.
    public var hasty: Float = 0
    /// Share of answers given in over twice the learner's own usual time.
    public var slow: Float = 0
    /// Share of answers that were second or later attempts.
    public var retries: Float = 0
    /// Hints and calls for help, 4 = 1.
    public var help: Float = 0
    /// Changes of an answer before giving it, 6 = 1.
    public var edits: Float = 0
    /// Share of the window (at least 20 s) spent idle.
    public var idle: Float = 0
    /// Left the task at the end.
    public var abandoned: Float = 0
    /// Events in the window.
    public var count = 0

    /// Those of a window in which nothing happened.
    public init() {}
}

/// Gathers events and keeps the learner's own usual answer time, so that a slow and careful one is not called bored.
public struct ActivityWindow: Sendable {
    static let span: Microseconds = 120_000_000
    static let capacity = 256
    private var events: [(time: Microseconds, event: ActivityEvent)] = []
    /// Running median of answer times (Robbins–Monro), seconds; `nil` before the third answer.
    private var usual: Float?
    private var early: [Float] = []

    public init() { events.reserveCapacity(Self.capacity + 1) }

    /// Events that are held: those of the last two minutes, the latest 256 at most.
    public var count: Int { events.count }

    /// - Parameter event: checked (`ActivityEvent.checked`), in order of time.
    public mutating func push(_ event: ActivityEvent, at time: Microseconds) {
        events.removeAll { time - $0.time > Self.span }
        events.append((time, event))
        if events.count > Self.capacity { events.removeFirst() }
        guard event.kind == .answer, let seconds = event.seconds, seconds > 0 else { return }
        if let current = usual {
            usual = max(current + (seconds > current ? 1 : -1) * max(current, 0.5) * 0.1, 0.2)
        } else {
            early.append(seconds)
            if early.count == 3 { usual = early.sorted()[1] }
        }
    }

    /// Forgets everything, the usual answer time too.
    public mutating func wipe() {
        events.removeAll(keepingCapacity: true)
        early.removeAll()
        usual = nil
    }

    /// What the two minutes before `now` look like.
    public func features(at now: Microseconds) -> ActivityFeatures {
        var out = ActivityFeatures()
        let recent = events.filter { now - $0.time <= Self.span }
        out.count = recent.count
        guard let first = recent.first else { return out }
        let answers = recent.map(\.event).filter { $0.kind == .answer }
        let n = Float(max(answers.count, 1))
        out.right = Float(answers.count { $0.correct == true }) / n
        out.wrong = Float(answers.count { $0.correct == false }) / n
        out.retries = Float(answers.count { $0.attempt > 1 }) / n
        out.wrongStreak = min(Float(answers.reversed().prefix { $0.correct == false }.count) / 5, 1)
        if let usual {
            out.hasty = Float(answers.count { ($0.seconds ?? usual) < usual / 2 }) / n
            out.slow = Float(answers.count { ($0.seconds ?? usual) > usual * 2 }) / n
        }
        func count(_ kinds: ActivityKind...) -> Float { Float(recent.count { kinds.contains($0.event.kind) }) }
        out.help = min(count(.hint, .helpRequest) / 4, 1)
        out.edits = min(count(.edit) / 6, 1)
        let window = Float(max((now - first.time).seconds, 20))
        let idle = recent.filter { $0.event.kind == .idle }.reduce(0) { $0 + ($1.event.seconds ?? 0) }
        out.idle = min(idle / window, 1)
        out.abandoned = recent.last?.event.kind == .abandon ? 1 : 0
        return out
    }
}
