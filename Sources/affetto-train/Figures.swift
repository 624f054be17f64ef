import Foundation

/// Named numbers: a table for people, one JSON line for programs.
struct Figures {
    private var rows: [(name: String, value: Double?, note: String)] = []
    private var lists: [(name: String, values: [Double], note: String)] = []
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

    /// Several numbers under one name.
    mutating func add(_ name: String, _ values: [Double], note: String = "") { lists.append((name, values, note)) }

    /// [mean, standard deviation] of what some seeds came to.
    mutating func add(_ name: String, meanAndSd values: [Double]) {
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count - 1, 1))
        add(name, [mean, square.squareRoot()], note: "mean and sd of \(values.count) seeds")
    }

    mutating func add(_ name: String, _ value: Bool) { flags.append((name, value)) }

    func print() {
        for row in rows where !row.name.hasSuffix("_low") && !row.name.hasSuffix("_high") {
            let number = row.value.map { String(format: "%.4g", $0) } ?? "-"
            let name = row.name.padding(toLength: max(36, row.name.count + 1), withPad: " ", startingAt: 0)
            Swift.print("  \(name)\(number)" + (row.note.isEmpty ? "" : "   (\(row.note))"))
        }
        for list in lists {
            let name = list.name.padding(toLength: max(36, list.name.count + 1), withPad: " ", startingAt: 0)
            let numbers = list.values.map { String(format: "%.4g", $0) }.joined(separator: "  ")
            Swift.print("  \(name)\(numbers)" + (list.note.isEmpty ? "" : "   (\(list.note))"))
        }
        for flag in flags { Swift.print("  \(flag.name): \(flag.value ? "yes" : "no")") }
        let numbers = rows.map { "\"\($0.name)\": " + ($0.value.map { String(format: "%.6g", $0) } ?? "null") }
        let several = lists.map { list in
            "\"\(list.name)\": ["
                + list.values.map { $0.isFinite ? String(format: "%.6g", $0) : "null" }
                .joined(separator: ", ") + "]"
        }
        let words = flags.map { "\"\($0.name)\": \($0.value)" }
        Swift.print("{" + (numbers + several + words).joined(separator: ", ") + "}")
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
