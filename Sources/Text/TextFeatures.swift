/// Hashed features of a message: words, pairs of neighbours, byte 3- to 5-grams of words, emoji, "!" and "?".
///
/// Words are lower-cased, apostrophes left out; a character repeated more than twice is cut to two ("sooooo" → "soo",
/// marks and emoji to three); the three words after a negation also count as negated. Emoji are those that are shown
/// as such without a variation selector. Words of another script than Latin give nothing: no training text has them,
/// and what a hash would find for them is chance. The hash is FNV-1a: the same on every machine.
public enum TextFeatures {
    /// Grows when features change; a text pack of another revision is refused.
    public static let revision = 1
    /// Features are numbers in 0 ..< `buckets`.
    public static let buckets = 1 << 16

    private static let negations: Set<String> = [
        "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "hardly", "barely", "cannot",
        "cant", "dont", "wont", "isnt", "wasnt", "doesnt", "didnt", "couldnt", "shouldnt", "wouldnt", "havent", "aint",
    ]

    /// - Parameter text: any length; work and memory are linear in it.
    /// - Returns: bucket numbers, with repeats.
    public static func extract(_ text: String) -> [UInt32] {
        let words = tokens(text)
        var out: [UInt32] = []
        out.reserveCapacity(words.count * 16)
        var negated = 0
        var last: [UInt8] = []
        for word in words {
            out.append(hash(1, word))
            if !last.isEmpty { out.append(hash(2, last + [0x20] + word)) }
            if negated > 0 {
                out.append(hash(3, word))
                negated -= 1
            }
            if isNegation(word) { negated = 3 }
            if word.count > 2, word[0] < 0x80 || word.count > 4 { grams(word, &out) }
            last = word
        }
        return out
    }

    /// Lower-case words without apostrophes, emoji and the marks "!" and "?", as UTF-8.
    private static func tokens(_ text: String) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var word: [UInt8] = []
        var isForeign = false
        var repeated: (scalar: Unicode.Scalar, count: Int) = (" ", 0)
        func close() {
            if !word.isEmpty, !isForeign { out.append(word) }
            word.removeAll(keepingCapacity: true)
            isForeign = false
        }
        for scalar in text.unicodeScalars {
            repeated = scalar == repeated.scalar ? (scalar, repeated.count + 1) : (scalar, 1)
            if scalar.value < 0x80 {
                let byte = UInt8(scalar.value)
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    if repeated.count <= 2 { word.append(byte) }
                case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    if repeated.count <= 2 { word.append(byte | 0x20) }
                case UInt8(ascii: "'"): break
                case UInt8(ascii: "!"), UInt8(ascii: "?"):
                    close()
                    if repeated.count <= 3 { out.append([byte]) }
                default: close()
                }
            } else if scalar == "’" || scalar.properties.canonicalCombiningClass != .notReordered {
                continue  // an accent written apart does not part the word
            } else if scalar.properties.isAlphabetic {
                if !isLatin(scalar) { isForeign = true }
                if repeated.count <= 2 { word.append(contentsOf: scalar.properties.lowercaseMapping.utf8) }
            } else if scalar.properties.isEmojiPresentation {
                close()
                if repeated.count <= 3 { out.append(Array(String(scalar).utf8)) }
            } else {
                close()
            }
        }
        close()
        return out
    }

    /// Latin-1, Extended-A and -B, Extended Additional.
    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x250 || (0x1E00...0x1EFF).contains(scalar.value)
    }

    private static func isNegation(_ word: [UInt8]) -> Bool {
        guard word.count <= 8 else { return false }
        return negations.contains(String(decoding: word, as: UTF8.self))
    }

    private static func grams(_ word: [UInt8], _ out: inout [UInt32]) {
        let framed = [UInt8(ascii: "<")] + word.prefix(40) + [UInt8(ascii: ">")]
        for size in 3...5 where size <= framed.count {
            for start in 0...(framed.count - size) { out.append(hash(4, framed[start..<(start + size)])) }
        }
    }

    private static func hash(_ kind: UInt32, _ bytes: some Sequence<UInt8>) -> UInt32 {
        var h: UInt32 = 2_166_136_261 ^ kind
        for byte in bytes { h = (h ^ UInt32(byte)) &* 16_777_619 }
        h ^= h >> 15
        return ((h &* 0x2C1B_3C6D) >> 8) % UInt32(buckets)
    }
}
