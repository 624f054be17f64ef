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

    /// BRIGHTER's English texts with the emotions that most readers saw in them.
    static let perceived = ["anger", "fear", "joy", "sadness", "surprise"]

    static func brighter(_ folder: URL, split: String) throws -> [(text: String, perceived: [Bool])] {
        let table = try Table(try place(folder, "brighter").appendingPathComponent("eng_\(split)_track_a.tsv"))
        let columns = try perceived.map { try table.column($0) }
        let text = try table.column("text")
        return table.rows.map { row in (String(row[text]), columns.map { row[$0] == "1" }) }
    }

    /// VADER's words with their mean rating.
    static func lexicon(_ folder: URL) throws -> [(word: String, valence: Float)] {
        let url = try place(folder, "vader").appendingPathComponent("vader_lexicon.txt")
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw AffettoError(.notFound, "there is no file '\(url.path)'")
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t")
            guard cells.count >= 2, let valence = Float(cells[1]) else { return nil }
            return (String(cells[0]).filter { $0 != "'" }, valence)
        }
    }

    static func samples(
        _ go: [(text: String, labels: [Int])], _ bank: [(text: String, dimensions: [Float])],
        _ brighter: [(text: String, perceived: [Bool])]
    ) -> [TextSample] {
        go.map { TextSample(text: $0.text, labels: $0.labels, dimensions: []) }
            + bank.map { TextSample(text: $0.text, labels: [], dimensions: $0.dimensions) }
            + brighter.map { TextSample(text: $0.text, labels: [], dimensions: [], perceived: $0.perceived) }
    }

    static func train(_ folder: URL, seed: UInt64) throws -> [UInt8] {
        try train(
            samples(
                goEmotions(folder, split: "train"), emoBank(folder, split: "train"), brighter(folder, split: "train")),
            folder, seed: seed)
    }

    private static func train(_ samples: [TextSample], _ folder: URL, seed: UInt64) throws -> [UInt8] {
        let progress = ProgressLine()
        defer { progress.clear() }
        let labels = try labels(folder)
        let taxonomies = try taxonomies(folder)
        let groups = [("ekman", taxonomies.ekman), ("sentiment", taxonomies.sentiment_group)].flatMap { name, map in
            Set(map.values).sorted().map { group in
                (name: "\(name).\(group)", members: labels.indices.filter { map[labels[$0]] == group })
            }
        }
        let training = TextTraining(
            labels: labels, perceivedLabels: perceived, groups: groups, lexicon: try lexicon(folder), seed: seed)
        return try training.pack(
            samples, corpora: ["goemotions/train", "emobank/train", "brighter/eng/train", "vader/lexicon"]
        ) { progress.show($0) }
    }

    static func evaluate(_ pack: ModelPack, _ folder: URL, split: String) throws -> Figures {
        let model = try TextModel(pack: pack)
        var figures = try measure(
            model, goEmotions(folder, split: split), emoBank(folder, split: split), brighter(folder, split: split),
            try taxonomies(folder))
        figures.add("text.pack_kib", Double(pack.byteCount) / 1024)
        figures.add("text.seen_in_training", pack.header.corpora.contains("goemotions/\(split)"))
        return figures
    }

    /// Two halves of the training texts, each predicted by a model of the other.
    static func crossValidate(_ folder: URL) throws -> Figures {
        let go = try goEmotions(folder, split: "train")
        let bank = try emoBank(folder, split: "train")
        let perceived = try brighter(folder, split: "train")
        func half<Row>(_ rows: [Row], _ side: Int) -> [Row] {
            rows.enumerated().filter { $0.offset % 2 == side }.map(\.element)
        }
        let model = try TextModel(
            pack: ModelPack(
                copying: train(samples(half(go, 0), half(bank, 0), half(perceived, 0)), folder, seed: 1)))
        return try measure(model, half(go, 1), half(bank, 1), half(perceived, 1), try taxonomies(folder))
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
        _ brighter: [(text: String, perceived: [Bool])], _ taxonomies: Taxonomies
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
            let groups = model.groupLabels.enumerated().filter { $0.element.hasPrefix(name + ".") }
            let first = model.labels.count + model.perceivedLabels.count
            add(
                "text.goemotions.macro_f1_\(name)",
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
        add(
            "text.brighter.eng_macro_f1", brighter.map(\.perceived),
            brighter.map { row in
                zip(model.predict(row.text).perceived, model.threshold.dropFirst(model.labels.count)).map { $0 >= $1 }
            })
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
