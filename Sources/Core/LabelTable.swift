/// The one table from corpora's native labels to Affetto's emotions and to valence–arousal.
///
/// A label without an entry (contempt, trust, curiosity …) is left out, never squeezed into a neighbour.
public enum LabelTable {
    /// Native labels in lower case → Affetto's emotion.
    public static let emotion: [String: Emotion] = [
        // Acted speech (emodb, ravdess, nemo) and face votes (FER+)
        "neutral": .neutral, "calm": .calm, "happiness": .happy, "happy": .happy, "joy": .happy,
        "sadness": .sad, "sad": .sad, "anger": .angry, "angry": .angry, "fear": .anxious, "fearful": .anxious,
        "disgust": .disgusted, "boredom": .bored, "surprise": .surprised, "surprised": .surprised,
        // GoEmotions
        "admiration": .happy, "amusement": .happy, "annoyance": .frustrated, "confusion": .confused,
        "curiosity": .engaged, "disappointment": .sad, "excitement": .excited, "gratitude": .happy, "grief": .sad,
        "love": .happy, "nervousness": .anxious, "optimism": .happy, "pride": .happy, "relief": .calm,
        "remorse": .sad, "embarrassment": .anxious,
        // CPED
        "grateful": .happy, "relaxed": .calm, "depress": .sad, "astonished": .surprised, "worried": .anxious,
    ]

    public static func emotion(_ label: String) -> Emotion? { emotion[label.lowercased()] }

    /// Where the label lies in valence and arousal; `nil` where it has no emotion of ours.
    public static func point(_ label: String) -> AffectPoint? { emotion(label)?.point }

    /// Folds probabilities over native labels into log-likelihoods over Affetto's emotions; `.nan` = cannot be named.
    ///
    /// Several native labels of one emotion are summed. `prior` divides out how often the training data held each label.
    public static func logLikelihood(
        labels: [String], probability: [Float], prior: [Float]? = nil, log: (Float) -> Float
    ) -> [Float] {
        var sum = [Float](repeating: 0, count: Emotion.count)
        var named = [Bool](repeating: false, count: Emotion.count)
        for (i, label) in labels.enumerated() where i < probability.count {
            guard let emotion = emotion(label) else { continue }
            let index = Int(emotion.rawValue)
            named[index] = true
            sum[index] += probability[i] / max(prior?[i] ?? 1, 1e-4)
        }
        return zip(sum, named).map { $1 ? log(max($0, 1e-6)) : .nan }
    }
}
