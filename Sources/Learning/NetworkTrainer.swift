import AffettoCore
import AffettoKernels
import Glibc

/// One training row: features, a target distribution over classes, and target dimensions (NaN = not known).
public struct TrainingRow: Sendable {
    public var features: [Float]
    public var classes: [Float]
    public var dimensions: [Float]
    public var weight: Float

    public init(features: [Float], classes: [Float], dimensions: [Float], weight: Float = 1) {
        self.features = features
        self.classes = classes
        self.dimensions = dimensions
        self.weight = weight
    }
}

/// Minibatch training of a `Network` by Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019):
/// soft cross-entropy over the classes plus squared error over the dimensions. Deterministic from its seed.
public struct NetworkTrainer: Sendable {
    public var hidden: [Int] = []
    public var epochs = 60
    public var batch = 32
    public var rate: Float = 0.002
    public var decay: Float = 0.02
    /// Share of hidden units dropped in training.
    public var dropout: Float = 0
    /// Standard deviation of noise added to standardised inputs.
    public var inputNoise: Float = 0
    public var dimensionWeight: Float = 1
    /// Changes a row's features each time it is learned from, before they are standardised.
    public var vary: (@Sendable (inout [Float], inout SeededRandom) -> Void)?
    public var seed: UInt64 = 1

    public init() {}

    /// - Parameter progress: called after each epoch with its number and mean loss.
    public func train(_ rows: [TrainingRow], progress: (Int, Float) -> Void = { _, _ in }) -> Network {
        guard let first = rows.first else { return Network(widths: [1, 1], mean: [0], scale: [1], seed: seed) }
        let inputs = first.features.count
        let classes = first.classes.count
        let outputs = classes + first.dimensions.count
        var random = SeededRandom(seed: seed, stream: 0x7472_6169)
        let (mean, scale) = Self.standardisation(varied(rows, &random))
        var network = Network(widths: [inputs] + hidden + [outputs], mean: mean, scale: scale, seed: seed)
        var adam = AdamState(network)
        var order = Array(rows.indices)
        var step = 0
        for epoch in 0..<epochs {
            order.shuffle(using: &random)
            let epochRate = rate * 0.5 * (1 + cos(.pi * Float(epoch) / Float(epochs)))
            var total: Float = 0
            var start = 0
            while start < order.count {
                let slice = order[start..<min(start + batch, order.count)]
                var gradient = Gradient(network)
                for index in slice {
                    total += backward(network, rows[index], classes: classes, &gradient, &random)
                }
                step += 1
                adam.apply(gradient, count: Float(slice.count), to: &network, rate: epochRate, decay: decay, step: step)
                start += batch
            }
            progress(epoch + 1, total / Float(rows.count))
        }
        return network
    }

    private func varied(_ rows: [TrainingRow], _ random: inout SeededRandom) -> [TrainingRow] {
        guard let vary else { return rows }
        return rows.map { row in
            var row = row
            vary(&row.features, &random)
            return row
        }
    }

    static func standardisation(_ rows: [TrainingRow]) -> ([Float], [Float]) {
        let inputs = rows[0].features.count
        var mean = [Float](repeating: 0, count: inputs)
        var scale = [Float](repeating: 1, count: inputs)
        for i in 0..<inputs {
            var sum = 0.0
            var square = 0.0
            var n = 0.0
            for row in rows where row.features[i].isFinite {
                let x = Double(row.features[i])
                sum += x
                square += x * x
                n += 1
            }
            guard n > 1 else { continue }
            mean[i] = Float(sum / n)
            let variance = max(square / n - (sum / n) * (sum / n), 0)
            scale[i] = variance > 1e-12 ? Float(1 / variance.squareRoot()) : 0
        }
        return (mean, scale)
    }

