import AffettoCore
import AffettoLearning
import AffettoModelData
import AffettoPhrases
import AffettoText
import Testing

/// Two labels and valence that follow from one word each; the rest of the sentence is filler.
func toy(_ count: Int, seed: UInt64) -> [TextSample] {
    var random = SeededRandom(seed: seed)
    let filler = ["the", "lesson", "was", "today", "we", "read", "page", "and", "then", "it"]
    return (0..<count).map { n in
        var words = (0..<5).map { _ in filler[random.below(filler.count)] }
        let isGlad = n % 2 == 0
        words.insert(isGlad ? "wonderful" : "dreadful", at: random.below(words.count))
        return TextSample(
            text: words.joined(separator: " "), labels: [isGlad ? 0 : 1],
            dimensions: [isGlad ? 0.6 : -0.6, .nan, isGlad ? 0.2 : -0.4])
    }
}

func training(labels: Int = 2, perceived: Int = 0, seed: UInt64 = 1) -> TextTraining {
    TextTraining(
        labels: Array(["joy", "sadness", "anger"].prefix(labels)),
        perceivedLabels: Array(["fear", "joy"].prefix(perceived)),
        lexicon: [("wonderful", 2.7), ("dreadful", -2)], seed: seed)
}

func trained(_ samples: [TextSample], seed: UInt64 = 1) throws -> [UInt8] {
    try training(seed: seed).pack(samples, corpora: ["toy"])
}

func model(_ bytes: [UInt8]) throws -> TextModel { try TextModel(pack: ModelPack(copying: bytes)) }

func code(_ body: () throws -> Void) -> AffettoError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? AffettoError)?.code }
}

/// Bytes that the library embeds.
func data(_ name: String) throws -> UnsafeRawBufferPointer {
    var size = 0
    let start = try #require(affetto_model_data(name, &size))
    return UnsafeRawBufferPointer(start: start, count: size)
}

func embedded() throws -> TextModel { try TextModel(pack: ModelPack(staticBytes: data("text"))) }

/// As the engine has it.
func reader() throws -> TextReader { try shared.get() }

private let shared = Result {
    TextReader(
        english: try embedded(),
        chinese: try TextModel(pack: ModelPack(staticBytes: data("text_zh")), isChinese: true),
        patterns: CrisisDetector(packs: try ["crisis-en", "crisis-zh"].map { try PhrasePack(text: data($0)) }),
        cues: try ["cues-en", "cues-zh"].map { try PhrasePack(text: data($0)) },
        lyrics: try ["lyrics-en", "lyrics-zh"].map { try PhrasePack(text: data($0)) })
}

/// The lines of one of our own sets of sentences, cut at tabs.
func phrases(_ name: String) throws -> [[String]] {
    var size = 0
    let start = try #require(affetto_phrases(name, &size))
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: size), as: UTF8.self)
    return text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
}
