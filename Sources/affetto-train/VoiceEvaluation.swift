import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation

/// A fixed pack's classes on one corpus. Labels that the pack cannot name are left out and counted.
struct VoiceEvaluation {
    private let name: String
    private let share: Double
    private let classes: Int
    private let truth: [Int]
    private let groups: [String]
    private let adapted: [[Float]]
    private let unadapted: [[Float]]
    /// Whether the session would name the class.
    private let isNamed: [Bool]
    private let distance: Float

    init(_ model: VoiceModel, _ corpus: VoiceCorpus) {
        name = "voice.\(corpus.name)"
        classes = model.labels.count
        let baselines = VoiceTraining.baselines(model, features: corpus.clean, speakers: corpus.speakers)
        let distances = baselines.values.compactMap(\.distance)
        distance = distances.reduce(0, +) / Float(max(distances.count, 1))
        /// The pack's own word for a corpus's label ("happy" → "happiness"), through the emotion both stand for.
        func native(_ label: String) -> Int? {
            if let own = model.labels.firstIndex(of: label) { return own }
            guard let emotion = LabelTable.emotion(label) else { return nil }
            return model.labels.firstIndex { LabelTable.emotion($0) == emotion }
        }
        let named = corpus.samples.indices.filter { native(corpus.samples[$0].label) != nil }
        share = Double(named.count) / Double(max(corpus.samples.count, 1))
        truth = named.map { native(corpus.samples[$0].label) ?? 0 }
        groups = named.map { corpus.samples[$0].speaker }
        func probabilities(_ adaptation: VoiceAdaptation) -> [[Float]] {
            // Baselines from all recordings, also those with labels that cannot be named.
            let scores = VoiceTraining.scores(
                model, features: corpus.clean, speakers: corpus.speakers, adaptation, seed: 1)
            return named.map { row in
                let isFamiliar = baselines[corpus.speakers[row]].map(model.isFamiliar) ?? false
                return model.probabilities(scores: scores[row], isFamiliar: isFamiliar)
            }
        }
        adapted = probabilities(.causal)
        unadapted = probabilities(.none)
        isNamed = zip(named, adapted).map { row, p in
            (baselines[corpus.speakers[row]].map(model.isFamiliar) ?? false) && (p.max() ?? 0) >= model.leastConfidence
        }
    }

    func report(into figures: inout Figures) {
        guard !truth.isEmpty else { return }
        func uar(_ p: [[Float]], _ rows: [Int]) -> Double {
            Metrics.uar(
                truth: rows.map { truth[$0] }, guess: rows.map { VoiceCrossValidation.best(p[$0]) }, classes: classes)
        }
        let all = Array(truth.indices)
        let interval = Metrics.interval(groups: groups) { uar(adapted, $0) }
        figures.add("\(name).uar", uar(adapted, all), interval, n: all.count)
        figures.add("\(name).uar_unadapted", uar(unadapted, all))
        let correct = all.map { VoiceCrossValidation.best(adapted[$0]) == truth[$0] }
        figures.add(
            "\(name).ece", Metrics.ece(confidence: adapted.map { $0.max() ?? 0 }, correct: correct))
        figures.add("\(name).coverage", share, note: "share of recordings whose label the pack can name")
        let sure = all.filter { isNamed[$0] }
        figures.add(
            "\(name).share_named", Double(sure.count) / Double(all.count),
            note: String(format: "of the others no emotion is named; mean distance of speakers %.2f", distance))
        if !sure.isEmpty {
            figures.add("\(name).accuracy_named", Double(sure.count { correct[$0] }) / Double(sure.count))
        }
    }
}

/// Which side of the middle valence and arousal lie on, relative to the speaker's baseline. Labels within 0.2 of the
/// middle are left out.
struct VoiceSides {
    private let groups: [String]
    private let points: [AffectPoint]
    private let truth: [AffectPoint?]

    init(_ model: VoiceModel, _ corpus: VoiceCorpus) {
        groups = corpus.speakers
        truth = corpus.samples.map { LabelTable.point($0.label) }
        let scores = VoiceTraining.scores(model, features: corpus.clean, speakers: groups, .full, seed: 1)
        let baselines = VoiceTraining.baselines(model, features: corpus.clean, speakers: groups)
        points = zip(scores, groups).map { scores, speaker in
            let isFamiliar = baselines[speaker].map(model.isFamiliar) ?? false
            return model.point(model.probabilities(scores: scores, isFamiliar: isFamiliar))
        }
    }

    func report(_ prefix: String, into figures: inout Figures) {
        add("\(prefix).arousal", \.arousal, into: &figures)
        add("\(prefix).valence", \.valence, into: &figures)
    }

    private func add(_ name: String, _ axis: (AffectPoint) -> Float, into figures: inout Figures) {
        let rows = truth.indices.filter { truth[$0].map { abs(axis($0)) >= 0.2 } ?? false }
        func isUp(_ row: Int) -> Bool { truth[row].map { axis($0) > 0 } ?? false }
        func isRight(_ row: Int) -> Bool { (axis(points[row]) > 0) == isUp(row) }
        func share(_ rows: [Int]) -> Double { Double(rows.count(where: isRight)) / Double(max(rows.count, 1)) }
        func balanced(_ rows: [Int]) -> Double {
            (share(rows.filter(isUp)) + share(rows.filter { !isUp($0) })) / 2
        }
        func interval(_ statistic: ([Int]) -> Double) -> (Double, Double) {
            Metrics.interval(groups: rows.map { groups[$0] }) { drawn in statistic(drawn.map { rows[$0] }) }
        }
        figures.add("\(name)_accuracy", share(rows), interval(share), n: rows.count)
        figures.add("\(name)_balanced", balanced(rows), interval(balanced), n: rows.count)
    }

    /// Both sides right at once.
    func reportQuadrants(_ prefix: String, into figures: inout Figures) {
        let rows = truth.indices.filter { row in
            truth[row].map { abs($0.valence) >= 0.2 && abs($0.arousal) >= 0.2 } ?? false
        }
        func share(_ rows: [Int]) -> Double {
            let right = rows.count { row in
                guard let place = truth[row] else { return false }
                return (points[row].valence > 0) == (place.valence > 0)
                    && (points[row].arousal > 0) == (place.arousal > 0)
            }
            return Double(right) / Double(max(rows.count, 1))
        }
        let interval = Metrics.interval(groups: rows.map { groups[$0] }) { drawn in share(drawn.map { rows[$0] }) }
        figures.add("\(prefix).quadrant_accuracy", share(rows), interval, n: rows.count)
        report(prefix, into: &figures)
    }
}
