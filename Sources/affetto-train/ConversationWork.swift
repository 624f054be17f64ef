import AffettoCore
import AffettoFusion
import AffettoLearning
import AffettoText
import Foundation
import Synchronization

/// The conversation network on corpora: every subset of senses, and what context is worth.
enum ConversationWork {
    static func crossValidate(_ folder: URL, seeds: Int) throws -> Figures {
        let corpora = ConversationCorpora(text: try TextModel(pack: try PackSource.load("text", file: nil)))
        var figures = Figures()
        let speed = Mutex([Double]())
        if let corpus = try? corpora.mosi(folder) { try mosi(corpus, seeds, &figures, speed) }
        if let corpus = try? corpora.meld(folder) { try meld(corpus, seeds, &figures, speed) }
        let reached = speed.withLock { $0 }
        guard !reached.isEmpty else {
            throw AffettoError(.notFound, "neither mosi_features nor meld under '\(folder.path)'")
        }
        figures.add(
            "fusion.train_gflops", reached.reduce(0, +) / Double(reached.count),
            note: "10⁹ operations of matrix products a second of one core's time, gradients and all else included")
        return figures
    }

    /// One model a seed, each asked with every subset of the senses.
    private static func mosi(
        _ corpus: ConversationCorpora.Corpus, _ seeds: Int, _ figures: inout Figures, _ speed: borrowing Mutex<[Double]>
    ) throws {
        var training = ConversationTraining()
        training.isCausal = false
        training.batch = 4
        // The corpus's text and video vectors come from networks that were trained on the labels of these very training
        // videos, and tell nearly every turn of them. Mixed, they are about as hard to read as honest ones.
        training.mixing = [0, 1, 0, 1.43]
        let runs = try models(corpus, training, seeds: seeds, speed)
        let senses: [Character: [Int]] = ["t": [0, 1], "a": [2], "v": [3]]
        for subset in ["t", "a", "v", "ta", "tv", "av", "tav"] {
            let kept = subset.flatMap { senses[$0] ?? [] }
            let heard = corpus.test.map { conversation in
                var out = conversation
                for t in out.turns.indices {
                    for s in out.turns[t].features.indices where !kept.contains(s) { out.turns[t].features[s] = nil }
                }
                return out
            }
            let scores = try runs.map { try $0.evaluate(heard).accuracy }
            figures.add("fusion.mosi.accuracy_" + subset, meanAndSd: scores)
        }
    }

    private static func meld(
        _ corpus: ConversationCorpora.Corpus, _ seeds: Int, _ figures: inout Figures, _ speed: borrowing Mutex<[Double]>
    ) throws {
        var training = ConversationTraining()
        // Causal, as in live use.
        training.classBalance = 0.4
        let context = try models(corpus, training, seeds: seeds, speed)
        training.isAlone = true
        let alone = try models(corpus, training, seeds: seeds, speed)
        let turns = corpus.test.flatMap(\.turns)
        let truth = turns.map { $0.label ?? 0 }
        func guesses(_ models: [ConversationModel], isAlone: Bool) throws -> [[Int]] {
            try models.map { model in
                try model.predict(corpus.test, isAlone: isAlone).map { row in
                    row.indices.max { row[$0] < row[$1] } ?? 0
                }
            }
        }
        let (with, without) = (try guesses(context, isAlone: false), try guesses(alone, isAlone: true))
        func score(_ guess: [Int], _ rows: [Int]) -> Double {
            Metrics.weightedF1(
                truth: rows.map { truth[$0] }, guess: rows.map { guess[$0] }, classes: corpus.shape.labels.count)
        }
        func mean(_ guesses: [[Int]], _ rows: [Int]) -> Double {
            guesses.reduce(0) { $0 + score($1, rows) } / Double(guesses.count)
        }
        let all = Array(truth.indices)
        figures.add("fusion.meld.weighted_f1_context", meanAndSd: with.map { score($0, all) })
        figures.add("fusion.meld.weighted_f1_alone", meanAndSd: without.map { score($0, all) })
        let groups = corpus.test.flatMap { conversation in conversation.turns.map { _ in conversation.group } }
        let interval = Metrics.interval(groups: groups, draws: 1000) { mean(with, $0) - mean(without, $0) }
        figures.add("fusion.meld.gain", mean(with, all) - mean(without, all), note: "n = \(turns.count) turns")
        figures.add("fusion.meld.gain_interval", [interval.low, interval.high], note: "95 %, over whole dialogues")
    }

    /// One model a seed, on as many cores as there are.
    private static func models(
        _ corpus: ConversationCorpora.Corpus, _ training: ConversationTraining, seeds: Int,
        _ speed: borrowing Mutex<[Double]>
    ) throws -> [ConversationModel] {
        let line = ProgressLine()
        let results = Results(count: seeds)
        DispatchQueue.concurrentPerform(iterations: seeds) { seed in
            var training = training
            training.seed = UInt64(seed) + 1
            results[seed] = Result {
                try training.train(corpus.train, corpus.shape) { progress, _ in
                    line.show(
                        "seed \(seed + 1), epoch \(progress.epoch): loss \(progress.loss), on videos or dialogues held back "
                            + "\(progress.validation?.accuracy ?? .nan)")
                    results.note(progress.gigaflops, seed)
                    return true
                }
            }
        }
        line.clear()
        speed.withLock { $0 += results.speeds }
        return try results.all()
    }

    /// What threads that run side by side have come to.
    private final class Results: Sendable {
        private let box: Mutex<(models: [Result<ConversationModel, any Error>?], speeds: [Double])>

        init(count: Int) {
            box = Mutex((Array(repeating: nil, count: count), Array(repeating: 0, count: count)))
        }

        subscript(index: Int) -> Result<ConversationModel, any Error>? {
            get { box.withLock { $0.models[index] } }
            set { box.withLock { $0.models[index] = newValue } }
        }

        func note(_ speed: Double, _ index: Int) { box.withLock { $0.speeds[index] = speed } }

        var speeds: [Double] { box.withLock { $0.speeds } }

        func all() throws -> [ConversationModel] { try box.withLock { $0.models }.compactMap { try $0?.get() } }
    }
}
