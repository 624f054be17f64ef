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
    private(set) var hasHan = false
    private(set) var hasLatin = false
    private var word = Word()
    private var quoteDepth = 0
    private var sentence = 0

    init() {}

    init(_ text: String) { text.withBytes { fill($0) } }

    /// Reads another message, in the memory that it has.
    mutating func fill(_ bytes: UnsafeBufferPointer<UInt8>) {
        units.removeAll(keepingCapacity: true)
        prefixes.removeAll(keepingCapacity: true)
        (hasHan, hasLatin, quoteDepth, sentence) = (false, false, 0, 0)
        var singles = 0  // letters that stand alone, one after the other
        var isSpelled = false
        var stops = 0  // full stops in a row
        var reader = ScalarReader(bytes)
        var at = 0
        var ahead = reader.next()
        while let scalar = ahead {
            let end = reader.position
            ahead = reader.next()
            defer { at = end }
            if scalar == "." || scalar == "…" || scalar == "。" {
                stops += scalar == "…" ? 2 : 1
            } else {
                // "..." goes on, a single stop ends.
                if stops == 1, !word.isOpen { sentence += 1 }
                stops = 0
            }
            if word.take(scalar, next: ahead, at: at) { continue }
            if scalar == "'" || scalar == "’", word.isOpen { continue }
            if word.isOpen {
                singles = word.bytes.count == 1 ? singles + 1 : 0
                if singles >= 3 { isSpelled = true }
                close(at)
            }
            switch scalar {
            case "!", "?", "！", "？", "\n", "\r": sentence += 1
            case "“", "「", "『", "«": quoteDepth = 1
            case "”", "」", "』", "»": quoteDepth = 0
            case "\"": quoteDepth = 1 - quoteDepth
            default:
                if Self.isHan(scalar) {
                    hasHan = true
                    single(HanForms.simplified(scalar), at..<end)
                } else if scalar.value >= 0x80, scalar.properties.isEmojiPresentation {
                    single(scalar, at..<end)
                }
            }
        }
        if word.isOpen {
            if word.bytes.count == 1, singles >= 2 { isSpelled = true }
            close(at)
        }
        if isSpelled { joinLetters() }
    }

    /// Whether its memory is more than most messages need.
    var isLarge: Bool { units.capacity > 4096 || word.bytes.capacity > 1 << 14 }

    /// Forgets the message, keeping the memory.
    mutating func wipe() {
        word.bytes.overwrite()
        prefixes.overwrite()
        for i in units.indices { units[i].hash = 0; units[i].plain = 0 }
        units.removeAll(keepingCapacity: true)
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
        private var letters = 0
        private var lastIsFigure = false

        /// Whether the scalar belongs to a word; if so it is taken. Signs that stand for letters do within a word.
        mutating func take(_ scalar: Unicode.Scalar, next: Unicode.Scalar?, at: Int) -> Bool {
            let value = scalar.value
            switch value {
            case 0x61...0x7A: add(UInt8(value), at, isLetter: true)
            case 0x41...0x5A: add(UInt8(value) | 0x20, at, isLetter: true)
            case 0x30...0x39: add(UInt8(value), at, isLetter: false)
            case 0x24, 0x40, 0x21, 0x2A:
                guard isOpen, let next, ("a"..."z").contains(next) || ("A"..."Z").contains(next) else { return false }
                let meant: UInt8 = value == 0x24 ? 0x73 : value == 0x40 ? 0x61 : value == 0x21 ? 0x69 : 0x2A
                add(meant, at, isLetter: true)
            case 0..<0x80: return false
            default:
                guard !TextUnits.isHan(scalar), scalar.properties.isAlphabetic else { return false }
                for byte in scalar.properties.lowercaseMapping.utf8 { add(byte, at, isLetter: false) }
            }
            return true
        }

        private mutating func add(_ byte: UInt8, _ at: Int, isLetter: Bool) {
            if !isOpen {
                (start, isOpen, letters) = (at, true, 0)
                bytes.removeAll(keepingCapacity: true)
            }
            bytes.append(byte)
            if isLetter { letters += 1 }
            lastIsFigure = TextUnits.letter(for: byte) != nil
        }

        /// Figures among letters are letters ("k1ll"), unless the last is one ("act5").
        var isMixed: Bool { letters >= 2 && letters < bytes.count && !lastIsFigure }
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        (0x3400...0x9FFF).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
            || (0x20000...0x3134F).contains(scalar.value)
    }

    private static func letter(for figure: UInt8) -> UInt8? {
        switch figure {
        case 0x30: 0x6F
        case 0x31: 0x69
        case 0x33: 0x65
        case 0x34: 0x61
        case 0x35: 0x73
        case 0x37: 0x74
        default: nil
        }
    }

    /// Figures are read as letters where they stand for them; a letter more than twice is cut to two.
    private mutating func close(_ end: Int) {
        word.isOpen = false
        hasLatin = true
        let isMixed = word.isMixed
        var count = 0
        for i in word.bytes.indices {
            let read = isMixed ? Self.letter(for: word.bytes[i]) ?? word.bytes[i] : word.bytes[i]
            if count >= 2, word.bytes[count - 1] == read, word.bytes[count - 2] == read { continue }
            word.bytes[count] = read
            count += 1
        }
        append(count, word.start..<end)
    }

    private mutating func single(_ scalar: Unicode.Scalar, _ place: Range<Int>) {
        word.bytes.removeAll(keepingCapacity: true)
        for byte in UTF8.encode(scalar) ?? .init() { word.bytes.append(byte) }
        append(word.bytes.count, place)
    }

    /// A unit of the first `count` bytes of the word at hand.
    private mutating func append(_ count: Int, _ place: Range<Int>) {
        var hash = Self.basis
        var plain = Self.basis
        var last: UInt8 = 0
        for i in 0..<count {
            let byte = word.bytes[i]
            hash = Self.add(byte, to: hash)
            if byte != last { plain = Self.add(byte, to: plain) }
            last = byte
            if i < Self.longestPrefix { prefixes.append(hash) }
        }
        for _ in min(count, Self.longestPrefix)..<Self.longestPrefix { prefixes.append(0) }
        // "odd" is no "od".
        if count < 4 { plain = hash }
        units.append(Unit(hash: hash, plain: plain, place: place, sentence: sentence, isQuoted: quoteDepth > 0))
    }

    /// "k i l l": three or more single letters in a row are one word.
    private mutating func joinLetters() {
        let old = units
        let oldPrefixes = prefixes
        var i = 0
        units.removeAll(keepingCapacity: true)
        prefixes.removeAll(keepingCapacity: true)
        while i < old.count {
            var end = i
            while end < old.count, old[end].sentence == old[i].sentence, Self.letterOf[old[end].hash] != nil {
                end += 1
            }
            if end - i >= 3 {
                (sentence, quoteDepth) = (old[i].sentence, old[i].isQuoted ? 1 : 0)
                word.bytes = old[i..<end].compactMap { Self.letterOf[$0.hash] }
                append(end - i, old[i].place.lowerBound..<old[end - 1].place.upperBound)
                i = end
            } else {
                units.append(old[i])
                prefixes += oldPrefixes[(i * Self.longestPrefix)..<((i + 1) * Self.longestPrefix)]
                i += 1
            }
        }
    }

    private static let letterOf = Dictionary(
        uniqueKeysWithValues: (UInt8(ascii: "a")...UInt8(ascii: "z")).map {
            (hash(String(Unicode.Scalar($0))), $0)
        })
}
