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

        public init() {}

        /// Empties it and overwrites what it held, keeping the memory.
        mutating func wipe() {
            words.overwrite()
            letters.overwrite()
            tokens.overwrite()
        }

        /// Fills it anew, in the memory that it has.
        mutating func fill(_ bytes: UnsafeBufferPointer<UInt8>, isChinese: Bool, _ scratch: inout Scratch) {
            words.removeAll(keepingCapacity: true)
            letters.removeAll(keepingCapacity: true)
            tokens.removeAll(keepingCapacity: true)
            TextFeatures.each(bytes, isChinese: isChinese, &scratch) { token, _, words, letters in
                self.tokens.append(token)
                self.words.append(contentsOf: words)
                self.letters.append(contentsOf: letters)
            }
            RadixSort.sort(&words, &scratch.spare)
            RadixSort.sort(&letters, &scratch.spare)
        }
    }

    /// Memory for the work on one message, to be used again.
    struct Scratch {
        /// What the token at hand adds to the blocks.
        var words: [UInt32] = []
        var letters: [UInt32] = []
        /// The first 40 bytes of the word at hand.
        var word: [UInt8] = []
        var spare: [UInt32] = []

        mutating func wipe() {
            words.overwrite()
            letters.overwrite()
            word.overwrite()
            spare.overwrite()
        }
    }

    typealias TokenBody = (_ token: UInt32, _ place: Range<Int>, _ words: [UInt32], _ letters: [UInt32]) -> Void

    private static let negations = [
        "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "hardly", "barely", "cannot",
        "cant", "dont", "wont", "isnt", "wasnt", "doesnt", "didnt", "couldnt", "shouldnt", "wouldnt", "havent", "aint",
    ]
    private static let negationHashes = Set(negations.map { token($0) })

    /// Whether a token is a negation.
    static func isNegation(_ token: UInt32) -> Bool { negationHashes.contains(token) }

    /// The hash of one word, as it stands in `Bag.tokens` and `Bag.words`.
    public static func token(_ word: String) -> UInt32 { mix(word.utf8.reduce(basis(1)) { fold($1, into: $0) }) }

    /// - Parameters:
    ///   - text: any length; work is as its length. - isChinese: by `HanFeatures`.
    public static func extract(_ text: String, isChinese: Bool = false) -> Bag {
        var bag = Bag()
        var scratch = Scratch()
        text.withBytes { bag.fill($0, isChinese: isChinese, &scratch) }
        return bag
    }

    /// Each token in its order, with its place in the UTF-8 and what it adds to the two blocks; the pair with the token before
    /// is among its words.
    static func each(
        _ bytes: UnsafeBufferPointer<UInt8>, isChinese: Bool, _ scratch: inout Scratch, _ body: TokenBody
    ) {
        if isChinese { return HanFeatures.each(bytes, &scratch, body) }
        var latin = LatinTokens()
        latin.read(bytes, &scratch, body)
    }

    // MARK: Hashing

    private static let prime: UInt32 = 16_777_619

    static func basis(_ kind: UInt32) -> UInt32 { 2_166_136_261 ^ kind }

    static func fold(_ byte: UInt8, into hash: UInt32) -> UInt32 { (hash ^ UInt32(byte)) &* prime }

    static func mix(_ hash: UInt32) -> UInt32 {
        var h = hash ^ (hash >> 15)
        h = h &* 0x2C1B_3C6D
        return h ^ (h >> 12)
    }
}

extension Array where Element: FixedWidthInteger {
    /// Sets all of the array's memory to 0, also what lies beyond its end, and empties it.
    mutating func overwrite() {
        for i in indices { self[i] = 0 }
        while count < capacity { append(0) }
        removeAll(keepingCapacity: true)
    }
}
