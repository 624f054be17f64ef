import AffettoSignal
import Foundation
import Testing

@Suite struct StatisticsTests {
    @Test func knownValues() {
        #expect(Statistics.mean([1, 2, 3, 4]) == 2.5)
        #expect(abs(Statistics.standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]) - 2) < 1e-6)
        #expect(Statistics.quantile(0.25, ofSorted: [1, 2, 3, 4, 5]) == 2)
        #expect(abs(Statistics.slope([1, 3, 5, 7]) - 2) < 1e-6)
        #expect(Statistics.mean([]).isNaN)
    }

    @Test func melFiltersSumToOneBetweenTheirCentres() {
        let bank = MelFilterBank(bands: 26, fftSize: 1024, rate: 16_000, range: 20...8000)
        var power = [Float](repeating: 0, count: 513)
        var bands = [Float](repeating: 0, count: 26)
        for bin in [20, 77, 200, 350] {
            power[bin] = 1
            bank.apply(power, into: &bands)
            #expect(abs(bands.reduce(0, +) - 1) < 1e-5)
            power[bin] = 0
        }
    }
}
