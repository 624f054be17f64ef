/// What a message is made of, as hashes: words, pairs of neighbours and negated words in one block, groups of 2 to 5 letters in
/// another.
///
/// Words are lower-cased, apostrophes left out; a character repeated more than twice is cut to two ("sooooo" → "soo",
/// marks and emoji to three); the three words after a negation also count as negated. Emoji are those that are shown
/// as such without a variation selector. Words of another script than Latin give nothing: no training text has them,
/// and what a hash would find for them is chance. The hash is FNV-1a: the same on every machine.
public enum TextFeatures {
    /// Grows when features change; a text pack of another revision is refused.
    public static let revision = 3

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

    /// - Parameters:
    ///   - text: any length; work is as its length times the logarithm of that. - isChinese: by `HanFeatures`.
    public static func extract(_ text: String, isChinese: Bool = false) -> Bag {
        var bag = Bag()
        let size = text.utf8.count
        bag.tokens.reserveCapacity(size / 5 + 4)
        bag.words.reserveCapacity(size / 2 + 8)
        bag.letters.reserveCapacity(size * 4 + 16)
        each(text, isChinese: isChinese) { token, _, words, letters in
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
        _ text: String, isChinese: Bool = false,
        _ body: (_ token: UInt32, _ place: Range<Int>, _ words: [UInt32], _ letters: [UInt32]) -> Void
    ) {
        if isChinese { return HanFeatures.each(text, body) }
        let all = tokens(text)
        var negated = 0
        var last = 0..<0
        var words: [UInt32] = []
        var letters: [UInt32] = []
        words.reserveCapacity(3)
        letters.reserveCapacity(168)
        all.bytes.withUnsafeBufferPointer { bytes in
            for (word, place) in all.list {
                let token = mix(fold(basis(1), bytes, word))
                words.removeAll(keepingCapacity: true)
                letters.removeAll(keepingCapacity: true)
                words.append(token)
                if !last.isEmpty {
                    // The two with a space between.
                    let first = (fold(basis(2), bytes, last) ^ 0x20) &* prime
                    words.append(mix(fold(first, bytes, word)))
                }
                if negated > 0 {
                    words.append(mix(fold(basis(3), bytes, word)))
                    negated -= 1
                }
                if isNegation(token) { negated = 3 }
                grams(bytes, word, &letters)
                last = word
                body(token, place, words, letters)
            }
        }
    }

    /// Lower-case words without apostrophes, emoji and marks, as UTF-8 one after the other; and where each stands in the text's.
    private static func tokens(_ text: String) -> (bytes: [UInt8], list: [(word: Range<Int>, place: Range<Int>)]) {
        var bytes: [UInt8] = []
        var list: [(word: Range<Int>, place: Range<Int>)] = []
        bytes.reserveCapacity(text.utf8.count)
        list.reserveCapacity(text.utf8.count / 4 + 4)
        var isForeign = false
        // Where the scalar at hand begins and ends, where the word began, and where its bytes do.
        var (at, next, start, first) = (0, 0, 0, 0)
        var repeated: (scalar: Unicode.Scalar, count: Int) = (" ", 0)
        func close() {
            if isForeign {
                bytes.removeSubrange(first...)
            } else if bytes.count > first {
                list.append((first..<bytes.count, start..<at))
            }
            first = bytes.count
            isForeign = false
        }
        func mark(_ sign: some Sequence<UInt8>) {
            bytes.append(contentsOf: sign)
            list.append((first..<bytes.count, at..<next))
            first = bytes.count
        }
        for scalar in text.unicodeScalars {
            repeated = scalar == repeated.scalar ? (scalar, repeated.count + 1) : (scalar, 1)
            at = next
            next += UTF8.width(scalar)
            if bytes.count == first, !isForeign { start = at }
            if scalar.value < 0x80 {
                let byte = UInt8(scalar.value)
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    if repeated.count <= 2 { bytes.append(byte) }
                case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    if repeated.count <= 2 { bytes.append(byte | 0x20) }
                case UInt8(ascii: "'"): break
                case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
                    close()
                    if repeated.count <= 3 { mark(CollectionOfOne(byte)) }
                default: close()
                }
            } else if scalar == "’" || scalar.properties.canonicalCombiningClass != .notReordered {
                continue  // an accent written apart does not part the word
            } else if scalar.properties.isAlphabetic {
                if !isLatin(scalar) { isForeign = true }
                if repeated.count <= 2 { bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8) }
            } else if scalar.properties.isEmojiPresentation {
                close()
                if repeated.count <= 3 { mark(String(scalar).utf8) }
            } else {
                close()
            }
        }
        at = next
        close()
        return (bytes, list)
    }

    /// Latin-1, Extended-A and -B, Extended Additional.
    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x250 || (0x1E00...0x1EFF).contains(scalar.value)
    }

    /// Hashes of all groups of 2 to 5 bytes of the word's first 40, with a space at either end.
    private static func grams(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ out: inout [UInt32]) {
        let count = min(word.count, 40) + 2
        for start in 0..<(count - 1) {
            var hash = basis(4)
            for i in start..<min(start + 5, count) {
                let byte = i == 0 || i == count - 1 ? 0x20 : bytes[word.lowerBound + i - 1]
                hash = (hash ^ UInt32(byte)) &* prime
                if i > start { out.append(mix(hash)) }
            }
        }
    }

    private static let prime: UInt32 = 16_777_619

    private static func hash(_ kind: UInt32, _ bytes: some Sequence<UInt8>) -> UInt32 {
        mix(bytes.reduce(basis(kind)) { ($0 ^ UInt32($1)) &* prime })
    }

    static func basis(_ kind: UInt32) -> UInt32 { 2_166_136_261 ^ kind }

    private static func fold(_ start: UInt32, _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> UInt32 {
        var hash = start
        for i in word { hash = (hash ^ UInt32(bytes[i])) &* prime }
        return hash
    }

    static func fold(_ byte: UInt8, into hash: UInt32) -> UInt32 { (hash ^ UInt32(byte)) &* prime }

    static func mix(_ hash: UInt32) -> UInt32 {
        var h = hash ^ (hash >> 15)
        h = h &* 0x2C1B_3C6D
        return h ^ (h >> 12)
    }
}
