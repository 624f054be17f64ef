import AffettoCore
import AffettoLearning
import AffettoText
import Glibc
import Testing

@Suite struct TextModelTests {
    // MARK: Packs

    @Test func survivesThePack() throws {
        let bytes = try trained(toy(60, seed: 1))
        let one = try model(bytes)
        let other = try model(bytes)
        #expect(one.labels == ["joy", "sadness"] && one.perceivedLabels.isEmpty && one.threshold.count == 2)
        #expect(one.residual.valence > 0 && one.residual.control > 0)
        #expect(one.predict("a wonderful day").probability == other.predict("a wonderful day").probability)
    }

    /// A pack of one label and three features, written by hand.
    private func pack(
        task: String = "text", revision: Int = TextFeatures.revision, rows: Int = 3, outputs: Int = 4,
        scale: Float = 0.01,
        bias: Float = 0, residual: Double = 0.3, sharpness: Double = 1, order: [UInt32] = [10, 20, 30],
        leaveOut: String = ""
    ) throws -> [UInt8] {
        var settings = ["residual.valence": residual, "residual.arousal": 0.3, "residual.control": 0.3]
        settings["affect.sharpness"] = sharpness
        settings["crisis.threshold"] = 1
        settings[leaveOut] = nil
        var writer = ModelPackWriter(
            task: task, revision: revision, labels: ["joy", "affect.happy"], corpora: [], settings: settings)
        let hashes: [UInt32] = order == [10, 20, 30] ? ["so", "much", "joy"].map(TextFeatures.token).sorted() : order
        let tensors: [(String, [Int8], [Int])] = [
            (
                "vocabulary", hashes.flatMap { hash in (0..<4).map { Int8(truncatingIfNeeded: hash >> ($0 * 8)) } },
                [3, 4]
            ),
            ("rarity", [10, 20, 30], [3]), ("lexicon.word", [], [0, 4]), ("lexicon.valence", [], [0]),
            ("weights", [Int8](repeating: 100, count: rows * outputs), [rows, outputs]), ("group.members", [], [0, 1]),
            ("own.vocabulary", [], [0, 4]), ("own.rarity", [], [0]), ("own.weights", [], [0, 9]),
        ]
        for (name, values, shape) in tensors where name != leaveOut { writer.add(name, values, shape: shape) }
        let floats: [(String, [Float], [Int])] = [
            ("weights.scale", [scale, scale, scale], [3]), ("bias", [bias, 0, 0, 0], [4]),
            ("stack", [Float](repeating: 0, count: 30), [3, 10]),
            ("stack.mean", [Float](repeating: 0, count: 10), [10]),
            ("stack.scale", [Float](repeating: 1, count: 10), [10]), ("threshold", [0.5], [1]),
            ("own.weights.scale", [], [0]), ("own.bias", [Float](repeating: 0, count: 9), [9]),
            ("own.stack", [Float](repeating: 0, count: 90), [9, 10]),
        ]
        for (name, values, shape) in floats where name != leaveOut { writer.add(name, values, shape: shape) }
        return try writer.bytes()
    }

    @Test func wrongPacksAreRefused() throws {
        #expect(try model(pack()).labels == ["joy"])
        #expect(code { _ = try model(pack(task: "voice")) } == .model)
        #expect(code { _ = try model(pack(revision: 1)) } == .modelVersion)
        #expect(code { _ = try model(pack(rows: 2)) } == .model)
        #expect(code { _ = try model(pack(outputs: 3)) } == .model)
        #expect(code { _ = try model(pack(scale: .nan)) } == .model)
        #expect(code { _ = try model(pack(bias: .infinity)) } == .model)
        #expect(code { _ = try model(pack(residual: 0)) } == .model)
        #expect(code { _ = try model(pack(sharpness: 0)) } == .model)
        #expect(code { _ = try model(pack(order: [3, 2, 9])) } == .model)
        #expect(code { _ = try model(pack(order: [3, 3, 9])) } == .model)
        for name in [
            "vocabulary", "rarity", "lexicon.word", "lexicon.valence", "weights", "weights.scale", "bias", "stack",
            "stack.mean", "stack.scale", "threshold", "group.members", "residual.valence", "residual.control",
            "own.vocabulary", "own.weights",
            "own.bias", "own.stack", "affect.sharpness", "crisis.threshold",
        ] {
            #expect(code { _ = try model(pack(leaveOut: name)) } == .model, "\(name)")
        }
    }

