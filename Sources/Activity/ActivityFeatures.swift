import AffettoCore
import Glibc

/// How this learner usually works, in the measures of `ActivityFeatures`: a slow average over answers.
public struct ActivityHabits: Sendable, Equatable {
    public var wrong: Float = 0
    public var help: Float = 0
    public var edits: Float = 0
    public var idle: Float = 0

    public init() {}
}

/// What the last minutes of the exercise look like; shares and rates, 0…1 unless said.
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
    /// How long answers took against the learner's own usual time: mean of the binary logarithm of the ratio, −1…1.
    public var pace: Float = 0
    /// Hints and calls for help an answer, 1 = 1.
    public var help: Float = 0
    /// Changes of an answer before giving it, 4 an answer = 1.
    public var edits: Float = 0
    /// Share of the window (at least 20 s) spent idle.
    public var idle: Float = 0
    /// Left the task at the end.
    public var abandoned: Float = 0
    /// Events in the window.
    public var count = 0
    /// All 0 before the eighth answer.
    public var usual = ActivityHabits()

    /// Those of a window in which nothing happened.
    public init() {}
}

/// Gathers events and keeps the learner's own usual answer time, so that a slow and careful one is not called bored.
public struct ActivityWindow: Sendable {
    /// Two minutes, or for a slow learner as long as six answers usually take, up to six minutes.
    var span: Microseconds { Microseconds(seconds: min(max(Double(usual ?? 0) * 6, 120), 360)) }
    static let capacity = 256
    private var events: [(time: Microseconds, event: ActivityEvent)] = []
    /// Running median of answer times (Robbins–Monro), seconds; `nil` before the third answer.
    private var usual: Float?
    private var early: [Float] = []
    private var habits = ActivityHabits()
    private var answers = 0
    /// Answers before habits count, and how slowly they change: a mood must not become the measure of itself.
    private static let settled = 8
    private static let rate: Float = 0.04

    public init() { events.reserveCapacity(Self.capacity + 1) }

    /// Events that are held: those of the span, the latest 256 at most.
    public var count: Int { events.count }

    /// - Parameter event: checked (`ActivityEvent.checked`), in order of time.
    public mutating func push(_ event: ActivityEvent, at time: Microseconds) {
        let span = span
        events.removeAll { time - $0.time > span }
        events.append((time, event))
        if events.count > Self.capacity { events.removeFirst() }
        guard event.kind == .answer else { return }
        learn(at: time)
        guard let seconds = event.seconds, seconds > 0 else { return }
        if let current = usual {
            // A mood must not become the measure of itself: slowly.
            let rate: Float = answers < Self.settled ? 0.1 : 0.04
            usual = max(current + (seconds > current ? 1 : -1) * max(current, 0.5) * rate, 0.2)
        } else {
            early.append(seconds)
            if early.count == 3 { usual = early.sorted()[1] }
        }
    }

    /// Folds the window into what is usual, faster at first.
    private mutating func learn(at time: Microseconds) {
        answers += 1
        let now = features(at: time)
        let rate = max(Self.rate, 1 / Float(answers))
        habits.wrong += rate * (now.wrong - habits.wrong)
        habits.help += rate * (now.help - habits.help)
        habits.edits += rate * (now.edits - habits.edits)
        habits.idle += rate * (now.idle - habits.idle)
    }

    /// Forgets everything, what is usual too.
    public mutating func wipe() {
        events.removeAll(keepingCapacity: true)
        early.removeAll()
        usual = nil
        habits = ActivityHabits()
        answers = 0
    }

    /// What the minutes before `now` look like.
    public func features(at now: Microseconds) -> ActivityFeatures {
        var out = ActivityFeatures()
        let recent = events.filter { now - $0.time <= span }
        out.count = recent.count
        if answers >= Self.settled { out.usual = habits }
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
            out.pace = answers.reduce(0) { $0 + min(max(log2(max($1.seconds ?? usual, 0.1) / usual), -1), 1) } / n
        }
        func count(_ kinds: ActivityKind...) -> Float { Float(recent.count { kinds.contains($0.event.kind) }) }
        out.help = min(count(.hint, .helpRequest) / n, 1)
        out.edits = min(count(.edit) / n / 4, 1)
        let window = Float(max((now - first.time).seconds, 20))
        let idle = recent.filter { $0.event.kind == .idle }.reduce(0) { $0 + ($1.event.seconds ?? 0) }
        out.idle = min(idle / window, 1)
        out.abandoned = recent.last?.event.kind == .abandon ? 1 : 0
        return out
    }
}
