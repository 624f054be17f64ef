import AffettoCore
import AffettoLearning
import Glibc

/// Trains a conversation network: Adam on whole conversations, stopped by groups held back. The same data, settings and seed
/// give the same model.
public struct ConversationTraining: Sendable {
    /// Units of each GRU.
    public var width = 32
    /// A turn sees only what came before: for live use. Otherwise the whole conversation: for recordings.
    public var isCausal = true
    /// Every turn by itself: what the same network is worth without context.
    public var isAlone = false
    public var epochs = 60
    /// Epochs without progress on what is held back after which training stops.
    public var patience = 10
    /// Conversations a step, but at most a twelfth of all: an epoch of a few steps learns next to nothing.
    public var batch = 16
    public var rate: Float = 0.002
    public var decay: Float = 0.4
    public var dropout: Float = 0.4
    /// How often a conversation is learned from as if a sense were missing throughout, never all.
    public var senseDropout: Float = 0.3
    /// Per sense, how far a turn's numbers are drawn towards those of a turn at random (as in mixup, Zhang et al. 2018, but the
    /// label stays): against features that know the training turns too well. The own share is drawn from
    /// max(0, 1 − m) … min(1, 2 − m); 0 = the turn's own numbers. Senses not listed have 0.
    public var mixing: [Float] = []
    /// Exponent on how rare a class is: 0 counts turns alike, 1 classes alike.
    public var classBalance: Float = 0
    /// Share of the groups that is held back to stop in time and to calibrate; 0 = none.
    public var validationShare: Float = 0.15
    public var seed: UInt64 = 1
    /// Goes into the card.
    public var about = ""

    public init() {}

    public struct Progress: Sendable {
        public var epoch: Int
        public var epochs: Int
        public var loss: Double
        /// On what is held back; `nil` where nothing is.
        public var validation: ConversationMetrics?
        /// This epoch is the best so far.
        public var isBest: Bool
        /// Matrix arithmetic so far in 10⁹ operations for each second of this thread's time.
        public var gigaflops: Double
    }

    private func check(_ shape: ConversationShape) throws(AffettoError) {
        func require(_ isRight: Bool, _ what: String) throws(AffettoError) {
            if !isRight { throw AffettoError(.range, what) }
        }
        try require(
            ConversationNetwork.widths.contains(width),
            "width is \(width); it must be \(ConversationNetwork.widths.lowerBound)…\(ConversationNetwork.widths.upperBound)"
        )
        try require((1...10_000).contains(epochs), "epochs is \(epochs); it must be 1…10000")
        try require((1...10_000).contains(patience), "patience is \(patience); it must be 1…10000")
        try require((1...4096).contains(batch), "batch is \(batch); it must be 1…4096")
        try requireInRange(rate, 1e-6...1, "rate")
        try requireInRange(decay, 0...1, "decay")
        try requireInRange(dropout, 0...0.9, "dropout")
        try requireInRange(senseDropout, 0...0.9, "modality_dropout")
        try requireInRange(classBalance, 0...1, "class_balance")
        try requireInRange(validationShare, 0...0.5, "validation_share")
        try require(mixing.count <= shape.senses.count, "mixing is given for more modalities than there are")
        for m in mixing { try requireInRange(m, 0...1.95, "mixing") }
    }

