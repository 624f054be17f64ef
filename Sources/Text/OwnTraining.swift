import AffettoCore
import AffettoLearning
import Glibc

/// A sentence of the third layer's training.
public struct OwnSample: Sendable {
    public let bag: TextFeatures.Bag
    /// Affetto's emotions that a careful reader might name; empty = not annotated.
    public let emotions: [Emotion]
    /// In order of `TextModel.needs`; `nil` = not annotated.
    public let needs: [Bool]?
    /// `nil` = not annotated; `.distress` counts as that, too: it lies between.
    public let tier: CrisisTier?
    /// One of many of another corpus, here to say what is ordinary: no threshold is found on it.
    public let isOrdinary: Bool

    public init(
        text: String, emotions: [Emotion] = [], needs: [Bool]? = nil, tier: CrisisTier? = nil, isOrdinary: Bool = false,
        isChinese: Bool = false
    ) {
        bag = TextFeatures.extract(text, isChinese: isChinese)
        self.emotions = emotions
        self.needs = needs
        self.tier = tier == .distress ? nil : tier
        self.isOrdinary = isOrdinary
    }
}

/// The third layer's recipe: Affetto's emotions, needs and grave words from sentences of our own, among ordinary ones of
/// other corpora.
public struct OwnTraining: Sendable {
    public var featureLimit = 20_000
    public var affectCost: Float = 2
    public var needCost: Float = 2
    public var crisisCost: Float = 4
    /// Of ordinary messages, and of our own about studying, so many may count as grave: that sets the threshold.
    public var alarmRate = (ordinary: 0.005, own: 0.01)
    public var epochs = 15
    public var folds = 5

    public init() {}

    struct Result {
        var vocabulary: TextVocabulary
        var emotions: [Emotion]
        /// Affect, needs, whether words are grave, and how.
        var parts: [SparseLinear]
        /// [outputs][dense].
        var stack: [Float]
        var sharpness: Float
        var crisisThreshold: Float
    }

    func fit(
        _ samples: [OwnSample], denseWeight: Float, seed: UInt64, dense: (TextFeatures.Bag) -> [Float]
    ) -> Result {
        let vocabulary = TextVocabulary.learned(from: samples.map(\.bag), limit: featureLimit)
        let columns = vocabulary.hashes.count
        var width = 0
        let rows = samples.map { sample -> [(column: UInt32, value: Float)] in
            let values = dense(sample.bag)
            width = values.count
            return vocabulary.row(sample.bag).known
                + values.enumerated().map { (UInt32(columns + $0.offset), $0.element * denseWeight) }
        }
        if samples.isEmpty { width = dense(.init()).count }
        func solve(_ at: [Int], _ truth: [Bool], _ outputs: Int, _ cost: Float) -> SparseLinear {
            SparseLinear(
                TextTraining.rows(at.map { rows[$0] }), columns: columns + width, outputs: outputs,
                task: .logistic(truth: truth, c: cost), epochs: epochs, seed: seed)
        }
        /// What models of the other folds say.
        func leftOut(_ at: [Int], _ truth: [Bool], _ outputs: Int, _ cost: Float) -> [Float] {
            var said = [Float](repeating: 0, count: truth.count)
            var sums = [Float](repeating: 0, count: outputs)
            for fold in 0..<folds {
                let kept = at.indices.filter { $0 % folds != fold }
                let model = solve(
                    kept.map { at[$0] }, kept.flatMap { truth[($0 * outputs)..<(($0 + 1) * outputs)] }, outputs, cost)
                for row in stride(from: fold, to: at.count, by: folds) {
                    model.sum(TextTraining.rows([rows[at[row]]]), 0, into: &sums)
                    said.replaceSubrange((row * outputs)..<((row + 1) * outputs), with: sums)
                }
            }
            return said
        }

        let emotions = Emotion.allCases.filter { emotion in samples.contains { $0.emotions.contains(emotion) } }
        let felt = samples.indices.filter { !samples[$0].emotions.isEmpty }
        let affectTruth = felt.flatMap { at in emotions.map { samples[at].emotions.contains($0) } }
        let asked = samples.indices.filter { samples[$0].needs != nil }
        let needTruth = asked.flatMap { samples[$0].needs ?? [] }
        let weighed = samples.indices.filter { samples[$0].tier != nil }
        let graveTruth = weighed.map { samples[$0].tier != .some(.none) }
        let grim = weighed.filter { samples[$0].tier != .some(.none) }
        let tierTruth = grim.flatMap { at in TextModel.tiers.map { samples[at].tier == $0 } }

        let affect = solve(felt, affectTruth, emotions.count, affectCost)
        let need = solve(asked, needTruth, TextModel.needs.count, needCost)
        let grave = solve(weighed, graveTruth, 1, crisisCost)
        let tiers = solve(grim, tierTruth, TextModel.tiers.count, crisisCost)
        let affectLeft = leftOut(felt, affectTruth, emotions.count, affectCost)
        let graveLeft = leftOut(weighed, graveTruth, 1, crisisCost)

        // Grave from where next to nothing harmless is.
        func threshold(_ isOrdinary: Bool, _ rate: Double) -> Float {
            let odds = weighed.indices.filter { row in
                let sample = samples[weighed[row]]
                return isOrdinary ? sample.isOrdinary : sample.needs != nil
            }.map { graveLeft[$0] }.sorted(by: >)
            return odds.isEmpty ? 0 : odds[min(Int(rate * Double(odds.count)), odds.count - 1)]
        }
        let least = max(threshold(true, alarmRate.ordinary), threshold(false, alarmRate.own))
        let own = felt.indices.filter { !samples[felt[$0]].isOrdinary }
        var stack: [Float] = []
        for part in [affect, need, grave, tiers] {
            for output in 0..<part.outputs {
                stack += (0..<width).map {
                    part.weights[(columns + $0) * part.outputs + output] * denseWeight
                }
            }
        }
        return Result(
            vocabulary: vocabulary, emotions: emotions, parts: [affect, need, grave, tiers], stack: stack,
            sharpness: Self.sharpness(
                own.map { row in Array(affectLeft[(row * emotions.count)..<((row + 1) * emotions.count)]) },
                own.map { row in emotions.indices.filter { affectTruth[row * emotions.count + $0] } }),
            crisisThreshold: least)
    }

    /// The factor under which what is said of sentences left out is most likely, any of the true ones being right.
    private static func sharpness(_ odds: [[Float]], _ truth: [[Int]]) -> Float {
        let choices = stride(from: Float(0.3), through: 4, by: 0.1)
        func loss(_ factor: Float) -> Float {
            zip(odds, truth).reduce(0) { sum, row in
                let p = TextModel.softmax(row.0.map { $0 * factor })
                return sum - log(max(row.1.reduce(0) { $0 + p[$1] }, 1e-6))
            }
        }
        return odds.isEmpty ? 1 : choices.min { loss($0) < loss($1) } ?? 1
    }
}
