import AffettoCore
import AffettoFusion
import AffettoLearning
import Testing

/// The conversation network: what it learns, what it must not see, and what makes it again.
@Suite struct ConversationTests {
    static let shape: ConversationShape = {
        do {
            return try ConversationShape(
                senses: [.init(name: "text", width: 3), .init(name: "voice", width: 2)], labels: ["a", "b"])
        } catch { preconditionFailure("\(error)") }
    }()

    /// Three parties in turn. Each shows its label only in its first turn, and keeps it: later turns are known by who speaks.
    static func talks(_ count: Int, seed: UInt64) -> [Conversation] {
        var random = SeededRandom(seed: seed, stream: 1)
        return (0..<count).map { number in
            let labels = (0..<3).map { _ in random.below(2) }
            return Conversation(
                group: "\(number)",
                turns: (0..<9).map { t in
                    let sign: Float = t < 3 ? (labels[t % 3] == 1 ? 1.5 : -1.5) : 0
                    func sense(_ width: Int) -> [Float] { (0..<width).map { _ in sign + 0.4 * Float(random.normal()) } }
                    return ConversationTurn(
                        party: Int32(t % 3), features: [sense(3), t % 4 == 3 ? nil : sense(2)], label: labels[t % 3])
                })
        }
    }

    static func training(_ change: (inout ConversationTraining) -> Void = { _ in }) -> ConversationTraining {
        var training = ConversationTraining()
        (training.width, training.epochs, training.dropout, training.decay) = (16, 30, 0.1, 0.02)
        change(&training)
        return training
    }

    @Test func remembersWhoSpoke() throws {
        let model = try Self.training().train(Self.talks(120, seed: 1), Self.shape)
        let test = Self.talks(60, seed: 2)
        let whole = try model.evaluate(test)
        #expect(whole.accuracy > 0.9)
        // By itself no turn but the first three can be told: 1/3 + 2/3 · 1/2.
        var alone = Self.training()
        alone.isAlone = true
        let cut = try alone.train(Self.talks(120, seed: 1), Self.shape).evaluate(test, isAlone: true)
        #expect((0.55...0.75).contains(cut.accuracy))
        #expect(whole.confusion.flatMap { $0 }.reduce(0, +) == 540)
    }

    @Test func causalReadsNothingAhead() throws {
        let model = try Self.training { $0.epochs = 3 }.train(Self.talks(30, seed: 1), Self.shape)
        let talk = Self.talks(1, seed: 5)[0]
        let whole = try model.predict([talk])
        for count in 1...8 {
            let head = Conversation(group: "", turns: Array(talk.turns.prefix(count)))
            for (a, b) in zip(try model.predict([head]), whole) {
                #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
            }
        }
    }

    /// Turns beyond the first cost no more memory than the window, and give numbers.
    @Test func longRecordings() throws {
        let model = try Self.training {
            $0.epochs = 2; $0.isCausal = false
        }.train(Self.talks(20, seed: 1), Self.shape)
        let long = Conversation(group: "", turns: Self.talks(600, seed: 3).flatMap(\.turns))
        let said = try model.predict([long])
        #expect(said.count == 5400 && said.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 })
    }

    @Test func sameSeedSameBytes() throws {
        let talks = Self.talks(20, seed: 1)
        let training = Self.training {
            $0.epochs = 4; $0.mixing = [1, 0.5]
        }
        let first = try training.train(talks, Self.shape).pack()
        #expect(try training.train(talks, Self.shape).pack() == first)
        var other = training
        other.seed = 2
        #expect(try other.train(talks, Self.shape).pack() != first)
    }

    /// Held-back groups are whole, and the rest is learned from.
    @Test func splitsByGroup() throws {
        let talks = Self.talks(40, seed: 1).enumerated().map { Conversation(group: "\($0 / 10)", turns: $1.turns) }
        let model = try Self.training {
            $0.epochs = 2; $0.validationShare = 0.25
        }.train(talks, Self.shape)
        #expect(model.card.conversations == 30 && model.card.validation?.turns == 90)
        // One group only: nothing can be held back, and training goes on to its end.
        let one = talks.map { Conversation(group: "x", turns: $0.turns) }
        let all = try Self.training {
            $0.epochs = 3; $0.validationShare = 0.25
        }.train(one, Self.shape)
        #expect(all.card.conversations == 40 && all.card.validation == nil && all.card.epochs == 3)
    }

    @Test func packsOfOthersAreRefused() throws {
        let model = try Self.training { $0.epochs = 1 }.train(Self.talks(4, seed: 1), Self.shape)
        let bytes = try model.pack()
        let again = try ConversationModel(pack: ModelPack(copying: bytes))
        #expect(try again.pack() == bytes)
        #expect(again.card == model.card && again.shape == model.shape)
        for (task, revision, code) in [("voice", 1, AffettoError.Code.model), ("conversation", 2, .modelVersion)] {
            let writer = ModelPackWriter(task: task, revision: revision, labels: [], corpora: [], settings: [:])
            let pack = try ModelPack(copying: try writer.bytes())
            let error = #expect(throws: AffettoError.self) { try ConversationModel(pack: pack) }
            #expect(error?.code == code)
        }
        // Of the right task, but with nothing in it.
        let empty = try ModelPack(
            copying: ModelPackWriter(task: "conversation", revision: 1, labels: [], corpora: [], settings: [:]).bytes())
        #expect(throws: AffettoError.self) { try ConversationModel(pack: empty) }
    }

    @Test func turnsOfASessionAreMeansByQuality() {
        var turn = TurnEvidence()
        #expect(turn.numbers == nil)
        var classes = [Float](repeating: .nan, count: Emotion.count)
        classes[2] = -1
        turn.add(
            Evidence(modality: .text, time: 0, logLikelihood: classes, valence: Estimate(0.5, sd: 0.1), quality: 0.75))
        classes[2] = -3
        turn.add(
            Evidence(modality: .text, time: 1, logLikelihood: classes, valence: Estimate(-0.5, sd: 0.1), quality: 0.25))
        turn.add(Evidence(modality: .text, time: 1, valence: Estimate(1, sd: 0.1), quality: 0))
        let numbers = turn.numbers ?? []
        #expect(numbers.count == TurnEvidence.count && numbers[2] == -1.5 && numbers[14] == 0.25 && numbers[17] == 0.75)
        #expect(numbers[0].isNaN && numbers[15].isNaN)
    }
}
