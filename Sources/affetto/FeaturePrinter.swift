import AffettoCore
import ArgumentParser
import Foundation

enum FeatureFormat: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

/// Names and values of one line of features.
typealias FeatureRow = [(name: String, value: Double)]

/// Prints rows of features as they come: a list for people, CSV, or a JSON array.
struct FeaturePrinter {
    let format: FeatureFormat
    private var printed = 0

    init(format: FeatureFormat) { self.format = format }

    mutating func add(_ path: String, _ row: FeatureRow) {
        switch format {
        case .table: list(path, row)
        case .csv: csv(path, row)
        case .json: json(path, row)
        }
        printed += 1
    }

    func finish() { if format == .json { print(printed == 0 ? "[]" : "\n]") } }

    /// Four digits are enough to read, seven to compute with.
    private func number(_ value: Double) -> String {
        value.isFinite ? String(format: format == .table ? "%.4g" : "%.7g", value) : ""
    }

    private func list(_ path: String, _ row: FeatureRow) {
        print(Terminal.bold(path))
        let width = max(18, (row.map(\.name.count).max() ?? 0) + 1)
        for (name, value) in row {
            let shown = value.isFinite ? number(value) : "–"
            print("  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + shown)
        }
    }

    private func csv(_ path: String, _ row: FeatureRow) {
        if printed == 0 { print((["file"] + row.map(\.name)).joined(separator: ",")) }
        print(([CSV.quoted(path)] + row.map { number($0.value) }).joined(separator: ","))
    }

    private func json(_ path: String, _ row: FeatureRow) {
        let file = (try? JSON.text([path])).map { $0.dropFirst().dropLast() } ?? "\"\""
        let fields = row.map { "\"\($0.name)\": \($0.value.isFinite ? number($0.value) : "null")" }
        print(printed == 0 ? "[" : ",")
        print("  {\"file\": \(file), " + fields.joined(separator: ", ") + "}", terminator: "")
    }
}
