import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation
import Testing

/// A voice with known pitch: harmonics under two moving formants, pauses between, noise on top.
private struct Glide {
    var samples: [Float] = []
    var f0: [Double] = []
    var voiced: [Bool] = []

    init(base: Double, depth: Double, seconds: Double, snr: Double?, seed: UInt64) {
        let rate = 16_000.0
        var phase = 0.0
        var clean: [Double] = []
        for i in 0..<Int(seconds * rate) {
            let t = Double(i) / rate
            let pitch = base * pow(2, depth * sin(2 * .pi * 0.35 * t) + 0.12 * sin(2 * .pi * 1.9 * t))
            phase += 2 * .pi * pitch / rate
            let formants = (500 + 250 * sin(.pi * t), 1500 + 500 * sin(2.3 * t + 1))
            let isVoiced = t.truncatingRemainder(dividingBy: 1.25) < 0.95
            var sum = 0.0
            if isVoiced {
                for k in 1...40 where Double(k) * pitch < 7600 {
                    let f = Double(k) * pitch
                    let low = 1 / (1 + pow((f - formants.0) / 120, 2))
                    let high = 0.5 / (1 + pow((f - formants.1) / 180, 2))
                    sum += (low + high + 0.05) / Double(k) * sin(Double(k) * phase + 0.7 * Double(k * k))
                }
            }
            clean.append(sum * (0.6 + 0.4 * sin(6 * .pi * t)))
            f0.append(pitch)
            voiced.append(isVoiced)
        }
        let power = zip(clean, voiced).reduce(0) { $0 + ($1.1 ? $1.0 * $1.0 : 0) } / Double(voiced.count { $0 })
        let noise = snr.map { (power * pow(10, -$0 / 10)).squareRoot() } ?? 0
        var random = SeededRandom(seed: seed)
        samples = clean.map { Float(0.2 * ($0 + noise * random.normal()) / power.squareRoot()) }
    }

    /// Per cent of frames, away from the edges of voicing: wrong by over 20 %, missed, falsely voiced.
    func errors() throws -> (gross: Double, missed: Double, falseVoiced: Double) {
        var counts = (gross: 0.0, both: 0.0, missed: 0.0, inside: 0.0, falseVoiced: 0.0, outside: 0.0)
        for frame in try frames(samples, rate: 16_000) {
            let centre = Int(frame.time * 16_000)
            let around = voiced[max(centre - 800, 0)..<min(centre + 800, voiced.count)]
            if around.allSatisfy({ $0 }) {
                counts.inside += 1
                if frame.f0 == 0 {
                    counts.missed += 1
                } else {
                    counts.both += 1
                    if abs(Double(frame.f0) / f0[centre] - 1) > 0.2 { counts.gross += 1 }
                }
            } else if around.allSatisfy({ !$0 }) {
                counts.outside += 1
                if frame.f0 > 0 { counts.falseVoiced += 1 }
            }
        }
        return (
            100 * counts.gross / max(counts.both, 1), 100 * counts.missed / counts.inside,
            100 * counts.falseVoiced / max(counts.outside, 1)
        )
    }
}

@Suite struct PitchTrackerTests {
    @Test(arguments: [(110.0, 0.35), (200, 0.4), (340, 0.35)], [20.0, 10, 0])
    func holdsThePitchInNoise(_ voice: (base: Double, depth: Double), _ snr: Double) throws {
        let e = try Glide(base: voice.base, depth: voice.depth, seconds: 5, snr: snr, seed: 7).errors()
        #expect(e.gross <= 0.5)
        #expect(e.falseVoiced <= 5)
        #expect(e.missed <= (snr == 0 ? 50 : 8))
    }

    @Test func isExactWithoutNoise() throws {
        let glide = Glide(base: 160, depth: 0.3, seconds: 4, snr: nil, seed: 1)
        let cents = try frames(glide.samples, rate: 16_000).filter { $0.f0 > 0 && glide.voiced[Int($0.time * 16_000)] }
            .map { abs(1200 * log2(Double($0.f0) / glide.f0[Int($0.time * 16_000)])) }.sorted()
        #expect(cents.count > 250)
        #expect(cents[cents.count / 2] < 2)
    }
}
