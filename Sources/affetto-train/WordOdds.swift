import AffettoLearning
import AffettoText
import Foundation

/// What a linear model of a corpus's own words says of its messages: those it was not trained on, so that what is learned above
/// it sees it as it will be.
struct WordOdds {
    private let columns: [UInt32: UInt32]
    private let model: SparseLinear

    private init(_ bags: [TextFeatures.Bag], _ labels: [Int?], classes: Int) {
        var counts: [UInt32: Int] = [:]
        for bag in bags { for hash in Set(bag.words + bag.letters) { counts[hash, default: 0] += 1 } }
        let kept = counts.filter { $0.value >= 3 }.keys.sorted()
        columns = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, UInt32($0)) })
        var rows = SparseRows()
        for bag in bags { rows.append(Self.row(bag, columns)) }
        let truth = labels.flatMap { label in (0..<classes).map { $0 == label } }
        model = SparseLinear(
            rows, columns: kept.count, outputs: classes, task: .logistic(truth: truth, c: 1), epochs: 12)
    }

    /// Each known feature once, all together of length 1.
    private static func row(_ bag: TextFeatures.Bag, _ columns: [UInt32: UInt32]) -> [(column: UInt32, value: Float)] {
        let known = Set((bag.words + bag.letters).compactMap { columns[$0] }).sorted()
        let value = 1 / Float(max(known.count, 1)).squareRoot()
        return known.map { ($0, value) }
    }

    private func odds(_ bag: TextFeatures.Bag) -> [Float] {
        var rows = SparseRows()
        rows.append(Self.row(bag, columns))
        var sums = [Float](repeating: 0, count: model.outputs)
        model.sum(rows, 0, into: &sums)
        return sums
    }

    /// Per message its log odds of each class: of training messages by models of the other four fifths of the groups, of others
    /// by one of all.
    static func leftOut(
        train: [(text: String, label: Int?, group: Int)], test: [String], classes: Int
    ) -> (train: [[Float]], test: [[Float]]) {
        let bags = train.map { TextFeatures.extract($0.text) }
        func model(_ rows: [Int]) -> WordOdds {
            WordOdds(rows.map { bags[$0] }, rows.map { train[$0].label }, classes: classes)
        }
        var out = [[Float]](repeating: [], count: train.count)
        for fold in 0..<5 {
            let model = model(train.indices.filter { train[$0].group % 5 != fold })
            for row in train.indices where train[row].group % 5 == fold { out[row] = model.odds(bags[row]) }
        }
        let all = model(Array(train.indices))
        return (out, test.map { all.odds(TextFeatures.extract($0)) })
    }
}
