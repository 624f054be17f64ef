import AffettoStudy
import Foundation
import Testing

/// Seeded here alone: tests must repeat.
func seededBits(_ seed: UInt64) -> () -> UInt64 {
    var state = seed
    // SplitMix64 (Steele, Lea and Flood 2014).
    return {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct DiscreteLaplaceTests {
    /// Each value as often as it should be: chi-square of the counts against exp(−|n| / scale).
    @Test(
        arguments: [(1, 1), (1_000_000, 100_000), (1_000_000, 2_500_000), (20_000_000, 3_000_000)] as [(UInt64, UInt64)]
    )
    func frequencies(_ denominator: UInt64, _ numerator: UInt64) {
        let source = DiscreteLaplace(numerator: numerator, denominator: denominator, random: seededBits(11))
        let scale = Double(denominator) / Double(numerator)
        let count = 60_000
        var counts: [Int64: Int] = [:]
        for _ in 0..<count { counts[source.draw(), default: 0] += 1 }
        let total = (1 + exp(-1 / scale)) / (1 - exp(-1 / scale))
        let reach = Int64((scale * 4).rounded(.up))
        var chiSquare = 0.0
        for n in -reach...reach {
            let expected = Double(count) * exp(-Double(abs(n)) / scale) / total
            let difference = Double(counts[n] ?? 0) - expected
            chiSquare += difference * difference / expected
        }
        // Mean 2 · reach + 1, variance twice that: within five standard deviations.
        let degrees = Double(2 * reach + 1)
        #expect(abs(chiSquare - degrees) < 5 * (2 * degrees).squareRoot())
        let mean = Double(counts.reduce(0) { $0 + $1.key * Int64($1.value) }) / Double(count)
        #expect(abs(mean) < 5 * scale * 1.42 / Double(count).squareRoot())
    }
}
