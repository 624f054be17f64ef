import AffettoCore
import AffettoLearning
import AffettoText
import Testing

@Suite struct TextModelTests {
    // MARK: Packs

    @Test func survivesThePack() throws {
        let bytes = try trained(toy(60, seed: 1), epochs: 2)
        let one = try model(bytes)
        let other = try model(bytes)
        #expect(one.labels == ["joy", "sadness"] && one.width == TextTraining.width && one.threshold == [0.5, 0.5])
        #expect(one.residual == (0.2, 0.3, 0.25))
        #expect(one.predict("a wonderful day").probability == other.predict("a wonderful day").probability)
    }

    private func pack(
        task: String = "text", revision: Int = 1, shape: [Int] = [TextFeatures.buckets, 2], scale: Float = 1,
        head: Float = 0.5, residual: Double = 0.3, leaveOut: String = ""
    ) throws -> [UInt8] {
        var settings = ["residual.valence": residual, "residual.arousal": 0.3, "residual.control": 0.3]
        settings[leaveOut] = nil
        var writer = ModelPackWriter(task: task, revision: revision, labels: ["joy"], corpora: [], settings: settings)
        writer.add("embedding", [Int8](repeating: 1, count: shape.reduce(1, *)), shape: shape)
        let floats: [(String, [Float], [Int])] = [
            ("embedding.scale", Array(repeating: scale, count: shape[0]), [shape[0]]),
            ("head.weight", Array(repeating: head, count: 4 * 2), [4, 2]), ("head.bias", [0, 0, 0, 0], [4]),
            ("threshold", [0.5], [1]),
        ]
        for (name, values, shape) in floats where name != leaveOut { writer.add(name, values, shape: shape) }
        return try writer.bytes()
    }

    @Test func wrongPacksAreRefused() throws {
        #expect(try model(pack()).labels == ["joy"])
        #expect(code { _ = try model(pack(task: "voice")) } == .model)
        #expect(code { _ = try model(pack(revision: 2)) } == .modelVersion)
        #expect(code { _ = try model(pack(shape: [64, 2])) } == .model)
        #expect(code { _ = try model(pack(shape: [TextFeatures.buckets, 0])) } == .model)
        #expect(code { _ = try model(pack(shape: [TextFeatures.buckets, 1])) } == .model)
        #expect(code { _ = try model(pack(shape: [TextFeatures.buckets])) } == .model)
        #expect(code { _ = try model(pack(scale: .nan)) } == .model)
        #expect(code { _ = try model(pack(head: .infinity)) } == .model)
        #expect(code { _ = try model(pack(residual: 0)) } == .model)
        for name in [
            "embedding.scale", "head.weight", "head.bias", "threshold", "residual.valence", "residual.control",
        ] {
            #expect(code { _ = try model(pack(leaveOut: name)) } == .model, "\(name)")
        }
    }

    @Test func damagedPacksAreRefused() throws {
        let bytes = try trained(toy(20, seed: 1), epochs: 1)
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
        let wild = try model(pack(scale: 3e38, head: 3e38))
        let evidence = try #require(wild.evidence("so much joy here", at: 0))
        for estimate in [evidence.valence, evidence.arousal, evidence.control] {
            let mean = estimate?.mean ?? 0
            #expect(mean.isNaN || abs(mean) <= 1)
        }
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
        let model = try embedded()
        let evidence = try #require(model.evidence("I finally understand how this works!", at: 42))
        #expect(evidence.modality == .text && evidence.time == 42 && evidence.logLikelihood.count == Emotion.count)
        // GoEmotions has no word for boredom or tiredness: absent, not unlikely.
        for emotion in [Emotion.bored, .tired] { #expect(evidence.logLikelihood[Int(emotion.rawValue)].isNaN) }
        #expect(evidence.logLikelihood.count { $0.isFinite } >= 10)
        #expect(evidence.valence?.sd == model.residual.valence && evidence.control?.sd == model.residual.control)
        #expect(evidence.quality > 0 && evidence.quality <= 1)
        let short = try #require(model.evidence("ok", at: 0))
        #expect(short.quality < evidence.quality, "a short message says less")
    }

    @Test(arguments: ["", "   ", "...", "\u{0}", "我很难过", "мне очень грустно", "\u{FE0F}\u{200D}"])
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
