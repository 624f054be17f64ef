import AffettoCore
import AffettoLearning
import Glibc

/// One labelled text: which labels hold (empty = not annotated), and valence, arousal, control (NaN = not annotated).
public struct TextSample: Sendable {
    public let features: [UInt32]
    public let labels: [Int]
    /// Three numbers.
    public let dimensions: [Float]

    /// - Parameter dimensions: valence, arousal, control; what is missing at the end counts as not annotated.
    public init(text: String, labels: [Int], dimensions: [Float]) {
        features = TextFeatures.extract(text)
        self.labels = labels
        self.dimensions = (0..<TextModel.dimensions).map { $0 < dimensions.count ? dimensions[$0] : .nan }
    }
}

/// The text recipe: embedding bag with sigmoid heads, row-wise Adagrad (Duchi et al. 2011), features dropped at random.
public struct TextTraining: Sendable {
    /// Numbers per embedding.
    public static let width = 32
    public var epochs = 12
    public var rate: Float = 0.1
    public var featureDropout = 0.5
    public var dimensionWeight: Float = 1
    private let seed: UInt64
    private let labelCount: Int
    private let width = TextTraining.width
    private var table: [Float]
    private var head: [Float]
    private var bias: [Float]
    private var seen: [Bool]

    public init(labels: Int, seed: UInt64 = 1) {
        labelCount = labels
        self.seed = seed
        var random = SeededRandom(seed: seed, stream: 0x7465_7874)
        table = (0..<(TextFeatures.buckets * width)).map { _ in Float(random.uniform() - 0.5) * 0.1 }
        head = [Float](repeating: 0, count: (labels + TextModel.dimensions) * width)
        bias = [Float](repeating: -3, count: labels) + [0, 0, 0]
        seen = [Bool](repeating: false, count: TextFeatures.buckets)
    }

    private var outputs: Int { labelCount + TextModel.dimensions }

    /// The same samples, settings and seed give the same model.
    /// - Parameter progress: called after each epoch with its number and mean loss.
    public mutating func train(_ samples: [TextSample], progress: (Int, Float) -> Void) {
        guard !samples.isEmpty else { return }
        var random = SeededRandom(seed: seed, stream: 0x6472_6F70)
        var rowSquares = [Float](repeating: 1e-6, count: TextFeatures.buckets)
        var headSquares = [Float](repeating: 1e-6, count: outputs)
        var order = Array(samples.indices)
        var mean = [Float](repeating: 0, count: width)
        var back = mean
        for sample in samples { for bucket in sample.features { seen[Int(bucket)] = true } }
        for epoch in 0..<epochs {
            order.shuffle(using: &random)
            let step = rate * (1 - Float(epoch) / Float(epochs))
            var loss: Float = 0
            for index in order {
                let sample = samples[index]
                let features = sample.features.filter { _ in random.uniform() >= featureDropout }
                guard !features.isEmpty else { continue }
                average(features, into: &mean)
                for i in 0..<width { back[i] = 0 }
                for row in 0..<outputs {
                    guard let delta = error(row, mean, sample, &loss) else { continue }
                    headSquares[row] += delta * delta
                    let size = step * 0.5 / headSquares[row].squareRoot()
                    for i in 0..<width {
                        back[i] += delta * head[row * width + i]
                        head[row * width + i] -= size * delta * mean[i]
                    }
                    bias[row] -= size * 0.1 * delta
                }
                update(features, back, &rowSquares, step)
            }
            progress(epoch + 1, loss / Float(samples.count))
        }
    }

    private func average(_ features: [UInt32], into mean: inout [Float]) {
        for i in 0..<width { mean[i] = 0 }
        table.withUnsafeBufferPointer { table in
            for bucket in features {
                let row = Int(bucket) * width
                for i in 0..<width { mean[i] += table[row + i] }
            }
        }
        // By the root of the count: long messages say more than short ones, but not in proportion.
        let norm = 1 / Float(features.count).squareRoot()
        for i in 0..<width { mean[i] *= norm }
    }

    /// Gradient of output `row`'s loss, or `nil` where the sample says nothing about it.
    private func error(_ row: Int, _ mean: [Float], _ sample: TextSample, _ loss: inout Float) -> Float? {
        var z = bias[row]
        for i in 0..<width { z += head[row * width + i] * mean[i] }
        if row < labelCount {
            guard !sample.labels.isEmpty else { return nil }
            let target: Float = sample.labels.contains(row) ? 1 : 0
            let p = 1 / (1 + exp(-z))
            loss -= target > 0 ? log(max(p, 1e-7)) : log(max(1 - p, 1e-7))
            return p - target
        }
        let target = sample.dimensions[row - labelCount]
        guard target.isFinite else { return nil }
        loss += dimensionWeight * (z - target) * (z - target)
        return dimensionWeight * 2 * (z - target)
    }

    private mutating func update(_ features: [UInt32], _ back: [Float], _ squares: inout [Float], _ step: Float) {
        var norm: Float = 0
        for value in back { norm += value * value }
        norm /= Float(width)
        let share = 1 / Float(features.count).squareRoot()
        table.withUnsafeMutableBufferPointer { table in
            for bucket in features {
                squares[Int(bucket)] += norm * share * share
                let size = step * share / squares[Int(bucket)].squareRoot()
                let row = Int(bucket) * width
                for i in 0..<width { table[row + i] -= size * back[i] }
            }
        }
    }

    /// The trained model as a pack: embeddings in 8 bits with one scale a row.
    /// - Parameters:
    ///   - labels: names of the labels, as many as the training has; thresholds: one for each.
    ///   - residual: standard deviations of the error of valence, arousal and control.
    /// - Throws: `.argument` where the counts do not fit, `.internal` where training ran off to infinity.
    public func pack(
        labels: [String], corpora: [String], thresholds: [Float], residual: [Float]
    ) throws(AffettoError) -> [UInt8] {
        guard labels.count == labelCount, thresholds.count == labelCount, residual.count == TextModel.dimensions else {
            throw AffettoError(
                .argument,
                "the text pack needs \(labelCount) labels and thresholds, and \(TextModel.dimensions) residuals")
        }
        guard (table + head + bias).allSatisfy(\.isFinite) else {
            throw AffettoError(.internal, "the training of the text model ran off to infinity: lower the rate")
        }
        var quantised = [Int8](repeating: 0, count: table.count)
        var scales = [Float](repeating: 0, count: TextFeatures.buckets)
        for bucket in 0..<TextFeatures.buckets where seen[bucket] {
            let row = table[(bucket * width)..<((bucket + 1) * width)]
            let top = row.reduce(0) { max($0, abs($1)) }
            guard top > 0 else { continue }
            scales[bucket] = top / 127
            for (i, value) in row.enumerated() { quantised[bucket * width + i] = Int8((value / top * 127).rounded()) }
        }
        var writer = ModelPackWriter(
            task: TextModel.task, revision: TextFeatures.revision, labels: labels, corpora: corpora,
            settings: [
                "residual.valence": Double(residual[0]), "residual.arousal": Double(residual[1]),
                "residual.control": Double(residual[2]),
            ])
        writer.add("embedding", quantised, shape: [TextFeatures.buckets, width])
        writer.add("embedding.scale", scales, shape: [TextFeatures.buckets])
        writer.add("head.weight", head, shape: [outputs, width])
        writer.add("head.bias", bias, shape: [outputs])
        writer.add("threshold", thresholds, shape: [labels.count])
        return try writer.bytes()
    }
}
