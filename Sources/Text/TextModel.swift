import AffettoCore
import AffettoLearning
import Glibc

/// The text recogniser of one language. Three layers of linear outputs, each over words and letter groups:
///
/// 1. the corpus's own labels, one against the rest (GoEmotions' 28; CPED's 13);
/// 2. perceived emotions (BRIGHTER), and valence, arousal and control, which also see what the first say and what a word list
///    says of the message;
/// 3. Affetto's emotions, what the learner asks for, and grave words, learned from sentences of our own about studying besides:
///    these have a vocabulary of their own and see what the first say.
public struct TextModel: Sendable {
    public static let dimensions = 3
    public static let needs = ["help", "vent", "plan"]
    /// That grave words are told apart into.
    static let tiers: [CrisisTier] = [.abuse, .selfHarm, .ideation, .imminent]
    /// Prefixes of labels in a pack.
    public static let perceivedPrefix = "perceived."
    public static let groupPrefix = "group."
    public static let affectPrefix = "affect."

    /// The pack's task: "text" for English, "text_zh" for Chinese.
    public static func task(isChinese: Bool) -> String { isChinese ? "text_zh" : "text" }

    public let isChinese: Bool
    /// The corpus's own.
    public let labels: [String]
    public let perceivedLabels: [String]
    /// Groups of `labels`, such as "ekman.joy": said where any of its members is.
    public let groupLabels: [String]
    /// Standard deviation of the error of valence, arousal and control on texts left out.
    public let residual: (valence: Float, arousal: Float, control: Float)
    /// Per label, per perceived label and per group the probability from which it counts as said, for multi-label figures.
    public let threshold: [Float]
    /// Affetto's emotions that the third layer names.
    public let emotions: [Emotion]
    /// Log odds of grave words from which a message counts as a crisis.
    public let crisisThreshold: Float
    private let pack: ModelPack
    private let lexicon: ValenceLexicon
    private let main: TextHead
    private let own: TextHead
    private let members: [[Int]]
    private let stack: [Float]
    private let ownStack: [Float]
    private let stackMean: [Float]
    private let stackScale: [Float]
    /// What the third layer's log odds are multiplied by before they become a distribution.
    private let sharpness: Float

