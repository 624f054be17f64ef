import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation
import Testing

/// Descriptors of signals whose truth is known.
@Suite struct DescriptorTests {
    private func mean(_ all: [VoiceFrame], _ descriptor: VoiceDescriptor) -> Float {
        let voiced = all.dropFirst(5).dropLast(5).filter { $0.f0 > 0 && $0.values[descriptor] != 0 }
        return voiced.reduce(0) { $0 + $1.values[descriptor] } / Float(max(voiced.count, 1))
    }

    /// Harmonics of 200 Hz with these levels (dB), the last one repeated.
    private func harmonics(_ levels: [Double], f0: Double = 200, noise: Double = 0) -> [Float] {
        var random = SeededRandom(seed: 2)
        return (0..<32_000).map { i in
            var sum = 0.0
            for k in 1...Int(7000 / f0) {
                let level = levels[min(k, levels.count) - 1]
                sum += pow(10, level / 20) * sin(2 * .pi * f0 * Double(k) * Double(i) / 16_000 + Double(k * k))
            }
            return Float(0.1 * (sum + noise * random.normal()))
        }
    }

    @Test(arguments: [(0.0, -6.0), (-10, 0), (0, 0)])
    func h1H2IsTheFundamentalAgainstTheSecond(_ levels: (Double, Double)) throws {
        let all = try frames(harmonics([levels.0, levels.1, -20]), rate: 16_000)
        #expect(abs(Double(mean(all, .h1h2)) - (levels.0 - levels.1)) < 0.3)
    }

    private func compatible(_ x: [Float]) throws -> [VoiceFrame] {
        var out: [VoiceFrame] = []
        try x.withUnsafeBufferPointer { x in
            try VoiceFeatures.frames(x, rate: 16_000, channels: 1, mode: .compatible) { out.append($0) }
        }
        return out
    }

    /// openSMILE's H1–H2 is in truth H2–H3, its amplitudes count −201 dB where unvoiced, and its table ends with one frame
    /// twice.
    @Test func compatibleModeHasOpenSmilesErrors() throws {
        let tone = harmonics([0, -6, -20])
        let x = tone + [Float](repeating: 0, count: 16_000)
        let all = try compatible(x)
        #expect(all.count == (x.count - 960) / 160 + 2)
        let middle = all[100]
        #expect(abs(middle.values[.h1h2] - 14) < 0.3)
        #expect(abs(middle.f0 - 200) < 0.6)
        let silent = all[all.count - 20]
        #expect(silent.f0 == 0 && silent.values[.f1amplitude] == -201)
        let (last, before) = (all[all.count - 1], all[all.count - 2])
        #expect(last.values[.f0semitone] == before.values[.f0semitone])
    }

    @Test(arguments: [100.0, 120, 260, 480])
    func compatiblePitch(_ f0: Double) throws {
        let voiced = try compatible(harmonics([0, -3, -6, -9, -12], f0: f0)).filter { $0.f0 > 0 }
        #expect(voiced.count > 150)
        let middle = voiced.map(\.f0).sorted()[voiced.count / 2]
        #expect(abs(Double(middle) / f0 - 1) < 0.005)
    }

    @Test(arguments: [20.0, 10, 5])
    func hnr(_ truth: Double) throws {
        // 35 harmonics at −6 dB and noise of the same power, less `truth`.
        let power = 35 * 0.5 * pow(10, -0.6)
        let all = try frames(
            harmonics([-6], noise: (power * pow(10, -truth / 10)).squareRoot()), rate: 16_000)
        #expect(abs(Double(mean(all, .hnr)) - truth) < 1)
    }

    /// Pulses whose periods and heights wander by up to this share; and what wanders between neighbours, on average.
    private func pulses(period: Double, height: Double) -> (x: [Float], jitter: Double, shimmer: Double) {
        var x = [Float](repeating: 0, count: 48_000)
        var random = SeededRandom(seed: 12)
        var at = 100.0
        var periods: [Double] = []
        var heights: [Double] = []
        while at < 47_000 {
            let level = 0.5 * (1 + height * (2 * random.uniform() - 1))
            // A short bell, so that the place of a pulse may lie between samples.
            for i in Int(at - 12)...Int(at + 12) { x[i] += Float(level * exp(-0.5 * pow((Double(i) - at) / 2.5, 2))) }
            periods.append(128 * (1 + period * (2 * random.uniform() - 1)))
            heights.append(level)
            at += periods[periods.count - 1]
        }
        func change(_ y: [Double]) -> Double {
            zip(y, y.dropFirst()).reduce(0) { $0 + abs($1.0 - $1.1) } / y.dropFirst().reduce(0, +)
        }
        return (x, change(periods), 20 * log10(1 + change(heights)))
    }

