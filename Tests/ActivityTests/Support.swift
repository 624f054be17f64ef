import AffettoActivity
import AffettoCore

/// A log as it happens: each entry is seconds since the one before and what was done.
struct Log {
    var window = ActivityWindow()
    var belief = ActivityBelief()
    var now: Microseconds = 0

    mutating func add(after seconds: Double, _ event: ActivityEvent) {
        now += Microseconds(seconds: seconds)
        window.push(event, at: now)
        belief.update(features, at: now)
    }

    mutating func answer(_ correct: Bool?, in seconds: Float, attempt: Int = 1) {
        add(after: 0.5, ActivityEvent(kind: .itemShown))
        add(
            after: Double(seconds),
            ActivityEvent(kind: .answer, correct: correct, attempt: attempt, seconds: seconds))
    }

    mutating func add(_ kind: ActivityKind, after seconds: Double, lasting: Float? = nil) {
        add(after: seconds, ActivityEvent(kind: kind, seconds: lasting))
    }

    /// Learns the learner's usual time from three right answers, then lets them leave the window.
    mutating func warmUp(_ seconds: Float) {
        for _ in 0..<3 { answer(true, in: seconds) }
        now += 130_000_000
    }

    var features: ActivityFeatures { window.features(at: now) }
    var evidence: Evidence? { belief.evidence(features, at: now) }

    var leader: Emotion? {
        guard let likelihood = evidence?.logLikelihood else { return nil }
        let named = Emotion.allCases.filter { !likelihood[Int($0.rawValue)].isNaN }
        return named.max { likelihood[Int($0.rawValue)] < likelihood[Int($1.rawValue)] }
    }

    func likelihood(_ emotion: Emotion) -> Float { evidence?.logLikelihood[Int(emotion.rawValue)] ?? .nan }
}
