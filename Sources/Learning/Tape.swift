import AffettoCore
import AffettoKernels
import Glibc

/// Reverse-mode differentiation (Linnainmaa 1970): each operation computes its result at once and leaves behind how gradients
/// flow back through it. Build the network, call a loss, then `backward`; one tape serves one pass.
public final class Tape {
    /// Whether gradients will be asked for; otherwise nothing is kept, and dropout leaves all as it is.
    public let isLearning: Bool
    var random: SeededRandom
    /// Floating-point operations of the matrix products so far, both ways: 2 for each multiply and add.
    public internal(set) var operations = 0.0
    private var steps: [() -> Void] = []

    public init(isLearning: Bool, random: SeededRandom = SeededRandom(seed: 0)) {
        self.isLearning = isLearning
        self.random = random
    }

    func onBackward(_ step: @escaping () -> Void) {
        if isLearning { steps.append(step) }
    }

    /// Lets the gradients of the losses flow back to everything they depend on; adds to those of the parameters.
    public func backward() {
        while let step = steps.popLast() { step() }
    }

    // MARK: Operations

    /// x w + b; x is n × inputs, w inputs × outputs, b 1 × outputs.
    public func dense(_ x: Tensor, _ w: Tensor, _ b: Tensor? = nil) -> Tensor {
        let (n, inputs, outputs) = (x.rows, x.columns, w.columns)
        precondition(w.rows == inputs)
        let y = Tensor(rows: n, columns: outputs)
        if let b {
            for r in 0..<n { (y.value + r * outputs).update(from: b.value, count: outputs) }
        }
        kernel_gemm(x.value, inputs, 1, w.value, y.value, n, outputs, inputs)
        operations += 2 * Double(n * inputs * outputs) * (isLearning ? 3 : 1)
        onBackward {
            kernel_gemm(x.value, 1, inputs, y.gradient, w.gradient, inputs, outputs, n)
            Self.transposed(w.value, inputs, outputs) {
                kernel_gemm(y.gradient, outputs, 1, $0, x.gradient, n, inputs, outputs)
            }
            if let b {
                for r in 0..<n { Self.add(y.gradient + r * outputs, to: b.gradient, count: outputs) }
            }
        }
        return y
    }

    public func tanh(_ x: Tensor) -> Tensor {
        let y = Tensor(rows: x.rows, columns: x.columns)
        Self.tanh(x.value, into: y.value, count: x.count)
        onBackward {
            for i in 0..<x.count { x.gradient[i] += y.gradient[i] * (1 - y.value[i] * y.value[i]) }
        }
        return y
    }

