import AffettoCore
import Glibc

/// What a modality is worth on this learner, as far as it has shown: whether what it says goes along with what all evidence
/// before let one expect. Two witnesses, each for what it hears:
///
/// - the slope of the dimensions it says on those that were foretold, each from its own lasting mean: 1 where it sees the learner,
///   0 where it speaks of something else (a Bayesian regression that begins at 1). A sense that is steadily off is not found here:
///   two that contradict each other for good look alike, and only the learner's word tells which is right;
/// - the log odds that its classes are drawn from what was foretold rather than from anywhere.
struct SenseCredit: Sendable {
    private var precision: Float
    private var moment: Float
    private var odds: Float
    /// Of each axis, what is said and what is foretold on lasting average, and of how many.
    private var means = [(said: Float, foretold: Float, count: Float)](repeating: (0, 0, 0), count: 2)
    private let settings: FusionSettings

    init(_ settings: FusionSettings) {
        self.settings = settings
        precision = 1 / (settings.slopeSd * settings.slopeSd)
        moment = precision
        odds = settings.priorOdds
    }

    /// - Parameters:
    ///   - said, foretold: from the usual point. - variance: of what is said about what was foretold.
    mutating func learn(_ axis: Int, _ said: Float, foretold: Float, variance: Float) {
        let (x, y) = (foretold - means[axis].foretold, said - means[axis].said)
        means[axis].count = min(means[axis].count + 1, settings.slopeMemory)
        means[axis].foretold += x / (means[axis].count + settings.slopePatience)
        means[axis].said += y / (means[axis].count + settings.slopePatience)
        precision += x * x / variance
        moment += x * y / variance
    }

    /// - Parameters:
    ///   - logLikelihood: NaN for what the modality cannot name; already as flat as it is worth. - foretold: probabilities.
    mutating func learn(logLikelihood: [Float], foretold: [Float]) {
        let named = logLikelihood.indices.filter { logLikelihood[$0].isFinite }
        guard named.count > 1 else { return }
        let top = named.reduce(-Float.infinity) { max($0, logLikelihood[$1]) }
        var (expected, anywhere, total): (Float, Float, Float) = (0, 0, 0)
        for i in named {
            let likelihood = exp(logLikelihood[i] - top)
            expected += foretold[i] * likelihood
            total += foretold[i]
            anywhere += likelihood / Float(named.count)
        }
        let step = log(max(expected / max(total, 1e-6), 1e-6) / max(anywhere, 1e-6))
        odds = min(max(odds + min(max(step, -2), 2), -5), 6)
    }

    /// 0…1, of the modality's weight.
    var weight: Float {
        let range = settings.slopes
        let t = min(max((moment / precision - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
        return max(t * t * (3 - 2 * t), 0.001) / (1 + exp(-odds))
    }
}
