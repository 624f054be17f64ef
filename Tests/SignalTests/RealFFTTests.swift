import AffettoSignal
import Foundation
import Testing

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
