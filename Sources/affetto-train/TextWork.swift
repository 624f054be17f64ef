import AffettoCore
import AffettoLearning
import AffettoText
import Foundation

/// The text model's train, eval and crossval, on GoEmotions and EmoBank.
enum TextWork {
    /// Reads GoEmotions' 28 labels in order of their numbers.
    static func labels(_ folder: URL) throws -> [String] {
        let url = try place(folder, "goemotions").appendingPathComponent("labels.txt")
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw AffettoError(.notFound, "there is no file '\(url.path)'")
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }

    static func place(_ folder: URL, _ corpus: String) throws -> URL {
        for candidate in [folder.appendingPathComponent(corpus), folder.appendingPathComponent("text/\(corpus)")]
        where FileManager.default.fileExists(atPath: candidate.path) {
            return candidate
        }
        throw AffettoError(.notFound, "no corpus '\(corpus)' under '\(folder.path)'")
    }

    static func goEmotions(_ folder: URL, split: String) throws -> [(text: String, labels: [Int])] {
        let table = try Table(try place(folder, "goemotions").appendingPathComponent("\(split).tsv"))
        let (text, ids) = (try table.column("text"), try table.column("label_ids"))
        return table.rows.map { (String($0[text]), $0[ids].split(separator: ",").compactMap { Int($0) }) }
    }

    /// Valence, arousal and dominance, one point of EmoBank's 1…5 scale counted as 1 from the middle 3, cut at ±1.
    static func emoBank(_ folder: URL, split: String) throws -> [(text: String, dimensions: [Float])] {
        let table = try Table(try place(folder, "emobank").appendingPathComponent("\(split).tsv"))
        let columns = try ["V", "A", "D"].map { try table.column($0) }
        let text = try table.column("text")
        return table.rows.map { row in
            (String(row[text]), columns.map { min(max((Float(row[$0]) ?? .nan) - 3, -1), 1) })
        }
    }

    static func samples(_ folder: URL, split: String) throws -> [TextSample] {
        let unknown: [Float] = [.nan, .nan, .nan]
        return try goEmotions(folder, split: split).map {
            TextSample(text: $0.text, labels: $0.labels, dimensions: unknown)
        }
            + emoBank(folder, split: split).map { TextSample(text: $0.text, labels: [], dimensions: $0.dimensions) }
    }

    static func train(_ folder: URL, seed: UInt64) throws -> [UInt8] {
        try train(try samples(folder, split: "train"), labels: try labels(folder), seed: seed)
    }

    static func train(_ samples: [TextSample], labels: [String], seed: UInt64) throws -> [UInt8] {
        let progress = ProgressLine()
        // Thresholds and residuals come from a tenth of the training texts that a first model does not see.
        func fit(_ rows: [TextSample]) -> TextTraining {
            var training = TextTraining(labels: labels.count, seed: seed)
            training.train(rows) { progress.show("epoch \($0), loss \($1)") }
            progress.clear()
            return training
        }
        let flat = [Float](repeating: 0.5, count: labels.count)
        let first = fit(samples.enumerated().filter { $0.offset % 10 != 0 }.map(\.element))
        let probe = try TextModel(
            pack: ModelPack(copying: first.pack(labels: labels, corpora: [], thresholds: flat, residual: [1, 1, 1])))
        let held = samples.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let predictions = held.map { probe.predict(features: $0.features) }
        let thresholds = labels.indices.map { label in
            bestThreshold(
                zip(held, predictions).filter { !$0.0.labels.isEmpty }
                    .map { ($0.1.probability[label], $0.0.labels.contains(label)) })
        }
        func residual(_ axis: Int, _ value: (TextModel.Prediction) -> Float) -> Float {
            let errors = zip(held, predictions).map { $0.0.dimensions[axis] - value($0.1) }.filter(\.isFinite)
            return max((errors.reduce(0) { $0 + $1 * $1 } / Float(max(errors.count, 1))).squareRoot(), 0.05)
        }
        let residuals = [residual(0, \.valence), residual(1, \.arousal), residual(2, \.control)]
        return try fit(samples).pack(
            labels: labels, corpora: ["goemotions/train", "emobank/train"], thresholds: thresholds, residual: residuals)
    }

