import AffettoCore
import AffettoLearning
import Glibc

/// The text recogniser: the sum of a message's feature embeddings by the root of their number → 28 emotions
/// (GoEmotions) and valence, arousal and control (EmoBank's dominance), after Joulin et al. 2017 ("fastText").
public struct TextModel: @unchecked Sendable {  // the buffers belong to `pack`, which is immutable
    public static let task = "text"
    public static let dimensions = 3
    public let labels: [String]
    public let width: Int
    /// Standard deviation of the error of valence, arousal and control on texts left out.
    public let residual: (valence: Float, arousal: Float, control: Float)
    /// Per label the probability from which it counts as said, for multi-label figures.
    public let threshold: [Float]
    private let pack: ModelPack
    private let table: UnsafeBufferPointer<Int8>
    private let rowScale: UnsafeBufferPointer<Float>
    private let head: UnsafeBufferPointer<Float>
    private let bias: UnsafeBufferPointer<Float>

    public init(pack: ModelPack) throws(AffettoError) {
        try pack.require(task: Self.task, revision: TextFeatures.revision)
        self.pack = pack
        labels = pack.header.labels
        let shape = try pack.shape(of: "embedding")
        guard shape.count == 2, shape[0] == TextFeatures.buckets, (1...512).contains(shape[1]) else {
            throw AffettoError(.model, "the text pack's embedding has the shape \(shape)")
        }
        width = shape[1]
        let outputs = labels.count + Self.dimensions
        table = try pack.bytes("embedding", shape: shape)
        rowScale = try pack.floats("embedding.scale", shape: [shape[0]])
        head = try pack.floats("head.weight", shape: [outputs, width])
        bias = try pack.floats("head.bias", shape: [outputs])
        threshold = Array(try pack.floats("threshold", shape: [labels.count]))
        residual = (
            Float(try pack.setting("residual.valence")), Float(try pack.setting("residual.arousal")),
            Float(try pack.setting("residual.control"))
        )
        guard residual.valence > 0, residual.arousal > 0, residual.control > 0, head.allSatisfy(\.isFinite),
            bias.allSatisfy(\.isFinite), rowScale.allSatisfy(\.isFinite)
        else { throw AffettoError(.model, "the text pack holds numbers that cannot be used") }
    }

    public struct Prediction: Sendable {
        /// Independent probabilities over `labels`.
        public var probability: [Float]
        public var valence: Float
        public var arousal: Float
        public var control: Float
        /// Share of the message's features that have a trained bucket, times their number (20 or more = 1): 0…1.
        public var quality: Float
    }

    public func predict(_ text: String) -> Prediction { predict(features: TextFeatures.extract(text)) }

    public func predict(features: [UInt32]) -> Prediction {
        var mean = [Float](repeating: 0, count: width)
        var known = 0
        for bucket in features {
            let scale = rowScale[Int(bucket)]
            guard scale > 0 else { continue }
            known += 1
            let row = Int(bucket) * width
            for i in 0..<width { mean[i] += Float(table[row + i]) * scale }
        }
        let norm = 1 / Float(max(known, 1)).squareRoot()
        for i in 0..<width { mean[i] *= norm }
        let outputs = (0..<(labels.count + Self.dimensions)).map { row in
            var sum = bias[row]
            for i in 0..<width { sum += head[row * width + i] * mean[i] }
            return sum
        }
        func clamp(_ x: Float) -> Float { min(max(x, -1), 1) }
        let n = labels.count
        let covered = features.isEmpty ? 0 : Float(known) / Float(features.count)
        return Prediction(
            probability: outputs.prefix(n).map { 1 / (1 + exp(-$0)) }, valence: clamp(outputs[n]),
            arousal: clamp(outputs[n + 1]), control: clamp(outputs[n + 2]),
            quality: covered * min(Float(known) / 20, 1))
    }

    /// - Returns: `nil` for a message that the model knows nothing of: without a word in Latin letters, an emoji or a
    ///   mark. A word in another language still falls into some bucket; hosts push the language the pack was trained on.
    public func evidence(_ text: String, at time: Microseconds) -> Evidence? {
        let prediction = predict(text)
        guard prediction.quality > 0 else { return nil }
        let likelihood = LabelTable.logLikelihood(labels: labels, probability: prediction.probability, log: log)
        // Two views of valence and arousal, the dimensions' own and that of the emotions named, count alike.
        var point = AffectPoint(valence: 0, arousal: 0)
        var mass: Float = 0
        for emotion in Emotion.allCases {
            let l = likelihood[Int(emotion.rawValue)]
            guard !l.isNaN else { continue }
            let p = exp(l)
            point.valence += p * emotion.point.valence
            point.arousal += p * emotion.point.arousal
            mass += p
        }
        let valence = (prediction.valence + point.valence / max(mass, 1e-6)) / 2
        let arousal = (prediction.arousal + point.arousal / max(mass, 1e-6)) / 2
        return Evidence(
            modality: .text, time: time, logLikelihood: likelihood, valence: Estimate(valence, sd: residual.valence),
            arousal: Estimate(arousal, sd: residual.arousal),
            control: Estimate(prediction.control, sd: residual.control),
            quality: prediction.quality)
    }
}
