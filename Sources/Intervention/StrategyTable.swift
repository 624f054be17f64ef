import AffettoCore
import Glibc

/// Prior chances of the strategies, by emotion: the rule table that the policy starts from.
///
/// Sad: begin where the learner is. Anxious: either guided order. Angry: down, never matched. Bored: up. Silence is
/// always a choice. Proposals by evidence, moved by each learner's own outcomes.
enum StrategyTable {
    private struct Row {
        var iso: Double
        var compensatory: Double
        var steady: Double
        var silence: Double
        var selfChoice: Double
        var values: [Double] { [iso, compensatory, steady, silence, selfChoice] }
    }

    private static func row(_ emotion: Emotion?) -> Row {
        switch emotion {
        case .sad: Row(iso: 0.55, compensatory: 0.1, steady: 0.1, silence: 0.1, selfChoice: 0.15)
        case .anxious: Row(iso: 0.38, compensatory: 0.38, steady: 0.1, silence: 0.08, selfChoice: 0.06)
        case .angry, .disgusted: Row(iso: 0, compensatory: 0.7, steady: 0.12, silence: 0.12, selfChoice: 0.06)
        case .frustrated: Row(iso: 0.15, compensatory: 0.5, steady: 0.15, silence: 0.1, selfChoice: 0.1)
        case .bored, .tired: Row(iso: 0.15, compensatory: 0.5, steady: 0.05, silence: 0.1, selfChoice: 0.2)
        case .excited, .surprised: Row(iso: 0.5, compensatory: 0.2, steady: 0.12, silence: 0.12, selfChoice: 0.06)
        default: Row(iso: 0.1, compensatory: 0.1, steady: 0.3, silence: 0.4, selfChoice: 0.1)
        }
    }

    /// Chances in order of `Strategy`; they sum to 1, and every strategy that is allowed has at least `floor`.
    static func chances(
        emotion: Emotion?, valence: Float, task: TaskKind, model: LearnerModel, sadMusicHarms: Bool, floor: Double
    ) -> [Double] {
        var scores = row(emotion).values
        if task == .verbal { scores[Int(Strategy.silence.rawValue)] *= 1.5 }
        for strategy in Strategy.allCases {
            scores[Int(strategy.rawValue)] *= exp(2 * Double(model.strategyBenefit(emotion, strategy)))
        }
        // Whom sad music makes feel worse is never matched in a low mood.
        if sadMusicHarms, valence < 0 { scores[Int(Strategy.iso.rawValue)] = 0 }
        return floored(scores, floor: floor)
    }

    /// Normalises finite non-negative scores so that every positive one gets at least `floor`; none positive: unchanged.
    static func floored(_ scores: [Double], floor: Double) -> [Double] {
        let allowed = scores.filter { $0 > 0 }.count
        let sum = scores.reduce(0, +)
        guard allowed > 0, sum > 0 else { return scores }
        let least = min(floor, 0.5 / Double(allowed))
        let rest = 1 - least * Double(allowed)
        return scores.map { $0 > 0 ? least + rest * $0 / sum : 0 }
    }
}
