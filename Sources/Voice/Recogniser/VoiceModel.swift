import AffettoCore
import AffettoLearning
import Glibc

/// The voice recogniser: features of a stretch of speech, relative to the speaker's baseline → evidence.
///
/// Features are standardised by the training speakers, then by the speaker's own baseline, and mapped to class scores by
/// one linear layer. Valence and arousal are those of the classes, weighted by their probabilities.
public struct VoiceModel: Sendable {
    public static let task = "voice"
    /// Factor of the temperature for unfamiliar voices. A choice: nothing that may train this model tells it.
    static let strangeness: Float = 2

    /// A corpus's own words for its classes.
    public let labels: [String]
    /// Divides the scores, so that probabilities mean what they say.
    public let temperature: Float
    /// Standard deviation of the error of valence and arousal on speakers left out.
    public let residual: AffectPoint
    /// A most likely class below this probability is not named: see `evidence`.
    public let leastConfidence: Float
    /// How far a baseline may be from the training speakers' (`SpeakerBaseline.distance`): as far as the nearer half of them
    /// are from the rest.
    public let familiarDistance: Float
    /// What stands in for a feature that had nothing to measure, and the training speakers' standardisation.
    let fill: [Float]
    let mean: [Float]
    let scale: [Float]
    let layer: Network

    init(
        labels: [String], temperature: Float, residual: AffectPoint, leastConfidence: Float, familiarDistance: Float,
        fill: [Float], mean: [Float], scale: [Float], layer: Network
    ) {
        self.labels = labels
        self.temperature = temperature
        self.residual = residual
        self.leastConfidence = leastConfidence
        self.familiarDistance = familiarDistance
        self.fill = fill
        self.mean = mean
        self.scale = scale
        self.layer = layer
    }

    /// - Throws: `.model` where the pack is for another task or does not fit, `.modelVersion` where it was trained on other
    ///   features.
    public init(pack: ModelPack) throws(AffettoError) {
        try pack.require(task: Self.task, revision: SpeechFeatures.revision)
        let inputs = SpeechFeatures.names.count
        layer = try Network(pack: pack, prefix: "net")
        labels = pack.header.labels
        temperature = Float(try pack.setting("temperature"))
        leastConfidence = Float(try pack.setting("least.confidence"))
        familiarDistance = Float(try pack.setting("familiar.distance"))
        residual = AffectPoint(
            valence: Float(try pack.setting("residual.valence")), arousal: Float(try pack.setting("residual.arousal")))
        fill = Array(try pack.floats("input.fill", shape: [inputs]))
        mean = Array(try pack.floats("input.mean", shape: [inputs]))
        scale = Array(try pack.floats("input.scale", shape: [inputs]))
        guard layer.inputs == inputs, layer.outputs == labels.count, temperature > 0, residual.valence > 0,
            residual.arousal > 0, (fill + mean + scale).allSatisfy(\.isFinite)
        else { throw AffettoError(.model, "the voice pack's layers do not fit its labels") }
    }

    /// - Parameter isForResearch: it was trained on data that may not be used commercially.
    public func pack(corpora: [String], isForResearch: Bool) throws(AffettoError) -> [UInt8] {
        var writer = ModelPackWriter(
            task: Self.task, revision: SpeechFeatures.revision, labels: labels, corpora: corpora,
            settings: [
                "temperature": Double(temperature), "residual.valence": Double(residual.valence),
                "residual.arousal": Double(residual.arousal), "least.confidence": Double(leastConfidence),
                "familiar.distance": Double(familiarDistance),
                "net.layers": 1, "research.only": isForResearch ? 1 : 0,
            ])
        writer.add("input.fill", fill, shape: [fill.count])
        writer.add("input.mean", mean, shape: [mean.count])
        writer.add("input.scale", scale, shape: [scale.count])
        layer.write(to: &writer, prefix: "net")
        return try writer.bytes()
    }

    /// A baseline that knows nothing yet.
    public var baseline: SpeakerBaseline { SpeakerBaseline(features: mean.count) }

    /// Features in standard deviations of the training speakers': what baselines are made of.
    public func standardise(_ features: [Float]) -> [Float] {
        features.indices.map { i in
            let x = features[i].isFinite ? features[i] : fill[i]
            return (x - mean[i]) * scale[i]
        }
    }

    /// Whether the model has met voices and microphones like these.
    public func isFamiliar(_ baseline: SpeakerBaseline) -> Bool {
        baseline.distance.map { $0 <= familiarDistance } ?? false
    }

    /// Class scores → probabilities over `labels`; flatter where the voice is unlike all that it learned from.
    public func probabilities(scores: [Float], isFamiliar: Bool) -> [Float] {
        softmax(scores, temperature: isFamiliar ? temperature : Self.strangeness * temperature)
    }

    /// The valence and arousal that probabilities mean.
    public func point(_ probability: [Float]) -> AffectPoint { Self.point(labels, probability) }

    static func point(_ labels: [String], _ probability: [Float]) -> AffectPoint {
        var out = AffectPoint(valence: 0, arousal: 0)
        for (label, p) in zip(labels, probability) {
            guard let place = LabelTable.point(label) else { continue }
            out.valence += p * place.valence
            out.arousal += p * place.arousal
        }
        return out
    }

    /// What the speech says about valence and arousal; and about classes, where the voice is familiar and one class likely
    /// enough to be named.
    ///
    /// - Parameters:
    ///   - z: standardised features.
    ///   - quality: see `SpeechQuality`; counts for less while the speaker is not known.
    public func evidence(
        _ z: [Float], _ baseline: SpeakerBaseline, quality: Float, at time: Microseconds
    ) -> Evidence {
        let isFamiliar = isFamiliar(baseline)
        let probability = probabilities(scores: layer.run(baseline.relative(z)), isFamiliar: isFamiliar)
        let point = point(probability)
        let isSure = isFamiliar && (probability.max() ?? 0) >= leastConfidence
        let acquaintance = 0.5 + 0.5 * min(baseline.count / SpeakerBaseline.prior, 1)
        return Evidence(
            modality: .voice, time: time,
            logLikelihood: isSure ? LabelTable.logLikelihood(labels: labels, probability: probability, log: log) : [],
            valence: Estimate(point.valence, sd: residual.valence),
            arousal: Estimate(point.arousal, sd: residual.arousal),
            quality: quality * acquaintance)
    }
}

/// How far a stretch of speech can be trusted: 0 (not at all) … 1 (as clean as the training data).
public enum SpeechQuality {
    /// - Parameters:
    ///   - snr: speech against its noise floor, dB. - clipped: share of samples at full scale.
    ///   - bandwidth: up to where the speech reaches, Hz. - voicedSeconds: how much there was to measure.
    public static func score(snr: Float, clipped: Float, bandwidth: Float, voicedSeconds: Float) -> Float {
        guard snr.isFinite, bandwidth.isFinite else { return 0 }
        let noise = min(max((snr - 5) / 20, 0), 1)
        let distortion = min(max(1 - clipped * 50, 0), 1)
        // A telephone's band, 3.4 kHz, costs a quarter.
        let band = min(max(0.75 + 0.25 * (bandwidth - 3400) / 3600, 0.3), 1)
        return noise * distortion * band * min(voicedSeconds, 1)
    }
}
