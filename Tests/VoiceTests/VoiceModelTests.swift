import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation
import Testing

/// Speakers whose features are their own offset plus what the class adds.
private func crowd(speakers: Int, seed: UInt64, spread: Double, each: Int = 20) -> [VoiceSample] {
    var random = SeededRandom(seed: seed)
    let inputs = SpeechFeatures.names.count
    let labels = ["anger", "neutral", "sadness"]
    var out: [VoiceSample] = []
    for speaker in 0..<speakers {
        let own = (0..<inputs).map { _ in spread * random.normal() }
        for i in 0..<each {
            let label = i % labels.count
            // Only the first twenty features know the class; anger is high, sadness low.
            let x = (0..<inputs).map { j in
                Float(own[j] + random.normal() + (j < 20 ? 0.8 * Double(1 - label) : 0))
            }
            out.append(VoiceSample(speaker: "\(speaker)", label: labels[label], copies: [x]))
        }
    }
    return out
}

private let classes = ["anger", "neutral", "sadness"]

private func accuracy(_ model: VoiceModel, _ samples: [VoiceSample], _ adaptation: VoiceAdaptation) -> Double {
    let scores = VoiceTraining.scores(
        model, features: samples.map { $0.copies[0] }, speakers: samples.map(\.speaker), adaptation, seed: 5)
    let right = zip(scores, samples).count { scores, sample in
        classes[scores.indices.max { scores[$0] < scores[$1] } ?? 0] == sample.label
    }
    return Double(right) / Double(samples.count)
}

@Suite struct VoiceModelTests {
    private static let model = VoiceTraining.train(
        crowd(speakers: 12, seed: 1, spread: 1.5), labels: classes, seed: 1)

    @Test func knowingTheSpeakerHelps() {
        let strangers = crowd(speakers: 8, seed: 2, spread: 1.5)
        let (none, causal, full) = (
            accuracy(Self.model, strangers, .none), accuracy(Self.model, strangers, .causal),
            accuracy(Self.model, strangers, .full)
        )
        #expect(none > 0.45)
        #expect(causal > none + 0.05)
        #expect(full >= causal - 0.02)
    }

    private func calibrated() -> (model: VoiceModel, strangers: [VoiceSample]) {
        let strangers = crowd(speakers: 8, seed: 3, spread: 1.5)
        let scores = VoiceTraining.scores(
            Self.model, features: strangers.map { $0.copies[0] }, speakers: strangers.map(\.speaker), .causal, seed: 1)
        let truth = strangers.map { classes.firstIndex(of: $0.label)! }
        return (Self.model.calibrated(scores: scores, truth: truth, distances: [0.5, 0.8, 1.1]), strangers)
    }

    @Test func probabilitiesMeanWhatTheySay() {
        let (model, _) = calibrated()
        let fresh = crowd(speakers: 20, seed: 4, spread: 1.5)
        let scores = VoiceTraining.scores(
            model, features: fresh.map { $0.copies[0] }, speakers: fresh.map(\.speaker), .causal, seed: 1)
        let p = scores.map { model.probabilities(scores: $0, isFamiliar: true) }
        let right = zip(p, fresh).map { p, sample in
            classes[p.indices.max { p[$0] < p[$1] } ?? 0] == sample.label
        }
        #expect(Metrics.ece(confidence: p.map { $0.max() ?? 0 }, correct: right) < 0.08)
        #expect(p.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 })
    }

    @Test func aPackComesBackAsItWas() throws {
        let (model, strangers) = calibrated()
        let bytes = try model.pack(corpora: ["made up"], isForResearch: true)
        #expect(bytes.count < 200 << 10)
        let pack = try ModelPack(copying: bytes)
        #expect(pack.header.settings["research.only"] == 1 && pack.header.corpora == ["made up"])
        let again = try VoiceModel(pack: pack)
        let z = model.standardise(strangers[0].copies[0])
        let (a, b) = (
            model.evidence(z, model.baseline, quality: 1, at: 7), again.evidence(z, again.baseline, quality: 1, at: 7)
        )
        #expect(a.valence == b.valence && a.arousal == b.arousal && a.quality == b.quality)
        for cut in [10, bytes.count / 2, bytes.count - 1] {
            #expect(throws: AffettoError.self) { try VoiceModel(pack: ModelPack(copying: Array(bytes.prefix(cut)))) }
        }
    }

