import AffettoCore
import AffettoLearning
import Glibc

/// One text with what is known of it.
public struct TextSample: Sendable {
    public let bag: TextFeatures.Bag
    /// Which labels hold; empty = not annotated.
    public let labels: [Int]
    /// Valence, arousal, control; NaN = not annotated.
    public let dimensions: [Float]
    /// Which perceived emotions hold; `nil` = not annotated.
    public let perceived: [Bool]?

    /// - Parameter dimensions: what is missing at the end counts as not annotated.
    public init(
        text: String, labels: [Int], dimensions: [Float], perceived: [Bool]? = nil, isChinese: Bool = false
    ) {
        bag = TextFeatures.extract(text, isChinese: isChinese)
        self.labels = labels
        self.dimensions = (0..<TextModel.dimensions).map { $0 < dimensions.count ? dimensions[$0] : .nan }
        self.perceived = perceived
    }
}

/// The text recipe: `TextModel`'s three layers, one after the other, each solved and not tuned on the way; thresholds and doubts
/// from folds of the training texts. The third layer is in `OwnTraining.swift`.
public struct TextTraining: Sendable {
    /// Features at most: what keeps the pack under 4,000,000 bytes.
    public var featureLimit = 73_500
    public var isChinese = false
    public var labelCost: Float = 0.7
    /// How far features count more that naive Bayes finds telling for a label, 0…1.
    public var emphasisShare: Float = 0.5
    public var perceivedCost: Float = 1.5
    public var ridge: Float = 4
    /// What dense numbers weigh against words: they are no rarer than others, and not to be shrunk as if they were.
    public var denseWeight: Float = 0.1
    public var epochs = 12
    public var folds = 3
    public var own = OwnTraining()
    public let labels: [String]
    public let perceivedLabels: [String]
    public let groups: [(name: String, members: [Int])]
    private let seed: UInt64
    private let lexicon: ValenceLexicon
    private let lexiconWords: [(hash: UInt32, valence: Float)]

    /// - Parameter lexicon: words with their valence, −4…4; of two that have one hash the first counts.
    public init(
        labels: [String], perceivedLabels: [String], groups: [(name: String, members: [Int])] = [],
        lexicon: [(word: String, valence: Float)], seed: UInt64 = 1
    ) {
        self.labels = labels
        self.groups = groups
        self.perceivedLabels = perceivedLabels
        self.seed = seed
        let words = Dictionary(
            lexicon.map { (TextFeatures.token($0.word), min(max($0.valence, -4), 4)) }, uniquingKeysWith: { a, _ in a })
        lexiconWords = words.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.lexicon = ValenceLexicon(words: lexiconWords.map(\.hash), valence: lexiconWords.map(\.valence))
    }

