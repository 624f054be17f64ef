import AffettoCore
import AffettoLearning
import Glibc

/// The text recogniser: linear outputs over tf-idf weights of words and letter groups, one against the rest: 28 emotions
/// (GoEmotions) and five perceived ones (BRIGHTER), and valence, arousal and control (EmoBank's dominance). The latter two
/// also see what the 28 say and what a word list says of the message.
public struct TextModel: Sendable {
    public static let task = "text"
    public static let dimensions = 3
    /// Prefixes of the labels of perceived emotions and of groups in a pack.
    public static let perceivedPrefix = "perceived."
    public static let groupPrefix = "group."
    /// Of the 28.
    public let labels: [String]
    /// anger, fear, joy, sadness, surprise.
    public let perceivedLabels: [String]
    /// Groups of the 28, such as "ekman.joy": said where any of its members is.
    public let groupLabels: [String]
    /// Standard deviation of the error of valence, arousal and control on texts left out.
    public let residual: (valence: Float, arousal: Float, control: Float)
    /// Per label, per perceived label and per group the probability from which it counts as said, for multi-label figures.
    public let threshold: [Float]
    private let pack: ModelPack
    private let vocabulary: TextVocabulary
    private let lexicon: ValenceLexicon
    private let weights: Weights
    private let members: [[Int]]
    private let bias: [Float]
    private let stack: [Float]
    private let stackMean: [Float]
    private let stackScale: [Float]

    /// Memory of the pack, which is immutable.
    private struct Weights: @unchecked Sendable {
        let quantised: UnsafeBufferPointer<Int8>
        let scale: UnsafeBufferPointer<Float>
    }

