/// Comma-separated values as RFC 4180 has them: quotes around what holds commas, quotes or line ends.
public enum CSV {
    /// One line with its end.
    public static func line(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\r\n" }

    public static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
        // Scalar by scalar: a quote with a combining mark is a quote, too.
        var out = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { out.append(scalar) }
            out.append(scalar)
        }
        out.append("\"")
        return String(out)
    }

    /// Reads a text record by record.
    public struct Reader: Sequence, IteratorProtocol {
        public struct Record {
            /// The line on which the record begins, from 1.
            public let line: Int
            public let cells: [String]
        }

        private let bytes: [UInt8]
        private let separator: UInt8
        private var at = 0
        private var line = 1

        /// - Parameter text: UTF-8, with or without a byte order mark.
        public init(_ text: [UInt8], separator: UInt8 = 0x2C) {
            bytes = text
            self.separator = separator
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        }

        /// The next record that is not an empty line. A quote that is never closed runs to the end of the text.
        public mutating func next() -> Record? {
            while at < bytes.count, bytes[at] == 0x0A || bytes[at] == 0x0D { endLine() }
            guard at < bytes.count else { return nil }
            let first = line
            var cells: [String] = []
            while true {
                cells.append(cell())
                guard at < bytes.count, bytes[at] == separator else { break }
                at += 1
            }
            if at < bytes.count { endLine() }
            return Record(line: first, cells: cells)
        }

        private mutating func endLine() {
            if bytes[at] == 0x0D, at + 1 < bytes.count, bytes[at + 1] == 0x0A { at += 1 }
            at += 1
            line += 1
        }

        private mutating func cell() -> String {
            var value: [UInt8] = []
            if at < bytes.count, bytes[at] == 0x22 {
                at += 1
                while at < bytes.count {
                    let byte = bytes[at]
                    at += 1
                    if byte == 0x22 {
                        guard at < bytes.count, bytes[at] == 0x22 else { break }
                        at += 1
                    } else if byte == 0x0A {
                        line += 1
                    }
                    value.append(byte)
                }
            }
            while at < bytes.count, bytes[at] != separator, bytes[at] != 0x0A, bytes[at] != 0x0D {
                value.append(bytes[at])
                at += 1
            }
            return String(decoding: value, as: UTF8.self)
        }
    }
}
