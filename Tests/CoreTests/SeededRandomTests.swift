import AffettoCore
import Testing

@Suite struct SeededRandomTests {
    @Test func sameSeedSameNumbersOtherIndexOthers() {
        var a = SeededRandom(seed: 7, stream: 1, index: 3)
        var b = SeededRandom(seed: 7, stream: 1, index: 3)
        var c = SeededRandom(seed: 7, stream: 1, index: 4)
        let first = (0..<8).map { _ in a.next() }
        #expect(first == (0..<8).map { _ in b.next() })
        #expect(first != (0..<8).map { _ in c.next() })
    }

    @Test func uniformFillsTheUnitIntervalEvenly() {
        var random = SeededRandom(seed: 1)
        var bins = [Int](repeating: 0, count: 10)
        for _ in 0..<100_000 {
            let u = random.uniform()
            #expect(u >= 0 && u < 1)
            bins[Int(u * 10)] += 1
        }
        // Chi-square with 9 degrees of freedom: 27.9 is the 99.9 % point.
        let chi = bins.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(chi < 27.9)
    }
}
