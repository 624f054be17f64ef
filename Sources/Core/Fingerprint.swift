/// Tells whether two recordings are copies of one piece: 256 bits in four words, as text 64 hexadecimal digits.
public enum Fingerprint {
    /// Copies differ in a few of 256 bits, different pieces in about half, 128 ± 8.
    public static let copies = 40

    /// The number of bits that differ; 256 where one has no fingerprint.
    public static func distance(_ a: [UInt64], _ b: [UInt64]) -> Int {
        guard a.count == 4, b.count == 4 else { return 256 }
        var bits = 0
        for i in 0..<4 { bits += (a[i] ^ b[i]).nonzeroBitCount }
        return bits
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
        guard digits.count == 64 else { return [] }
        let words = (0..<4).compactMap {
            UInt64(String(decoding: digits[($0 * 16)..<($0 * 16 + 16)], as: UTF8.self), radix: 16)
        }
        return words.count == 4 ? words : []
    }
}
