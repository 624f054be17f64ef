/// Counter-based random numbers: the same (seed, stream, index) gives the same numbers on every run and machine.
///
/// Each draw is the SplitMix64 finaliser (Steele, Lea, Flood 2014) of a running counter, so a decision can be redrawn
/// from its index alone, without replaying those before it.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var counter: UInt64

    public init(seed: UInt64, stream: UInt64 = 0, index: UInt64 = 0) {
        counter = Self.mix(Self.mix(Self.mix(seed) ^ stream) ^ index)
    }

    public mutating func next() -> UInt64 {
        counter &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(counter)
    }

    /// Uniform in 0 ..< 1 with 53 bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in 0 ..< `bound`; `bound` ≥ 1.
    public mutating func below(_ bound: Int) -> Int { Int(uniform() * Double(bound)) }

    static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
