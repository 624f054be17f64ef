import AffettoCore
import AffettoLearning
import AffettoText

/// What text models are measured by.
enum TextFigures {
    static func macroF1(_ figures: inout Figures, _ name: String, _ truth: [[Bool]], _ guess: [[Bool]]) {
        figures.add(
            name, Metrics.macroF1(truth: truth, guess: guess),
            Metrics.interval(groups: truth.indices.map(String.init), draws: 100) { rows in
                Metrics.macroF1(truth: rows.map { truth[$0] }, guess: rows.map { guess[$0] })
            }, n: truth.count)
    }

    static func goEmotions(
        _ figures: inout Figures, _ model: TextModel, _ go: [(text: String, labels: [Int])],
        _ taxonomies: TextCorpora.Taxonomies
    ) throws {
        let predictions = go.map { model.predict($0.text) }
        let truth = go.map { row in model.labels.indices.map { row.labels.contains($0) } }
        macroF1(
            &figures, "text.goemotions.macro_f1_28", truth,
            predictions.map { p in model.labels.indices.map { p.probability[$0] >= model.threshold[$0] } })
        for (name, map) in [("ekman", taxonomies.ekman), ("sentiment", taxonomies.sentiment_group)] {
            let groups = model.groupLabels.enumerated().filter { $0.element.hasPrefix(name + ".") }
            let first = model.labels.count + model.perceivedLabels.count
            macroF1(
                &figures, "text.goemotions.macro_f1_\(name)",
                truth.map { row in
                    groups.map { group in
                        let group = String(group.element.dropFirst(name.count + 1))
                        return model.labels.indices.contains { row[$0] && map[model.labels[$0]] == group }
                    }
                },
                predictions.map { p in
                    groups.map { p.group[$0.offset] >= model.threshold[first + $0.offset] }
                })
        }
        // Of all label probabilities that say anything: how far from what came true.
        var said: [(Float, Bool)] = []
        for (p, row) in zip(predictions, truth) {
            for (label, chance) in p.probability.enumerated() where chance >= 0.05 { said.append((chance, row[label])) }
        }
        figures.add(
            "text.ece", Metrics.ece(confidence: said.map(\.0), correct: said.map(\.1)),
            note: "label probabilities of 0.05 or more, n = \(said.count)")
    }

    static func emoBank(
        _ figures: inout Figures, _ model: TextModel, _ bank: [(text: String, dimensions: [Float])]
    ) {
        let values = bank.map { model.predict($0.text) }
        for (axis, name, pick) in [
            (0, "valence", \TextModel.Prediction.valence), (1, "arousal", \.arousal), (2, "dominance", \.control),
        ] {
            let x = values.map { $0[keyPath: pick] }
            let y = bank.map { $0.dimensions[axis] }
            figures.add(
                "text.emobank.r_\(name)", Metrics.pearson(x, y),
                Metrics.interval(groups: x.indices.map(String.init), draws: 200) { rows in
                    Metrics.pearson(rows.map { x[$0] }, rows.map { y[$0] })
                }, n: x.count)
        }
    }

    static func perceived(_ model: TextModel, _ text: String) -> [Bool] {
        zip(model.predict(text).perceived, model.threshold.dropFirst(model.labels.count)).map { $0 >= $1 }
    }

    static func brighter(
        _ figures: inout Figures, _ model: TextModel, _ rows: [(text: String, perceived: [Bool])], _ name: String
    ) {
        macroF1(
            &figures, "text.brighter.\(name)_macro_f1", rows.map(\.perceived), rows.map { perceived(model, $0.text) })
    }

    /// The most likely label against the one given.
    static func cped(
        _ figures: inout Figures, _ model: TextModel, _ rows: [(text: String, label: Int)], _ name: String
    ) {
        let guess = rows.map { row -> [Bool] in
            let p = model.predict(row.text).probability
            let best = p.indices.max { p[$0] < p[$1] } ?? 0
            return p.indices.map { $0 == best }
        }
        macroF1(
            &figures, name + ".macro_f1", rows.map { row in model.labels.indices.map { $0 == row.label } }, guess)
    }

    /// Our own sentences about studying that nothing was learned from.
    static func student(_ figures: inout Figures, _ reader: TextReader) throws {
        for language in ["en", "zh"] {
            let model = language == "en" ? reader.english : reader.chinese
            let rows = try Phrases.student("student-\(language)-held")
            let said = rows.map { model.predict($0.text) }
            let hits = zip(rows, said).map { row, said in row.emotions.contains { best(said, model) == $0 } }
            func accuracy(_ rows: [Int]) -> Double {
                Double(rows.count { hits[$0] }) / Double(max(rows.count, 1))
            }
            figures.add(
                "text.student.accuracy_\(language)", accuracy(Array(rows.indices)),
                Metrics.interval(groups: rows.indices.map(String.init), draws: 500, statistic: accuracy), n: rows.count)
            let readings = rows.map { reader.read($0.text) }
            let named = readings.indices.filter { readings[$0].emotion != nil }
            figures.add(
                "text.student.named_\(language)", Double(named.count) / Double(rows.count),
                note: "share in which an emotion is named; of those right: \(Self.percent(accuracy(named)))")
            figures.add(
                "text.student.ece_\(language)",
                Metrics.ece(
                    confidence: said.map { p in p.affect.reduce(0) { $1.isNaN ? $0 : max($0, $1) } }, correct: hits))
            let needs = zip(rows, said).count { row, said in
                row.needs == said.needs.map { $0 >= 0.5 }
            }
            figures.add(
                "text.student.needs_\(language)", Double(needs) / Double(rows.count),
                note: "help, vent, plan or none: all as given")
        }
    }

    static func best(_ said: TextModel.Prediction, _ model: TextModel) -> Emotion? {
        model.emotions.max { said.affect[Int($0.rawValue)] < said.affect[Int($1.rawValue)] }
    }

    static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
}
