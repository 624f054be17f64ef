import AffettoCore
import Glibc

/// Which learning state the exercise's log speaks for, followed through time: a hidden Markov model whose transitions and weights
/// one can read and argue with.
///
/// A state is left at the rate of its half-life, and goes where D'Mello and Graesser (2012) found learners to go: engagement and
/// confusion into each other, unresolved confusion into frustration, frustration and boredom into each other. What the last two
/// minutes look like against the learner's own usual ways speaks for or against each state; how often it is asked makes no
/// difference.
public struct ActivityBelief: Sendable {
    public static let states: [Emotion] = [.engaged, .confused, .frustrated, .bored, .anxious]

    /// Where a state goes when it is left: rows from, columns to, in order of `states`; each row sums to 1.
    static let next: [[Float]] = [
        [0, 0.60, 0.05, 0.25, 0.10],
        [0.60, 0, 0.30, 0.05, 0.05],
        [0.30, 0.25, 0, 0.35, 0.10],
        [0.40, 0.15, 0.40, 0, 0.05],
        [0.40, 0.30, 0.20, 0.10, 0],
    ]
    /// How often states come, where nothing is known.
    static let prior: [Float] = [0.5, 0.17, 0.11, 0.14, 0.08]
    /// Seconds after which the window says something new altogether.
    static let renewal: Float = 40

    /// In order of `states`; sums to 1.
    public private(set) var probability = ActivityBelief.prior
    private var last: Microseconds?

    public init() {}

    /// Takes in what the window looks like at `now`. A window of fewer than three events says nothing.
    public mutating func update(_ features: ActivityFeatures, at now: Microseconds) {
        let elapsed = last.map { Float(max((now - $0).seconds, 0)) } ?? Self.renewal
        last = max(last ?? now, now)
        pass(elapsed)
        guard features.count >= 3 else { return }
        let share = min(elapsed / Self.renewal, 1)
        let scores = Self.states.map { ActivityModel.score($0, features) }
        let mean = scores.reduce(0, +) / Float(scores.count)
        for i in probability.indices { probability[i] *= exp(min(max((scores[i] - mean) * share, -4), 4)) }
        normalise()
    }

    /// Lets states decay and turn into others.
    private mutating func pass(_ seconds: Float) {
        // Beyond half an hour nothing is left of it anyway.
        var left = min(seconds, 1800)
        while left > 0 {
            let step = min(left, 10)
            left -= step
            var after = probability
            for (from, state) in Self.states.enumerated() {
                let leaving = probability[from] * (1 - exp2(-step / Float(state.halfLife)))
                after[from] -= leaving
                for to in after.indices { after[to] += leaving * Self.next[from][to] }
            }
            probability = after
        }
        normalise()
    }

    private mutating func normalise() {
        // None is ever ruled out: the next minute may be its.
        for i in probability.indices { probability[i] = max(probability[i], 0.005) }
        let sum = probability.reduce(0, +)
        for i in probability.indices { probability[i] /= sum }
    }

    /// As evidence; `nil` for a window of fewer than three events.
    public func evidence(_ features: ActivityFeatures, at time: Microseconds) -> Evidence? {
        guard features.count >= 3 else { return nil }
        var likelihood = [Float](repeating: .nan, count: Emotion.count)
        var point: (valence: Float, arousal: Float, control: Float) = (0, 0, 0)
        let beyond = probability.indices.reduce(Float(0)) { $0 + probability[$1] / Self.prior[$1] }
        for (i, state) in Self.states.enumerated() {
            // What the log says beyond what is usual.
            likelihood[Int(state.rawValue)] = log(probability[i] / Self.prior[i] / beyond)
            point.valence += probability[i] * state.prototype.valence
            point.arousal += probability[i] * state.prototype.arousal
            point.control += probability[i] * state.prototype.control
        }
        return Evidence(
            modality: .activity, time: time, logLikelihood: likelihood, valence: Estimate(point.valence, sd: 0.4),
            arousal: Estimate(point.arousal, sd: 0.45), control: Estimate(point.control, sd: 0.4),
            quality: min(Float(features.count) / 8, 1))
    }
}
