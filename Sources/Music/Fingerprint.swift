/// Tells whether two recordings are copies of one piece.
public enum Fingerprint {
    /// Of 256 bits: copies differ in a few, different pieces in about half, 128 ± 8.
    public static let copies = 40

    /// The number of bits that differ; 256 where one has no fingerprint.
    public static func distance(_ a: [UInt64], _ b: [UInt64]) -> Int {
        guard a.count == 4, b.count == 4 else { return 256 }
        return zip(a, b).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }
}
