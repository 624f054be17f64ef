import AffettoSignal
import Foundation
import Testing

private func sine(_ f: Double, rate: Double, seconds: Double) -> [Float] {
    (0..<Int(rate * seconds)).map { Float(sin(2 * .pi * f * Double($0) / rate)) }
}

private func resample(_ x: [Float], from: Double, to: Double, blocks: [Int]) -> [Float] {
    var resampler = Resampler(from: from, to: to, maxBlock: 4096)
    var out: [Float] = []
    var at = 0
    var turn = 0
    while at < x.count {
        let n = min(blocks[turn % blocks.count], x.count - at)
        x.withUnsafeBufferPointer { resampler.push($0.baseAddress! + at, count: n) { out.append($0) } }
        at += n
        turn += 1
    }
    resampler.flush { out.append($0) }
    return out
}

@Suite struct RealFFTTests {
    @Test func findsASinusoidAndItsPower() {
        let fft = RealFFT(1024)
        for i in 0..<1024 { fft.input[i] = Float(cos(2 * .pi * 64 * Double(i) / 1024)) }
        fft.forward()
        var power = [Float](repeating: 0, count: fft.bins)
        power.withUnsafeMutableBufferPointer { fft.power(into: $0.baseAddress!) }
        #expect(abs(power[64] - 512 * 512) < 10)
        #expect(power.enumerated().allSatisfy { $0.offset == 64 || $0.element < 1 })
    }

    @Test func inverseUndoesForward() {
        let fft = RealFFT(512)
        let x = (0..<512).map { Float(sin(Double($0) * 0.3) + 0.1 * Double($0 % 7)) }
        for i in x.indices { fft.input[i] = x[i] }
        fft.forward()
        fft.inverse()
        for i in x.indices { #expect(abs(fft.input[i] / 512 - x[i]) < 1e-5) }
    }

    @Test func oddAndHugeSizesAreClampedNotTrapped() {
        #expect(RealFFT(7).size == 6)
        #expect(RealFFT(-3).size == 2)
    }
}

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
        #expect(resample(x, from: 44_100, to: 16_000, blocks: [4096]) == resample(x, from: 44_100, to: 16_000, blocks: [1, 17, 999]))
    }
}

@Suite struct SampleRingTests {
    @Test func carriesSamplesRoundTheCorner() {
        let ring = SampleRing(capacity: 100)
        #expect(ring.capacity == 128)
        var out = [Float](repeating: -1, count: 128)
        for turn in 0..<10 {
            ring.write(count: 90) { Float(turn * 90 + $0) }
            let n = out.withUnsafeMutableBufferPointer { ring.read(into: $0.baseAddress!, count: 128) }
            #expect(n == 90)
            #expect(out[0] == Float(turn * 90) && out[89] == Float(turn * 90 + 89))
        }
        ring.write(count: 128) { _ in 1 }
        #expect(ring.space == 0)
        ring.wipe()
        #expect(ring.space == 128)
    }
}

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
