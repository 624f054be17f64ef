import AffettoCore
import AffettoLearning

/// The expression recogniser: blendshapes of a face → evidence. What a face shows is not what a person feels; fusion
/// gives it little weight.
public struct FaceModel: Sendable {
    public static let task = "face"
    public static let revision = 1
    /// Labels of the head, in order: those of the FER+ votes.
    public static let labels = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
    public let classifier: AffectClassifier

    public init(pack: ModelPack) throws(AffettoError) {
        classifier = try AffectClassifier(
            pack: pack, task: Self.task, revision: Self.revision, inputs: Blendshapes.count)
    }

    /// - Parameter blendshapes: 52 values in the order of `Blendshapes.names`; NaN = not tracked.
    public func evidence(_ blendshapes: [Float], quality: Float, at time: Microseconds) -> Evidence {
        classifier.evidence(blendshapes, modality: .face, quality: quality, at: time)
    }
}

/// The face recipe: votes as soft labels.
public enum FaceTraining {
    public static func trainer(seed: UInt64) -> NetworkTrainer {
        var trainer = NetworkTrainer()
        trainer.hidden = [48]
        trainer.epochs = 25
        trainer.batch = 64
        trainer.rate = 0.003
        trainer.decay = 0.005
        trainer.dropout = 0.1
        trainer.dimensionWeight = 0.5
        trainer.seed = seed
        return trainer
    }

    /// - Parameter votes: human votes per label of `FaceModel.labels`.
    public static func example(group: String, blendshapes: [Float], votes: [Float]) -> GroupedExample {
        let sum = max(votes.reduce(0, +), 1)
        let share = votes.map { $0 / sum }
        var valence: Float = 0
        var arousal: Float = 0
        var mass: Float = 0
        for (label, p) in zip(FaceModel.labels, share) {
            guard let point = LabelTable.point(label) else { continue }
            valence += p * point.valence
            arousal += p * point.arousal
            mass += p
        }
        return GroupedExample(
            group: group,
            row: TrainingRow(
                features: blendshapes, classes: share,
                dimensions: mass > 0.5 ? [valence / mass, arousal / mass] : [.nan, .nan]),
            truth: share.indices.max { share[$0] < share[$1] } ?? 0)
    }
}
