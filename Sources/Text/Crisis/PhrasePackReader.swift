import AffettoCore

/// Reads the text of a pattern pack, byte by byte: splitting at characters takes longer than all the rest of the start.
struct PhrasePackReader {
    private(set) var language = ""
    private(set) var version = 0
    private(set) var sections: [String: PhraseSet] = [:]
    var isChinese: Bool { language == "zh" }

    private typealias Bytes = ArraySlice<UInt8>
    private var names: [Bytes: [[Word]]] = [:]
    private var units = TextUnits()

    init(_ text: [UInt8]) throws(AffettoError) {
        var section: String?
        var number = 0
        for raw in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let line = Self.trimmed(raw)
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            if line.first == UInt8(ascii: "["), line.last == UInt8(ascii: "]") {
                section = Self.text(line.dropFirst().dropLast())
            } else if let section {
                let phrase = try phrase(line, number)
                sections[section, default: PhraseSet()].add(phrase)
            } else {
                try head(line, number)
            }
        }
        guard !language.isEmpty, version > 0 else {
            throw AffettoError(.model, "the pattern pack says no language or no version")
        }
    }

    private mutating func head(_ line: Bytes, _ number: Int) throws(AffettoError) {
        let words = line.split(separator: Self.space)
        if words.count == 2, Self.text(words[0]) == "language" {
            language = Self.text(words[1])
        } else if words.count == 2, Self.text(words[0]) == "version", let value = Int(Self.text(words[1])) {
            version = value
        } else if words.count == 3, Self.text(words[1]) == "=" {
            names[words[0]] = try alternatives(words[2], number)
        } else {
            throw Self.bad(number, "before the first section stand language, version and NAME = a|b")
        }
    }

    private mutating func phrase(_ line: Bytes, _ number: Int) throws(AffettoError) -> Phrase {
        var phrase = Phrase()
        for part in line.split(separator: Self.space) {
            if part.elementsEqual("...".utf8) {
                phrase.add(.gap)
                continue
            }
            let isOptional = part.first == UInt8(ascii: "?") && part.count > 1
            var options = PhraseOptions()
            for words in try alternatives(isOptional ? part.dropFirst() : part, number) { options.add(words) }
            guard !options.isEmpty else { throw Self.bad(number, "'\(Self.text(part))' has no word") }
            phrase.add(isOptional ? .optional : .word, options)
        }
        phrase.dropLastGaps()
        guard phrase.elements.first == .word else {
            throw Self.bad(number, "a phrase begins with words that must be there")
        }
        return phrase
    }

    private mutating func alternatives(_ part: Bytes, _ number: Int) throws(AffettoError) -> [[Word]] {
        var out: [[Word]] = []
        for alternative in part.split(separator: UInt8(ascii: "|")) {
            if alternative.first == UInt8(ascii: "$") {
                guard let meant = names[alternative.dropFirst()] else {
                    throw Self.bad(number, "unknown \(Self.text(alternative))")
                }
                out += meant
            } else {
                out.append(try words(alternative, number))
            }
        }
        return out
    }

    private mutating func words(_ alternative: Bytes, _ number: Int) throws(AffettoError) -> [Word] {
        var words: [Word] = []
        for part in alternative.split(separator: UInt8(ascii: "_")) {
            if part.last == UInt8(ascii: "*") {
                let stem = part.dropLast()
                guard (2...TextUnits.longestPrefix).contains(stem.count) else {
                    throw Self.bad(number, "'\(Self.text(part))' has not 2 to 12 letters")
                }
                let hash = stem.reduce(TextUnits.basis) { TextUnits.add($1, to: $0) }
                words.append(.beginning(hash, length: stem.count))
            } else {
                part.withUnsafeBufferPointer { units.fill($0) }
                for unit in units.units { words.append(.whole(unit.hash)) }
            }
        }
        guard !words.isEmpty else { throw Self.bad(number, "'\(Self.text(alternative))' has no word") }
        return words
    }

    private static let space = UInt8(ascii: " ")

    private static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func trimmed(_ line: Bytes) -> Bytes {
        var line = line
        while let c = line.first, c == space || c == 9 { line.removeFirst() }
        while let c = line.last, c == space || c == 9 || c == 13 { line.removeLast() }
        return line
    }

    private static func bad(_ line: Int, _ why: String) -> AffettoError {
        AffettoError(.model, "the pattern pack, line \(line): \(why)")
    }
}
