import AffettoCore
import Glibc

/// The named parameters of a network and what Adam remembers of each. Belongs to one thread.
public final class ParameterSet {
    public private(set) var names: [String] = []
    public private(set) var tensors: [Tensor] = []
    private var first: [[Float]] = []
    private var second: [[Float]] = []
    private var steps = 0
    private var random: SeededRandom?

    public init(seed: UInt64) { random = SeededRandom(seed: seed, stream: 0x7061_7261) }

    /// All matrices begin as zeros, for numbers from elsewhere.
    public init(zeros: Void) { random = nil }

    /// A new matrix: uniform within ±√(6 / (rows + columns)) · `gain` (Glorot & Bengio 2010).
    public func matrix(_ name: String, _ rows: Int, _ columns: Int, gain: Float = 1) -> Tensor {
        let tensor = Tensor(rows: rows, columns: columns)
        if var random {
            let bound = gain * (6 / Float(rows + columns)).squareRoot()
            for i in 0..<tensor.count { tensor.value[i] = Float(random.uniform() * 2 - 1) * bound }
            self.random = random
        }
        return add(name, tensor)
    }

    /// A new row of zeros.
    public func bias(_ name: String, _ columns: Int) -> Tensor { add(name, Tensor(rows: 1, columns: columns)) }

    private func add(_ name: String, _ tensor: Tensor) -> Tensor {
        names.append(name)
        tensors.append(tensor)
        return tensor
    }

    public var count: Int { tensors.reduce(0) { $0 + $1.count } }

    /// All numbers, in order.
    public var values: [[Float]] {
        get { tensors.map(\.values) }
        set {
            for (tensor, numbers) in zip(tensors, newValue) {
                precondition(numbers.count == tensor.count)
                for (i, number) in numbers.enumerated() { tensor.value[i] = number }
            }
        }
    }

    /// One step of Adam (Kingma & Ba 2015) with weight decay of matrices (Loshchilov & Hutter 2019), then no gradients.
    /// - Parameter limit: gradients are scaled down together so that their norm is at most this (Pascanu et al. 2013).
    public func step(rate: Float, decay: Float, limit: Float) {
        steps += 1
        if first.isEmpty {
            first = tensors.map { Array(repeating: 0, count: $0.count) }
            second = first
        }
        let square = tensors.reduce(0.0) { sum, tensor in
            (0..<tensor.count).reduce(sum) { $0 + Double(tensor.gradient[$1]) * Double(tensor.gradient[$1]) }
        }
        let norm = Float(square.squareRoot())
        guard norm.isFinite else { return clear() }
        let scale = norm > limit ? limit / norm : 1
        let (a, b) = (1 - pow(Float(0.9), Float(steps)), 1 - pow(Float(0.999), Float(steps)))
        for (t, tensor) in tensors.enumerated() {
            let decay = tensor.rows > 1 ? decay : 0
            let (value, gradient) = (tensor.value, tensor.gradient)
            first[t].withUnsafeMutableBufferPointer { m in
                second[t].withUnsafeMutableBufferPointer { v in
                    for i in 0..<tensor.count {
                        let g = gradient[i] * scale
                        m[i] = 0.9 * m[i] + 0.1 * g
                        v[i] = 0.999 * v[i] + 0.001 * g * g
                        value[i] -= rate * (m[i] / a / ((v[i] / b).squareRoot() + 1e-8) + decay * value[i])
                    }
                }
            }
        }
        clear()
    }

    public func clear() {
        for tensor in tensors { tensor.gradient.update(repeating: 0, count: tensor.count) }
    }
}
