/// Reads words in Latin letters, emoji and marks, and gives each with what it adds to the two blocks of features.
struct LatinTokens {
    /// The hashes of a word under way: as itself, as one to be paired with the next, as second of a pair, as negated.
    private struct Hashes {
        var own = TextFeatures.basis(1)
        var ahead = TextFeatures.basis(2)
        var pair: UInt32
        var negated = TextFeatures.basis(3)

        mutating func add(_ byte: UInt8) {
            own = TextFeatures.fold(byte, into: own)
            ahead = TextFeatures.fold(byte, into: ahead)
            pair = TextFeatures.fold(byte, into: pair)
            negated = TextFeatures.fold(byte, into: negated)
        }
    }

    /// How many bytes of a word its letter groups look at.
    private static let longest = 40

    private var hashes = Hashes(pair: 0)
    private var length = 0
    private var isForeign = false
    private var start = 0
    private var negated = 0
    /// The word before, ready to be paired; `nil` at the beginning.
    private var before: UInt32?

    mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ scratch: inout TextFeatures.Scratch, _ body: TextFeatures.TokenBody
    ) {
        var reader = ScalarReader(bytes)
        var repeated: (scalar: Unicode.Scalar, count: Int) = (" ", 0)
        begin(&scratch)
        while true {
            let at = reader.position
            guard let scalar = reader.next() else { break }
            repeated = scalar == repeated.scalar ? (scalar, repeated.count + 1) : (scalar, 1)
            if length == 0, !isForeign { start = at }
            if scalar.value < 0x80 {
                let byte = UInt8(scalar.value)
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    if repeated.count <= 2 { add(byte, &scratch) }
                case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    if repeated.count <= 2 { add(byte | 0x20, &scratch) }
                case UInt8(ascii: "'"): break
                case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
                    close(at, &scratch, body)
                    guard repeated.count <= 3 else { continue }
                    start = at
                    add(byte, &scratch)
                    close(reader.position, &scratch, body)
                default: close(at, &scratch, body)
                }
            } else if scalar == "’" || scalar.properties.canonicalCombiningClass != .notReordered {
                continue  // an accent written apart does not part the word
            } else if scalar.properties.isAlphabetic {
                if !Self.isLatin(scalar) { isForeign = true }
                guard repeated.count <= 2 else { continue }
                for byte in scalar.properties.lowercaseMapping.utf8 { add(byte, &scratch) }
            } else if scalar.properties.isEmojiPresentation {
                close(at, &scratch, body)
                guard repeated.count <= 3 else { continue }
                start = at
                for byte in UTF8.encode(scalar) ?? .init() { add(byte, &scratch) }
                close(reader.position, &scratch, body)
            } else {
                close(at, &scratch, body)
            }
        }
        close(bytes.count, &scratch, body)
    }

    private mutating func begin(_ scratch: inout TextFeatures.Scratch) {
        hashes = Hashes(pair: before.map { TextFeatures.fold(0x20, into: $0) } ?? TextFeatures.basis(2))
        length = 0
        isForeign = false
        scratch.word.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ byte: UInt8, _ scratch: inout TextFeatures.Scratch) {
        hashes.add(byte)
        if length < Self.longest { scratch.word.append(byte) }
        length += 1
    }

    /// Ends the word under way, if there is one.
    private mutating func close(
        _ end: Int, _ scratch: inout TextFeatures.Scratch, _ body: TextFeatures.TokenBody
    ) {
        defer { begin(&scratch) }
        guard length > 0, !isForeign else { return }
        scratch.words.removeAll(keepingCapacity: true)
        scratch.letters.removeAll(keepingCapacity: true)
        let token = TextFeatures.mix(hashes.own)
        scratch.words.append(token)
        if before != nil { scratch.words.append(TextFeatures.mix(hashes.pair)) }
        if negated > 0 {
            scratch.words.append(TextFeatures.mix(hashes.negated))
            negated -= 1
        }
        if TextFeatures.isNegation(token) { negated = 3 }
        Self.groups(scratch.word, &scratch.letters)
        before = hashes.ahead
        body(token, start..<end, scratch.words, scratch.letters)
    }

    /// Latin-1, Extended-A and -B, Extended Additional.
    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x250 || (0x1E00...0x1EFF).contains(scalar.value)
    }

    /// Hashes of all groups of 2 to 5 bytes, with a space at either end.
    private static func groups(_ word: [UInt8], _ out: inout [UInt32]) {
        let count = word.count + 2
        for start in 0..<(count - 1) {
            var hash = TextFeatures.basis(4)
            for i in start..<min(start + 5, count) {
                hash = TextFeatures.fold(i == 0 || i == count - 1 ? 0x20 : word[i - 1], into: hash)
                if i > start { out.append(TextFeatures.mix(hash)) }
            }
        }
    }
}
