import AffettoCore
import AffettoFusion
import Foundation

let origin = AffectPoint(valence: 0, arousal: 0)

func seconds(_ value: Double) -> Microseconds { Microseconds(seconds: value) }

/// The learner's own word as `SelfReport` would put it.
func report(_ emotion: Emotion?, _ valence: Float, _ arousal: Float, at time: Double) -> Evidence {
    var likelihood: [Float] = []
    if let emotion {
        likelihood = Array(repeating: log(0.1 / 13), count: Emotion.count)
        likelihood[Int(emotion.rawValue)] = log(0.9)
    }
    return Evidence(
        modality: .selfReport, time: seconds(time), logLikelihood: likelihood, valence: Estimate(valence, sd: 0.1),
        arousal: Estimate(arousal, sd: 0.1), quality: 1)
}

func says(
    _ modality: Modality, valence: Float? = nil, arousal: Float? = nil, sd: Float = 0.3, quality: Float = 1,
    at time: Double
) -> Evidence {
    Evidence(
        modality: modality, time: seconds(time), valence: valence.map { Estimate($0, sd: sd) },
        arousal: arousal.map { Estimate($0, sd: sd) }, quality: quality)
}

/// Class evidence for one emotion against some others; what is not named is absent.
func names(_ emotion: Emotion, among others: [Emotion], by nats: Float = 3, _ modality: Modality, at time: Double)
    -> Evidence
{
    var likelihood = [Float](repeating: .nan, count: Emotion.count)
    for other in others { likelihood[Int(other.rawValue)] = -nats }
    likelihood[Int(emotion.rawValue)] = 0
    return Evidence(modality: modality, time: seconds(time), logLikelihood: likelihood, quality: 1)
}

/// A normal number by Box and Muller.
func normal(_ random: inout SeededRandom) -> Double {
    (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())
}

extension AffectState {
    func probability(_ emotion: Emotion) -> Float { probability[Int(emotion.rawValue)] }

    /// What must hold of any state.
    var isSound: Bool {
        let estimates = [valence, arousal, control]
        return abs(probability.reduce(0, +) - 1) < 1e-4 && probability.allSatisfy { (0...1).contains($0) }
            && estimates.allSatisfy { abs($0.mean) <= 1 && $0.sd > 0 && $0.sd <= 0.51 }
            && evidence.allSatisfy { (0...1).contains($0) } && (0...1).contains(confidence)
            && (evidence.allSatisfy { $0 == 0 } || abs(evidence.reduce(0, +) - 1) < 1e-4)
            && (emotion == nil) == (abstain != .none)
    }
}
