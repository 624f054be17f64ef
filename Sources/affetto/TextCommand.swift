import AffettoCore
import AffettoEngine
import AffettoText
import ArgumentParser
import Foundation

struct TextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "What messages say: emotion, places, needs, and the words that speak for it.",
        discussion: """
            One message a line, in English or Chinese; nothing is stored. Grave words are marked: a person should look.
            With --lyrics each file is one song: content tags and the valence of its words.
            """)
    @Flag(help: "Each file holds one song's lyrics.") var lyrics = false
    @Option(help: "table, csv or json.") var format = FeatureFormat.table
    @Argument(help: "Text files, UTF-8; - for standard input.") var files: [String]

    func run() throws {
        let reader = try embeddedTextReader()
        var printer = FeaturePrinter(format: format)
        for file in files {
            let text = try Self.contents(file)
            if lyrics {
                song(reader.readLyrics(text), file, &printer)
                continue
            }
            for line in text.split(whereSeparator: \.isNewline) {
                guard line.utf8.count <= 1 << 20 else { throw AffettoError(.range, "a message is longer than 1 MiB") }
                let reading = reader.read(String(line))
                if format == .table {
                    show(String(line), reading, reader)
                } else {
                    printer.add(String(line), row(reading))
                }
            }
        }
        if format != .table || lyrics { printer.finish() }
    }

    private static func contents(_ file: String) throws -> String {
        let data =
            file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
        guard let data else { throw AffettoError(.notFound, "there is no file '\(file)'") }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw AffettoError(.encoding, "'\(file)' is not UTF-8")
        }
        return text
    }

    private func row(_ r: TextReading) -> FeatureRow {
        var row: FeatureRow = [
            ("quality", Double(r.quality)), ("valence", Double(r.valence.mean)), ("arousal", Double(r.arousal.mean)),
            ("control", Double(r.control.mean)), ("goal_blocked", Double(r.goalBlocked)),
            ("other_to_blame", Double(r.otherToBlame)), ("uncertainty", Double(r.uncertainty)),
            ("crisis", Double(r.crisis.rawValue)),
        ]
        for (i, need) in TextModel.needs.enumerated() { row.append((need, Double(r.needs[i]))) }
        for emotion in Emotion.allCases { row.append((emotion.name, Double(r.affect[Int(emotion.rawValue)]))) }
        return row
    }

    private func show(_ line: String, _ r: TextReading, _ reader: TextReader) {
        print(Terminal.bold(line.count > 96 ? line.prefix(95) + "…" : line))
        guard r.quality > 0 else {
            return print(Terminal.dim("  nothing that is read (\(r.language.code))\n"))
        }
        if r.crisis > .none {
            return print("  " + Terminal.bold("grave words (\(r.crisis.name)): a person should look") + "\n")
        }
        let ranked = Emotion.allCases.map { ($0, r.affect[Int($0.rawValue)]) }.filter { !$0.1.isNaN }
            .sorted { $0.1 > $1.1 }.prefix(3)
        let said = ranked.map { "\($0.0.name) \(Int(($0.1 * 100).rounded())) %" }.joined(separator: ", ")
        print(
            "  \(r.emotion.map { "seems " + $0.name } ?? "cannot tell")".padding(
                toLength: 22, withPad: " ", startingAt: 0) + said)
        print(
            "  valence \(Terminal.meter(r.valence.mean))  arousal \(Terminal.meter(r.arousal.mean))  "
                + "control \(Terminal.meter(r.control.mean))")
        var notes = zip(TextModel.needs, 0...).filter { r.needs[$0.1] >= 0.5 }.map { "may want: \($0.0)" }
        for (name, value) in [
            ("goal blocked", r.goalBlocked), ("other to blame", r.otherToBlame), ("unsure", r.uncertainty),
        ] where value >= 0.5 { notes.append(name) }
        let why = try? reader.explain(line)
        let bytes = Array(line.utf8)
        let words = (why?.spans ?? []).filter { $0.weight > 0.2 }.sorted { $0.weight > $1.weight }.prefix(4)
            .map { "“\(String(decoding: bytes[$0.from..<$0.to], as: UTF8.self))” \(Terminal.signed($0.weight))" }
        if !words.isEmpty { notes.append("because of " + words.joined(separator: ", ")) }
        if !notes.isEmpty { print(Terminal.wrap(notes.joined(separator: " · "), indent: "  ")) }
        print("")
    }

    private func song(_ r: LyricsReading, _ file: String, _ printer: inout FeaturePrinter) {
        var row: FeatureRow = [
            ("quality", Double(r.quality)), ("valence", Double(r.valence.mean)), ("arousal", Double(r.arousal.mean)),
        ]
        for tag in LyricsReading.Tag.allCases { row.append((tag.rawValue, r.tags.contains(tag) ? 1 : 0)) }
        printer.add(file, row)
    }
}
