import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation

/// The recipe on one corpus, tested on speakers left out.
struct VoiceCrossValidation {
    let corpus: VoiceCorpus
    let labels: [String]
    let folds: Int?
    let held: VoiceHeldOut

    init(_ corpus: VoiceCorpus, folds: Int?, seed: UInt64) {
        self.corpus = corpus
        self.folds = folds
        labels = corpus.labels
        held = VoiceHeldOut(
            corpus.samples, labels: labels, folds: folds, disturbed: (corpus.noisy, corpus.telephone), seed: seed)
    }

    private func uar(_ scores: [[Float]], _ rows: [Int]) -> Double {
        Metrics.uar(
            truth: rows.map { held.truth[$0] }, guess: rows.map { Self.best(scores[$0]) }, classes: labels.count)
    }

    static func best(_ scores: [Float]) -> Int { scores.indices.max { scores[$0] < scores[$1] } ?? 0 }

    /// Probabilities, each with the temperature of the other speakers.
    private func probabilities(_ scores: [[Float]]) -> [[Float]] {
        let speakers = Set(held.speakers)
        let temperature = Dictionary(uniqueKeysWithValues: speakers.map { ($0, held.temperature(without: $0)) })
        return scores.indices.map { softmax(scores[$0], temperature: temperature[held.speakers[$0]] ?? 1) }
    }

    /// Means over runs that differ in their seed.
    static func report(_ runs: [VoiceCrossValidation], into figures: inout Figures) {
        guard let first = runs.first else { return }
        let all = Array(first.held.truth.indices)
        let prefix = "voice.\(first.corpus.name)"
        func add(
            _ name: String, _ value: (VoiceCrossValidation, [Int]) -> Double, note: String = "", interval: Bool = false
        ) {
            let mean = runs.map { value($0, all) }.reduce(0, +) / Double(runs.count)
            guard interval else { return figures.add("\(prefix).\(name)", mean, note: note) }
            let bounds = runs.map { run in
                Metrics.interval(groups: run.held.speakers) { value(run, $0) }
            }
            let low = bounds.map(\.low).reduce(0, +) / Double(runs.count)
            let high = bounds.map(\.high).reduce(0, +) / Double(runs.count)
            figures.add("\(prefix).\(name)", mean, (low, high), n: all.count)
        }
        // Baselines grow as a session goes: each recording after some earlier ones, over five orders.
        add(
            "uar",
            { run, rows in
                run.held.orders.map { run.uar($0, rows) }.reduce(0, +) / Double(run.held.orders.count)
            }, interval: true)
        add("uar_unadapted", { $0.uar($0.held.scores[.none] ?? [], $1) }, interval: true)
        add("uar_all_heard", { $0.uar($0.held.scores[.full] ?? [], $1) }, note: "baseline from all of the speaker's")
        add("uar_neutral_heard", { $0.uar($0.held.afterNeutral, $1) }, note: "baseline from neutral recordings only")
        add(
            "uar_same_heard", { $0.uar($0.held.afterSame, $1) },
            note: "baseline from the same emotion only: the worst case")
        add("uar_noise_10db", { $0.uar($0.held.noisy, $1) }, interval: true)
        add("uar_telephone", { $0.uar($0.held.telephone, $1) }, interval: true)
        let adapted = runs.map { $0.probabilities($0.held.scores[.causal] ?? []) }
        let unadapted = runs.map { $0.probabilities($0.held.scores[.none] ?? []) }
        addCalibration("\(prefix).ece", runs, adapted, into: &figures)
        addCalibration("\(prefix).ece_unadapted", runs, unadapted, into: &figures)
        addRisk(prefix, runs, adapted, into: &figures)
        let groups = Set(first.held.speakers).count
        figures.add(
            "\(prefix).classes", Double(first.labels.count),
            note: "\(groups) speakers in \(first.folds ?? groups) parts, \(first.corpus.skipped) recordings skipped")
    }

    private static func addCalibration(
        _ name: String, _ runs: [VoiceCrossValidation], _ probabilities: [[[Float]]], into figures: inout Figures
    ) {
        func ece(_ run: Int, _ rows: [Int]) -> Double {
            Metrics.ece(
                confidence: rows.map { probabilities[run][$0].max() ?? 0 },
                correct: rows.map { best(probabilities[run][$0]) == runs[run].held.truth[$0] })
        }
        let all = Array(runs[0].held.truth.indices)
        let mean = runs.indices.map { ece($0, all) }.reduce(0, +) / Double(runs.count)
        let interval = Metrics.interval(groups: runs[0].held.speakers) { ece(0, $0) }
        figures.add(name, mean, interval, n: all.count)
    }

    /// Accuracy among the recordings that the model is surest of: the risk–coverage curve of abstaining.
    private static func addRisk(
        _ prefix: String, _ runs: [VoiceCrossValidation], _ probabilities: [[[Float]]], into figures: inout Figures
    ) {
        for share in [1.0, 0.8, 0.6, 0.4, 0.2] {
            var sum = 0.0
            for (run, p) in zip(runs, probabilities) {
                let ranked = p.indices.sorted { (p[$0].max() ?? 0) > (p[$1].max() ?? 0) }
                let kept = ranked.prefix(max(Int(share * Double(ranked.count)), 1))
                sum += Double(kept.count { best(p[$0]) == run.held.truth[$0] }) / Double(kept.count)
            }
            figures.add("\(prefix).accuracy_at_coverage_\(Int(share * 100))", sum / Double(runs.count))
        }
    }
}