    public init(pack: ModelPack, isChinese: Bool = false) throws(AffettoError) {
        try pack.require(task: Self.task(isChinese: isChinese), revision: TextFeatures.revision)
        self.pack = pack
        self.isChinese = isChinese
        func named(_ prefix: String) -> [String] {
            pack.header.labels.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        perceivedLabels = named(Self.perceivedPrefix)
        groupLabels = named(Self.groupPrefix)
        emotions = named(Self.affectPrefix).compactMap { Emotion(name: $0) }
        let others = perceivedLabels.count + groupLabels.count + emotions.count
        labels = Array(pack.header.labels.dropLast(others))
        let second = perceivedLabels.count + Self.dimensions
        main = try TextHead(pack: pack, outputs: labels.count + second)
        let third = emotions.count + Self.needs.count + 1 + Self.tiers.count
        own = try TextHead(pack: pack, prefix: "own.", outputs: third)
        let words = try pack.shape(of: "lexicon.word").first ?? 0
        lexicon = ValenceLexicon(
            words: try TextHead.hashes(pack, "lexicon.word", words),
            valence: try pack.bytes("lexicon.valence", shape: [words]).map { Float($0) / 30 })
        let dense = labels.count + ValenceLexicon.count
        stack = Array(try pack.floats("stack", shape: [second, dense]))
        ownStack = Array(try pack.floats("own.stack", shape: [third, dense]))
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
        sharpness = Float(try pack.setting("affect.sharpness"))
        crisisThreshold = Float(try pack.setting("crisis.threshold"))
        let numbers = stack + ownStack + stackMean + stackScale
        let isSound =
            residual.valence > 0 && residual.arousal > 0 && residual.control > 0 && sharpness > 0
            && crisisThreshold.isFinite && numbers.allSatisfy(\.isFinite)
        guard isSound else { throw AffettoError(.model, "the text pack holds numbers that cannot be used") }
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
        /// In order of `Emotion`, summing to 1; NaN for an emotion that the model cannot name.
        public var affect: [Float]
        /// Independent probabilities over `needs`.
        public var needs: [Float]
        /// Log odds of grave words: `crisisThreshold` or more counts.
        public var crisis: Float
        /// Which kind they would be.
        public var tier: CrisisTier
        /// Share of the message's features that the model knows, times their number (20 or more = 1): 0…1.
        public var quality: Float
    }

    public func predict(_ text: String) -> Prediction {
        predict(bag: TextFeatures.extract(text, isChinese: isChinese))
    }

    public func predict(bag: TextFeatures.Bag) -> Prediction {
        var (sums, known, different) = main.sums(bag)
        var (third, _, _) = own.sums(bag)
        let n = labels.count
        let dense = Self.dense(Array(sums.prefix(n)), lexicon.features(bag.tokens), stackMean, stackScale)
        for output in n..<sums.count { sums[output] += Self.product(stack, output - n, dense) }
        for output in third.indices { third[output] += Self.product(ownStack, output, dense) }
        func chance(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
        func clamp(_ x: Float) -> Float { min(max(x, -1), 1) }
        let m = n + perceivedLabels.count
        let e = emotions.count
        let probability = sums[0..<n].map(chance)
        return Prediction(
            probability: probability, perceived: sums[n..<m].map(chance),
            group: members.map { Self.any($0, probability) }, valence: clamp(sums[m]),
            arousal: clamp(sums[m + 1]), control: clamp(sums[m + 2]), affect: distribution(third),
            needs: third[e..<(e + Self.needs.count)].map(chance), crisis: third[e + Self.needs.count],
            tier: tier(third.suffix(Self.tiers.count)),
            quality: Float(known) / Float(max(different, 1)) * min(Float(known) / 20, 1))
    }

    private func tier(_ odds: ArraySlice<Float>) -> CrisisTier {
        zip(odds, Self.tiers).max { $0.0 < $1.0 }?.1 ?? .ideation
    }

    private func distribution(_ third: [Float]) -> [Float] {
        var out = [Float](repeating: .nan, count: Emotion.count)
        for (p, emotion) in zip(Self.softmax(third.prefix(emotions.count).map { $0 * sharpness }), emotions) {
            out[Int(emotion.rawValue)] = p
        }
        return out
    }

    /// Sums to 1, whatever comes in.
    static func softmax(_ odds: [Float]) -> [Float] {
        let odds = odds.map { $0.isFinite ? min(max($0, -60), 60) : 0 }
        let top = odds.max() ?? 0
        let shares = odds.map { exp($0 - top) }
        let sum = shares.reduce(0, +)
        return shares.map { $0 / sum }
    }

    private static func product(_ stack: [Float], _ output: Int, _ dense: [Float]) -> Float {
        var sum: Float = 0
        for (i, value) in dense.enumerated() { sum += stack[output * dense.count + i] * value }
        return sum
    }

    static func any(_ members: [Int], _ probability: [Float]) -> Float {
        1 - members.reduce(1) { $0 * (1 - probability[$1]) }
    }

    /// What the later layers see besides words: the first one, and the word list, to one measure.
    static func dense(_ first: [Float], _ lexicon: [Float], _ mean: [Float], _ scale: [Float]) -> [Float] {
        zip(first + lexicon, zip(mean, scale)).map { ($0 - $1.0) * $1.1 }
    }

    /// Why an emotion is likely: its log odds, word by word.
    public struct Explanation: Sendable, Codable, Equatable {
        public struct Span: Sendable, Codable, Equatable {
            /// Bytes of the UTF-8 text, first and one past the last.
            public var from: Int
            public var to: Int
            /// What the word, the pair that it ends and its letter groups add to the log odds.
            public var weight: Float
        }

        public var emotion: Emotion
        public var probability: Float
        /// Before the emotions become a distribution; the sum of `bias`, `wordList` and the weights of the spans.
        public var logOdds: Float
        /// Where nothing is said.
        public var bias: Float
        /// What the rated words as a whole add.
        public var wordList: Float
        /// In the order of the text.
        public var spans: [Span]
    }

    /// - Parameter emotion: `nil` = the most likely one.
    /// - Throws: `.notFound` for one that the model cannot name.
    public func explain(_ text: String, emotion named: Emotion? = nil) throws(AffettoError) -> Explanation {
        let bag = TextFeatures.extract(text, isChinese: isChinese)
        let affect = predict(bag: bag).affect
        func chance(_ emotion: Emotion) -> Float { affect[Int(emotion.rawValue)] }
        guard let emotion = named ?? emotions.max(by: { chance($0) < chance($1) }),
            let output = emotions.firstIndex(of: emotion)
        else { throw AffettoError(.notFound, "the text model cannot name \(named?.name ?? "any emotion")") }
        let n = labels.count
        let start = output * (n + ValenceLexicon.count)
        let through = (0..<n).map { ownStack[start + $0] * stackScale[$0] }
        var bias = own.bias[output]
        for i in 0..<n { bias += through[i] * (main.bias[i] - stackMean[i]) }
        var wordList: Float = 0
        for (i, value) in lexicon.features(bag.tokens).enumerated() {
            let at = n + i
            wordList += ownStack[start + at] * stackScale[at] * value
            bias -= ownStack[start + at] * stackScale[at] * stackMean[at]
        }
        let (mainShares, ownShares) = (main.vocabulary.shares(bag), own.vocabulary.shares(bag))
        var spans: [Explanation.Span] = []
        TextFeatures.each(text, isChinese: isChinese) { _, place, words, letters in
            var weight: Float = 0
            for hash in words + letters {
                if let (column, value) = ownShares[hash] { weight += value * own.weight(column, output) }
                guard let (column, value) = mainShares[hash] else { continue }
                for i in 0..<n { weight += through[i] * value * main.weight(column, i) }
            }
            spans.append(.init(from: place.lowerBound, to: place.upperBound, weight: weight))
        }
        return Explanation(
            emotion: emotion, probability: chance(emotion),
            logOdds: spans.reduce(bias + wordList) { $0 + $1.weight }, bias: bias, wordList: wordList, spans: spans)
    }

    /// - Returns: `nil` for a message that the model knows nothing of.
    public func evidence(_ text: String, at time: Microseconds) -> Evidence? {
        let prediction = predict(text)
        return prediction.quality > 0 ? evidence(prediction, at: time) : nil
    }

    func evidence(_ prediction: Prediction, at time: Microseconds) -> Evidence {
        // Two views of valence, arousal and control, the dimensions' own and that of the emotions named, count alike.
        var named: (valence: Float, arousal: Float, control: Float) = (0, 0, 0)
        for emotion in emotions {
            let p = prediction.affect[Int(emotion.rawValue)]
            named.valence += p * emotion.prototype.valence
            named.arousal += p * emotion.prototype.arousal
            named.control += p * emotion.prototype.control
        }
        return Evidence(
            modality: .text, time: time, logLikelihood: prediction.affect.map { $0.isNaN ? .nan : log(max($0, 1e-6)) },
            valence: Estimate((prediction.valence + named.valence) / 2, sd: residual.valence),
            arousal: Estimate((prediction.arousal + named.arousal) / 2, sd: residual.arousal),
            control: Estimate((prediction.control + named.control) / 2, sd: residual.control),
            quality: prediction.quality)
    }
}