    /// - Parameters:
    ///   - progress: called after each epoch, with the model as it is at its best so far; `false` stops.
    /// - Throws: `.range` and `.argument` for settings or turns that do not fit, `.state` where no turn is labelled,
    ///   `.cancelled` where `progress` said so.
    public func train(
        _ conversations: [Conversation], _ shape: ConversationShape,
        progress: (Progress, _ best: () -> ConversationModel) -> Bool = { _, _ in true }
    ) throws(AffettoError) -> ConversationModel {
        try check(shape)
        for turn in conversations.lazy.flatMap(\.turns) { try turn.check(shape) }
        let (known, heldBack) = split(conversations.filter { !$0.turns.isEmpty }, shape)
        guard known.contains(where: { Self.isLabelled($0, shape) }) else {
            throw AffettoError(.state, "no turn has a label to learn from")
        }
        let plan = ConversationNetwork.Plan(width: width, isCausal: isCausal)
        let lengths = conversations.map(\.turns.count).sorted(by: >)
        try ConversationNetwork.requireMemory(rows: lengths.prefix(batch).reduce(0, +), shape, plan)
        let network = ConversationNetwork(shape, plan, seed: seed)
        let scaling = ConversationBatch.Scaling(shape, known)
        let weights = classWeights(known, shape)
        let pools = shape.senses.indices.map { s in known.flatMap(\.turns).compactMap { $0.features[s] } }
        var random = SeededRandom(seed: seed, stream: 0x636F_6E76)
        // What is held back is as hard to read as what is learned from, in the same way at each look.
        let held = heldBack.map { mixed($0, pools, &random) }
        var (best, bestLoss, bestEpoch) = (network.parameters.values, Double.infinity, 0)
        var (bestMetrics, bestTemperature): (ConversationMetrics?, Float) = (nil, 1)
        func model() -> ConversationModel {
            let card = ConversationModel.Card(
                about: about, turns: known.reduce(0) { $0 + $1.turns.count }, conversations: known.count,
                epochs: bestEpoch, seed: seed, validation: bestMetrics)
            return ConversationModel(
                shape: shape, plan: plan, card: card, temperature: bestTemperature, scaling: scaling, values: best)
        }
        let batch = min(batch, max(known.count / 12, 1))
        let start = Self.threadSeconds()
        var operations = 0.0
        var step: UInt64 = 0
        for epoch in 1...epochs {
            var order = Array(known.indices)
            order.shuffle(using: &random)
            let rate = rate * 0.5 * (1 + cos(.pi * Float(epoch - 1) / Float(epochs)))
            var (total, steps) = (0.0, 0.0)
            for first in stride(from: 0, to: order.count, by: batch) {
                let part = order[first..<min(first + batch, order.count)].map { varied(known[$0], pools, &random) }
                let rows = ConversationBatch(part, shape, scaling, isCausal: isCausal, isAlone: isAlone)
                step += 1
                let tape = Tape(isLearning: true, random: SeededRandom(seed: seed, stream: 0x6472_6F70, index: step))
                total += loss(network, tape, rows, weights, dropout)
                tape.backward()
                network.parameters.step(rate: rate, decay: decay, limit: 5)
                operations += tape.operations
                steps += 1
            }
            let validation = held.isEmpty ? nil : measure(network, held, shape, scaling, weights)
            let score = validation?.loss ?? -Double(epoch)
            let isBest = score < bestLoss
            if isBest {
                (best, bestLoss, bestEpoch) = (network.parameters.values, score, epoch)
                (bestMetrics, bestTemperature) = (validation?.metrics, validation?.temperature ?? 1)
            }
            let report = Progress(
                epoch: epoch, epochs: epochs, loss: total / max(steps, 1), validation: validation?.metrics,
                isBest: isBest,
                gigaflops: operations / max(Self.threadSeconds() - start, 1e-9) / 1e9)
            guard progress(report, model) else { throw AffettoError(.cancelled, "training was cancelled") }
            if epoch - bestEpoch >= patience { break }
        }
        return model()
    }

    private static func isLabelled(_ conversation: Conversation, _ shape: ConversationShape) -> Bool {
        conversation.turns.contains {
            $0.label != nil || (shape.hasDimensions && $0.dimensions.contains(where: \.isFinite))
        }
    }

    /// Whole groups are held back, drawn by the seed; none where what is held back could not judge what is learned from the rest.
    private func split(
        _ conversations: [Conversation], _ shape: ConversationShape
    ) -> (known: [Conversation], held: [Conversation]) {
        var groups = Set(conversations.map(\.group)).sorted()
        var random = SeededRandom(seed: seed, stream: 0x7370_6C69)
        groups.shuffle(using: &random)
        let count = Int((Float(groups.count) * validationShare).rounded())
        let chosen = Set(groups.prefix(count))
        let held = conversations.filter { chosen.contains($0.group) }
        let known = conversations.filter { !chosen.contains($0.group) }
        func labels(_ part: [Conversation]) -> Set<Int> { Set(part.flatMap(\.turns).compactMap(\.label)) }
        func hasDimensions(_ part: [Conversation]) -> Bool {
            shape.hasDimensions && part.contains { $0.turns.contains { $0.dimensions.contains(where: \.isFinite) } }
        }
        let canJudge = !labels(held).isDisjoint(with: labels(known)) || (hasDimensions(held) && hasDimensions(known))
        return canJudge ? (known, held) : (conversations, [])
    }

    private func classWeights(_ conversations: [Conversation], _ shape: ConversationShape) -> [Float] {
        var counts = [Float](repeating: 0, count: shape.labels.count)
        for turn in conversations.lazy.flatMap(\.turns) {
            if let label = turn.label { counts[label] += 1 }
        }
        let present = Float(counts.count { $0 > 0 })
        let total = counts.reduce(0, +)
        return counts.map { $0 > 0 ? pow(total / (present * $0), classBalance) : 0 }
    }