    @Test func aPackOfOtherFeaturesIsRefused() throws {
        var writer = ModelPackWriter(task: "voice", revision: 1, labels: ["a"], corpora: [], settings: [:])
        writer.add("input.fill", [Float(0)], shape: [1])
        let pack = try ModelPack(copying: try writer.bytes())
        #expect { try VoiceModel(pack: pack) } throws: { ($0 as? AffettoError)?.code == .modelVersion }
    }

    /// A voice unlike those of training gets no class, only where it lies, and less surely.
    @Test func strangeVoicesAreNotNamed() {
        let (model, strangers) = calibrated()
        var near = model.baseline
        var far = model.baseline
        let z = model.standardise(strangers[0].copies[0])
        for sample in strangers where sample.speaker == "0" { near.add(model.standardise(sample.copies[0])) }
        for sample in strangers where sample.speaker == "0" {
            far.add(model.standardise(sample.copies[0]).map { $0 + 3 })
        }
        #expect((far.distance ?? 0) > (near.distance ?? 9) + 4)
        #expect(model.isFamiliar(far) == false)
        #expect(model.evidence(z, far, quality: 1, at: 0).logLikelihood.isEmpty)
        #expect(model.evidence(z, model.baseline, quality: 1, at: 0).logLikelihood.isEmpty)
        let scores: [Float] = [3, 0, -3]
        #expect(
            model.probabilities(scores: scores, isFamiliar: false)[0]
                < model.probabilities(scores: scores, isFamiliar: true)[0])
    }

    /// What little is known of a speaker counts for less.
    @Test func evidenceGrowsWithAcquaintance() {
        let (model, strangers) = calibrated()
        var baseline = model.baseline
        let z = model.standardise(strangers[0].copies[0])
        let first = model.evidence(z, baseline, quality: 0.8, at: 0)
        #expect(first.quality == 0.4)
        for _ in 0..<4 { baseline.add(z) }
        #expect(model.evidence(z, baseline, quality: 0.8, at: 0).quality == 0.8)
        #expect(first.arousal != nil && first.valence != nil)
    }
}

@Suite struct SpeakerBaselineTests {
    @Test func isThePriorUntilSomethingIsHeard() {
        let baseline = SpeakerBaseline(features: 3)
        #expect(baseline.relative([1, -9, 0.5]) == [1, -3, 0.5])
        #expect(baseline.distance == nil)
    }

    /// m = Σz / (n + 4), variance = (Σ(z − m)² + 4) / (n + 4).
    @Test func shrinksTowardsThePrior() {
        var baseline = SpeakerBaseline(features: 1)
        for z: Float in [1, 2, 3, 2] { baseline.add([z]) }
        let mean: Float = 8 / 8
        let variance: Float = (0 + 1 + 4 + 1 + 4) / 8
        #expect(abs(baseline.relative([2.5])[0] - (2.5 - mean) / variance.squareRoot()) < 1e-5)
        // Overlapping stretches count by their share.
        var thirds = SpeakerBaseline(features: 1)
        for z: Float in [1, 2, 3, 2] { for _ in 0..<3 { thirds.add([z], weight: 1 / 3) } }
        #expect(abs(thirds.relative([2.5])[0] - baseline.relative([2.5])[0]) < 1e-4)
    }

    @Test func distanceIsFreeOfChance() {
        var random = SeededRandom(seed: 8)
        var few = SpeakerBaseline(features: 500)
        for _ in 0..<3 { few.add((0..<500).map { _ in Float(random.normal()) }) }
        // The plain mean square of means of three would be 1/3.
        #expect(few.distance! < 0.12)
        var shifted = SpeakerBaseline(features: 500)
        for _ in 0..<3 { shifted.add((0..<500).map { _ in Float(random.normal() + 1) }) }
        #expect(abs(shifted.distance! - 1) < 0.2)
    }

    @Test func wipingForgets() {
        var baseline = SpeakerBaseline(features: 2)
        baseline.add([3, 3])
        baseline.wipe()
        #expect(baseline.count == 0 && baseline.relative([1, 1]) == [1, 1])
    }
}
