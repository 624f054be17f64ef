import AffettoCore
import AffettoFusion
import AffettoText
import Foundation

/// Corpora of conversations as they lie in the folder that the user names, each turn with numbers of its senses.
struct ConversationCorpora {
    /// Reads what is said; trained on none of these corpora.
    let text: TextModel

    struct Corpus {
        var shape: ConversationShape
        var train: [Conversation]
        var test: [Conversation]
    }

    /// What the text model says of a message, as log odds, dimensions, and how long it is.
    private func numbers(_ message: String) -> [Float] {
        let said = text.predict(message)
        func odds(_ p: Float) -> Float {
            let p = min(max(p.isNaN ? 0.5 : p, 1e-4), 1 - 1e-4)
            return log(p / (1 - p))
        }
        return (said.probability + said.perceived + said.affect + said.needs).map(odds)
            + [said.valence, said.arousal, said.control, said.quality, log(1 + Float(message.utf8.count))]
    }

    private var width: Int { numbers("a").count }

    /// MELD: scenes of a television series, by text; the dev scenes are tested on.
    func meld(_ folder: URL) throws -> Corpus {
        let place = try TextCorpora.place(folder, "meld")
        let labels = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
        typealias Line = (dialogue: Int, speaker: String, label: Int?, text: String)
        func read(_ split: String) throws -> [Line] {
            let table = try Table(place.appendingPathComponent("\(split).tsv"))
            let columns = try ["Dialogue_ID", "Speaker", "Emotion", "Utterance"].map { try table.column($0) }
            return table.rows.map { row in
                let fields = columns.map { String(row[$0]) }
                return (Int(fields[0]) ?? 0, fields[1], labels.firstIndex(of: fields[2]), fields[3])
            }
        }
        let (train, test) = (try read("train"), try read("dev"))
        let odds = WordOdds.leftOut(
            train: train.map { ($0.text, $0.label, $0.dialogue) }, test: test.map(\.text), classes: labels.count)
        func conversations(_ split: String, _ lines: [Line], _ odds: [[Float]]) -> [Conversation] {
            var out: [Conversation] = []
            var speakers: [String: Int32] = [:]
            for (line, odds) in zip(lines, odds) {
                let name = "\(split)-\(line.dialogue)"
                if out.last?.group != name {
                    out.append(Conversation(group: name, turns: []))
                    speakers = [:]
                }
                let party = speakers[line.speaker] ?? Int32(speakers.count)
                speakers[line.speaker] = party
                out[out.count - 1].turns.append(
                    ConversationTurn(party: party, features: [numbers(line.text) + odds], label: line.label))
            }
            return out
        }
        return Corpus(
            shape: try ConversationShape(
                senses: [.init(name: "text", width: width + labels.count)], labels: labels),
            train: conversations("train", train, odds.train), test: conversations("dev", test, odds.test))
    }

    /// CMU-MOSI: people who speak their opinion of a film to a camera, one a video; text, audio and video. The text is
    /// there twice: as the text model reads the words, and as the corpus's own vectors.
    func mosi(_ folder: URL) throws -> Corpus {
        let place = try TextCorpora.place(folder, "mosi_features")
        let archive = try NumpyArchive(place.appendingPathComponent("mosi_2way.npz"))
        let table = try Table(place.appendingPathComponent("transcripts.tsv"))
        let columns = try ["split", "row", "text"].map { try table.column($0) }
        var said: [String: [Float]] = [:]
        for row in table.rows {
            // In capitals there: as one would write it.
            said["\(row[columns[0]])-\(row[columns[1]])"] = numbers(row[columns[2]].lowercased())
        }
        let names = ["text", "audio", "video"]
        var widths: [Int] = []
        func read(_ split: String) throws -> [Conversation] {
            let vectors = try names.map { try archive.array("\(split)_\($0)") }
            let (label, video) = (try archive.array("\(split)_label"), try archive.array("\(split)_vid"))
            widths = vectors.map { $0.shape[1] }
            var out: [Conversation] = []
            for row in 0..<label.values.count {
                let name = "\(split)-\(Int(video[row]))"
                if out.last?.group != name { out.append(Conversation(group: name, turns: [])) }
                let features = zip(vectors, widths).map { Array($0.values[(row * $1)..<((row + 1) * $1)]) }
                out[out.count - 1].turns.append(
                    ConversationTurn(party: 0, features: [said["\(split)-\(row)"]] + features, label: Int(label[row])))
            }
            return out
        }
        let (train, test) = (try read("train"), try read("test"))
        return Corpus(
            shape: try ConversationShape(
                senses: zip(["words"] + names, [width] + widths).map { .init(name: $0, width: $1) },
                labels: ["negative", "positive"]),
            train: train, test: test)
    }
}
