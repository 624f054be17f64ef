import AffettoCore
import AffettoLearning
import Glibc

/// The network of a conversation, after Multilogue-Net (Shenoy & Sardana 2020). For each sense of its own: a context GRU over
/// all turns, attention from a turn to the others, a GRU of the speaking party's state, and an emotion GRU over speaker's and
/// listener's states. Then attention between each pair of senses, gated by the asking one (Ghosal et al. 2018), and a linear
/// head. What is missing enters nowhere: neither as a number nor as a key.
///
/// Causal, a turn sees itself and what came before; otherwise context and emotion GRUs run both ways.
final class ConversationNetwork {
    /// What the network looks like; part of every pack.
    struct Plan: Codable, Sendable, Equatable {
        var width: Int
        var isCausal: Bool
    }

    /// Units of a GRU that there may be.
    static let widths = 4...256

    private struct Stack {
        let encode: (Tensor, Tensor)
        let context: [(Tensor, Tensor, Tensor)]
        let query: Tensor
        let key: Tensor
        let party: (Tensor, Tensor, Tensor)
        let emotion: [(Tensor, Tensor, Tensor)]
        let join: (Tensor, Tensor)
        let alone: (Tensor, Tensor)
    }

    let shape: ConversationShape
    let plan: Plan
    let parameters: ParameterSet
    private let stacks: [Stack]
    private let head: (Tensor, Tensor)

    /// With random weights.
    convenience init(_ shape: ConversationShape, _ plan: Plan, seed: UInt64) {
        self.init(shape, plan, ParameterSet(seed: seed))
    }

    /// With these weights, in the order of `parameters`, or none yet.
    convenience init(_ shape: ConversationShape, _ plan: Plan, values: [[Float]]?) {
        self.init(shape, plan, ParameterSet(zeros: ()))
        if let values { parameters.values = values }
    }

    /// - Throws: `.memory` where as many rows at a time would need more than 8 GiB.
    static func requireMemory(rows: Int, _ shape: ConversationShape, _ plan: Plan) throws(AffettoError) {
        let senses = shape.senses.count
        let numbers = shape.senses.reduce(0) { $0 + 2 * $1.width } + senses * (40 + 4 * senses) * plan.width
        let bytes = Double(rows) * Double(numbers) * 8
        // Asked for and given back at once: better refused here than half-way, where nothing can be done about it.
        let room = bytes <= 8 * 1_073_741_824 ? malloc(max(Int(bytes), 1)) : nil
        guard room != nil else {
            throw AffettoError(.memory, "there is no memory for \(rows) turns at a time in a network this wide")
        }
        free(room)
    }

    private init(_ shape: ConversationShape, _ plan: Plan, _ p: ParameterSet) {
        (self.shape, self.plan) = (shape, plan)
        let h = plan.width
        let ways = plan.isCausal ? 1 : 2
        func layer(_ name: String, _ inputs: Int, _ outputs: Int) -> (Tensor, Tensor) {
            (p.matrix("\(name).w", inputs, outputs), p.bias("\(name).b", outputs))
        }
        func unit(_ name: String, _ inputs: Int) -> (Tensor, Tensor, Tensor) {
            (p.matrix("\(name).w", inputs, 3 * h), p.bias("\(name).b", 3 * h), p.matrix("\(name).u", h, 3 * h))
        }
        stacks = shape.senses.indices.map { s in
            let width = shape.senses[s].width
            return Stack(
                encode: layer("\(s).encode", width, h),
                context: (0..<ways).map { unit("\(s).context\($0)", h + 3) },
                query: p.matrix("\(s).query", h, h), key: p.matrix("\(s).key", ways * h, h),
                party: unit("\(s).party", 2 * h), emotion: (0..<ways).map { unit("\(s).emotion\($0)", 2 * h) },
                join: layer("\(s).join", (1 + 2 * ways) * h, h), alone: layer("\(s).alone", h, shape.outputs))
        }
        let n = shape.senses.count
        head = layer("head", n * h + n * (n - 1) * h + n, shape.outputs)
        parameters = p
    }

    /// Per row the logits of the classes, then the dimensions: of all senses together, and of each for itself.
    func run(_ tape: Tape, _ batch: ConversationBatch, dropout: Float) -> (output: Tensor, alone: [Tensor]) {
        let states = stacks.indices.map { state(of: $0, tape, batch, dropout) }
        var parts = states
        for a in states.indices {
            for b in states.indices where a != b {
                let seen = tape.attend(
                    states[a], states[b], states[b], segments: batch.segments,
                    reach: plan.isCausal ? .upToItself : .all,
                    present: batch.available[b].map { $0 > 0 })
                parts.append(tape.multiply(seen, states[a]))
            }
        }
        let masks = Tensor(rows: batch.rows, columns: batch.masks.count)
        for (s, mask) in batch.masks.enumerated() {
            for (row, value) in mask.enumerated() { masks.value[row * batch.masks.count + s] = value }
        }
        let output = tape.dense(tape.dropout(tape.concatenate(parts + [masks]), dropout), head.0, head.1)
        return (output, stacks.indices.map { tape.dense(states[$0], stacks[$0].alone.0, stacks[$0].alone.1) })
    }

    private func state(of s: Int, _ tape: Tape, _ batch: ConversationBatch, _ dropout: Float) -> Tensor {
        let stack = stacks[s]
        func recur(_ x: Tensor, _ unit: (Tensor, Tensor, Tensor), _ previous: [Int]) -> Tensor {
            tape.recur(tape.dense(x, unit.0, unit.1), unit.2, previous: previous)
        }
        func bothWays(_ x: Tensor, _ units: [(Tensor, Tensor, Tensor)]) -> [Tensor] {
            zip(units, [batch.previous, batch.next]).map { recur(x, $0, $1) }
        }
        let encoded = tape.tanh(tape.dense(tape.dropout(batch.inputs[s], dropout), stack.encode.0, stack.encode.1))
        let here = tape.scaleRows(tape.dropout(encoded, dropout), by: batch.masks[s])
        let mask = Tensor(batch.masks[s], rows: batch.rows, columns: 1)
        let context = bothWays(tape.concatenate([here, batch.flags, mask]), stack.context).map {
            tape.dropout($0, dropout)
        }
        let keys = tape.dense(tape.concatenate(context), stack.key)
        let recalled = tape.attend(
            tape.dense(here, stack.query), keys, keys, segments: batch.segments,
            reach: plan.isCausal ? .earlier : .all, present: batch.masks[s].map { $0 > 0 })
        let speaker = tape.dropout(recur(tape.concatenate([here, recalled]), stack.party, batch.own), dropout)
        let listener = tape.gather(speaker, batch.other)
        let emotion = bothWays(tape.concatenate([speaker, listener]), stack.emotion)
        let joined = tape.concatenate([here] + context + emotion.map { tape.dropout($0, dropout) })
        return tape.scaleRows(tape.tanh(tape.dense(joined, stack.join.0, stack.join.1)), by: batch.available[s])
    }
}
