import AffettoCore

/// A table's lines, cell by cell, without a copy of the whole: commas, quotes around a cell, white space around it.
struct TableLines {
    private let bytes: [UInt8]
    private var at = 0
    /// Of the line read last, from 1.
    private(set) var number = 0
    /// Cells of the line read last, trimmed.
    private(set) var cells: [Range<Int>] = []
    /// The line read last ended with the file and not with a line's end.
    private(set) var isUnfinished = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the next line that is not empty. - Returns: whether there was one.
    mutating func next() -> Bool {
        while at < bytes.count {
            let start = at
            while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
            let end = at
            isUnfinished = at == bytes.count
            if at + 1 < bytes.count, bytes[at] == 0x0D, bytes[at + 1] == 0x0A { at += 1 }
            at += 1
            number += 1
            cells.removeAll(keepingCapacity: true)
            split(start..<end)
            if cells.count > 1 || !(cells.first?.isEmpty ?? true) { return true }
        }
        return false
    }

    private mutating func split(_ line: Range<Int>) {
        var start = line.lowerBound
        var isQuoted = false
        for i in line.lowerBound...line.upperBound {
            if i < line.upperBound, bytes[i] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard i == line.upperBound || (bytes[i] == UInt8(ascii: ",") && !isQuoted) else { continue }
            var (from, to) = (start, i)
            func isPadding(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "\"") }
            while from < to, isPadding(bytes[from]) { from += 1 }
            while to > from, isPadding(bytes[to - 1]) { to -= 1 }
            cells.append(from..<to)
            start = i + 1
        }
    }

    func text(_ cell: Int) -> String { String(decoding: bytes[cells[cell]], as: UTF8.self) }

    /// The cell as a number; not a number where it is empty or says so.
    /// - Throws: `.argument` naming the line for anything else.
    func value(_ cell: Int) throws(AffettoError) -> Double {
        let range = cells[cell]
        if range.isEmpty { return .nan }
        if let value = Self.parse(bytes, range) { return value }
        throw AffettoError(.argument, "line \(number): '\(text(cell).prefix(40))' is not a number")
    }

    /// Digits with a point and an exponent, or "nan" (also "NA", "None"); `nil` for what is no number.
    private static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        guard !bytes[range].contains(0) else { return nil }
        let text = String(decoding: bytes[range], as: UTF8.self)
        if "0123456789-+.".utf8.contains(bytes[range.lowerBound]), let value = Double(text) {
            return value.isInfinite ? nil : value
        }
        // As the C libraries of the world write it: "-nan(ind)", "1.#QNAN".
        let word = text.lowercased()
        let isNaN = word.hasPrefix("nan") || word.hasPrefix("-nan") || word.contains("#qnan") || word.contains("#ind")
        return isNaN || ["na", "none", "null"].contains(word) ? .nan : nil
    }
}
