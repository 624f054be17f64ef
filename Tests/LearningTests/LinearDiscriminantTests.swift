import AffettoCore
import AffettoLearning
import Foundation
import Testing

@Suite struct LinearDiscriminantTests {
    /// Two classes of one covariance, which is not round: the best direction is not that of the means.
    private func draw(_ count: Int, seed: UInt64) -> (rows: [[Float]], classes: [Int]) {
        var random = SeededRandom(seed: seed)
        var rows: [[Float]] = []
        var classes: [Int] = []
        for i in 0..<count {
            let c = i % 2
            let (a, b) = (random.normal(), random.normal())
            // Covariance [[1, 0.9], [0.9, 1]], means (0, 0) and (1, 0).
            rows.append([Float(a + (c == 1 ? 1 : 0)), Float(0.9 * a + (1 - 0.81).squareRoot() * b)])
            classes.append(c)
        }
        return (rows, classes)
    }

    private func accuracy(_ found: (weights: [Float], biases: [Float]), _ data: (rows: [[Float]], classes: [Int]))
        -> Double
    {
        let right = zip(data.rows, data.classes).count { row, c in
            let scores = (0..<2).map { k in
                found.biases[k] + row[0] * found.weights[2 * k] + row[1] * found.weights[2 * k + 1]
            }
            return (scores[1] > scores[0]) == (c == 1)
        }
        return Double(right) / Double(data.rows.count)
    }

    @Test func findsTheDirectionThatSeparates() {
        let (train, test) = (draw(4000, seed: 1), draw(4000, seed: 2))
        let weights = [Float](repeating: 1, count: 4000)
        let sharp = LinearDiscriminant.train(
            rows: train.rows, classes: train.classes, weights: weights, count: 2, shrinkage: 0)
        // Theory: half the Mahalanobis distance, 1 / √(1 − 0.81) / 2 = 1.147 → 87.4 %.
        #expect(abs(accuracy(sharp, test) - 0.874) < 0.015)
        // With round covariance it is the nearest mean: Φ(1/2) = 69.1 %.
        let round = LinearDiscriminant.train(
            rows: train.rows, classes: train.classes, weights: weights, count: 2, shrinkage: 1)
        #expect(abs(accuracy(round, test) - 0.691) < 0.02)
        // S⁻¹ (m₁ − m₀) is proportional to (1, −0.9).
        let direction = (sharp.weights[2] - sharp.weights[0], sharp.weights[3] - sharp.weights[1])
        #expect(abs(direction.1 / direction.0 + 0.9) < 0.05)
    }

    @Test func classesWeighAlike() {
        let data = draw(2000, seed: 3)
        // Ten times as much of class 0 changes nothing but noise.
        let few = data.classes.indices.filter { data.classes[$0] == 0 || $0 % 10 == 1 }
        func train(_ rows: [Int]) -> (weights: [Float], biases: [Float]) {
            LinearDiscriminant.train(
                rows: rows.map { data.rows[$0] }, classes: rows.map { data.classes[$0] },
                weights: rows.map { _ in 1 }, count: 2, shrinkage: 0.2)
        }
        #expect(abs(accuracy(train(few), data) - accuracy(train(Array(data.classes.indices)), data)) < 0.02)
    }
}
