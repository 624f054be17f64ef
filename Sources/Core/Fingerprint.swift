/// Tells whether two recordings are copies of one piece: 256 bits in four words, as text 64 hexadecimal digits.
public enum Fingerprint {
    /// Copies differ in a few of 256 bits, different pieces of some length in about half, 128 ± 8. Shorter ones have too
    /// few changes to be told apart by.
    public static let copies = 40
    public static let shortest: Float = 15

    /// The number of bits that differ; 256 where one has no fingerprint.
    public static func distance(_ a: some Collection<UInt64>, _ b: some Collection<UInt64>) -> Int {
        guard a.count == 4, b.count == 4 else { return 256 }
        return zip(a, b).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }

    public static func text(_ words: [UInt64]) -> String {
        words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The words of a text; none where it is not 64 hexadecimal digits.
    public static func words(_ text: String) -> [UInt64] {
        let digits = Array(text.utf8)
        guard digits.count == 64, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return [] }
        let words = (0..<4).compactMap {
            UInt64(String(decoding: digits[($0 * 16)..<($0 * 16 + 16)], as: UTF8.self), radix: 16)
        }
        return words.count == 4 ? words : []
    }
}