    /// The product of each pair of numbers.
    public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(a.rows == b.rows && a.columns == b.columns)
        let y = Tensor(rows: a.rows, columns: a.columns)
        kernel_multiply(a.value, b.value, y.value, a.count)
        onBackward {
            for i in 0..<a.count {
                a.gradient[i] += y.gradient[i] * b.value[i]
                b.gradient[i] += y.gradient[i] * a.value[i]
            }
        }
        return y
    }

    /// Each row times a number of its own, as a mask.
    public func scaleRows(_ x: Tensor, by factors: [Float]) -> Tensor {
        precondition(factors.count == x.rows)
        let y = Tensor(rows: x.rows, columns: x.columns)
        for r in 0..<x.rows {
            for i in (r * x.columns)..<((r + 1) * x.columns) { y.value[i] = x.value[i] * factors[r] }
        }
        onBackward {
            for r in 0..<x.rows {
                for i in (r * x.columns)..<((r + 1) * x.columns) { x.gradient[i] += y.gradient[i] * factors[r] }
            }
        }
        return y
    }

    /// Sets a share of the numbers to 0 and scales the others up (Srivastava et al. 2014); only where the tape learns.
    public func dropout(_ x: Tensor, _ rate: Float) -> Tensor {
        guard isLearning, rate > 0 else { return x }
        let mask = Tensor(rows: x.rows, columns: x.columns)
        for i in 0..<x.count { mask.value[i] = Float(random.uniform()) < rate ? 0 : 1 / (1 - rate) }
        return multiply(x, mask)
    }

    /// Side by side.
    public func concatenate(_ parts: [Tensor]) -> Tensor {
        let rows = parts[0].rows
        precondition(parts.allSatisfy { $0.rows == rows })
        let y = Tensor(rows: rows, columns: parts.reduce(0) { $0 + $1.columns })
        var start = 0
        for part in parts {
            for r in 0..<rows {
                (y.value + r * y.columns + start).update(from: part.value + r * part.columns, count: part.columns)
            }
            start += part.columns
        }
        onBackward {
            var start = 0
            for part in parts {
                for r in 0..<rows {
                    Self.add(
                        y.gradient + r * y.columns + start, to: part.gradient + r * part.columns, count: part.columns)
                }
                start += part.columns
            }
        }
        return y
    }

    /// Row i of the result is row `places[i]` of `x`, or zeros where that is −1.
    public func gather(_ x: Tensor, _ places: [Int]) -> Tensor {
        let y = Tensor(rows: places.count, columns: x.columns)
        for (r, place) in places.enumerated() where place >= 0 {
            (y.value + r * x.columns).update(from: x.value + place * x.columns, count: x.columns)
        }
        onBackward {
            for (r, place) in places.enumerated() where place >= 0 {
                Self.add(y.gradient + r * x.columns, to: x.gradient + place * x.columns, count: x.columns)
            }
        }
        return y
    }

    // MARK: Losses

    /// The mean cross-entropy of softmax over the first `classes` columns, times `scale`; rows without a label count for
    /// nothing.
    /// - Parameter weights: of the classes.
    public func crossEntropy(
        _ logits: Tensor, classes: Int, labels: [Int?], weights: [Float], rows: [Float], scale: Float = 1
    ) -> Double {
        precondition(labels.count == logits.rows && rows.count == logits.rows && classes <= logits.columns)
        func weight(_ r: Int) -> Float { labels[r].map { weights[$0] * rows[r] } ?? 0 }
        let total = (0..<logits.rows).reduce(0) { $0 + weight($1) }
        guard total > 0 else { return 0 }
        var loss = 0.0
        for r in 0..<logits.rows where weight(r) > 0 {
            guard let label = labels[r] else { continue }
            let row = UnsafeBufferPointer(start: logits.value + r * logits.columns, count: classes)
            let chance = softmax(row)
            loss -= Double(weight(r)) * log(Double(max(chance[label], 1e-12)))
            guard isLearning else { continue }
            let share = scale * weight(r) / total
            let gradient = logits.gradient + r * logits.columns
            for c in 0..<classes { gradient[c] += share * (chance[c] - (c == label ? 1 : 0)) }
        }
        return Double(scale) * loss / Double(total)
    }

    /// The mean squared error of the columns from `first` on, times `scale`; targets that are not numbers count for nothing.
    public func squaredError(_ output: Tensor, from first: Int, targets: [[Float]], scale: Float = 1) -> Double {
        let known = targets.reduce(0) { $0 + $1.count(where: \.isFinite) }
        guard known > 0 else { return 0 }
        var loss = 0.0
        for (r, row) in targets.enumerated() {
            for (d, target) in row.enumerated() where target.isFinite {
                let place = r * output.columns + first + d
                let error = output.value[place] - target
                loss += Double(error) * Double(error)
                if isLearning { output.gradient[place] += scale * 2 * error / Float(known) }
            }
        }
        return Double(scale) * loss / Double(known)
    }

    // MARK: Parts

    static func add(_ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, count: Int) {
        for i in 0..<count { to[i] += from[i] }
    }

    /// Gives `body` the transpose of a rows × columns matrix.
    static func transposed(
        _ x: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ body: (UnsafePointer<Float>) -> Void
    ) {
        let out = UnsafeMutablePointer<Float>.allocate(capacity: max(rows * columns, 1))
        defer { out.deallocate() }
        for r in 0..<rows {
            for c in 0..<columns { out[c * rows + r] = x[r * columns + c] }
        }
        body(out)
    }

    /// 1 / (1 + e⁻ˣ), many at a time; `out` may be `x`.
    static func sigmoid(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int) {
        for i in 0..<count { out[i] = -1.442_695_04 * x[i] }
        kernel_exp2(out, out, count)
        for i in 0..<count { out[i] = 1 / (1 + out[i]) }
    }

    /// Many at a time; `out` may be `x`.
    static func tanh(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, count: Int) {
        for i in 0..<count { out[i] = 2.885_390_08 * x[i] }
        kernel_exp2(out, out, count)
        for i in 0..<count { out[i] = 1 - 2 / (1 + out[i]) }
    }
}
