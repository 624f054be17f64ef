import AffettoCore
import Glibc

/// What one modality said during a turn, as the numbers that conversation models read.
public struct TurnEvidence: Sendable {
    /// Log-likelihoods of the 14 emotions, valence, arousal, control, quality.
    public static let count = Emotion.count + 4
    /// The modalities of turns that a session tells of, in this order.
    public static let modalities: [Modality] = [.voice, .face, .text]

    private var sums = [Float](repeating: 0, count: TurnEvidence.count - 1)
    private var weights = [Float](repeating: 0, count: TurnEvidence.count - 1)
    private var quality: Float = 0

    public init() {}

    public mutating func add(_ evidence: Evidence) {
        guard evidence.quality.isFinite, evidence.quality > 0 else { return }
        let classes = evidence.logLikelihood.count == Emotion.count ? evidence.logLikelihood : []
        let dimensions = [evidence.valence, evidence.arousal, evidence.control].map { $0?.mean ?? .nan }
        let numbers = (classes.isEmpty ? Array(repeating: .nan, count: Emotion.count) : classes) + dimensions
        for (i, number) in numbers.enumerated() where number.isFinite {
            sums[i] += evidence.quality * number
            weights[i] += evidence.quality
        }
        quality = max(quality, evidence.quality)
    }

    /// Means weighted by quality, and the best quality; NaN = not spoken about. `nil` where nothing was said.
    public var numbers: [Float]? {
        guard quality > 0 else { return nil }
        return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan } + [quality]
    }

    /// Best quality of what was added; 0 = nothing.
    public var bestQuality: Float { quality }
}

extension ConversationModel {
    /// - Throws: `.model` where the model cannot follow a session: it must look back only, read of voice, face and text the numbers
    ///   of `TurnEvidence`, and name emotions of ours.
    public func requireLive() throws(AffettoError) {
        guard isCausal else {
            throw AffettoError(
                .model, "the model reads whole recordings; train it with is_causal = 1 to follow a session")
        }
        let known = TurnEvidence.modalities.map(\.name)
        for sense in shape.senses where !known.contains(sense.name) || sense.width != TurnEvidence.count {
            throw AffettoError(
                .model,
                "a session gives voice, face and text with \(TurnEvidence.count) numbers each, not '\(sense.name)' with \(sense.width)"
            )
        }
        for label in shape.labels where Emotion(name: label) == nil {
            throw AffettoError(.model, "'\(label)' is none of the emotions that a session can name")
        }
        guard !shape.labels.isEmpty else { throw AffettoError(.model, "the model names no emotions") }
    }

    /// What the latest of these turns says of how its speaker feels: class evidence over the labels.
    public func evidence(
        _ turns: [ConversationTurn], modality: Modality, quality: Float, at time: Microseconds
    ) throws(AffettoError) -> Evidence? {
        guard let said = try predict([Conversation(group: "", turns: turns)]).last else { return nil }
        var classes = [Float](repeating: .nan, count: Emotion.count)
        for (label, chance) in zip(shape.labels, said) {
            if let emotion = Emotion(name: label) { classes[Int(emotion.rawValue)] = log(max(chance, 1e-6)) }
        }
        return Evidence(modality: modality, time: time, logLikelihood: classes, quality: quality)
    }
}
