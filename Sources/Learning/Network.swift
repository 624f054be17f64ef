import AffettoCore
import AffettoKernels
import Glibc

/// A small feed-forward network: standardise → (dense → ReLU)* → dense, over flat float buffers.
///
/// Outputs are class logits followed by regression dimensions. Missing inputs (NaN) count as the training mean.
public struct Network: Sendable {
    /// Layer widths, input first, output last.
    public let widths: [Int]
    var mean: [Float]
    var scale: [Float]
    /// Per layer: outputs × inputs, row-major.
    var weights: [[Float]]
    var biases: [[Float]]

    /// Random weights by He's rule (He et al. 2015), biases 0.
    public init(widths: [Int], mean: [Float], scale: [Float], seed: UInt64) {
        self.widths = widths
        self.mean = mean
        self.scale = scale
        var random = SeededRandom(seed: seed, stream: 0x6E65_7477)
        weights = []
        biases = []
        for layer in 0..<(widths.count - 1) {
            let bound = (6 / Float(widths[layer])).squareRoot() * (layer == widths.count - 2 ? 0.3 : 1)
            weights.append(
                (0..<(widths[layer] * widths[layer + 1])).map { _ in Float(random.uniform() * 2 - 1) * bound })
            biases.append(Array(repeating: 0, count: widths[layer + 1]))
        }
    }

    /// A network of one layer: `weights` outputs × inputs, row-major.
    public init(mean: [Float], scale: [Float], weights: [Float], biases: [Float]) {
        widths = [mean.count, biases.count]
        self.mean = mean
        self.scale = scale
        self.weights = [weights]
        self.biases = [biases]
    }

    public init(pack: ModelPack, prefix: String) throws(AffettoError) {
        var widths: [Int] = []
        var weights: [[Float]] = []
        var biases: [[Float]] = []
        let claimed = try pack.setting("\(prefix).layers")
        guard let layers = Int(exactly: claimed), (1...16).contains(layers) else {
            throw AffettoError(.model, "a network of \(claimed) layers is none of ours")
        }
        for layer in 0..<layers {
            let shape = try pack.shape(of: "\(prefix).\(layer).weight")
            guard shape.count == 2, shape.allSatisfy({ (1...65536).contains($0) }),
                widths.isEmpty || widths.last == shape[1]
            else { throw AffettoError(.model, "layer \(layer) of '\(prefix)' does not fit the one before") }
            if widths.isEmpty { widths.append(shape[1]) }
            widths.append(shape[0])
            weights.append(Array(try pack.floats("\(prefix).\(layer).weight", shape: shape)))
            biases.append(Array(try pack.floats("\(prefix).\(layer).bias", shape: [shape[0]])))
        }
        mean = Array(try pack.floats("\(prefix).mean", shape: [widths[0]]))
        scale = Array(try pack.floats("\(prefix).scale", shape: [widths[0]]))
        guard (weights + biases + [mean, scale]).allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw AffettoError(.model, "network '\(prefix)' holds numbers that are not finite")
        }
        self.widths = widths
        self.weights = weights
        self.biases = biases
    }

    public func write(to writer: inout ModelPackWriter, prefix: String) {
        writer.add("\(prefix).mean", mean, shape: [widths[0]])
        writer.add("\(prefix).scale", scale, shape: [widths[0]])
        for layer in weights.indices {
            writer.add("\(prefix).\(layer).weight", weights[layer], shape: [widths[layer + 1], widths[layer]])
            writer.add("\(prefix).\(layer).bias", biases[layer], shape: [widths[layer + 1]])
        }
    }

    public var layerCount: Int { weights.count }
    public var inputs: Int { widths[0] }
    public var outputs: Int { widths[widths.count - 1] }
    public var parameterCount: Int { zip(weights, biases).map { $0.count + $1.count }.reduce(0, +) }

    /// Runs the network on `inputs` numbers into `out` (`outputs` numbers). `scratch` needs `scratchCount` numbers.
    public func run(
        _ input: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let widest = widths.max() ?? 0
        var current = scratch
        var next = scratch + widest
        for i in 0..<widths[0] {
            let z = (input[i] - mean[i]) * scale[i]
            current[i] = z.isFinite ? min(max(z, -6), 6) : 0
        }
        for layer in weights.indices {
            let isLast = layer == weights.count - 1
            let target = isLast ? out : next
            weights[layer].withUnsafeBufferPointer { w in
                biases[layer].withUnsafeBufferPointer { b in
                    guard let w = w.baseAddress else { return }
                    for row in 0..<widths[layer + 1] {
                        let sum = kernel_dot(w + row * widths[layer], current, widths[layer]) + b[row]
                        target[row] = isLast ? sum : max(sum, 0)
                    }
                }
            }
            swap(&current, &next)
        }
    }

    public var scratchCount: Int { 2 * (widths.max() ?? 0) }

    public func run(_ input: [Float]) -> [Float] {
        guard input.count == inputs else { return Array(repeating: 0, count: outputs) }
        var out = [Float](repeating: 0, count: outputs)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
            input.withUnsafeBufferPointer { x in
                out.withUnsafeMutableBufferPointer { y in
                    if let x = x.baseAddress, let y = y.baseAddress, let s = scratch.baseAddress {
                        run(x, into: y, scratch: s)
                    }
                }
            }
        }
        return out
    }
}

/// Softmax of logits at a temperature; sums to 1.
public func softmax(_ logits: some Collection<Float>, temperature: Float = 1) -> [Float] {
    let top = logits.max() ?? 0
    let e = logits.map { exp(($0 - top) / temperature) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
}
