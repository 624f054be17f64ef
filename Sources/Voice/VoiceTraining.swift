import AffettoCore
import AffettoLearning

/// The voice recipe: class-balanced, one hidden layer, heavily regularised because speakers are few.
public enum VoiceTraining {
    public static func trainer(seed: UInt64) -> NetworkTrainer {
        var trainer = NetworkTrainer()
        trainer.hidden = [32]
        trainer.epochs = 50
        trainer.batch = 16
        trainer.rate = 0.004
        trainer.decay = 0.1
        trainer.dropout = 0.3
        trainer.inputNoise = 0.3
        trainer.dimensionWeight = 1.5
        trainer.seed = seed
        return trainer
    }

    /// - Parameter samples: speaker, native label and functionals of each recording.
    public static func examples(
        _ samples: [(speaker: String, label: String, functionals: [Float])], labels: [String]
    ) -> [GroupedExample] {
        let counts = Dictionary(samples.map { ($0.label, 1) }, uniquingKeysWith: +)
        return samples.map { sample in
            let point = LabelTable.point(sample.label)
            return GroupedExample(
                group: sample.speaker,
                row: TrainingRow(
                    features: sample.functionals, classes: labels.map { $0 == sample.label ? 1 : 0 },
                    dimensions: [point?.valence ?? .nan, point?.arousal ?? .nan],
                    weight: Float(samples.count) / Float(labels.count * (counts[sample.label] ?? 1))),
                truth: labels.firstIndex(of: sample.label) ?? 0)
        }
    }
}
