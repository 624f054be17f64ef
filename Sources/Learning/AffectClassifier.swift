import AffettoCore
import Glibc

/// A small network with one softmax head over a corpus's own labels and two dimensions, valence and arousal.
public struct AffectClassifier: Sendable {
    public let labels: [String]
    public let temperature: Float
    /// Standard deviation of the error of valence and arousal on groups left out.
    public let residual: AffectPoint
    public let network: Network

    public init(network: Network, labels: [String], temperature: Float, residual: AffectPoint) {
        self.network = network
        self.labels = labels
        self.temperature = temperature
        self.residual = residual
    }

    /// - Throws: `.model` where the pack is for another task or its layers do not fit, `.modelVersion` where it was
    ///   trained on other features.
    public init(pack: ModelPack, task: String, revision: Int, inputs: Int) throws(AffettoError) {
        try pack.require(task: task, revision: revision)
        network = try Network(pack: pack, prefix: "net")
        labels = pack.header.labels
        temperature = Float(try pack.setting("temperature"))
        residual = AffectPoint(
            valence: Float(try pack.setting("residual.valence")), arousal: Float(try pack.setting("residual.arousal")))
        guard network.inputs == inputs, network.outputs == labels.count + 2, temperature > 0, residual.valence > 0,
            residual.arousal > 0
        else { throw AffettoError(.model, "the \(task) pack's layers do not fit its labels") }
    }

    public func pack(task: String, revision: Int, corpora: [String]) throws(AffettoError) -> [UInt8] {
        var writer = ModelPackWriter(
            task: task, revision: revision, labels: labels, corpora: corpora,
            settings: [
                "temperature": Double(temperature), "residual.valence": Double(residual.valence),
                "residual.arousal": Double(residual.arousal), "net.layers": Double(network.layerCount),
            ])
        network.write(to: &writer, prefix: "net")
        return try writer.bytes()
    }

    /// Calibrated probabilities over `labels`, and valence and arousal in −1…1.
    public func predict(_ features: [Float]) -> (probability: [Float], point: AffectPoint) {
        let out = network.run(features)
        func clamp(_ x: Float) -> Float { min(max(x, -1), 1) }
        return (
            softmax(out.prefix(labels.count), temperature: temperature),
            AffectPoint(valence: clamp(out[labels.count]), arousal: clamp(out[labels.count + 1]))
        )
    }

    public func evidence(
        _ features: [Float], modality: Modality, quality: Float, at time: Microseconds
    ) -> Evidence {
        let (probability, point) = predict(features)
        return Evidence(
            modality: modality, time: time,
            logLikelihood: LabelTable.logLikelihood(labels: labels, probability: probability, log: log),
            valence: Estimate(point.valence, sd: residual.valence),
            arousal: Estimate(point.arousal, sd: residual.arousal),
            quality: quality)
    }
}

/// One labelled example of a group (speaker, person, dialogue) that must never straddle a split.
public struct GroupedExample: Sendable {
    public var group: String
    public var row: TrainingRow
    public var truth: Int

    public init(group: String, row: TrainingRow, truth: Int) {
        self.group = group
        self.row = row
        self.truth = truth
    }
}

/// Predictions for rows whose group the predicting model never saw.
public struct HeldOutPredictions: Sendable {
    public var groups: [String] = []
    public var truth: [Int] = []
    public var logits: [[Float]] = []
    public var points: [AffectPoint] = []
    public var truePoints: [AffectPoint] = []

    public init() {}

    /// Leaves out one fold of groups at a time. - Parameter fold: names the fold of a group.
    public init(
        _ examples: [GroupedExample], trainer: NetworkTrainer, fold: (String) -> Int, progress: (Int, Int) -> Void
    ) {
        let folds = Set(examples.map { fold($0.group) }).sorted()
        for (n, held) in folds.enumerated() {
            let network = trainer.train(examples.filter { fold($0.group) != held }.map(\.row))
            for example in examples where fold(example.group) == held { add(example, network) }
            progress(n + 1, folds.count)
        }
    }

    public mutating func append(_ other: HeldOutPredictions) {
        groups += other.groups
        truth += other.truth
        logits += other.logits
        points += other.points
        truePoints += other.truePoints
    }

    /// Predicts `example` with a network that has not seen its group.
    public mutating func add(_ example: GroupedExample, _ network: Network) {
        let out = network.run(example.row.features)
        let classes = example.row.classes.count
        guard out.count >= classes + 2, example.row.dimensions.count >= 2 else { return }
        groups.append(example.group)
        truth.append(example.truth)
        logits.append(Array(out.prefix(classes)))
        points.append(AffectPoint(valence: out[classes], arousal: out[classes + 1]))
        truePoints.append(AffectPoint(valence: example.row.dimensions[0], arousal: example.row.dimensions[1]))
    }

    public var guess: [Int] {
        logits.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    }

    /// Fitted anew on each call.
    public func fittedTemperature() -> Float { Calibration.temperature(logits: logits, truth: truth) }

    /// Root mean square error of valence and arousal.
    public var residual: AffectPoint {
        func rms(_ axis: (AffectPoint) -> Float) -> Float {
            let errors = zip(points, truePoints).map { axis($0) - axis($1) }.filter(\.isFinite)
            return (errors.reduce(0) { $0 + $1 * $1 } / Float(max(errors.count, 1))).squareRoot()
        }
        return AffectPoint(valence: max(rms(\.valence), 0.05), arousal: max(rms(\.arousal), 0.05))
    }
}