    public init(pack: ModelPack) throws(AffettoError) {
        try pack.require(task: Self.task, revision: TextFeatures.revision)
        self.pack = pack
        func named(_ prefix: String) -> [String] {
            pack.header.labels.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        perceivedLabels = named(Self.perceivedPrefix)
        groupLabels = named(Self.groupPrefix)
        labels = Array(pack.header.labels.dropLast(perceivedLabels.count + groupLabels.count))
        let second = perceivedLabels.count + Self.dimensions
        let outputs = labels.count + second
        let shape = try pack.shape(of: "weights")
        guard shape.count == 2, shape[1] == outputs, (0...4_000_000).contains(shape[0]) else {
            throw AffettoError(.model, "the text pack's weights have the shape \(shape)")
        }
        let rows = shape[0]
        let hashes = try Self.hashes(pack, "vocabulary", rows)
        let rarity = try pack.bytes("rarity", shape: [rows]).map { Float($0) / 10 }
        vocabulary = TextVocabulary(hashes: hashes, rarity: rarity)
        let words = try pack.shape(of: "lexicon.word").first ?? 0
        lexicon = ValenceLexicon(
            words: try Self.hashes(pack, "lexicon.word", words),
            valence: try pack.bytes("lexicon.valence", shape: [words]).map { Float($0) / 30 })
        weights = Weights(
            quantised: try pack.bytes("weights", shape: shape), scale: try pack.floats("weights.scale", shape: [rows]))
        bias = Array(try pack.floats("bias", shape: [outputs]))
        let dense = labels.count + ValenceLexicon.count
        stack = Array(try pack.floats("stack", shape: [second, dense]))
        stackMean = Array(try pack.floats("stack.mean", shape: [dense]))
        stackScale = Array(try pack.floats("stack.scale", shape: [dense]))
        threshold = Array(
            try pack.floats("threshold", shape: [labels.count + perceivedLabels.count + groupLabels.count]))
        let n = labels.count
        let table = try pack.bytes("group.members", shape: [groupLabels.count, n])
        members = groupLabels.indices.map { group in (0..<n).filter { table[group * n + $0] != 0 } }
        residual = (
            Float(try pack.setting("residual.valence")), Float(try pack.setting("residual.arousal")),
            Float(try pack.setting("residual.control"))
        )
        let isSound =
            residual.valence > 0 && residual.arousal > 0 && residual.control > 0 && rarity.allSatisfy { $0 > 0 }
            && bias.allSatisfy(\.isFinite) && stack.allSatisfy(\.isFinite) && stackMean.allSatisfy(\.isFinite)
            && stackScale.allSatisfy(\.isFinite) && weights.scale.allSatisfy(\.isFinite)
        guard isSound else { throw AffettoError(.model, "the text pack holds numbers that cannot be used") }
    }

    private static func hashes(_ pack: ModelPack, _ name: String, _ count: Int) throws(AffettoError) -> [UInt32] {
        let raw = UnsafeRawBufferPointer(try pack.bytes(name, shape: [count, 4]))
        let hashes = (0..<count).map {
            UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
        }
        guard zip(hashes, hashes.dropFirst()).allSatisfy(<) else {
            throw AffettoError(.model, "the text pack's \(name) is not in order")
        }
        return hashes
    }

    public struct Prediction: Sendable {
        /// Independent probabilities over `labels`.
        public var probability: [Float]
        /// Independent probabilities over `perceivedLabels`.
        public var perceived: [Float]
        /// Over `groupLabels`: that at least one member holds, were they independent.
        public var group: [Float]
        public var valence: Float
        public var arousal: Float
        public var control: Float
        /// Share of the message's features that the model knows, times their number (20 or more = 1): 0…1.
        public var quality: Float
    }

    public func predict(_ text: String) -> Prediction { predict(bag: TextFeatures.extract(text)) }

    public func predict(bag: TextFeatures.Bag) -> Prediction {
        let (row, different) = vocabulary.row(bag)
        var sums = bias
        let outputs = sums.count
        sums.withUnsafeMutableBufferPointer { sums in
            guard let sums = sums.baseAddress, let quantised = weights.quantised.baseAddress else { return }
            for (column, value) in row {
                let weights = quantised + Int(column) * outputs
                let scaled = value * self.weights.scale[Int(column)]
                for i in 0..<outputs { sums[i] += scaled * Float(weights[i]) }
            }
        }
        let n = labels.count
        let dense = Self.dense(Array(sums.prefix(n)), lexicon.features(bag.tokens), stackMean, stackScale)
        for second in n..<outputs {
            let start = (second - n) * dense.count
            for (i, value) in dense.enumerated() { sums[second] += stack[start + i] * value }
        }
        func chance(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
        func clamp(_ x: Float) -> Float { min(max(x, -1), 1) }
        let m = n + perceivedLabels.count
        let probability = sums[0..<n].map(chance)
        return Prediction(
            probability: probability, perceived: sums[n..<m].map(chance),
            group: members.map { Self.any($0, probability) }, valence: clamp(sums[m]),
            arousal: clamp(sums[m + 1]), control: clamp(sums[m + 2]),
            quality: Float(row.count) / Float(max(different, 1)) * min(Float(row.count) / 20, 1))
    }

    /// Why a label is likely: its log odds, word by word.
    public struct Explanation: Sendable, Codable, Equatable {
        public struct Span: Sendable, Codable, Equatable {
            /// Bytes of the UTF-8 text, first and one past the last.
            public var from: Int
            public var to: Int
            /// What the word, the pair that it ends and its letter groups add to the log odds.
            public var weight: Float
        }

        public var label: String
        public var probability: Float
        /// Log odds of the label where nothing is said.
        public var bias: Float
        /// In the order of the text; with `bias` they sum to the log odds.
        public var spans: [Span]
    }

    /// - Parameter label: of `labels`; `nil` = the one furthest above, or least below, its threshold.
    /// - Throws: `.notFound` for a label that is none of these.
    public func explain(_ text: String, label name: String? = nil) throws(AffettoError) -> Explanation {
        let bag = TextFeatures.extract(text)
        let probability = predict(bag: bag).probability
        let leading = labels.indices.max {
            probability[$0] / max(threshold[$0], 1e-6) < probability[$1] / max(threshold[$1], 1e-6)
        }
        guard let label = name.map({ labels.firstIndex(of: $0) }) ?? leading else {
            throw AffettoError(.notFound, "the text model has no such label")
        }
        let shares = vocabulary.shares(bag)
        let outputs = bias.count
        var spans: [Explanation.Span] = []
        TextFeatures.each(text) { _, place, words, letters in
            var weight: Float = 0
            for hash in words + letters {
                guard let (column, value) = shares[hash] else { continue }
                let quantised = weights.quantised[Int(column) * outputs + label]
                weight += value * weights.scale[Int(column)] * Float(quantised)
            }
            spans.append(.init(from: place.lowerBound, to: place.upperBound, weight: weight))
        }
        return Explanation(label: labels[label], probability: probability[label], bias: bias[label], spans: spans)
    }

    static func any(_ members: [Int], _ probability: [Float]) -> Float {
        1 - members.reduce(1) { $0 * (1 - probability[$1]) }
    }

    /// What the second outputs see besides words: the first ones, and the word list, to one measure.
    static func dense(_ first: [Float], _ lexicon: [Float], _ mean: [Float], _ scale: [Float]) -> [Float] {
        zip(first + lexicon, zip(mean, scale)).map { ($0 - $1.0) * $1.1 }
    }

    /// - Returns: `nil` for a message that the model knows nothing of: without a word in Latin letters, an emoji or a
    ///   mark. A word in another language still has letter groups; hosts push the language the pack was trained on.
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
