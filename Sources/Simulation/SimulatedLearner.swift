import AffettoActivity
import AffettoCore
import Glibc

/// A learner at an exercise whose state is known, because it was made up: for tests and figures, never for claims about people.
///
/// The state is a semi-Markov chain with dwell times and turns of its own, not those of the model under test; what the learner does
/// depends on the kind of learner and, loosely, on the state. Everything about one learner follows from the seed.
public struct SimulatedLearner: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Nothing special.
        case typical
        /// Takes a minute for every item, with long looks at it, and gets most right.
        case slowAndCareful
        /// Answers at once, often wrong, and is none the worse for it.
        case quickAndCareless
        /// Asks for hints as others breathe.
        case asksForHelp
        /// Changes every answer before giving it.
        case perfectionist
        /// Finds the material hard and keeps at it.
        case struggling
    }

    /// One thing done, and how the learner felt.
    public struct Moment: Sendable {
        public var time: Microseconds
        public var event: ActivityEvent
        public var state: Emotion
    }

    public let kind: Kind
    private var random: SeededRandom
    private var now = 0.0
    private var state = Emotion.engaged
    private var until = 0.0
    /// Seconds an item usually takes, and chances per item.
    private let pace: Double
    private let error: Double
    private let help: Double
    private let edits: Double
    private let pause: Double

    public init(_ kind: Kind, seed: UInt64) {
        self.kind = kind
        var draws = SeededRandom(seed: seed, stream: 0x7369_6D75)
        func vary(_ value: Double) -> Double { value * exp(0.25 * draws.normal()) }
        switch kind {
        case .typical: (pace, error, help, edits, pause) = (vary(18), vary(0.22), vary(0.12), vary(0.4), vary(0.08))
        case .slowAndCareful:
            (pace, error, help, edits, pause) = (vary(55), vary(0.1), vary(0.08), vary(0.5), vary(0.5))
        case .quickAndCareless:
            (pace, error, help, edits, pause) = (vary(7), vary(0.38), vary(0.04), vary(0.1), vary(0.06))
        case .asksForHelp: (pace, error, help, edits, pause) = (vary(22), vary(0.25), vary(0.7), vary(0.4), vary(0.08))
        case .perfectionist: (pace, error, help, edits, pause) = (vary(30), vary(0.15), vary(0.1), vary(2.2), vary(0.1))
        case .struggling: (pace, error, help, edits, pause) = (vary(26), vary(0.48), vary(0.25), vary(0.6), vary(0.1))
        }
        random = draws
    }

    /// What the learner does in `minutes`, in order of time; the first ten of them engaged, as most begin.
    public mutating func sitting(minutes: Double) -> [Moment] {
        var moments: [Moment] = []
        until = now + 600
        let end = now + minutes * 60
        while now < end {
            if now >= until { turn() }
            item(&moments)
        }
        return moments
    }

    private mutating func turn() {
        let choices: [(Emotion, Double)] =
            switch state {
            case .engaged: [(.confused, 5), (.bored, 3), (.anxious, 1.5), (.frustrated, 1)]
            case .confused: [(.engaged, 5), (.frustrated, 4), (.bored, 1)]
            case .frustrated: [(.bored, 3), (.engaged, 3), (.confused, 2), (.anxious, 1)]
            case .bored: [(.engaged, 4), (.frustrated, 3), (.confused, 1)]
            default: [(.engaged, 4), (.confused, 2), (.frustrated, 2)]
            }
        var draw = random.uniform() * choices.reduce(0) { $0 + $1.1 }
        state =
            choices.first {
                draw -= $0.1; return draw < 0
            }?.0 ?? .engaged
        let minutes: Double =
            switch state {
            case .engaged: 6
            case .bored: 4.5
            case .frustrated: 2.5
            case .anxious: 3.5
            default: 2
            }
        until = now + 60 * minutes * (0.5 + random.uniform())
    }

    /// One item, from its showing to its answer or its end.
    private mutating func item(_ moments: inout [Moment]) {
        var (pace, error, help, edits, pause, retries) = (
            self.pace, self.error, self.help, self.edits, self.pause, 0.25
        )
        switch state {
        case .confused: (pace, error, help, pause) = (pace * 1.7, error + 0.2, help * 2 + 0.3, pause * 1.6)
        case .frustrated: (pace, error, retries, help) = (pace * 0.65, min(error + 0.4, 0.9), 0.8, help * 0.7)
        case .bored:
            (pace, error, help, edits, pause) = (pace * 0.6, error + 0.12, help * 0.4, edits * 0.4, pause + 0.45)
        case .anxious: (pace, error, edits, pause) = (pace * 1.35, error + 0.1, edits * 1.5 + 1.5, pause * 1.2)
        default: break
        }
        func does(_ kind: ActivityKind, correct: Bool? = nil, attempt: Int = 1, seconds: Double? = nil) {
            moments.append(
                Moment(
                    time: Microseconds(seconds: now),
                    event: ActivityEvent(
                        kind: kind, correct: correct, attempt: attempt, seconds: seconds.map { Float($0) }),
                    state: state))
        }
        now += 1
        does(.itemShown)
        var attempt = 1
        while true {
            let began = now
            if random.uniform() < pause {
                let rest = pace * (0.4 + random.uniform())
                now += rest
                does(.idle, seconds: rest)
            }
            for _ in 0..<poisson(edits) {
                now += pace * 0.15
                does(.edit)
            }
            if random.uniform() < help {
                now += pace * 0.2
                does(random.uniform() < 0.6 ? .hint : .helpRequest)
            }
            if state == .frustrated || state == .bored, random.uniform() < 0.05 {
                now += 3
                does(.abandon)
                now += 20 + 40 * random.uniform()
                does(.resume)
                return
            }
            now += pace * exp(0.35 * random.normal()) * (attempt > 1 ? 0.6 : 1)
            let isRight = random.uniform() > error
            does(.answer, correct: isRight, attempt: attempt, seconds: max(now - began, 0.3))
            if isRight || random.uniform() > retries || attempt >= 6 { return }
            attempt += 1
        }
    }

    private mutating func poisson(_ mean: Double) -> Int {
        let limit = exp(-mean)
        var count = 0
        var product = random.uniform()
        while product > limit, count < 12 {
            count += 1
            product *= random.uniform()
        }
        return count
    }
}

extension SeededRandom {
    /// Standard normal (Box and Muller 1958).
    mutating func normal() -> Double {
        (-2 * log(max(uniform(), 1e-12))).squareRoot() * cos(2 * .pi * uniform())
    }
}
