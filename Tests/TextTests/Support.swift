import AffettoCore
import AffettoLearning
import AffettoText
import Foundation

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

/// The pack that the library embeds.
func embedded() throws -> TextModel {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return try model(Array(Data(contentsOf: root.appendingPathComponent("Sources/ModelData/packs/text.pack"))))
}
