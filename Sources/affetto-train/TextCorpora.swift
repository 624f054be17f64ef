import AffettoCore
import AffettoText
import Foundation

/// The text corpora as they lie in the folder that the user names.
enum TextCorpora {
    static func place(_ folder: URL, _ corpus: String) throws -> URL {
        for candidate in [folder.appendingPathComponent(corpus), folder.appendingPathComponent("text/\(corpus)")]
        where FileManager.default.fileExists(atPath: candidate.path) {
            return candidate
        }
        throw AffettoError(.notFound, "no corpus '\(corpus)' under '\(folder.path)'")
    }

    private static func read(_ url: URL) throws -> Data {
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw AffettoError(.notFound, "there is no file '\(url.path)'")
        }
        return data
    }

    /// GoEmotions' 28 labels in order of their numbers.
    static func goLabels(_ folder: URL) throws -> [String] {
        String(decoding: try read(place(folder, "goemotions").appendingPathComponent("labels.txt")), as: UTF8.self)
            .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    static func goEmotions(_ folder: URL, split: String) throws -> [(text: String, labels: [Int])] {
        let table = try Table(try place(folder, "goemotions").appendingPathComponent("\(split).tsv"))
        let (text, ids) = (try table.column("text"), try table.column("label_ids"))
        return table.rows.map { (String($0[text]), $0[ids].split(separator: ",").compactMap { Int($0) }) }
    }

    struct Taxonomies: Decodable {
        var ekman: [String: String]
        var sentiment_group: [String: String]
    }

    static func taxonomies(_ folder: URL) throws -> Taxonomies {
        let url = try place(folder, "goemotions").appendingPathComponent("taxonomies.json")
        return try JSONDecoder().decode(Taxonomies.self, from: read(url))
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

    /// BRIGHTER's emotions, as far as its English and its Chinese part hold them.
    static func perceived(isChinese: Bool) -> [String] {
        ["anger", "disgust", "fear", "joy", "sadness", "surprise"].filter { isChinese || $0 != "disgust" }
    }

    /// BRIGHTER's texts with the emotions that most readers saw in them.
    static func brighter(
        _ folder: URL, isChinese: Bool, split: String
    ) throws -> [(text: String, perceived: [Bool])] {
        let name = "\(isChinese ? "chn" : "eng")_\(split)_track_a.tsv"
        let table = try Table(try place(folder, "brighter").appendingPathComponent(name))
        let columns = try perceived(isChinese: isChinese).map { try table.column($0) }
        let text = try table.column("text")
        return table.rows.map { row in (String(row[text]), columns.map { row[$0] == "1" }) }
    }

    static let cpedLabels = [
        "happy", "grateful", "relaxed", "positive-other", "neutral", "anger", "sadness", "fear", "depress", "disgust",
        "astonished", "worried", "negative-other",
    ]

    /// CPED's turns with the series they are from. The dimensions are no ratings: those of the prototype of the emotion named,
    /// and for "other" emotions of the sentiment alone.
    static func cped(
        _ folder: URL, split: String
    ) throws -> [(text: String, label: Int, dimensions: [Float], series: String)] {
        let table = try Table(try place(folder, "cped").appendingPathComponent("\(split).tsv"))
        let (text, emotion) = (try table.column("Utterance"), try table.column("Emotion"))
        let series = try table.column("TV_ID")
        return table.rows.compactMap { row in
            let name = String(row[emotion])
            guard let label = cpedLabels.firstIndex(of: name) else { return nil }
            let sentiment: Float = name == "positive-other" ? 0.4 : name == "negative-other" ? -0.4 : 0
            let point = LabelTable.emotion(name)?.prototype
            return (
                String(row[text]), label,
                point.map { [$0.valence, $0.arousal, $0.control] } ?? [sentiment, .nan, .nan], String(row[series])
            )
        }
    }

    /// VADER's words with their mean rating.
    static func lexicon(_ folder: URL) throws -> [(word: String, valence: Float)] {
        String(decoding: try read(place(folder, "vader").appendingPathComponent("vader_lexicon.txt")), as: UTF8.self)
            .split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "\t")
                guard cells.count >= 2, let valence = Float(cells[1]) else { return nil }
                return (String(cells[0]).filter { $0 != "'" }, valence)
            }
    }
}
