import AffettoCore
import Glibc

/// The first activity model: a table of weights that one can read and argue with.
///
/// Log-odds of five learning states from two minutes of the interaction log. Directions follow what detectors without
/// sensors have used in tutoring systems (errors and rapid retries → frustrated; help and pauses → confused; idling and hasty wrong answers → bored;
/// changed answers and slow errors → anxious; steady success → engaged); sizes are proposals, not fitted.
public enum ActivityModel {
    static let states: [Emotion] = [.engaged, .confused, .frustrated, .bored, .anxious]

    private struct Weights {
        var bias: Float = 0
        var right: Float = 0
        var wrong: Float = 0
        var wrongStreak: Float = 0
        var hasty: Float = 0
        var slow: Float = 0
        var retries: Float = 0
        var help: Float = 0
        var edits: Float = 0
        var idle: Float = 0
        var abandoned: Float = 0

        func score(_ f: ActivityFeatures) -> Float {
            let answers = right * f.right + wrong * f.wrong + wrongStreak * f.wrongStreak + retries * f.retries
            let pace = hasty * f.hasty + slow * f.slow + idle * f.idle
            return bias + answers + pace + help * f.help + edits * f.edits + abandoned * f.abandoned
        }
    }

    private static let table: [Emotion: Weights] = [
        .engaged: Weights(
            bias: 0.6, right: 1.8, wrongStreak: -1.5, hasty: -0.8, retries: -0.5, idle: -2.5, abandoned: -2),
        .confused: Weights(
            bias: 0, right: -0.6, wrong: 0.8, hasty: -1, slow: 1.2, help: 2, edits: 0.4, abandoned: -0.5),
        .frustrated: Weights(
            bias: -0.6, right: -1.2, wrong: 1, wrongStreak: 2.2, hasty: 0.8, retries: 1.5, help: -0.3, abandoned: 1.2),
        .bored: Weights(
            bias: -0.6, right: -0.3, wrong: 0.3, wrongStreak: -0.3, hasty: 1.6, slow: -0.5, help: -1.5, edits: -1.5,
            idle: 2.8,
            abandoned: 1),
        .anxious: Weights(bias: -0.8, wrong: 0.5, wrongStreak: 0.5, hasty: -0.6, slow: 1, help: -0.2, edits: 2.4),
    ]

    /// - Returns: `nil` for fewer than three events: that says nothing.
    public static func evidence(_ features: ActivityFeatures, at time: Microseconds) -> Evidence? {
        guard features.count >= 3 else { return nil }
        let scores = states.map { table[$0]?.score(features) ?? 0 }
        let top = scores.max() ?? 0
        let sum = scores.reduce(0) { $0 + exp($1 - top) }
        var likelihood = [Float](repeating: .nan, count: Emotion.count)
        var valence: Float = 0
        var arousal: Float = 0
        var control: Float = 0
        for (state, score) in zip(states, scores) {
            let p = exp(score - top) / sum
            likelihood[Int(state.rawValue)] = log(max(p, 1e-4))
            valence += p * state.prototype.valence
            arousal += p * state.prototype.arousal
            control += p * state.prototype.control
        }
        return Evidence(
            modality: .activity, time: time, logLikelihood: likelihood, valence: Estimate(valence, sd: 0.4),
            arousal: Estimate(arousal, sd: 0.45), control: Estimate(control, sd: 0.4),
            quality: min(Float(features.count) / 8, 1))
    }
}