    /// The same samples and settings give the same pack.
    /// - Parameter progress: says what is being done.
    /// - Throws: `.argument` where a sample's labels do not fit.
    public func pack(
        _ samples: [TextSample], own sentences: [OwnSample] = [], corpora: [String],
        progress: (String) -> Void = { _ in }
    ) throws(AffettoError) -> [UInt8] {
        for sample in samples {
            guard sample.labels.allSatisfy(labels.indices.contains),
                sample.perceived.map({ $0.count == perceivedLabels.count }) ?? true
            else { throw AffettoError(.argument, "a sample names a label that the training does not have") }
        }
        let vocabulary = TextVocabulary.learned(from: samples.map(\.bag), limit: featureLimit)
        let words = samples.map { vocabulary.row($0.bag).known }

        // The 28: one against the rest.
        let labelled = samples.indices.filter { !samples[$0].labels.isEmpty }
        let rows = Self.rows(labelled.map { words[$0] })
        let truth = labelled.flatMap { at in labels.indices.map { samples[at].labels.contains($0) } }
        func emotions(_ rows: SparseRows, _ truth: [Bool], _ what: String) -> SparseLinear {
            SparseLinear(
                rows, columns: vocabulary.hashes.count, outputs: labels.count,
                task: .logistic(truth: truth, c: labelCost),
                emphasis: SparseLinear.naiveBayesEmphasis(
                    rows, truth: truth, columns: vocabulary.hashes.count, outputs: labels.count, smoothing: 0.1,
                    share: emphasisShare),
                epochs: epochs, seed: seed
            ) { progress("\(what), pass \($0)") }
        }
        let first = emotions(rows, truth, "emotions")
        let left = leftOut(rows, truth, labels.count) { emotions($0, $1, "emotions, fold") }
        var thresholds = labels.indices.map { label in
            Self.bestThreshold(
                labelled.indices.map { (left[$0 * labels.count + label], truth[$0 * labels.count + label]) })
        }

        let groupThresholds = groups.map { group in
            Self.bestThreshold(
                labelled.indices.map { row in
                    let start = row * labels.count
                    let said = TextModel.any(group.members, labels.indices.map { 1 / (1 + exp(-left[start + $0])) })
                    // As log odds, in which the search is done.
                    let odds = log(max(said, 1e-7) / max(1 - said, 1e-7))
                    return (odds, group.members.contains { truth[start + $0] })
                })
        }

        // The others see, besides words, what the first say and what the word list says.
        let second = samples.indices.filter {
            samples[$0].perceived != nil || samples[$0].dimensions.contains { !$0.isNaN }
        }
        var sums = [Float](repeating: 0, count: labels.count)
        var dense: [Int: [Float]] = [:]
        let secondRows = Self.rows(second.map { words[$0] })
        for (row, at) in second.enumerated() {
            first.sum(secondRows, row, into: &sums)
            dense[at] = sums + lexicon.features(samples[at].bag.tokens)
        }
        let measured = second.isEmpty ? labelled : second
        if second.isEmpty {
            for (row, at) in labelled.enumerated() {
                first.sum(rows, row, into: &sums)
                dense[at] = sums + lexicon.features(samples[at].bag.tokens)
            }
        }
        let (mean, scale) = Self.measure(measured.compactMap { dense[$0] }, labels.count + ValenceLexicon.count)
        func stacked(_ at: Int) -> [(column: UInt32, value: Float)] {
            let start = vocabulary.hashes.count
            let values = zip(dense[at] ?? [], zip(mean, scale)).map { ($0 - $1.0) * $1.1 * denseWeight }
            return words[at] + values.enumerated().map { (UInt32(start + $0.offset), $0.element) }
        }
        let columns = vocabulary.hashes.count + mean.count
        let perceivedAt = second.filter { samples[$0].perceived != nil }
        let perceivedRows = Self.rows(perceivedAt.map(stacked))
        let perceivedTruth = perceivedAt.flatMap { samples[$0].perceived ?? [] }
        func perceived(_ rows: SparseRows, _ truth: [Bool]) -> SparseLinear {
            SparseLinear(
                rows, columns: columns, outputs: perceivedLabels.count, task: .logistic(truth: truth, c: perceivedCost),
                epochs: epochs, seed: seed)
        }
        progress("perceived emotions")
        let perceivedModel = perceived(perceivedRows, perceivedTruth)
        let perceivedLeft = leftOut(perceivedRows, perceivedTruth, perceivedLabels.count) { perceived($0, $1) }
        let m = perceivedLabels.count
        thresholds += perceivedLabels.indices.map { label in
            Self.bestThreshold(
                perceivedAt.indices.map { (perceivedLeft[$0 * m + label], perceivedTruth[$0 * m + label]) })
        }

        thresholds += groupThresholds
        progress("dimensions")
        var axes: [SparseLinear] = []
        var residual: [Float] = []
        for axis in 0..<TextModel.dimensions {
            let known = second.filter { !samples[$0].dimensions[axis].isNaN }
            let rows = Self.rows(known.map(stacked))
            let target = known.map { samples[$0].dimensions[axis] }
            func fit(_ rows: SparseRows, _ target: [Float]) -> SparseLinear {
                SparseLinear(
                    rows, columns: columns, outputs: 1, task: .ridge(target: target, lambda: ridge), epochs: epochs * 2,
                    seed: seed)
            }
            axes.append(fit(rows, target))
            let left = leftOut(rows, target, 1) { fit($0, $1) }
            let square = zip(left, target).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            residual.append(max((square / Float(max(known.count, 1))).squareRoot(), 0.05))
        }
        progress("our own sentences")
        let ownHead = own.fit(sentences, denseWeight: denseWeight, seed: seed) { bag in
            var row = SparseRows()
            row.append(vocabulary.row(bag).known)
            var sums = [Float](repeating: 0, count: labels.count)
            first.sum(row, 0, into: &sums)
            return TextModel.dense(sums, lexicon.features(bag.tokens), mean, scale)
        }
        return try write(
            vocabulary, first, [perceivedModel] + axes, ownHead, mean, scale, thresholds, residual, corpora)
    }

    // MARK: Parts

