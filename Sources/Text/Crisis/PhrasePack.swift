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
    let sections: [String: PhraseSet]

    /// - Throws: `.model` naming the line that cannot be read.
    public init(text: some Sequence<UInt8>) throws(AffettoError) {
        let read = try PhrasePackReader(Array(text))
        (language, version, sections) = (read.language, read.version, read.sections)
        gap = read.isChinese ? 6 : 3
        lengths = sections.values.reduce(into: Set<Int>()) { $0.formUnion($1.lengths) }.sorted()
    }

    /// Whether anything of it can be in the text: Chinese needs a Han character, any other language a Latin word.
    func mayApply(to text: TextUnits) -> Bool { language == "zh" ? text.hasHan || text.hasLatin : text.hasLatin }
}

/// One word of a phrase.
enum Word: Sendable {
    case whole(UInt64)
    case beginning(UInt64, length: Int)
}

/// Alternatives, by their first word.
struct PhraseOptions: Sendable {
    private(set) var whole: [UInt64: [[Word]]] = [:]
    private(set) var beginnings: [[Word]] = []

    /// - Parameter words: at least one.
    mutating func add(_ words: [Word]) {
        switch words[0] {
        case .whole(let hash): whole[hash, default: []].append(words)
        case .beginning: beginnings.append(words)
        }
    }

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
