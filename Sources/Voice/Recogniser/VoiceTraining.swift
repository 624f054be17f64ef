import AffettoCore
import AffettoLearning

/// One recording to learn from or to be tested on.
public struct VoiceSample: Sendable {
    public var speaker: String
    /// The corpus's own word.
    public var label: String
    /// Features of the recording itself, then of augmented copies of it.
    public var copies: [[Float]]

    public init(speaker: String, label: String, copies: [[Float]]) {
        self.speaker = speaker
        self.label = label
        self.copies = copies
    }
}

/// How a speaker's baseline comes about when recordings are given one by one.
public enum VoiceAdaptation: String, Sendable, CaseIterable {
    /// Not at all: the first thing a new speaker says.
    case none
    /// From the speaker's earlier recordings, in a drawn order: as a session goes.
    case causal
    /// From all recordings of the speaker, without their labels.
    case full
}

/// The recipe of the voice model: linear discriminant analysis over recordings and their augmented copies, each of them
/// four times, as a stranger's, after earlier recordings, after all and after neutral ones, so that one model serves from the
/// first word on, and in sessions where the speaker is mostly at rest.
public enum VoiceTraining {
    private static let cleanShare: Float = 0.4
    private static let shrinkage: Float = 0.5

    /// - Parameters:
    ///   - labels: the classes, in the order of the model's.
    ///   - seed: of the orders in which baselines grow.
    /// - Returns: a model without calibration: temperature 1, no least confidence.
    public static func train(_ samples: [VoiceSample], labels: [String], seed: UInt64) -> VoiceModel {
        let inputs = SpeechFeatures.names.count
        let copies = samples.first?.copies.count ?? 0
        let fill = (0..<inputs).map { i in median(samples.map { $0.copies[0][i] }) }
        func filled(_ x: [Float]) -> [Float] { x.indices.map { x[$0].isFinite ? x[$0] : fill[$0] } }
        let (mean, scale) = standardisation(samples.flatMap { $0.copies.map(filled) })
        let raw = VoiceModel(
            labels: labels, temperature: 1, residual: AffectPoint(valence: 1, arousal: 1), leastConfidence: 0,
            familiarDistance: .infinity, fill: fill, mean: mean, scale: scale,
            layer: Network(mean: mean, scale: scale, weights: [], biases: []))
        var rows: [[Float]] = []
        var classes: [Int] = []
        var weights: [Float] = []
        let known = samples.map { labels.firstIndex(of: $0.label) ?? 0 }
        for copy in 0..<copies {
            let z = samples.map { raw.standardise($0.copies[copy]) }
            let share = copies == 1 ? 1 : copy == 0 ? cleanShare : (1 - cleanShare) / Float(copies - 1)
            for adaptation in VoiceAdaptation.allCases {
                rows += relative(z, speakers: samples.map(\.speaker), adaptation, seed: seed &+ UInt64(copy))
                classes += known
                weights += Array(repeating: share, count: samples.count)
            }
            // And as in most sessions: after hearing the speaker at rest.
            rows += afterNeutral(z, samples)
            classes += known
            weights += Array(repeating: share, count: samples.count)
        }
        let (center, spread) = standardisation(rows)
        for r in rows.indices { for i in 0..<inputs { rows[r][i] = (rows[r][i] - center[i]) * spread[i] } }
        let found = LinearDiscriminant.train(
            rows: rows, classes: classes, weights: weights, count: labels.count, shrinkage: shrinkage)
        return VoiceModel(
            labels: labels, temperature: 1, residual: AffectPoint(valence: 1, arousal: 1), leastConfidence: 0,
            familiarDistance: .infinity, fill: fill, mean: mean, scale: scale,
            layer: Network(mean: center, scale: spread, weights: found.weights, biases: found.biases))
    }

    /// What each speaker sounds like, from all of their recordings.
    public static func baselines(
        _ model: VoiceModel, features: [[Float]], speakers: [String]
    ) -> [String: SpeakerBaseline] {
        var out: [String: SpeakerBaseline] = [:]
        for (speaker, own) in zip(speakers, features) {
            out[speaker, default: model.baseline].add(model.standardise(own))
        }
        return out
    }

    /// Class scores of recordings, each after the recordings of the same speaker that `heard` names for it.
    public static func scores(
        _ model: VoiceModel, features: [[Float]], after heard: (Int) -> [Int]
    ) -> [[Float]] {
        let z = features.map(model.standardise)
        return z.indices.map { row in
            var baseline = model.baseline
            for other in heard(row) { baseline.add(z[other]) }
            return model.layer.run(baseline.relative(z[row]))
        }
    }

