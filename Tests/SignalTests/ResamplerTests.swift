import AffettoSignal
import Foundation
import Testing

@Suite struct ResamplerTests {
    @Test(arguments: [8000.0, 11_025, 22_050, 44_100, 48_000, 96_000])
    func keepsAToneInPlace(_ rate: Double) {
        let x = sine(440, rate: rate, seconds: 0.5)
        let y = resample(x, from: rate, to: 16_000, blocks: [4096])
        #expect(abs(y.count - 8000) <= 1)
        let ideal = sine(440, rate: 16_000, seconds: 0.5)
        // Away from the ends, where silence was assumed.
        let error = (800..<7000).map { abs(y[$0] - ideal[$0]) }.max() ?? 1
        #expect(error < 2e-3)
    }

    @Test func whatWouldAliasIsGone() {
        let y = resample(sine(11_000, rate: 48_000, seconds: 0.3), from: 48_000, to: 16_000, blocks: [512])
        #expect(y[1000..<4000].map(abs).max() ?? 1 < 0.01)
    }

    @Test func blocksDoNotMatter() {
        let x = sine(313, rate: 44_100, seconds: 0.7)
        #expect(
            resample(x, from: 44_100, to: 16_000, blocks: [4096])
                == resample(x, from: 44_100, to: 16_000, blocks: [1, 17, 999]))
    }
}
