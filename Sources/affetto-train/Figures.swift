import Foundation

/// Named numbers: a table for people, one JSON line for programs.
struct Figures {
    private var rows: [(name: String, value: Double?, note: String)] = []
    private var flags: [(name: String, value: Bool)] = []

    mutating func add(_ name: String, _ value: Double, note: String = "") {
        rows.append((name, value.isFinite ? value : nil, note))
    }

    /// A figure with its 95 % interval, as three names: NAME, NAME_low, NAME_high.
    mutating func add(_ name: String, _ value: Double, _ interval: (low: Double, high: Double), n: Int) {
        add(name, value, note: String(format: "95 %% interval %.3f … %.3f, n = %d", interval.low, interval.high, n))
        add(name + "_low", interval.low)
        add(name + "_high", interval.high)
    }

    mutating func add(_ name: String, _ value: Bool) { flags.append((name, value)) }

    func print() {
        for row in rows where !row.name.hasSuffix("_low") && !row.name.hasSuffix("_high") {
            let number = row.value.map { String(format: "%.4g", $0) } ?? "-"
            let name = row.name.padding(toLength: max(36, row.name.count + 1), withPad: " ", startingAt: 0)
            Swift.print("  \(name)\(number)" + (row.note.isEmpty ? "" : "   (\(row.note))"))
        }
        for flag in flags { Swift.print("  \(flag.name): \(flag.value ? "yes" : "no")") }
        let numbers = rows.map { "\"\($0.name)\": " + ($0.value.map { String(format: "%.6g", $0) } ?? "null") }
        let words = flags.map { "\"\($0.name)\": \($0.value)" }
        Swift.print("{" + (numbers + words).joined(separator: ", ") + "}")
    }
}

/// One line on a terminal that says how far the work is; silent in a pipe.
struct ProgressLine {
    private let visible = isatty(STDERR_FILENO) == 1

    func show(_ text: String) {
        if visible { FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8)) }
    }

    func clear() { show("") }
}
