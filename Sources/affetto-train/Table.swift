import AffettoCore
import Foundation

/// A CSV or TSV file with a header line, as the corpora have them (no quoted line breaks).
struct Table {
    let columns: [String: Int]
    let rows: [[Substring]]

    init(_ url: URL) throws {
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw AffettoError(.notFound, "there is no file '\(url.path)'")
        }
        let separator: Character = url.pathExtension == "tsv" ? "\t" : ","
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        guard let header = lines.first else { throw AffettoError(.argument, "'\(url.path)' is empty") }
        columns = Dictionary(
            header.split(separator: separator, omittingEmptySubsequences: false).enumerated()
                .map { (String($1).trimmingCharacters(in: .whitespaces), $0) }, uniquingKeysWith: { a, _ in a })
        let width = columns.count
        rows = lines.dropFirst().compactMap { line in
            let fields = line.split(separator: separator, omittingEmptySubsequences: false)
            return fields.count >= width ? fields : nil
        }
    }

    func column(_ name: String) throws -> Int {
        guard let index = columns[name] else { throw AffettoError(.argument, "a column '\(name)' is missing") }
        return index
    }
}
