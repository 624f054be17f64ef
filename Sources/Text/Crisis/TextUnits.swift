/// A message as the crisis patterns see it: words of letters and digits, single Han characters and emoji, by their hashes.
///
/// Letters are made small, apostrophes left out, a letter repeated more than twice cut to two, "k1ll" read as "kill", letters
/// written apart ("d i e") joined, traditional Han characters read as simplified ones.
struct TextUnits {
    /// How many letters of a word a prefix pattern may have.
    static let longestPrefix = 12

    struct Unit {
        var hash: UInt64
        /// The hash with every doubled letter made single, for "diee".
        var plain: UInt64
        /// Where it stands in the UTF-8.
        var place: Range<Int>
        /// Grows with every end of a sentence.
        var sentence: Int
        var isQuoted: Bool
    }

    private(set) var units: [Unit] = []
    /// Of each unit the hashes of its first 1…12 letters.
    private var prefixes: [UInt64] = []
    private var quoteDepth = 0
    private var sentence = 0

    init(_ text: String) {
        units.reserveCapacity(text.utf8.count / 4 + 4)
        var word = Word()
        var at = 0
        var full = 0  // full stops in a row
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            let width = UTF8.width(scalar)
            defer { at += width }
            if scalar == "." || scalar == "…" || scalar == "。" {
                full += scalar == "…" ? 2 : 1
            } else {
                // "..." goes on, a single stop ends.
                if full == 1, !word.isOpen { sentence += 1 }
                full = 0
            }
            if let letter = Self.letter(scalar, inWord: word.isOpen, next: next) {
                if !word.isOpen { word.begin(at) }
                word.add(letter)
                continue
            }
            if scalar == "'" || scalar == "’", word.isOpen { continue }
            close(&word, at)
            switch scalar {
            case "!", "?", "！", "？", "\n", "\r": sentence += 1
            case "\"", "“", "”", "「", "」", "『", "』", "«", "»":
                quoteDepth = ["“", "「", "『", "«"].contains(scalar) || (scalar == "\"" && quoteDepth == 0) ? 1 : 0
            default:
                if Self.isHan(scalar) {
                    single(HanForms.simplified(scalar), at..<(at + width))
                } else if scalar.properties.isEmojiPresentation {
                    single(scalar, at..<(at + width))
                }
            }
        }
        close(&word, at)
        joinLetters()
    }

    func prefix(_ unit: Int, _ length: Int) -> UInt64 { prefixes[unit * Self.longestPrefix + length - 1] }

    /// The hash of a unit as a pattern writes it.
    static func hash(_ unit: String) -> UInt64 { unit.utf8.reduce(basis) { add($1, to: $0) } }

    static func add(_ byte: UInt8, to hash: UInt64) -> UInt64 { (hash ^ UInt64(byte)) &* prime }

    // MARK: Parts

    static let basis: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01B3

    /// A word under way.
    private struct Word {
        var bytes: [UInt8] = []
        var start = 0
        var isOpen = false
        var hasLetter = false

        mutating func begin(_ at: Int) {
            (start, isOpen, hasLetter) = (at, true, false)
            bytes.removeAll(keepingCapacity: true)
        }

        mutating func add(_ letter: String.UTF8View) { bytes.append(contentsOf: letter) }
    }

    private static func letter(_ scalar: Unicode.Scalar, inWord: Bool, next: Unicode.Scalar?) -> String.UTF8View? {
        switch scalar {
        case "a"..."z", "0"..."9": return String(scalar).utf8
        case "A"..."Z": return scalar.properties.lowercaseMapping.utf8
        case "$", "@": return inWord && isLetter(next) ? (scalar == "$" ? "s" : "a").utf8 : nil
        case "!": return inWord && isLetter(next) ? "i".utf8 : nil
        case "*": return inWord && isLetter(next) ? "*".utf8 : nil
        default:
            guard scalar.value >= 0x80, scalar.properties.isAlphabetic, !isHan(scalar) else { return nil }
            return scalar.properties.lowercaseMapping.utf8
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        (0x3400...0x9FFF).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
            || (0x20000...0x3134F).contains(scalar.value)
    }

    private static let figures: [UInt8: UInt8] = [
        UInt8(ascii: "0"): UInt8(ascii: "o"), UInt8(ascii: "1"): UInt8(ascii: "i"),
        UInt8(ascii: "3"): UInt8(ascii: "e"),
        UInt8(ascii: "4"): UInt8(ascii: "a"), UInt8(ascii: "5"): UInt8(ascii: "s"),
        UInt8(ascii: "7"): UInt8(ascii: "t"),
    ]

    private mutating func close(_ word: inout Word, _ end: Int) {
        guard word.isOpen else { return }
        word.isOpen = false
        append(Self.cleaned(word.bytes), word.start..<end)
    }

    private mutating func single(_ scalar: Unicode.Scalar, _ place: Range<Int>) {
        append(Array(String(scalar).utf8), place)
    }

    /// Figures among letters are read as letters; a letter more than twice is cut to two.
    private static func cleaned(_ bytes: [UInt8]) -> [UInt8] {
        let letters = bytes.count { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        let isMixed = letters >= 2 && letters < bytes.count && bytes.last.map { figures[$0] == nil } ?? false
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in bytes {
            let read = isMixed ? figures[byte] ?? byte : byte
            if out.count >= 2, out[out.count - 1] == read, out[out.count - 2] == read { continue }
            out.append(read)
        }
        return out
    }

    private mutating func append(_ bytes: [UInt8], _ place: Range<Int>) {
        var hash = Self.basis
        var plain = Self.basis
        var last: UInt8 = 0
        for (i, byte) in bytes.enumerated() {
            hash = (hash ^ UInt64(byte)) &* Self.prime
            if byte != last { plain = (plain ^ UInt64(byte)) &* Self.prime }
            last = byte
            if i < Self.longestPrefix { prefixes.append(hash) }
        }
        for _ in min(bytes.count, Self.longestPrefix)..<Self.longestPrefix { prefixes.append(0) }
        // "odd" is no "od".
        if bytes.count < 4 { plain = hash }
        units.append(
            Unit(hash: hash, plain: plain, place: place, sentence: sentence, isQuoted: quoteDepth > 0))
    }

    /// "k i l l": three or more single letters in a row are one word.
    private mutating func joinLetters() {
        let old = units
        let oldPrefixes = prefixes
        var i = 0
        var hasJoined = false
        units.removeAll(keepingCapacity: true)
        prefixes.removeAll(keepingCapacity: true)
        while i < old.count {
            var end = i
            while end < old.count, old[end].sentence == old[i].sentence, Self.letterOf[old[end].hash] != nil {
                end += 1
            }
            if end - i >= 3 {
                (sentence, quoteDepth, hasJoined) = (old[i].sentence, old[i].isQuoted ? 1 : 0, true)
                append(
                    old[i..<end].compactMap { Self.letterOf[$0.hash] },
                    old[i].place.lowerBound..<old[end - 1].place.upperBound)
                i = end
            } else {
                units.append(old[i])
                prefixes += oldPrefixes[(i * Self.longestPrefix)..<((i + 1) * Self.longestPrefix)]
                i += 1
            }
        }
        if !hasJoined { (units, prefixes) = (old, oldPrefixes) }
    }

    private static let letterOf = Dictionary(
        uniqueKeysWithValues: (UInt8(ascii: "a")...UInt8(ascii: "z")).map {
            (hash(String(Unicode.Scalar($0))), $0)
        })
}
