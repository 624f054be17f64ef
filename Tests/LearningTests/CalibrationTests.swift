import AffettoCore
import AffettoLearning
import Testing

@Suite struct CalibrationTests {
    @Test func findsTheTemperatureThatMadeTheLogits() {
        var random = SeededRandom(seed: 11)
        var logits: [[Float]] = []
        var truth: [Int] = []
        for _ in 0..<4000 {
            let z = (0..<3).map { _ in Float(random.normal()) }
            let p = softmax(z)
            var u = Float(random.uniform())
            truth.append(
                p.firstIndex {
                    u -= $0
                    return u < 0
                } ?? 2)
            logits.append(z.map { $0 * 2.5 })
        }
        #expect(abs(Calibration.temperature(logits: logits, truth: truth) - 2.5) < 0.3)
    }
}
