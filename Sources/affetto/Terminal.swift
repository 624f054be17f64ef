import Foundation

/// What a terminal is told and a pipe is not: colours and progress.
enum Terminal {
    static let isTerminal = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    static func bold(_ text: String) -> String { isTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    static func dim(_ text: String) -> String { isTerminal ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    /// A bar of `width` characters for a value in −1…1, the middle marked: how a feeling is drawn in a line of text.
    static func meter(_ value: Float, width: Int = 11) -> String {
        let place = min(max(Int(((value + 1) / 2 * Float(width - 1)).rounded()), 0), width - 1)
        return String((0..<width).map { $0 == place ? "●" : $0 == width / 2 ? "┼" : "─" })
    }

    static func signed(_ value: Float) -> String { String(format: "%+.2f", value) }

    /// `text` broken into lines of at most `width` characters, each after `indent`.
    static func wrap(_ text: String, indent: String, width: Int = 100) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > width - indent.count, !line.isEmpty {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { indent + $0 }.joined(separator: "\n")
    }
}

/// A bar on standard error that says how far long work is; silent unless that is a terminal.
struct ProgressBar {
    let total: Int
    let what: String
    private let visible = isatty(STDERR_FILENO) == 1

    init(_ what: String, total: Int) {
        self.what = what
        self.total = total
    }

    func show(_ done: Int, _ note: String = "") {
        guard visible, total > 0 else { return }
        let filled = done * 24 / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        write("\r\u{1B}[K\(what) \(bar) \(done)/\(total) \(note.prefix(40))")
    }

    func finish() { if visible { write("\r\u{1B}[K") } }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