    static func rows(_ rows: [[(column: UInt32, value: Float)]]) -> SparseRows {
        var out = SparseRows()
        for row in rows { out.append(row) }
        return out
    }

    /// What models of the other folds say of each row.
    func leftOut<Truth>(
        _ rows: SparseRows, _ truth: [Truth], _ outputs: Int, _ fit: (SparseRows, [Truth]) -> SparseLinear
    ) -> [Float] {
        var said = [Float](repeating: 0, count: rows.count * outputs)
        guard rows.count >= folds, outputs > 0 else { return said }
        var sums = [Float](repeating: 0, count: outputs)
        for fold in 0..<folds {
            let kept = (0..<rows.count).filter { $0 % folds != fold }
            let model = fit(rows.picked(kept), kept.flatMap { truth[($0 * outputs)..<(($0 + 1) * outputs)] })
            for row in stride(from: fold, to: rows.count, by: folds) {
                model.sum(rows, row, into: &sums)
                said.replaceSubrange((row * outputs)..<((row + 1) * outputs), with: sums)
            }
        }
        return said
    }

    /// The chance from which a label is best called said, by F1; `said` are log odds.
    static func bestThreshold(_ rows: [(said: Float, truth: Bool)]) -> Float {
        let sorted = rows.sorted { $0.said > $1.said }
        let positives = Double(rows.count(where: \.truth))
        var best = (f1: 0.0, threshold: Float(0))
        var hit = 0.0
        for (n, row) in sorted.enumerated() {
            if row.truth { hit += 1 }
            let f1 = 2 * hit / (positives + Double(n + 1))
            if f1 > best.f1 { best = (f1, row.said) }
        }
        return 1 / (1 + exp(-best.threshold))
    }

    private static func measure(_ rows: [[Float]], _ count: Int) -> (mean: [Float], scale: [Float]) {
        var mean = [Float](repeating: 0, count: count)
        var square = mean
        for row in rows {
            for i in 0..<count {
                mean[i] += row[i] / Float(rows.count)
                square[i] += row[i] * row[i] / Float(rows.count)
            }
        }
        return (mean, (0..<count).map { 1 / max(square[$0] - mean[$0] * mean[$0], 1e-4).squareRoot() })
    }

    private func write(
        _ vocabulary: TextVocabulary, _ first: SparseLinear, _ others: [SparseLinear], _ own: OwnTraining.Result,
        _ mean: [Float], _ scale: [Float], _ thresholds: [Float], _ residual: [Float], _ corpora: [String]
    ) throws(AffettoError) -> [UInt8] {
        let dense = mean.count
        var stack: [Float] = []
        for part in others {
            for output in 0..<part.outputs {
                stack += (0..<dense).map {
                    part.weights[(vocabulary.hashes.count + $0) * part.outputs + output] * denseWeight
                }
            }
        }
        var writer = ModelPackWriter(
            task: TextModel.task(isChinese: isChinese), revision: TextFeatures.revision,
            labels: labels + perceivedLabels.map { TextModel.perceivedPrefix + $0 }
                + groups.map { TextModel.groupPrefix + $0.name }
                + own.emotions.map { TextModel.affectPrefix + $0.name }, corpora: corpora,
            settings: [
                "residual.valence": Double(residual[0]), "residual.arousal": Double(residual[1]),
                "residual.control": Double(residual[2]), "affect.sharpness": Double(own.sharpness),
                "crisis.threshold": Double(own.crisisThreshold),
            ])
        try writer.add(head: "", vocabulary, [first] + others)
        try writer.add(head: "own.", own.vocabulary, own.parts)
        writer.add("lexicon.word", ModelPackWriter.bytes(lexiconWords.map(\.hash)), shape: [lexiconWords.count, 4])
        writer.add(
            "lexicon.valence", lexiconWords.map { Int8(($0.valence * 30).rounded()) }, shape: [lexiconWords.count])
        writer.add("stack", stack, shape: [stack.count / max(dense, 1), dense])
        writer.add("own.stack", own.stack, shape: [own.stack.count / max(dense, 1), dense])
        writer.add("stack.mean", mean, shape: [dense])
        writer.add("stack.scale", scale, shape: [dense])
        writer.add(
            "group.members",
            groups.flatMap { group in labels.indices.map { group.members.contains($0) ? 1 : 0 } } as [Int8],
            shape: [groups.count, labels.count])
        writer.add("threshold", thresholds, shape: [thresholds.count])
        return try writer.bytes()
    }
}
