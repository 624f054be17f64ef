/// Whole numbers with probability proportional to exp(−|n| · numerator / denominator), drawn exactly, with integers alone: noise
/// from floating-point numbers betrays what it should hide (Mironov 2012). Canonne, Kamath and Steinke 2020, algorithm 2.
public struct DiscreteLaplace {
    private let numerator: UInt64
    private let denominator: UInt64
    private let random: () -> UInt64

    /// - Parameters:
    ///   - numerator: the scale is denominator / numerator; both 1 ..< 2³², so that no product below overflows.
    ///   - random: 64 random bits, each time new. Not from a seed: who can guess the noise has the number.
    public init(numerator: UInt64, denominator: UInt64, random: @escaping () -> UInt64) {
        let range: ClosedRange<UInt64> = 1...(1 << 32 - 1)
        self.numerator = min(max(numerator, range.lowerBound), range.upperBound)
        self.denominator = min(max(denominator, range.lowerBound), range.upperBound)
        self.random = random
    }

    public func draw() -> Int64 {
        while true {
            let small = below(denominator)
            guard isExp(small, denominator) else { continue }
            var whole: UInt64 = 0
            // Beyond this the chance is smaller than that of a wrong bit in memory.
            while whole < 1 << 20, isExp(1, 1) { whole += 1 }
            let size = (small + denominator * whole) / numerator
            let isNegative = below(2) == 1
            if isNegative, size == 0 { continue }
            return isNegative ? -Int64(size) : Int64(size)
        }
    }

    /// True with probability exp(−a / b), for a ≤ b.
    private func isExp(_ a: UInt64, _ b: UInt64) -> Bool {
        var k: UInt64 = 1
        // True with probability a / (b · k), k = 1, 2 …: the first failure comes at an odd k just so often.
        while below(b * k) < a { k += 1 }
        return k % 2 == 1
    }

    /// Each of 0 ..< bound with the same probability.
    private func below(_ bound: UInt64) -> UInt64 {
        let limit = UInt64.max - UInt64.max % bound
        while true {
            let value = random()
            if value < limit { return value % bound }
        }
    }
}
