import AffettoCore
import AffettoLearning

/// A trained conversation network: reads turns, is saved and loaded as a model pack.
public struct ConversationModel: Sendable {
    public static let task = "conversation"
    static let revision = 1

    /// What people should know of the model; goes into its pack.
    public struct Card: Codable, Sendable, Equatable {
        /// What it is for and what it was trained on, in the trainer's own words.
        public var about: String
        public var turns: Int
        public var conversations: Int
        public var epochs: Int
        public var seed: UInt64
        /// On the groups that were held back to stop in time; `nil` where there were too few.
        public var validation: ConversationMetrics?
    }

    public let shape: ConversationShape
    let plan: ConversationNetwork.Plan
    public let card: Card
    /// Divides the logits of classes, so that probabilities mean what they say.
    let temperature: Float
    let scaling: ConversationBatch.Scaling
    let values: [[Float]]

    public var isCausal: Bool { plan.isCausal }
    public var parameterCount: Int { values.reduce(0) { $0 + $1.count } }

    init(
        shape: ConversationShape, plan: ConversationNetwork.Plan, card: Card, temperature: Float,
        scaling: ConversationBatch.Scaling, values: [[Float]]
    ) {
        (self.shape, self.plan, self.card, self.temperature) = (shape, plan, card, temperature)
        (self.scaling, self.values) = (scaling, values)
    }

    // MARK: Reading

    /// Per turn of the conversations, one after the other: probabilities of the labels, summing to 1, then valence, arousal and
    /// control where the model tells them.
    /// - Parameter isAlone: every turn by itself, as if nothing had been said before or after.
    public func predict(_ conversations: [Conversation], isAlone: Bool = false) throws(AffettoError) -> [[Float]] {
        for turn in conversations.lazy.flatMap(\.turns) { try turn.check(shape) }
        try ConversationNetwork.requireMemory(rows: conversations.map(\.turns.count).max() ?? 0, shape, plan)
        let network = ConversationNetwork(shape, plan, values: values)
        var out: [[Float]] = []
        // One after the other: long recordings are not held in memory together.
        for conversation in conversations where !conversation.turns.isEmpty {
            let batch = ConversationBatch(
                [conversation], shape, scaling, isCausal: plan.isCausal, isAlone: isAlone)
            let output = network.run(Tape(isLearning: false), batch, dropout: 0).output
            out += (0..<batch.rows).map { row in
                let numbers = UnsafeBufferPointer(start: output.value + row * output.columns, count: output.columns)
                let chances =
                    shape.labels.isEmpty ? [] : softmax(numbers.prefix(shape.labels.count), temperature: temperature)
                return chances + numbers.dropFirst(shape.labels.count).map { min(max($0, -1), 1) }
            }
        }
        return out
    }

    /// - Throws: `.argument` where the turns are not of the model's shape.
    public func evaluate(_ conversations: [Conversation], isAlone: Bool = false) throws(AffettoError)
        -> ConversationMetrics
    {
        ConversationMetrics(try predict(conversations, isAlone: isAlone), conversations, shape)
    }

    /// No training comes to more; what does would overflow on its way through the network.
    private static func isUsable(_ number: Float) -> Bool { abs(number) <= 1e6 }

    // MARK: Packs

    public func pack() throws(AffettoError) -> [UInt8] {
        var writer = ModelPackWriter(
            task: Self.task, revision: Self.revision, labels: shape.labels, corpora: [],
            settings: [
                "width": Double(plan.width), "causal": plan.isCausal ? 1 : 0, "temperature": Double(temperature),
            ])
        writer.notes = ["shape": try JSON.text(shape), "card": try JSON.text(card)]
        let network = ConversationNetwork(shape, plan, values: nil)
        for (s, sense) in shape.senses.enumerated() {
            writer.add("\(s).mean", scaling.mean[s], shape: [sense.width])
            writer.add("\(s).scale", scaling.scale[s], shape: [sense.width])
        }
        for ((name, tensor), numbers) in zip(zip(network.parameters.names, network.parameters.tensors), values) {
            writer.add(name, numbers, shape: [tensor.rows, tensor.columns])
        }
        return try writer.bytes()
    }

    /// - Throws: `.model` for a pack that is damaged or of another task, `.modelVersion` for one of another revision.
    public init(pack: ModelPack) throws(AffettoError) {
        try pack.require(task: Self.task, revision: Self.revision)
        func note<Value: Decodable>(_ name: String, _ type: Value.Type) throws(AffettoError) -> Value {
            guard let text = pack.header.notes?[name] else {
                throw AffettoError(.model, "the conversation pack has no \(name)")
            }
            do { return try JSON.decode(type, from: Array(text.utf8), what: name) } catch {
                throw AffettoError(.model, "the conversation pack's \(name) cannot be read: \(error.message)")
            }
        }
        shape = try note("shape", ConversationShape.self)
        card = try note("card", Card.self)
        let width = try pack.setting("width")
        guard let width = Int(exactly: width), ConversationNetwork.widths.contains(width) else {
            throw AffettoError(.model, "a conversation network \(width) wide is none of ours")
        }
        plan = ConversationNetwork.Plan(width: width, isCausal: try pack.setting("causal") == 1)
        temperature = Float(try pack.setting("temperature"))
        var (mean, scale): ([[Float]], [[Float]]) = ([], [])
        for (s, sense) in shape.senses.enumerated() {
            mean.append(Array(try pack.floats("\(s).mean", shape: [sense.width])))
            scale.append(Array(try pack.floats("\(s).scale", shape: [sense.width])))
        }
        scaling = ConversationBatch.Scaling(mean: mean, scale: scale)
        let network = ConversationNetwork(shape, plan, values: nil)
        var values: [[Float]] = []
        for (name, tensor) in zip(network.parameters.names, network.parameters.tensors) {
            values.append(Array(try pack.floats(name, shape: [tensor.rows, tensor.columns])))
        }
        self.values = values
        guard temperature > 0, temperature.isFinite, (mean + scale).allSatisfy({ $0.allSatisfy(\.isFinite) }),
            values.allSatisfy({ $0.allSatisfy(Self.isUsable) })
        else { throw AffettoError(.model, "the conversation pack holds numbers that cannot be used") }
    }
}
