import AffettoCore
import AffettoLearning
import Foundation
import Testing

/// Solutions are held against what their own equations say: gradient zero at the best weights.
@Suite struct SparseLinearTests {
    private func problem(_ rows: Int, _ columns: Int) -> (SparseRows, [[Float]]) {
        var random = SeededRandom(seed: 4)
        var sparse = SparseRows()
        var dense: [[Float]] = []
        for _ in 0..<rows {
            var row = [Float](repeating: 0, count: columns)
            for column in 0..<columns where random.uniform() < 0.4 { row[column] = Float(random.uniform() * 2 - 1) }
            sparse.append(row.enumerated().filter { $0.element != 0 }.map { (UInt32($0.offset), $0.element) })
            dense.append(row)
        }
        return (sparse, dense)
    }

    @Test func logisticRegressionIsSolved() {
        let (rows, dense) = problem(200, 12)
        let truth = dense.flatMap { row in [row[0] + row[1] > 0.1, row[2] - row[3] > 0] }
        let c: Float = 2
        let model = SparseLinear(rows, columns: 12, outputs: 2, task: .logistic(truth: truth, c: c), epochs: 300)
        for output in 0..<2 {
            // Gradient of |w|² / 2 + c · Σ log(1 + exp(−y (w x + b))), the bias regularised like a weight.
            var gradient = (0..<12).map { model.weights[$0 * 2 + output] } + [model.bias[output]]
            for (n, row) in dense.enumerated() {
                var sums = [Float](repeating: 0, count: 2)
                model.sum(rows, n, into: &sums)
                let y: Float = truth[n * 2 + output] ? 1 : -1
                let pull = c * y / (1 + exp(y * sums[output]))
                for (column, x) in (row + [1]).enumerated() { gradient[column] -= pull * x }
            }
            #expect(gradient.allSatisfy { abs($0) < 0.02 }, "\(gradient)")
        }
    }

    /// A weight that may be larger costs less: the gradient of w² / (2 · emphasis).
    @Test func emphasisMakesWeightsCheaper() {
        let (rows, dense) = problem(200, 6)
        let truth = dense.map { $0[0] + $0[1] > 0.1 }
        let emphasis: [Float] = [4, 0.25, 1, 1, 1, 1]
        let model = SparseLinear(
            rows, columns: 6, outputs: 1, task: .logistic(truth: truth, c: 1), emphasis: emphasis, epochs: 300)
        var gradient = (0..<6).map { model.weights[$0] / emphasis[$0] } + [model.bias[0]]
        for (n, row) in dense.enumerated() {
            var sums: [Float] = [0]
            model.sum(rows, n, into: &sums)
            let y: Float = truth[n] ? 1 : -1
            for (column, x) in (row + [1]).enumerated() { gradient[column] -= y / (1 + exp(y * sums[0])) * x }
        }
        #expect(gradient.allSatisfy { abs($0) < 0.02 }, "\(gradient)")
        let found = SparseLinear.naiveBayesEmphasis(
            rows, truth: truth, columns: 6, outputs: 1, smoothing: 0.1, share: 0)
        #expect(found == [Float](repeating: 1, count: 6))
    }

    @Test func naiveBayesFindsTheTellingFeature() {
        var rows = SparseRows()
        for n in 0..<40 { rows.append([(column: UInt32(n % 2), value: Float(1)), (column: 2, value: 1)]) }
        let truth = (0..<40).map { $0 % 2 == 0 }
        let found = SparseLinear.naiveBayesEmphasis(
            rows, truth: truth, columns: 3, outputs: 1, smoothing: 0.1, share: 1)
        // 20 of 40 against none: log((20 + 0.1) / 0.1).
        #expect(abs(found[0].squareRoot() - log(Float(201))) < 1e-3 && abs(found[0] - found[1]) < 1e-3)
        #expect(found[2] < 1e-6, "what is always there tells nothing")
    }

    @Test func ridgeRegressionIsSolved() {
        let (rows, dense) = problem(150, 8)
        let target = dense.map { $0[0] * 0.7 - $0[5] * 0.2 + 0.3 }
        let lambda: Float = 0.5
        let model = SparseLinear(
            rows, columns: 8, outputs: 1, task: .ridge(target: target, lambda: lambda), epochs: 200)
        var gradient = (0..<8).map { lambda * model.weights[$0] } + [lambda * model.bias[0]]
        for (n, row) in dense.enumerated() {
            var sums: [Float] = [0]
            model.sum(rows, n, into: &sums)
            for (column, x) in (row + [1]).enumerated() { gradient[column] -= (target[n] - sums[0]) * x }
        }
        #expect(gradient.allSatisfy { abs($0) < 0.01 }, "\(gradient)")
    }

    @Test func sameSeedSameWeights() {
        let (rows, dense) = problem(60, 6)
        let truth = dense.map { $0[0] > 0 }
        func weights(_ seed: UInt64) -> [Float] {
            SparseLinear(
                rows, columns: 6, outputs: 1, task: .logistic(truth: truth, c: 1), epochs: 3, seed: seed
            ).weights
        }
        #expect(weights(1) == weights(1) && weights(1) != weights(2))
    }

    @Test func nothingToLearnFrom() {
        let none = SparseLinear(SparseRows(), columns: 3, outputs: 2, task: .logistic(truth: [], c: 1))
        #expect(none.weights == [Float](repeating: 0, count: 6) && none.bias == [0, 0])
        var empty = SparseRows()
        empty.append([])
        let all = SparseLinear(empty, columns: 3, outputs: 1, task: .logistic(truth: [true], c: 1), epochs: 50)
        #expect(all.bias[0] > 0 && all.bias[0].isFinite)
    }
}
