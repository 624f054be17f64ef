import AffettoCore
import AffettoText
import Testing

@Suite struct TextTrainingTests {
    @Test func learnsAToyTaskAndNotByHeart() throws {
        let learned = try model(trained(toy(300, seed: 1)))
        let right = toy(100, seed: 2).count { sample in
            let p = learned.predict(bag: sample.bag).probability
            return (p[0] > p[1]) == (sample.labels == [0])
        }
        #expect(right >= 98)
        let glad = learned.predict("what a wonderful page")
        let dull = learned.predict("what a dreadful page")
        #expect(glad.valence > 0.2 && dull.valence < -0.2)
        #expect(glad.control > dull.control)
        // Thresholds part the two as well as a half would.
        #expect(glad.probability[0] >= learned.threshold[0] && dull.probability[0] < learned.threshold[0])
    }

    @Test func perceivedEmotionsHaveOutputsOfTheirOwn() throws {
        var samples = toy(200, seed: 3)
        for n in 0..<200 {
            let isAfraid = n % 3 == 0
            let text = isAfraid ? "the dark cellar was terrifying" : "the garden was quiet page \(n % 7)"
            samples.append(TextSample(text: text, labels: [], dimensions: [], perceived: [isAfraid, !isAfraid]))
        }
        let learned = try model(training(perceived: 2).pack(samples, corpora: []))
        #expect(learned.labels == ["joy", "sadness"] && learned.perceivedLabels == ["fear", "joy"])
        #expect(learned.threshold.count == 4)
        let dark = learned.predict("a terrifying cellar").perceived
        let quiet = learned.predict("a quiet garden").perceived
        #expect(dark[0] > 0.5 && quiet[0] < 0.5 && dark[1] < quiet[1])
    }

    @Test func aGroupIsSaidWhereAMemberIs() throws {
        let training = TextTraining(
            labels: ["joy", "sadness"], perceivedLabels: [],
            groups: [(name: "glad", members: [0]), (name: "any", members: [0, 1]), (name: "none", members: [])],
            lexicon: [])
        let learned = try model(training.pack(toy(200, seed: 1), corpora: []))
        #expect(learned.groupLabels == ["glad", "any", "none"] && learned.labels == ["joy", "sadness"])
        let said = learned.predict("what a wonderful page")
        #expect(abs(said.group[0] - said.probability[0]) < 1e-6 && said.group[1] > said.group[0] && said.group[2] == 0)
        let dull = learned.predict("what a dreadful page")
        #expect(said.group[0] >= learned.threshold[2] && dull.group[0] < learned.threshold[2])
    }

    @Test func sameSeedSameBytes() throws {
        let samples = toy(60, seed: 4)
        let first = try trained(samples)
        #expect(try trained(samples) == first)
        #expect(try trained(samples, seed: 2) != first)
    }

    @Test func nothingToLearnFromIsNotAnError() throws {
        let empty = try model(training(labels: 1).pack([], corpora: []))
        #expect(empty.evidence("anything", at: 0) == nil, "no word was ever seen")
        let silent = try model(trained([TextSample(text: "", labels: [0], dimensions: [])]))
        let isFinite = silent.predict("anything").probability.allSatisfy { $0.isFinite }
        #expect(isFinite)
    }

    @Test func missingDimensionsAreNotAnnotated() throws {
        #expect(TextSample(text: "a", labels: [], dimensions: [0.5]).dimensions.count { $0.isNaN } == 2)
        let samples = (0..<20).map { TextSample(text: "word \($0 % 3)", labels: [$0 % 2], dimensions: []) }
        #expect(try model(trained(samples)).predict("word").valence == 0, "nothing said anything about it")
    }

    @Test func labelsThatDoNotFitAreRefused() {
        let wrong = TextSample(text: "a", labels: [2], dimensions: [])
        #expect(code { _ = try trained([wrong]) } == .argument)
        let short = TextSample(text: "a", labels: [], dimensions: [], perceived: [true])
        #expect(code { _ = try training(perceived: 2).pack([short], corpora: []) } == .argument)
    }

    @Test func aSmallVocabularyKeepsTheFrequent() throws {
        var small = training()
        small.featureLimit = 20
        let learned = try model(small.pack(toy(300, seed: 1), corpora: []))
        #expect(learned.predict("wonderful").quality < 1)
        #expect(try small.pack(toy(300, seed: 1), corpora: []).count < trained(toy(300, seed: 1)).count)
    }

    /// A word that no text held, but the list does; turned around by a negation, as VADER does.
    @Test func theWordListSpeaksForWordsNeverSeen() throws {
        let words: [(word: String, valence: Float)] = (0..<40).map { n in
            n % 2 == 0 ? (word: "zq\(n / 2)a", valence: 2.5) : (word: "xv\(n / 2)o", valence: -2.5)
        }
        let samples = (0..<400).map { n in
            let (word, valence) = words[n % 30]
            return TextSample(text: "page \(n % 5) \(word)", labels: [valence > 0 ? 0 : 1], dimensions: [valence / 4])
        }
        let training = TextTraining(
            labels: ["joy", "sadness"], perceivedLabels: [], lexicon: words)
        let learned = try model(training.pack(samples, corpora: []))
        let glad = learned.predict("page 3 zq18a").valence
        #expect(glad > 0.15 && learned.predict("page 3 xv18o").valence < -0.15)
        #expect(learned.predict("page 3 not zq18a").valence < glad - 0.1)
    }
}