    @Test func damagedPacksAreRefused() throws {
        let bytes = try trained(toy(20, seed: 1))
        var random = SeededRandom(seed: 2)
        for cut in [0, 1, 7, 23, 24, 100, bytes.count / 2, bytes.count - 1] {
            #expect(code { _ = try model(Array(bytes.prefix(cut))) } == .model, "cut at \(cut)")
        }
        for _ in 0..<20 {
            var damaged = bytes
            damaged[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            let found = code { _ = try model(damaged) }
            #expect(found == .model || found == .modelVersion)
        }
    }

    @Test func wildButFiniteWeightsGiveNoWildEvidence() throws {
        let wild = try model(pack(scale: 3e36))
        let evidence = try #require(wild.evidence("so much joy here", at: 0))
        for estimate in [evidence.valence, evidence.arousal, evidence.control] {
            let mean = estimate?.mean ?? 0
            #expect(mean.isNaN || abs(mean) <= 1)
        }
    }

    /// The numbers of a message by hand: tf-idf of three words, length 1, times the weights.
    @Test func aPredictionByHand() throws {
        let known = try model(pack(bias: -1))
        let hashes = ["so", "much", "joy"].map(TextFeatures.token).sorted()
        let rarity = { (word: String) -> Float in [1, 2, 3][hashes.firstIndex(of: TextFeatures.token(word)) ?? 0] }
        let (so, joy) = ((1 + log(Float(2))) * rarity("so"), rarity("joy"))
        let sum = -1 + (so + joy) / (so * so + joy * joy).squareRoot()
        let found = known.predict("so joy so").probability[0]
        #expect(abs(found - 1 / (1 + exp(-sum))) < 1e-4)
    }

    /// The parts sum to the whole, and each stands where its word does.
    @Test(arguments: [
        ("I am so happy that this finally works!!", false), ("not happy, not at all", false),
        ("naïve café 😀😀 happy 我 happy", false), ("so so so so", false), ("", false), ("don't don’t SAD!!!", false),
        ("这道题太难了，我完全不懂！！", true), ("開心開心 happy 😀", true),
    ])
    func anExplanationSumsToTheLogOdds(_ text: String, _ isChinese: Bool) throws {
        let model = isChinese ? try reader().chinese : try embedded()
        let bytes = Array(text.utf8)
        let affect = model.predict(text).affect
        var odds: [Emotion: Float] = [:]
        for emotion in model.emotions {
            let why = try model.explain(text, emotion: emotion)
            let sum = why.bias + why.wordList + why.spans.reduce(0) { $0 + $1.weight }
            #expect(abs(sum - why.logOdds) < 1e-3 && why.probability == affect[Int(emotion.rawValue)])
            odds[emotion] = sum
            for span in why.spans {
                let word = String(decoding: bytes[span.from..<span.to], as: UTF8.self)
                #expect(!word.isEmpty && !word.contains(" ") && !word.contains("\u{FFFD}"))
            }
        }
        // The odds stand in the order of the probabilities.
        let byOdds = model.emotions.sorted { (odds[$0] ?? 0) > (odds[$1] ?? 0) }
        let byChance = model.emotions.sorted { affect[Int($0.rawValue)] > affect[Int($1.rawValue)] }
        #expect(byOdds.first == byChance.first && byOdds.last == byChance.last)
    }

    @Test func theTellingWordStandsOut() throws {
        let text = "today we went to the shop and I was absolutely disgusted by it"
        let why = try embedded().explain(text)
        let top = try #require(why.spans.max { $0.weight < $1.weight })
        #expect(String(decoding: Array(text.utf8)[top.from..<top.to], as: UTF8.self) == "disgusted")
        #expect(why.emotion == .disgusted)
        #expect(code { _ = try model(pack()).explain("joy", emotion: .sad) } == .notFound)
    }

    // MARK: The embedded pack

    @Test func theEmbeddedPackTellsGladFromBad() throws {
        let model = try embedded()
        #expect(model.labels.count == 28)
        func valence(_ text: String) throws -> Float { try #require(model.evidence(text, at: 0)?.valence).mean }
        let awful = try valence("I hate this, it is awful")
        #expect(try valence("I am so happy today") > awful + 0.4)
        #expect(try valence("This is great, thank you so much!") > 0.2)
        #expect(try valence("I am sad and I feel terrible") < -0.2)
    }

    private func leader(_ text: String) throws -> Emotion? {
        let likelihood = try #require(embedded().evidence(text, at: 0)).logLikelihood
        let named = Emotion.allCases.filter { !likelihood[Int($0.rawValue)].isNaN }
        return named.max { likelihood[Int($0.rawValue)] < likelihood[Int($1.rawValue)] }
    }

    @Test(arguments: [
        ("I am so happy today", Emotion.happy), ("I am really sad, I miss her so much", .sad),
        ("I am scared and nervous about the exam", .anxious),
        ("I don't understand this at all, I am confused", .confused),
        ("That is disgusting", .disgusted),
    ])
    func theEmbeddedPackNamesPlainFeelings(_ text: String, _ emotion: Emotion) throws {
        #expect(try leader(text) == emotion)
    }

    @Test func evidenceIsWellFormed() throws {
        let known = try embedded()
        let evidence = try #require(known.evidence("I finally understand how this works!", at: 42))
        #expect(evidence.modality == .text && evidence.time == 42 && evidence.logLikelihood.count == Emotion.count)
        #expect(evidence.logLikelihood.count { $0.isFinite } == 14)
        // An emotion that no training sentence had is absent, not unlikely.
        let few = try #require(try model(pack()).evidence("so much joy", at: 0))
        #expect(few.logLikelihood.count { $0.isNaN } == 13 && few.logLikelihood[Int(Emotion.happy.rawValue)] == 0)
        #expect(evidence.valence?.sd == known.residual.valence && evidence.control?.sd == known.residual.control)
        #expect(evidence.quality > 0 && evidence.quality <= 1)
        let short = try #require(known.evidence("ok", at: 0))
        #expect(short.quality < evidence.quality, "a short message says less")
    }

    @Test(arguments: ["", "   ", "\u{0}", "我很难过", "мне очень грустно", "\u{FE0F}\u{200D}"])
    func textWithoutAKnownWordGivesNoEvidence(_ text: String) throws {
        #expect(try embedded().evidence(text, at: 0) == nil)
    }

    @Test func aMegabyteGivesTheEvidenceOfOneSentenceSaidOften() throws {
        let model = try embedded()
        let one = try #require(model.evidence("I am so happy today. ", at: 0))
        let many = try #require(model.evidence(String(repeating: "I am so happy today. ", count: 50_000), at: 0))
        #expect(abs((one.valence?.mean ?? 0) - (many.valence?.mean ?? 1)) < 0.15)
        #expect(many.quality > 0.9)
    }
}