    /// The threshold with the best F1 on rows the model has not seen.
    private static func bestThreshold(_ rows: [(probability: Float, truth: Bool)]) -> Float {
        let sorted = rows.sorted { $0.probability > $1.probability }
        let positives = Double(rows.count(where: \.truth))
        var best = (f1: 0.0, threshold: Float(0.5))
        var hit = 0.0
        for (n, row) in sorted.enumerated() {
            if row.truth { hit += 1 }
            let f1 = 2 * hit / (positives + Double(n + 1))
            if f1 > best.f1 { best = (f1, row.probability) }
        }
        return best.threshold
    }

    static func evaluate(_ pack: ModelPack, _ folder: URL, split: String) throws -> Figures {
        let model = try TextModel(pack: pack)
        var figures = try measure(
            model, goEmotions(folder, split: split), emoBank(folder, split: split), try taxonomies(folder))
        figures.add("text.pack_kib", Double(pack.byteCount) / 1024)
        figures.add("text.seen_in_training", pack.header.corpora.contains("goemotions/\(split)"))
        return figures
    }

    /// Two halves of the training texts, each predicted by a model of the other.
    static func crossValidate(_ folder: URL) throws -> Figures {
        let (go, bank) = (try goEmotions(folder, split: "train"), try emoBank(folder, split: "train"))
        let labels = try labels(folder)
        let unknown: [Float] = [.nan, .nan, .nan]
        let half =
            go.enumerated().filter { $0.offset % 2 == 0 }.map {
                TextSample(text: $0.element.text, labels: $0.element.labels, dimensions: unknown)
            }
            + bank.enumerated().filter { $0.offset % 2 == 0 }.map {
                TextSample(text: $0.element.text, labels: [], dimensions: $0.element.dimensions)
            }
        let model = try TextModel(pack: ModelPack(copying: train(half, labels: labels, seed: 1)))
        return try measure(
            model, go.enumerated().filter { $0.offset % 2 == 1 }.map(\.element),
            bank.enumerated().filter { $0.offset % 2 == 1 }.map(\.element), try taxonomies(folder))
    }

    struct Taxonomies: Decodable {
        var ekman: [String: String]
        var sentiment_group: [String: String]
    }

    static func taxonomies(_ folder: URL) throws -> Taxonomies {
        let url = try place(folder, "goemotions").appendingPathComponent("taxonomies.json")
        return try JSONDecoder().decode(Taxonomies.self, from: Data(contentsOf: url))
    }

    private static func measure(
        _ model: TextModel, _ go: [(text: String, labels: [Int])], _ bank: [(text: String, dimensions: [Float])],
        _ taxonomies: Taxonomies
    ) throws -> Figures {
        var figures = Figures()
        let predictions = go.map { model.predict($0.text) }
        let truth = go.map { row in model.labels.indices.map { row.labels.contains($0) } }
        let guess = predictions.map { p in model.labels.indices.map { p.probability[$0] >= model.threshold[$0] } }
        func add(_ name: String, _ truth: [[Bool]], _ guess: [[Bool]]) {
            figures.add(
                name, Metrics.macroF1(truth: truth, guess: guess),
                Metrics.interval(groups: truth.indices.map(String.init), draws: 100) { rows in
                    Metrics.macroF1(truth: rows.map { truth[$0] }, guess: rows.map { guess[$0] })
                }, n: truth.count)
        }
        add("text.goemotions.macro_f1_28", truth, guess)
        for (name, map) in [("ekman", taxonomies.ekman), ("sentiment", taxonomies.sentiment_group)] {
            let groups = Set(map.values).sorted()
            func fold(_ rows: [[Bool]]) -> [[Bool]] {
                rows.map { row in
                    groups.map { group in model.labels.indices.contains { row[$0] && map[model.labels[$0]] == group } }
                }
            }
            add("text.goemotions.macro_f1_\(name)", fold(truth), fold(guess))
        }
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
        return figures
    }
}