    /// Class scores of recordings, each relative to its speaker's baseline.
    public static func scores(
        _ model: VoiceModel, features: [[Float]], speakers: [String], _ adaptation: VoiceAdaptation, seed: UInt64
    ) -> [[Float]] {
        let z = features.map(model.standardise)
        return relative(z, speakers: speakers, adaptation, seed: seed).map { model.layer.run($0) }
    }

    private static func afterNeutral(_ z: [[Float]], _ samples: [VoiceSample]) -> [[Float]] {
        let neutral = Dictionary(
            grouping: samples.indices.filter { LabelTable.emotion(samples[$0].label) == .neutral },
            by: { samples[$0].speaker })
        return z.indices.map { row in
            var baseline = SpeakerBaseline(features: z[row].count)
            for other in neutral[samples[row].speaker] ?? [] where other != row { baseline.add(z[other]) }
            return baseline.relative(z[row])
        }
    }

    private static func relative(
        _ z: [[Float]], speakers: [String], _ adaptation: VoiceAdaptation, seed: UInt64
    ) -> [[Float]] {
        var out = z
        for (number, speaker) in Set(speakers).sorted().enumerated() {
            var own = speakers.indices.filter { speakers[$0] == speaker }
            var baseline = SpeakerBaseline(features: z[0].count)
            switch adaptation {
            case .none: for r in own { out[r] = baseline.relative(z[r]) }
            case .full:
                for r in own { baseline.add(z[r]) }
                for r in own { out[r] = baseline.relative(z[r]) }
            case .causal:
                var random = SeededRandom(seed: seed, stream: 0x6261_7365 &+ UInt64(number))
                own.shuffle(using: &random)
                for r in own {
                    out[r] = baseline.relative(z[r])
                    baseline.add(z[r])
                }
            }
        }
        return out
    }

    private static func median(_ x: [Float]) -> Float {
        let sorted = x.filter(\.isFinite).sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    private static func standardisation(_ rows: [[Float]]) -> (mean: [Float], scale: [Float]) {
        let inputs = rows.first?.count ?? 0
        let n = Double(max(rows.count, 1))
        var sum = [Double](repeating: 0, count: inputs)
        var squares = sum
        for row in rows { for i in 0..<inputs { sum[i] += Double(row[i]) } }
        for row in rows {
            for i in 0..<inputs { squares[i] += (Double(row[i]) - sum[i] / n) * (Double(row[i]) - sum[i] / n) }
        }
        return (sum.map { Float($0 / n) }, squares.map { Float(1 / (($0 / n).squareRoot() + 1e-6)) })
    }
}

extension VoiceModel {
    /// The same model with its figures of doubt, found on speakers left out.
    ///
    /// - Parameters:
    ///   - scores: of recordings whose speaker the model behind them never heard. - truth: their classes.
    ///   - distances: of those speakers' baselines.
    public func calibrated(scores: [[Float]], truth: [Int], distances: [Float]) -> VoiceModel {
        let temperature = Calibration.temperature(logits: scores, truth: truth)
        let probabilities = scores.map { softmax($0, temperature: temperature) }
        var squares = AffectPoint(valence: 0, arousal: 0)
        var n: Float = 0
        for (p, t) in zip(probabilities, truth) {
            guard let place = LabelTable.point(labels[t]) else { continue }
            let point = Self.point(labels, p)
            squares.valence += (point.valence - place.valence) * (point.valence - place.valence)
            squares.arousal += (point.arousal - place.arousal) * (point.arousal - place.arousal)
            n += 1
        }
        return VoiceModel(
            labels: labels, temperature: temperature,
            residual: AffectPoint(
                valence: max((squares.valence / max(n, 1)).squareRoot(), 0.05),
                arousal: max((squares.arousal / max(n, 1)).squareRoot(), 0.05)),
            leastConfidence: Self.leastConfidence(probabilities, truth),
            familiarDistance: Self.middle(distances), fill: fill, mean: mean, scale: scale, layer: layer)
    }

    private static func middle(_ x: [Float]) -> Float { x.isEmpty ? 0 : x.sorted()[x.count / 2] }

    /// The probability from which on four of five named classes are right.
    private static func leastConfidence(_ probabilities: [[Float]], _ truth: [Int]) -> Float {
        let ranked = zip(probabilities, truth).map { p, t -> (Float, Bool) in
            let best = p.indices.max { p[$0] < p[$1] } ?? 0
            return (p[best], best == t)
        }.sorted { $0.0 > $1.0 }
        var right = 0
        var least: Float = 1
        for (n, (confidence, isRight)) in ranked.enumerated() {
            if isRight { right += 1 }
            if Double(right) >= 0.8 * Double(n + 1) { least = confidence }
        }
        return min(least, 0.95)
    }
}