    private func backward(
        _ network: Network, _ row: TrainingRow, classes: Int, _ gradient: inout Gradient, _ random: inout SeededRandom
    ) -> Float {
        var activations: [[Float]] = []
        var features = row.features
        vary?(&features, &random)
        var x = [Float](repeating: 0, count: network.inputs)
        for i in x.indices {
            let z = (features[i] - network.mean[i]) * network.scale[i]
            x[i] = z.isFinite ? min(max(z, -6), 6) : 0
            if inputNoise > 0 { x[i] += inputNoise * Float(random.normal()) }
        }
        activations.append(x)
        for layer in 0..<network.layerCount {
            var y = network.biases[layer]
            let width = network.widths[layer]
            network.weights[layer].withUnsafeBufferPointer { w in
                activations[layer].withUnsafeBufferPointer { a in
                    if let w = w.baseAddress, let a = a.baseAddress {
                        for r in y.indices { y[r] += kernel_dot(w + r * width, a, width) }
                    }
                }
            }
            if layer < network.layerCount - 1 {
                for r in y.indices {
                    let kept = dropout == 0 || Float(random.uniform()) >= dropout
                    y[r] = y[r] > 0 && kept ? y[r] / (1 - dropout) : 0
                }
            }
            activations.append(y)
        }
        let output = activations[network.layerCount]
        let probability = softmax(output.prefix(classes))
        var delta = [Float](repeating: 0, count: output.count)
        var loss: Float = 0
        for c in 0..<classes {
            loss -= row.weight * row.classes[c] * log(max(probability[c], 1e-9))
            delta[c] = row.weight * (probability[c] - row.classes[c])
        }
        for d in classes..<output.count {
            let target = row.dimensions[d - classes]
            guard target.isFinite else { continue }
            let error = output[d] - target
            loss += row.weight * dimensionWeight * error * error
            delta[d] = row.weight * dimensionWeight * 2 * error
        }
        for layer in stride(from: network.layerCount - 1, through: 0, by: -1) {
            for r in delta.indices { gradient.biases[layer][r] += delta[r] }
            delta = Self.propagate(
                delta, network.weights[layer], activations[layer], into: &gradient.weights[layer], isInput: layer == 0)
        }
        return loss
    }

    /// Adds delta × activations to `gradient` and returns delta × weights, cut where the unit was off.
    private static func propagate(
        _ delta: [Float], _ weights: [Float], _ activations: [Float], into gradient: inout [Float], isInput: Bool
    ) -> [Float] {
        let width = activations.count
        var below = [Float](repeating: 0, count: width)
        weights.withUnsafeBufferPointer { w in
            activations.withUnsafeBufferPointer { a in
                gradient.withUnsafeMutableBufferPointer { g in
                    below.withUnsafeMutableBufferPointer { below in
                        for (r, d) in delta.enumerated() where d != 0 {
                            for i in 0..<width { g[r * width + i] += d * a[i] }
                            if !isInput { for i in 0..<width { below[i] += d * w[r * width + i] } }
                        }
                        if !isInput { for i in 0..<width where a[i] <= 0 { below[i] = 0 } }
                    }
                }
            }
        }
        return below
    }
}

struct Gradient {
    var weights: [[Float]]
    var biases: [[Float]]

    init(_ network: Network) {
        weights = network.weights.map { Array(repeating: 0, count: $0.count) }
        biases = network.biases.map { Array(repeating: 0, count: $0.count) }
    }
}

struct AdamState {
    private var first: Gradient
    private var second: Gradient

    init(_ network: Network) {
        first = Gradient(network)
        second = Gradient(network)
    }

    mutating func apply(
        _ gradient: Gradient, count: Float, to network: inout Network, rate: Float, decay: Float, step: Int
    ) {
        let a = 1 - pow(Float(0.9), Float(step))
        let b = 1 - pow(Float(0.999), Float(step))
        func update(_ w: inout [Float], _ g: [Float], _ m: inout [Float], _ v: inout [Float], decay: Float) {
            for i in w.indices {
                let x = g[i] / count
                m[i] = 0.9 * m[i] + 0.1 * x
                v[i] = 0.999 * v[i] + 0.001 * x * x
                w[i] -= rate * (m[i] / a / ((v[i] / b).squareRoot() + 1e-8) + decay * w[i])
            }
        }
        for layer in network.weights.indices {
            update(
                &network.weights[layer], gradient.weights[layer], &first.weights[layer], &second.weights[layer],
                decay: decay)
            update(
                &network.biases[layer], gradient.biases[layer], &first.biases[layer], &second.biases[layer], decay: 0)
        }
    }
}

extension SeededRandom {
    /// Standard normal by the Box–Muller transform.
    public mutating func normal() -> Double {
        let u = max(uniform(), 1e-300)
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * uniform())
    }
}
