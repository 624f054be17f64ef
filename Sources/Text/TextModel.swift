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
        public var probability: [Float] = []
        /// Independent probabilities over `perceivedLabels`.
        public var perceived: [Float] = []
        /// Over `groupLabels`: that at least one member holds, were they independent.
        public var group: [Float] = []
        public var valence: Float = 0
        public var arousal: Float = 0
        public var control: Float = 0
        /// In order of `Emotion`, summing to 1; NaN for an emotion that the model cannot name.
        public var affect: [Float] = []
        /// Independent probabilities over `needs`.
        public var needs: [Float] = []
        /// Log odds of grave words: `crisisThreshold` or more counts.
        public var crisis: Float = 0
        /// Which kind they would be.
        public var tier = CrisisTier.none
        /// Share of the message's features that the model knows, times their number (20 or more = 1): 0…1.
        public var quality: Float = 0

        init() {}

        /// Keeps the memory.
        fileprivate mutating func empty() {
            probability.removeAll(keepingCapacity: true)
            perceived.removeAll(keepingCapacity: true)
            group.removeAll(keepingCapacity: true)
            affect.removeAll(keepingCapacity: true)
            needs.removeAll(keepingCapacity: true)
        }
    }

    public func predict(_ text: String) -> Prediction {
        var memory = TextMemory()
        text.withBytes { predict($0, &memory) }
        return memory.prediction
    }

    public func predict(bag: TextFeatures.Bag) -> Prediction {
        var memory = TextMemory()
        memory.bag = bag
        predictBag(&memory)
        return memory.prediction
    }

    /// To `memory.prediction`; asks for no memory that is there already.
    func predict(_ bytes: UnsafeBufferPointer<UInt8>, _ memory: inout TextMemory) {
        memory.bag.fill(bytes, isChinese: isChinese, &memory.scratch)
        predictBag(&memory)
    }

    private func predictBag(_ memory: inout TextMemory) {
        let (known, different) = main.sum(memory.bag, &memory.row, into: &memory.sums)
        _ = own.sum(memory.bag, &memory.row, into: &memory.third)
        let n = labels.count
        memory.dense.removeAll(keepingCapacity: true)
        memory.dense.append(contentsOf: memory.sums.prefix(n))
        lexicon.features(memory.bag.tokens, into: &memory.dense)
        for i in memory.dense.indices { memory.dense[i] = (memory.dense[i] - stackMean[i]) * stackScale[i] }
        for output in n..<memory.sums.count { memory.sums[output] += Self.product(stack, output - n, memory.dense) }
        for output in memory.third.indices { memory.third[output] += Self.product(ownStack, output, memory.dense) }
        func chance(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
        func clamp(_ x: Float) -> Float { min(max(x, -1), 1) }
        let m = n + perceivedLabels.count
        let e = emotions.count
        var out = Prediction()
        swap(&out, &memory.prediction)
        out.empty()
        for i in 0..<n { out.probability.append(chance(memory.sums[i])) }
        for i in n..<m { out.perceived.append(chance(memory.sums[i])) }
        for group in members { out.group.append(Self.any(group, out.probability)) }
        (out.valence, out.arousal) = (clamp(memory.sums[m]), clamp(memory.sums[m + 1]))
        out.control = clamp(memory.sums[m + 2])
        distribute(memory.third, &out.affect)
        for i in e..<(e + Self.needs.count) { out.needs.append(chance(memory.third[i])) }
        out.crisis = memory.third[e + Self.needs.count]
        out.tier = tier(memory.third.suffix(Self.tiers.count))
        out.quality = Float(known) / Float(max(different, 1)) * min(Float(known) / 20, 1)
        swap(&out, &memory.prediction)
    }

    private func tier(_ odds: ArraySlice<Float>) -> CrisisTier {
        zip(odds, Self.tiers).max { $0.0 < $1.0 }?.1 ?? .ideation
    }

    /// Softmax, whatever comes in; NaN for what cannot be named.
    private func distribute(_ third: [Float], _ out: inout [Float]) {
        for _ in 0..<Emotion.count { out.append(.nan) }
        func odds(_ i: Int) -> Float {
            let value = third[i] * sharpness
            return value.isFinite ? min(max(value, -60), 60) : 0
        }
        var top = -Float.infinity
        for i in emotions.indices { top = max(top, odds(i)) }
        var sum: Float = 0
        for (i, emotion) in emotions.enumerated() {
            let share = exp(odds(i) - top)
            out[Int(emotion.rawValue)] = share
            sum += share
        }
        for emotion in emotions { out[Int(emotion.rawValue)] /= sum }
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
        let start = output * dense.count
        for i in dense.indices { sum += stack[start + i] * dense[i] }
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
        var scratch = TextFeatures.Scratch()
        text.withBytes { bytes in
            TextFeatures.each(bytes, isChinese: isChinese, &scratch) { _, place, words, letters in
                var weight: Float = 0
                for hash in words + letters {
                    if let (column, value) = ownShares[hash] { weight += value * own.weight(column, output) }
                    guard let (column, value) = mainShares[hash] else { continue }
                    for i in 0..<n { weight += through[i] * value * main.weight(column, i) }
                }
                spans.append(.init(from: place.lowerBound, to: place.upperBound, weight: weight))
            }
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

    private func evidence(_ prediction: Prediction, at time: Microseconds) -> Evidence {
        let (valence, arousal, control) = dimensions(prediction)
        return Evidence(
            modality: .text, time: time, logLikelihood: prediction.affect.map { $0.isNaN ? .nan : log(max($0, 1e-6)) },
            valence: valence, arousal: arousal, control: control, quality: prediction.quality)
    }

    /// Two views of valence, arousal and control, the dimensions' own and that of the emotions named, count alike.
    func dimensions(_ said: Prediction) -> (valence: Estimate, arousal: Estimate, control: Estimate) {
        var named: (valence: Float, arousal: Float, control: Float) = (0, 0, 0)
        for emotion in emotions {
            let p = said.affect[Int(emotion.rawValue)]
            let place = emotion.prototype
            named.valence += p * place.valence
            named.arousal += p * place.arousal
            named.control += p * place.control
        }
        return (
            Estimate((said.valence + named.valence) / 2, sd: residual.valence),
            Estimate((said.arousal + named.arousal) / 2, sd: residual.arousal),
            Estimate((said.control + named.control) / 2, sd: residual.control)
        )
    }
}
