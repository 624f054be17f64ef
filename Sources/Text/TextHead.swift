import AffettoCore
import AffettoLearning

/// Linear outputs over the tf-idf row of a message: 8-bit weights with one scale a feature.
struct TextHead: Sendable {
    let vocabulary: TextVocabulary
    let outputs: Int
    let bias: [Float]
    private let weights: Weights

    /// Memory of the pack, which is immutable.
    private struct Weights: @unchecked Sendable {
        let pack: ModelPack
        let quantised: UnsafeBufferPointer<Int8>
        let scale: UnsafeBufferPointer<Float>
    }

    /// - Parameter prefix: of the names of its tensors.
    init(pack: ModelPack, prefix: String = "", outputs: Int) throws(AffettoError) {
        self.outputs = outputs
        let shape = try pack.shape(of: prefix + "weights")
        guard shape.count == 2, shape[1] == outputs, (0...4_000_000).contains(shape[0]) else {
            throw AffettoError(.model, "the text pack's \(prefix)weights have the shape \(shape)")
        }
        let rows = shape[0]
        let rarity = try pack.bytes(prefix + "rarity", shape: [rows]).map { Float($0) / 10 }
        vocabulary = TextVocabulary(hashes: try Self.hashes(pack, prefix + "vocabulary", rows), rarity: rarity)
        weights = Weights(
            pack: pack, quantised: try pack.bytes(prefix + "weights", shape: shape),
            scale: try pack.floats(prefix + "weights.scale", shape: [rows]))
        bias = Array(try pack.floats(prefix + "bias", shape: [outputs]))
        guard rarity.allSatisfy({ $0 > 0 }), bias.allSatisfy(\.isFinite), weights.scale.allSatisfy(\.isFinite) else {
            throw AffettoError(.model, "the text pack holds numbers that cannot be used")
        }
    }

    /// Sorted hashes, each once.
    static func hashes(_ pack: ModelPack, _ name: String, _ count: Int) throws(AffettoError) -> [UInt32] {
        let raw = UnsafeRawBufferPointer(try pack.bytes(name, shape: [count, 4]))
        let hashes = (0..<count).map {
            UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
        }
        guard zip(hashes, hashes.dropFirst()).allSatisfy(<) else {
            throw AffettoError(.model, "the text pack's \(name) is not in order")
        }
        return hashes
    }

    /// Log odds, or values, to `sums`; and how many of the message's different features are known, and how many there are.
    func sum(
        _ bag: TextFeatures.Bag, _ row: inout TextVocabulary.Row, into sums: inout [Float]
    ) -> (known: Int, different: Int) {
        let different = vocabulary.row(bag, into: &row)
        sums.removeAll(keepingCapacity: true)
        sums.append(contentsOf: bias)
        let outputs = outputs
        sums.withUnsafeMutableBufferPointer { sums in
            guard let sums = sums.baseAddress, let quantised = weights.quantised.baseAddress else { return }
            for (column, value) in row {
                let weights = quantised + Int(column) * outputs
                let scaled = value * self.weights.scale[Int(column)]
                for i in 0..<outputs { sums[i] += scaled * Float(weights[i]) }
            }
        }
        return (row.count, different)
    }

    func weight(_ column: UInt32, _ output: Int) -> Float {
        weights.scale[Int(column)] * Float(weights.quantised[Int(column) * outputs + output])
    }
}

extension ModelPackWriter {
    /// Writes what `TextHead` reads. - Parameter weights: of each part [rows][its outputs], one beside the other.
    mutating func add(
        head prefix: String, _ vocabulary: TextVocabulary, _ parts: [SparseLinear]
    ) throws(AffettoError) {
        let outputs = parts.reduce(0) { $0 + $1.outputs }
        let rows = vocabulary.hashes.count
        var quantised = [Int8](repeating: 0, count: rows * outputs)
        var scales = [Float](repeating: 0, count: rows)
        for row in 0..<rows {
            let weights = parts.flatMap { $0.weights[(row * $0.outputs)..<((row + 1) * $0.outputs)] }
            let top = weights.reduce(0) { max($0, abs($1)) }
            guard top.isFinite else {
                throw AffettoError(.internal, "the training of the text model ran off to infinity")
            }
            guard top > 0 else { continue }
            scales[row] = top / 127
            for (i, weight) in weights.enumerated() {
                quantised[row * outputs + i] = Int8((weight / top * 127).rounded())
            }
        }
        add(prefix + "vocabulary", Self.bytes(vocabulary.hashes), shape: [rows, 4])
        add(prefix + "rarity", vocabulary.rarity.map { Int8(min(max(($0 * 10).rounded(), 1), 127)) }, shape: [rows])
        add(prefix + "weights", quantised, shape: [rows, outputs])
        add(prefix + "weights.scale", scales, shape: [rows])
        add(prefix + "bias", parts.flatMap(\.bias), shape: [outputs])
    }

    static func bytes(_ hashes: [UInt32]) -> [Int8] {
        hashes.flatMap { hash in (0..<4).map { Int8(truncatingIfNeeded: hash >> ($0 * 8)) } }
    }
}
