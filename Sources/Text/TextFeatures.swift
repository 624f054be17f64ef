/// What a message is made of, as hashes: words, pairs of neighbours and negated words in one block, groups of 2 to 5 letters in
/// another.
///
/// Words are lower-cased, apostrophes left out; a character repeated more than twice is cut to two ("sooooo" → "soo",
/// marks and emoji to three); the three words after a negation also count as negated. Emoji are those that are shown
/// as such without a variation selector. Words of another script than Latin give nothing: no training text has them,
/// and what a hash would find for them is chance. The hash is FNV-1a: the same on every machine.
public enum TextFeatures {
    /// Grows when features change; a text pack of another revision is refused.
    public static let revision = 2

    /// Hashes with repeats, each block sorted.
    public struct Bag: Sendable, Equatable {
        public var words: [UInt32] = []
        public var letters: [UInt32] = []
        /// Words, emoji and marks in their order, for the lexicon.
        public var tokens: [UInt32] = []
        public var isEmpty: Bool { words.isEmpty && letters.isEmpty }
    }

    private static let negations: Set<String> = [
        "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "hardly", "barely", "cannot",
        "cant", "dont", "wont", "isnt", "wasnt", "doesnt", "didnt", "couldnt", "shouldnt", "wouldnt", "havent", "aint",
    ]
    private static let negationHashes = Set(negations.map { hash(1, $0.utf8) })

    /// Whether a token is a negation.
    static func isNegation(_ token: UInt32) -> Bool { negationHashes.contains(token) }

    /// The hash of one word, as it stands in `Bag.tokens` and `Bag.words`.
    public static func token(_ word: String) -> UInt32 { hash(1, word.utf8) }

    /// - Parameter text: any length; work is as its length times the logarithm of that.
    public static func extract(_ text: String) -> Bag {
        var bag = Bag()
        each(text) { token, _, words, letters in
            bag.tokens.append(token)
            bag.words += words
            bag.letters += letters
        }
        bag.words.sort()
        bag.letters.sort()
        return bag
    }

    /// Each token in its order, with its place in the UTF-8 and what it adds to the two blocks; the pair with the token before
    /// is among its words.
    static func each(
        _ text: String, _ body: (_ token: UInt32, _ place: Range<Int>, _ words: [UInt32], _ letters: [UInt32]) -> Void
    ) {
        var negated = 0
        var last: [UInt8] = []
        var words: [UInt32] = []
        var letters: [UInt32] = []
        for (word, place) in tokens(text) {
            let token = hash(1, word)
            words.removeAll(keepingCapacity: true)
            letters.removeAll(keepingCapacity: true)
            words.append(token)
            if !last.isEmpty { words.append(pair(last, word)) }
            if negated > 0 {
                words.append(hash(3, word))
                negated -= 1
            }
            if isNegation(token) { negated = 3 }
            grams(word, &letters)
            last = word
            body(token, place, words, letters)
        }
    }

    /// Lower-case words without apostrophes, emoji and marks, as UTF-8, and where they stand in the text's.
    private static func tokens(_ text: String) -> [(bytes: [UInt8], place: Range<Int>)] {
        var out: [(bytes: [UInt8], place: Range<Int>)] = []
        var word: [UInt8] = []
        var isForeign = false
        // Where the scalar at hand begins and ends, and where the word began.
        var (at, next, start) = (0, 0, 0)
        var repeated: (scalar: Unicode.Scalar, count: Int) = (" ", 0)
        func close() {
            if !word.isEmpty, !isForeign { out.append((word, start..<at)) }
            word.removeAll(keepingCapacity: true)
            isForeign = false
        }
        for scalar in text.unicodeScalars {
            repeated = scalar == repeated.scalar ? (scalar, repeated.count + 1) : (scalar, 1)
            at = next
            next += UTF8.width(scalar)
            if word.isEmpty { start = at }
            if scalar.value < 0x80 {
                let byte = UInt8(scalar.value)
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    if repeated.count <= 2 { word.append(byte) }
                case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    if repeated.count <= 2 { word.append(byte | 0x20) }
                case UInt8(ascii: "'"): break
                case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
                    close()
                    if repeated.count <= 3 { out.append(([byte], at..<next)) }
                default: close()
                }
            } else if scalar == "’" || scalar.properties.canonicalCombiningClass != .notReordered {
                continue  // an accent written apart does not part the word
            } else if scalar.properties.isAlphabetic {
                if !isLatin(scalar) { isForeign = true }
                if repeated.count <= 2 { word.append(contentsOf: scalar.properties.lowercaseMapping.utf8) }
            } else if scalar.properties.isEmojiPresentation {
                close()
                if repeated.count <= 3 { out.append((Array(String(scalar).utf8), at..<next)) }
            } else {
                close()
            }
        }
        at = next
        close()
        return out
    }

    /// Latin-1, Extended-A and -B, Extended Additional.
    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x250 || (0x1E00...0x1EFF).contains(scalar.value)
    }

    private static func grams(_ word: [UInt8], _ out: inout [UInt32]) {
        let framed = [UInt8(ascii: " ")] + word.prefix(40) + [UInt8(ascii: " ")]
        for size in 2...5 where size <= framed.count {
            for start in 0...(framed.count - size) { out.append(hash(4, framed[start..<(start + size)])) }
        }
    }

    private static func pair(_ first: [UInt8], _ second: [UInt8]) -> UInt32 {
        mix(fold(fold(fold(basis(2), first), CollectionOfOne(0x20)), second))
    }

    private static func hash(_ kind: UInt32, _ bytes: some Sequence<UInt8>) -> UInt32 { mix(fold(basis(kind), bytes)) }

    private static func basis(_ kind: UInt32) -> UInt32 { 2_166_136_261 ^ kind }

    private static func fold(_ start: UInt32, _ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(start) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    private static func mix(_ hash: UInt32) -> UInt32 {
        var h = hash ^ (hash >> 15)
        h = h &* 0x2C1B_3C6D
        return h ^ (h >> 12)
    }
}