    /// The conversation as it is learned from this time.
    private func varied(
        _ conversation: Conversation, _ pools: [[[Float]]], _ random: inout SeededRandom
    ) -> Conversation {
        var out = conversation
        let present = pools.indices.filter { s in conversation.turns.contains { $0.features[s] != nil } }
        var dropped = present.filter { _ in Float(random.uniform()) < senseDropout }
        if dropped.count == present.count, !dropped.isEmpty { dropped.remove(at: random.below(dropped.count)) }
        for t in out.turns.indices {
            for s in dropped { out.turns[t].features[s] = nil }
        }
        return mixed(out, pools, &random)
    }

    private func mixed(
        _ conversation: Conversation, _ pools: [[[Float]]], _ random: inout SeededRandom
    ) -> Conversation {
        var out = conversation
        for (s, m) in mixing.enumerated() where m > 0 && !pools[s].isEmpty {
            let (low, high) = (max(0, 1 - m), min(1, 2 - m))
            for t in out.turns.indices {
                guard let numbers = out.turns[t].features[s] else { continue }
                let share = low + (high - low) * Float(random.uniform())
                let others = pools[s][random.below(pools[s].count)]
                out.turns[t].features[s] = zip(numbers, others).map { share * $0 + (1 - share) * $1 }
            }
        }
        return out
    }

    /// Each sense for itself counts besides, so that none rests on the others.
    private func loss(
        _ network: ConversationNetwork, _ tape: Tape, _ batch: ConversationBatch, _ weights: [Float], _ dropout: Float
    ) -> Double {
        let (output, alone) = network.run(tape, batch, dropout: dropout)
        let classes = weights.count
        func part(_ logits: Tensor, _ rows: [Float], _ scale: Float) -> Double {
            let dimensions = zip(batch.dimensions, rows).map { $1 > 0 ? $0 : [.nan, .nan, .nan] }
            return tape.crossEntropy(
                logits, classes: classes, labels: batch.labels, weights: weights, rows: rows, scale: scale)
                + (network.shape.hasDimensions
                    ? tape.squaredError(logits, from: classes, targets: dimensions, scale: scale) : 0)
        }
        let all = part(output, Array(repeating: 1, count: batch.rows), 1)
        return zip(alone, batch.available).reduce(all) { $0 + part($1.0, $1.1, 0.5 / Float(alone.count)) }
    }

    /// The loss on what is held back, the metrics there, and the temperature at which its probabilities mean what they say.
    private func measure(
        _ network: ConversationNetwork, _ held: [Conversation], _ shape: ConversationShape,
        _ scaling: ConversationBatch.Scaling, _ weights: [Float]
    ) -> (loss: Double, metrics: ConversationMetrics, temperature: Float) {
        let classes = shape.labels.count
        var (rows, labels, dimensions): ([[Float]], [Int?], [[Float]]) = ([], [], [])
        // In parts, so that what is held back may be large.
        for first in stride(from: 0, to: held.count, by: batch) {
            let part = Array(held[first..<min(first + batch, held.count)])
            let batch = ConversationBatch(part, shape, scaling, isCausal: isCausal, isAlone: isAlone)
            let output = network.run(Tape(isLearning: false), batch, dropout: 0).output
            rows += (0..<batch.rows).map { row in
                Array(UnsafeBufferPointer(start: output.value + row * output.columns, count: output.columns))
            }
            labels += batch.labels
            dimensions += batch.dimensions
        }
        let labelled = rows.indices.filter { labels[$0] != nil }
        let temperature =
            labelled.isEmpty
            ? 1
            : Calibration.temperature(
                logits: labelled.map { Array(rows[$0].prefix(classes)) },
                truth: labelled.compactMap { labels[$0] })
        let tape = Tape(isLearning: false)
        let output = Tensor(rows.flatMap { $0 }, rows: rows.count, columns: shape.outputs)
        var loss = tape.crossEntropy(
            output, classes: classes, labels: labels, weights: weights, rows: Array(repeating: 1, count: rows.count))
        if shape.hasDimensions { loss += tape.squaredError(output, from: classes, targets: dimensions) }
        let outputs = rows.map { row in
            (classes > 0 ? softmax(row.prefix(classes), temperature: temperature) : []) + row.dropFirst(classes)
        }
        return (loss, ConversationMetrics(outputs, held, shape), temperature)
    }

    /// Processor time of this thread, for the reported speed alone.
    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
