import AffettoCore
import AffettoLearning
import Glibc
import Testing

/// Every operation's gradient against finite differences, and what the operations promise.
@Suite struct TapeTests {
    private static func random(_ rows: Int, _ columns: Int, _ stream: UInt64) -> Tensor {
        var random = SeededRandom(seed: 11, stream: stream)
        return Tensor(
            (0..<(rows * columns)).map { _ in Float(random.uniform() * 2 - 1) }, rows: rows, columns: columns)
    }

    /// The sum of the result times fixed numbers, so that every entry of it counts differently.
    private static func weighted(_ tape: Tape, _ y: Tensor) -> Double {
        let weights = random(y.rows, y.columns, 99)
        let target = (0..<y.rows).map { r in (0..<y.columns).map { weights.value[r * y.columns + $0] } }
        return tape.squaredError(y, from: 0, targets: target)
    }

    /// Compares the gradients of `inputs` with differences of the loss.
    private static func check(
        _ name: String, _ inputs: [Tensor], loss: (Tape, Tensor) -> Double = weighted, _ build: (Tape) -> Tensor
    ) {
        for tensor in inputs { tensor.gradient.update(repeating: 0, count: tensor.count) }
        let tape = Tape(isLearning: true)
        _ = loss(tape, build(tape))
        tape.backward()
        func value() -> Double {
            let tape = Tape(isLearning: false)
            return loss(tape, build(tape))
        }
        let step: Float = 1e-2
        for (which, tensor) in inputs.enumerated() {
            let found = tensor.gradients
            for i in 0..<tensor.count {
                let old = tensor.value[i]
                tensor.value[i] = old + step
                let above = value()
                tensor.value[i] = old - step
                let below = value()
                tensor.value[i] = old
                let difference = (above - below) / Double(2 * step)
                #expect(
                    abs(Double(found[i]) - difference) < 2e-3 * max(1, abs(difference)),
                    "\(name), input \(which), number \(i): \(found[i]) against \(difference)")
            }
        }
    }

    @Test func gradientsOfDenseParts() {
        let (x, w, b) = (Self.random(5, 3, 1), Self.random(3, 4, 2), Self.random(1, 4, 3))
        Self.check("dense", [x, w, b]) { $0.dense(x, w, b) }
        Self.check("tanh", [x]) { $0.tanh(x) }
        let other = Self.random(5, 3, 4)
        Self.check("multiply", [x, other]) { $0.multiply(x, other) }
        Self.check("itself", [x]) { $0.multiply(x, x) }
        Self.check("scaleRows", [x]) { $0.scaleRows(x, by: [0, 1, 0.5, -2, 1]) }
        Self.check("concatenate", [x, other]) { $0.concatenate([x, other, x]) }
        Self.check("gather", [x]) { $0.gather(x, [4, -1, 0, 0, 2, 4]) }
    }

    @Test func gradientsOfRecurrence() {
        let (x, u) = (Self.random(7, 9, 5), Self.random(3, 9, 6))
        // A line, two lines and a beginning by itself, backwards, and a fork.
        for previous in [
            [-1, 0, 1, 2, 3, 4, 5], [-1, -1, 0, 1, 2, -1, 4], [1, 2, 3, 4, 5, 6, -1], [-1, 0, 0, 1, 1, 2, 2],
        ] {
            Self.check("recur \(previous)", [x, u]) { $0.recur(x, u, previous: previous) }
        }
    }

    @Test func gradientsOfAttention() {
        let (q, k, v) = (Self.random(7, 3, 7), Self.random(7, 3, 8), Self.random(7, 2, 9))
        let present = [true, true, false, true, true, true, false]
        for reach in [Tape.Reach.earlier, .upToItself, .all, .itself] {
            Self.check("attend \(reach)", [q, k, v]) {
                $0.attend(q, k, v, segments: [0..<4, 4..<7], reach: reach, present: present, window: 2)
            }
        }
        Self.check("one for all", [q]) {
            $0.attend(q, q, q, segments: [0..<7], reach: .all, present: Array(repeating: true, count: 7))
        }
    }

    @Test func gradientsOfLosses() {
        let x = Self.random(5, 4, 10)
        let labels: [Int?] = [0, 2, nil, 1, 1]
        Self.check(
            "cross-entropy", [x],
            loss: { tape, y in
                tape.crossEntropy(
                    y, classes: 3, labels: labels, weights: [1, 2, 0.5], rows: [1, 1, 1, 0, 1], scale: 0.7)
                    + tape.squaredError(y, from: 3, targets: [[0.3], [.nan], [1], [-1], [0]], scale: 2)
            }
        ) { $0.multiply(x, x) }
    }

    /// What a step-by-step statement of the published formulas says (Cho et al. 2014, eq. 5…8).
    @Test func recurrenceIsThatOfTheFormulas() {
        let (x, u) = (Self.random(3, 6, 12), Self.random(2, 6, 13))
        let h = Tape(isLearning: false).recur(x, u, previous: [-1, 0, 1]).values
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        var state = [0.0, 0.0]
        for t in 0..<3 {
            func product(_ column: Int) -> Double {
                (0..<2).reduce(0) { $0 + state[$1] * Double(u.value[$1 * 6 + column]) }
            }
            func given(_ column: Int) -> Double { Double(x.value[t * 6 + column]) }
            let next = (0..<2).map { i in
                let r = sigmoid(given(i) + product(i))
                let z = sigmoid(given(2 + i) + product(2 + i))
                let a = given(4 + i) + r * product(4 + i)
                let n = 2 * sigmoid(2 * a) - 1
                return (1 - z) * n + z * state[i]
            }
            state = next
            for i in 0..<2 { #expect(abs(Double(h[t * 2 + i]) - state[i]) < 1e-5) }
        }
    }

    @Test func attentionSeesWhatItMay() {
        let q = Self.random(300, 4, 14)
        var present = [Bool](repeating: true, count: 300)
        present[0] = false
        func out(_ v: Tensor, _ reach: Tape.Reach) -> [Float] {
            Tape(isLearning: false)
                .attend(q, q, v, segments: [0..<150, 150..<300], reach: reach, present: present, window: 20).values
        }
        let v = Self.random(300, 1, 15)
        let before = out(v, .upToItself)
        let all = out(v, .all)
        #expect(out(v, .earlier)[0] == 0 && out(v, .earlier)[150] == 0 && before[0] == 0)
        #expect(before[150] == v.value[150])
        // Another number at row 200 moves rows 200…220 of what looks back, 180…220 of what looks both ways, and no others.
        v.value[200] += 1
        let (later, both) = (out(v, .upToItself), out(v, .all))
        for row in 0..<300 {
            #expect((later[row] != before[row]) == (200...220).contains(row))
            #expect((both[row] != all[row]) == (180...220).contains(row))
        }
    }

    @Test func dropoutKeepsTheMeanAndIsSilentOtherwise() {
        let x = Tensor(Array(repeating: 1, count: 20_000), rows: 100, columns: 200)
        let y = Tape(isLearning: true, random: SeededRandom(seed: 3)).dropout(x, 0.3).values
        #expect(abs(y.reduce(0, +) / 20_000 - 1) < 0.02)
        #expect(abs(Float(y.count { $0 == 0 }) / 20_000 - 0.3) < 0.02)
        #expect(Tape(isLearning: false).dropout(x, 0.3).values == x.values)
    }

    @Test func adamFindsALeast() {
        let parameters = ParameterSet(seed: 1)
        let w = parameters.matrix("w", 3, 1)
        let x = Self.random(50, 3, 16)
        let truth = Tensor([1, -2, 0.5], rows: 3, columns: 1)
        let y = Tape(isLearning: false).dense(x, truth)
        for _ in 0..<600 {
            let tape = Tape(isLearning: true)
            _ = tape.squaredError(tape.dense(x, w), from: 0, targets: y.values.map { [$0] })
            tape.backward()
            parameters.step(rate: 0.02, decay: 0, limit: 1)
        }
        for (found, true_) in zip(w.values, truth.values) { #expect(abs(found - true_) < 0.01) }
        // A gradient that is no number changes nothing.
        let before = w.values
        w.gradient[0] = .nan
        parameters.step(rate: 0.02, decay: 0, limit: 1)
        #expect(w.values == before && w.gradients == [0, 0, 0])
    }
}
