import AffettoCore
import AffettoText
import Testing

@Suite struct TextTrainingTests {
    @Test func learnsAToyTaskAndNotByHeart() throws {
        let learned = try model(trained(toy(300, seed: 1)))
        let right = toy(100, seed: 2).count { sample in
            let p = learned.predict(features: sample.features).probability
            return (p[0] > p[1]) == (sample.labels == [0])
        }
        #expect(right >= 98)
        let glad = learned.predict("what a wonderful page")
        let dull = learned.predict("what a dreadful page")
        #expect(glad.valence > 0.2 && dull.valence < -0.2)
        #expect(glad.control > dull.control)
    }

    @Test func theLossFalls() {
        var training = TextTraining(labels: 2)
        training.epochs = 4
        var losses: [Float] = []
        training.train(toy(200, seed: 3)) { losses.append($1) }
        #expect(losses.count == 4 && losses[3] < losses[0] / 2)
    }

    @Test func sameSeedSameBytes() throws {
        let samples = toy(60, seed: 4)
        let first = try trained(samples, epochs: 2)
        let again = try trained(samples, epochs: 2)
        #expect(again == first)
        #expect(try trained(samples, seed: 2, epochs: 2) != first)
    }

    @Test func nothingToLearnFromIsNotAnError() throws {
        var training = TextTraining(labels: 1)
        training.train([]) { _, _ in Issue.record("there is no epoch without samples") }
        training.train([TextSample(text: "", labels: [0], dimensions: [])]) { _, loss in #expect(loss.isFinite) }
        let bytes = try training.pack(labels: ["joy"], corpora: [], thresholds: [0.5], residual: [1, 1, 1])
        #expect(try model(bytes).evidence("anything", at: 0) == nil, "no word was ever seen")
    }

    @Test func missingDimensionsAreNotAnnotated() throws {
        #expect(TextSample(text: "a", labels: [], dimensions: [0.5]).dimensions.count { $0.isNaN } == 2)
        let samples = (0..<20).map {
            TextSample(text: "word \($0 % 3)", labels: [], dimensions: $0 % 2 == 0 ? [] : unknown)
        }
        #expect(try model(trained(samples, epochs: 1)).predict("word").valence == 0, "nothing said anything about it")
    }

    @Test func packsOfTheWrongCountsAreRefused() {
        let training = TextTraining(labels: 2)
        for (labels, thresholds, residual) in [(1, 2, 3), (2, 1, 3), (2, 2, 2)] {
            #expect(
                code {
                    _ = try training.pack(
                        labels: Array(repeating: "x", count: labels), corpora: [],
                        thresholds: Array(repeating: 0.5, count: thresholds),
                        residual: Array(repeating: 1, count: residual))
                } == .argument)
        }
    }

    @Test func aTrainingThatRunsOffIsSaidAndDoesNotTrap() {
        var training = TextTraining(labels: 2)
        training.epochs = 3
        training.rate = .infinity
        training.train(toy(20, seed: 5)) { _, _ in }
        #expect(
            code { _ = try training.pack(labels: ["a", "b"], corpora: [], thresholds: [0, 0], residual: [1, 1, 1]) }
                == .internal)
    }
}
