import AffettoCore

/// What speaks for which state: a table of weights.
///
/// Directions follow what detectors without sensors have used in tutoring systems (errors and rapid retries → frustrated; help and
/// pauses → confused; idling and hasty wrong answers → bored; changed answers and slow errors → anxious; steady success →
/// engaged); sizes are proposals, not fitted.
enum ActivityModel {
    struct Weights {
        var bias: Float = 0
        var right: Float = 0
        var wrong: Float = 0
        var wrongStreak: Float = 0
        var hasty: Float = 0
        var pace: Float = 0
        var slow: Float = 0
        var retries: Float = 0
        var help: Float = 0
        var edits: Float = 0
        var idle: Float = 0
        var abandoned: Float = 0
    }

    static let table: [Emotion: Weights] = [
        .engaged: Weights(
            bias: 0.6, right: 1.8, wrongStreak: -1.5, hasty: -0.8, retries: -0.5, idle: -2.5, abandoned: -2),
        .confused: Weights(
            right: -0.6, wrong: 0.8, hasty: -1, pace: 1.5, slow: 1.2, help: 2, edits: -0.4, abandoned: -0.5),
        .frustrated: Weights(
            bias: -0.6, right: -1.2, wrong: 1, wrongStreak: 2.2, hasty: 0.8, pace: -0.8, retries: 1.5, help: -0.3,
            abandoned: 1.2),
        .bored: Weights(
            bias: -0.6, right: -0.3, wrong: 0.3, wrongStreak: -0.3, hasty: 1.6, pace: -1, slow: -0.5, help: -1.5,
            edits: -1.5, idle: 2.8, abandoned: 1),
        .anxious: Weights(
            bias: -0.8, wrong: 0.5, wrongStreak: 0.5, hasty: -0.6, pace: 0.8, slow: 1, help: -0.2, edits: 4.5),
    ]

    /// Log odds of a state, but for a constant that all share. Errors, help, changed answers and pauses count as far as they are
    /// more than this learner's own usual.
    static func score(_ state: Emotion, _ f: ActivityFeatures) -> Float {
        guard let w = table[state] else { return 0 }
        let wrong = f.wrong - f.usual.wrong
        let right = f.right + f.usual.wrong
        let answers = w.right * right + w.wrong * wrong + w.wrongStreak * f.wrongStreak + w.retries * f.retries
        let pace = w.hasty * f.hasty + w.pace * f.pace + w.slow * f.slow + w.idle * max(f.idle - f.usual.idle, 0)
        let help = w.help * max(f.help - f.usual.help, 0)
        return w.bias + answers + pace + help + w.edits * max(f.edits - f.usual.edits, 0) + w.abandoned * f.abandoned
    }
}