    @Test(arguments: [0.005, 0.01, 0.03])
    func jitter(_ period: Double) throws {
        let truth = pulses(period: period, height: 0)
        let found = mean(try frames(truth.x, rate: 16_000), .jitterLocal)
        #expect(abs(Double(found) - truth.jitter) < 0.2 * truth.jitter)
    }

    @Test(arguments: [0.05, 0.2])
    func shimmer(_ height: Double) throws {
        let truth = pulses(period: 0, height: height)
        let found = mean(try frames(truth.x, rate: 16_000), .shimmerLocal)
        #expect(abs(Double(found) - truth.shimmer) < 0.2 * truth.shimmer)
    }

    @Test func balanceOfTwoTones() throws {
        // 500 Hz, and 3 kHz 20 dB below.
        let x = (0..<16_000).map { i in
            let t = Double(i) / 16_000
            return Float(0.5 * sin(2 * .pi * 500 * t) + 0.05 * sin(2 * .pi * 3000 * t))
        }
        let middle = try frames(x, rate: 16_000)[50]
        #expect(abs(middle.values[.alphaRatio] + 20) < 0.2)
        #expect(abs(middle.values[.hammarbergIndex] - 20) < 0.2)
        #expect(abs(middle.intensity - 10 * log10(0.125 * 1.01)) < 0.2)
    }

    /// White noise has no slope and a flat cepstrum; a stationary tone has no flux.
    @Test func flatSpectrumHasNoSlope() throws {
        var random = SeededRandom(seed: 6)
        let noise = (0..<64_000).map { _ in Float(random.normal() * 0.1) }
        let all = try frames(noise, rate: 16_000)
        for d: VoiceDescriptor in [.slope0to500, .slope500to1500] {
            let mean = all.reduce(0) { $0 + $1.values[d] } / Float(all.count)
            #expect(abs(mean) < 0.002)
        }
    }

    /// The ten vowels of Peterson & Barney (1952), F4 and F5 at 3500 and 4500 Hz, pulses with a slight vibrato.
    static let vowels: [(String, [Double])] = [
        ("iy", [270, 2290, 3010]), ("ih", [390, 1990, 2550]), ("eh", [530, 1840, 2480]), ("ae", [660, 1720, 2410]),
        ("ah", [520, 1190, 2390]), ("aa", [730, 1090, 2440]), ("ao", [570, 840, 2410]), ("uh", [440, 1020, 2240]),
        ("uw", [300, 870, 2240]), ("er", [490, 1350, 1690]),
    ]

    private func vowel(_ formants: [Double], f0: Double) -> [Float] {
        var phase = 0.0
        var x = (0..<16_000).map { i -> Double in
            let before = phase.rounded(.down)
            phase += f0 * (1 + 0.02 * sin(2 * .pi * 3 * Double(i) / 16_000)) / 16_000
            return phase.rounded(.down) > before ? 1 : 0
        }
        for (f, bandwidth) in zip(formants + [3500, 4500], [60.0, 80, 120, 150, 200]) {
            let r = exp(-.pi * bandwidth / 16_000)
            let c = 2 * r * cos(2 * .pi * f / 16_000)
            var (one, two) = (0.0, 0.0)
            for i in x.indices {
                let y = (1 - c + r * r) * x[i] + c * one - r * r * two
                (one, two) = (y, one)
                x[i] = y
            }
        }
        let top = x.map(abs).max() ?? 1
        var random = SeededRandom(seed: 1)
        return x.map { Float(0.5 * $0 / top + 1e-4 * random.normal()) }
    }

    @Test func formantsOfVowelsAreAtPraatsLevel() throws {
        var errors = [0.0, 0, 0]
        for (_, truth) in Self.vowels {
            for f0 in [100.0, 130, 170] {
                let voiced = try frames(vowel(truth, f0: f0), rate: 16_000).filter { $0.f0 > 0 }
                for (j, d) in [VoiceDescriptor.f1frequency, .f2frequency, .f3frequency].enumerated() {
                    let values = voiced.map { $0.smoothed[d] }.sorted()
                    errors[j] += abs(Double(values[values.count / 2]) - truth[j]) / 30
                }
            }
        }
        // Praat's: 61, 21, 16 Hz.
        #expect(errors[0] < 61 && errors[1] < 22 && errors[2] < 17, "\(errors)")
    }

    @Test func bandwidthsFollowTheResonances() throws {
        let voiced = try frames(vowel([730, 1090, 2440], f0: 100), rate: 16_000).filter { $0.f0 > 0 }
        let b3 = voiced.map { $0.smoothed[.f3bandwidth] }.sorted()[voiced.count / 2]
        #expect(b3 > 60 && b3 < 240)
    }
}
