import AffettoCore
import AffettoSignal
import Foundation
import Testing

@Suite struct PolynomialRootsTests {
    /// Coefficients of the product of (x² − 2 re x + re² + im²) and (x − r).
    private func expand(pairs: [(Double, Double)], reals: [Double]) -> [Double] {
        var p = [1.0]
        func times(_ factor: [Double]) {
            var out = [Double](repeating: 0, count: p.count + factor.count - 1)
            for (i, a) in p.enumerated() { for (j, b) in factor.enumerated() { out[i + j] += a * b } }
            p = out
        }
        for (re, im) in pairs { times([1, -2 * re, re * re + im * im]) }
        for r in reals { times([1, -r]) }
        return p
    }

    @Test(arguments: [(5, 0), (5, 1), (3, 4), (0, 3), (4, 3), (1, 0), (0, 1)])
    func findsTheRootsItWasMadeOf(_ shape: (pairs: Int, reals: Int)) {
        var random = SeededRandom(seed: 11)
        var solver = PolynomialRoots(degree: 2 * shape.pairs + shape.reals)
        for _ in 0..<300 {
            let pairs = (0..<shape.pairs).map { _ in
                let (r, w) = (0.5 + 0.55 * random.uniform(), .pi * (0.02 + 0.96 * random.uniform()))
                return (r * cos(w), r * sin(w))
            }
            let reals = (0..<shape.reals).map { _ in random.uniform() * 2.4 - 1.2 }
            let found = solver.solve(expand(pairs: pairs, reals: reals))
            #expect(found == shape.pairs + shape.reals)
            for (re, im) in pairs + reals.map({ ($0, 0) }) {
                let nearest = (0..<found).map { hypot(solver.re[$0] - re, abs(solver.im[$0]) - im) }.min() ?? 9
                // Roots that lie close together are badly conditioned, whoever solves for them.
                #expect(nearest < 2e-3)
            }
        }
    }

    @Test func aLeadingCoefficientIsOnlyAScale() {
        var solver = PolynomialRoots(degree: 2)
        #expect(solver.solve([4, 0, 4]) == 1)
        #expect(abs(solver.re[0]) < 1e-12 && abs(solver.im[0] - 1) < 1e-12)
    }
}

@Suite struct LinearPredictionTests {
    @Test func recoversTheFilterOfAnAutoregression() {
        // x[n] = 1.5 x[n−1] − 0.8 x[n−2] + noise: A(z) = 1 − 1.5 z⁻¹ + 0.8 z⁻².
        var random = SeededRandom(seed: 4)
        var x = [0.0, 0]
        for n in 2..<200_000 { x.append(1.5 * x[n - 1] - 0.8 * x[n - 2] + random.uniform() - 0.5) }
        let r = (0...4).map { lag in (0..<(x.count - lag)).reduce(0.0) { $0 + x[$1] * x[$1 + lag] } }
        var a = [Double](repeating: 9, count: 5)
        #expect(LinearPrediction.solve(r, order: 4, into: &a))
        for (found, truth) in zip(a, [1, -1.5, 0.8, 0, 0]) { #expect(abs(found - truth) < 0.02) }
    }

    @Test func silencePredictsNothing() {
        var a = [Float](repeating: 9, count: 4)
        #expect(!LinearPrediction.solve([Float](repeating: 0, count: 4), order: 3, into: &a))
        #expect(a == [1, 0, 0, 0])
    }
}

@Suite struct SampleHistoryTests {
    @Test func keepsTheLatestAtTheirIndex() {
        var history = SampleHistory(kept: 100, maxBlock: 37)
        var next = 0
        for turn in 0..<200 {
            let block = (0..<(turn % 38)).map { Float(next + $0) }
            block.withUnsafeBufferPointer { if let base = $0.baseAddress { history.append(base, count: block.count) } }
            next += block.count
            #expect(history.end == next)
            let oldest = max(next - 100, 0)
            for index in oldest..<next { #expect(history.at(index)[0] == Float(index)) }
        }
    }
}
