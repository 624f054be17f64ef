import AffettoCore

/// A pattern pack: phrases in named sections, read from a text that people can read, too.
///
/// A line is `language en`, `version 1`, `NAME = a|b`, `[section]`, `# remark` or a phrase. A phrase is a row of elements, each
/// following the one before directly:
///
///     a|b_c    one of these; _ joins the words of one
///     word*    a word that begins so (3 to 12 letters)
///     ?a|b     this one, or nothing
///     ...      up to `gap` words that are no negation
///     $NAME    among alternatives: those of NAME
///
/// In a pack of Chinese every character is a word, and the words of an alternative need no _ between them.
public struct PhrasePack: Sendable {
    public let language: String
    public let version: Int
    let gap: Int
    /// Lengths of the beginnings of words that any pattern asks for.
    let lengths: [Int]
    private(set) var sections: [String: PhraseSet] = [:]

    /// - Throws: `.model` naming the line that cannot be read.
    public init(text: some Sequence<UInt8>) throws(AffettoError) {
        var language = ""
        var version = 0
        var names: [Substring: Substring] = [:]
        var section: String?
        var lines: [String: [(number: Int, line: Substring)]] = [:]
        let content = String(decoding: Array(text), as: UTF8.self)
        for (index, raw) in content.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = Self.trimmed(raw)
            if line.isEmpty || line.first == "#" { continue }
            if line.first == "[", line.last == "]" {
                section = String(line.dropFirst().dropLast())
            } else if let section {
                lines[section, default: []].append((index + 1, line))
            } else {
                let words = line.split(separator: " ")
                if words.count == 2, words[0] == "language" {
                    language = String(words[1])
                } else if words.count == 2, words[0] == "version", let number = Int(words[1]) {
                    version = number
                } else if words.count == 3, words[1] == "=" {
                    names[words[0]] = words[2]
                } else {
                    throw Self.bad(index + 1, "before the first section stand language, version and NAME = a|b")
                }
            }
        }
        guard !language.isEmpty, version > 0 else {
            throw AffettoError(.model, "the pattern pack says no language or no version")
        }
        self.language = language
        self.version = version
        let isChinese = language == "zh"
        gap = isChinese ? 6 : 3
        for (name, rows) in lines {
            var set = PhraseSet()
            for (number, line) in rows { set.add(try Self.phrase(line, number, names, isChinese)) }
            sections[name] = set
        }
        lengths = sections.values.reduce(into: Set<Int>()) { $0.formUnion($1.lengths) }.sorted()
    }

    /// Whether anything of it can be in the text: Chinese needs a Han character, any other language a Latin word.
    func mayApply(to text: TextUnits) -> Bool { language == "zh" ? text.hasHan || text.hasLatin : text.hasLatin }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line
        while let c = line.first, c == " " || c == "\t" { line.removeFirst() }
        while let c = line.last, c == " " || c == "\t" || c == "\r" { line.removeLast() }
        return line
    }

    private static func bad(_ line: Int, _ why: String) -> AffettoError {
        AffettoError(.model, "the pattern pack, line \(line): \(why)")
    }

    private static func phrase(
        _ line: Substring, _ number: Int, _ names: [Substring: Substring], _ isChinese: Bool
    ) throws(AffettoError) -> Phrase {
        var phrase = Phrase()
        for part in line.split(separator: " ") {
            if part == "..." {
                phrase.add(.gap)
                continue
            }
            let isOptional = part.first == "?" && part.count > 1
            var options = PhraseOptions()
            for alternative in (isOptional ? part.dropFirst() : part).split(separator: "|") {
                if alternative.first == "$" {
                    guard let meant = names[alternative.dropFirst()] else {
                        throw bad(number, "unknown \(alternative)")
                    }
                    for one in meant.split(separator: "|") { try options.add(one, number, isChinese) }
                } else {
                    try options.add(alternative, number, isChinese)
                }
            }
            guard !options.isEmpty else { throw bad(number, "'\(part)' has no word") }
            phrase.add(isOptional ? .optional : .word, options)
        }
        phrase.dropLastGaps()
        guard phrase.elements.first == .word else {
            throw bad(number, "a phrase begins with words that must be there")
        }
        return phrase
    }
}

extension PhraseOptions {
    fileprivate mutating func add(_ alternative: Substring, _ line: Int, _ isChinese: Bool) throws(AffettoError) {
        var words: [Word] = []
        for part in alternative.split(separator: "_") {
            if part.last == "*" {
                let stem = part.dropLast()
                guard (2...TextUnits.longestPrefix).contains(stem.utf8.count) else {
                    throw AffettoError(.model, "the pattern pack, line \(line): '\(part)' has not 2 to 12 letters")
                }
                words.append(.beginning(TextUnits.hash(String(stem)), length: stem.utf8.count))
            } else {
                words += TextUnits(String(part)).units.map { .whole($0.hash) }
            }
        }
        guard let first = words.first else {
            throw AffettoError(.model, "the pattern pack, line \(line): '\(alternative)' has no word")
        }
        switch first {
        case .whole(let hash): whole[hash, default: []].append(words)
        case .beginning: beginnings.append(words)
        }
    }
}

/// One word of a phrase.
enum Word: Sendable {
    case whole(UInt64)
    case beginning(UInt64, length: Int)
}

/// Alternatives, by their first word.
struct PhraseOptions: Sendable {
    fileprivate(set) var whole: [UInt64: [[Word]]] = [:]
    fileprivate(set) var beginnings: [[Word]] = []
    var isEmpty: Bool { whole.isEmpty && beginnings.isEmpty }

    /// Of the words that alternatives begin with.
    var mask: WordMask {
        var mask = WordMask()
        for hash in whole.keys { mask.add(word: hash) }
        for words in beginnings {
            if case .beginning(let hash, _) = words[0] { mask.add(beginning: hash) }
        }
        return mask
    }
}

struct Phrase: Sendable {
    enum Element: Sendable { case gap, word, optional }

    private(set) var elements: [Element] = []
    /// Of each element, those of a gap empty.
    private(set) var options: [PhraseOptions] = []
    private(set) var masks: [WordMask] = []

    mutating func add(_ element: Element, _ options: PhraseOptions = PhraseOptions()) {
        elements.append(element)
        self.options.append(options)
        masks.append(options.mask)
    }

    mutating func dropLastGaps() {
        while elements.last == .gap {
            elements.removeLast()
            options.removeLast()
            masks.removeLast()
        }
    }
}
