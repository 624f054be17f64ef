import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation

/// The voice model's train, eval and crossval.
enum VoiceWork {
    static let copies = 6

    /// - Parameter forResearch: learn from every corpus in the folder, and mark the pack as not for commercial use.
    static func train(_ folder: URL, seed: UInt64, forResearch: Bool) throws -> [UInt8] {
        // emodb alone may train what ships (CC0); the others measure, or train a pack for research.
        let corpora = try VoiceCorpus.all(
            folder, only: forResearch ? nil : ["emodb"], VoiceCorpus.Wanted(copies: copies, seed: seed))
        var samples: [VoiceSample] = []
        for corpus in corpora {
            for var sample in corpus.samples {
                sample.speaker = "\(corpus.name)/\(sample.speaker)"
                if corpora.count > 1 {
                    // One word for what several corpora call differently.
                    guard let emotion = LabelTable.emotion(sample.label) else { continue }
                    sample.label = common[emotion] ?? sample.label
                }
                samples.append(sample)
            }
        }
        let labels = Set(samples.map(\.label)).sorted()
        let held = VoiceHeldOut(samples, labels: labels, folds: corpora.count > 1 ? 8 : nil, seed: seed)
        let model = VoiceTraining.train(samples, labels: labels, seed: seed)
            .calibrated(scores: held.pooled.scores, truth: held.pooled.truth, distances: held.distances)
        return try model.pack(corpora: corpora.map(\.name), isForResearch: forResearch)
    }

    private static let common: [Emotion: String] = [
        .happy: "happiness", .sad: "sadness", .angry: "anger", .anxious: "fear", .disgusted: "disgust",
        .bored: "boredom", .surprised: "surprise",
    ]

    static func crossValidate(_ folder: URL, seeds: Int) throws -> Figures {
        var figures = Figures()
        var found: [[VoiceCorpus]] = []
        for seed in 1...seeds {
            let wanted = VoiceCorpus.Wanted(copies: copies, disturbed: true, seed: UInt64(seed))
            found.append(try VoiceCorpus.all(folder, wanted))
        }
        for number in found[0].indices {
            let runs = found.enumerated().map { seed, corpora in
                let corpus = corpora[number]
                // Six folds of three actors for ravdess, one speaker at a time elsewhere.
                return VoiceCrossValidation(
                    corpus, folds: corpus.name == "ravdess" ? 6 : nil, seed: UInt64(seed + 1))
            }
            VoiceCrossValidation.report(runs, into: &figures)
        }
        for from in found[0] {
            let model = VoiceTraining.train(from.samples, labels: from.labels, seed: 1)
            for to in found[0] where to.name != from.name {
                VoiceSides(model, to).reportQuadrants("voice.\(from.name)_to_\(to.name)", into: &figures)
            }
        }
        return figures
    }

    static func evaluate(_ pack: ModelPack, _ folder: URL) throws -> Figures {
        let model = try VoiceModel(pack: pack)
        var figures = Figures()
        for corpus in try VoiceCorpus.all(folder, VoiceCorpus.Wanted()) {
            VoiceEvaluation(model, corpus).report(into: &figures)
            VoiceSides(model, corpus).report("voice.\(corpus.name)", into: &figures)
            figures.add("voice.\(corpus.name).seen_in_training", pack.header.corpora.contains(corpus.name))
        }
        figures.add("voice.pack_kib", Double(pack.byteCount) / 1024)
        return figures
    }
}
