import AffettoCore
import AffettoVoice
import Foundation
import Testing

@Suite struct SpeechFeaturesTests {
    private func measure(_ x: [Float]) throws -> [String: Float]? {
        let values = SpeechFeatures().compute(try frames(x, rate: 16_000))
        return values.map { Dictionary(uniqueKeysWithValues: zip(SpeechFeatures.names, $0)) }
    }

    @Test func oneNumberAName() throws {
        #expect(SpeechFeatures.names.count == 617)
        #expect(Set(SpeechFeatures.names).count == 617)
        let f = try #require(try measure(buzz(f0: 210, seconds: 2, rate: 16_000)))
        #expect(abs(f["f0.mean"]! - Float(12 * log2(210 / 27.5))) < 0.1)
        #expect(abs(f["f0.sd"]!) < 0.3)
        #expect(abs(f["r.syll"]! - 5) < 0.7)
        #expect(abs(f["r.seglen"]! - 0.15) < 0.04)
    }

    @Test func aRisingPitchRises() throws {
        var phase = 0.0
        let x = (0..<32_000).map { i in
            phase += 2 * .pi * 120 * exp2(Double(i) / 32_000) / 16_000
            return Float((1...15).reduce(0.0) { $0 + sin(Double($1) * phase) / Double($1) } * 0.2)
        }
        let f = try #require(try measure(x))
        // An octave in two seconds.
        #expect(abs(f["f0.slope"]! - 6) < 0.2)
        #expect(f["f0.third0"]! < -2 && f["f0.third2"]! > 2)
        #expect(f["f0.d.rise"]! > 0.95)
    }

    @Test func gainChangesNothing() throws {
        let x = buzz(f0: 180, seconds: 3, rate: 16_000)
        let loud = try #require(try measure(x))
        let soft = try #require(try measure(x.map { $0 * 0.1 }))
        var moved = 0
        for (name, value) in loud where value.isFinite {
            if !(abs(soft[name]! - value) <= 0.05 * (1 + abs(value))) { moved += 1 }
        }
        // The gaps of this buzz are near the floor of 16 bits, where a few bands feel it.
        #expect(moved < 30, "\(moved) of 617 moved")
    }

    /// Level that swings 3.1 times a second shows there: bins of 1.56 Hz, ranges 1.6–3.1, 4.7–6.2 Hz …
    @Test(arguments: [(3.125, 0), (6.25, 1), (10.9, 2)])
    func modulationIsFoundWhereItIs(_ swing: (hertz: Double, range: Int)) throws {
        let x = (0..<48_000).map { i in
            let t = Double(i) / 16_000
            let tone = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 150 * Double($1) * t) / Double($1) }
            return Float(0.2 * tone * (1 + 0.5 * sin(2 * .pi * swing.hertz * t)))
        }
        let f = try #require(try measure(x))
        let shares = (0..<5).map { f["mod7.\($0)"]! }
        #expect(shares.indices.max { shares[$0] < shares[$1] } == swing.range)
    }

    @Test func tooLittleVoiceSaysNothing() throws {
        #expect(try measure(buzz(f0: 210, seconds: 0.25, rate: 16_000)) == nil)
        #expect(try measure([Float](repeating: 0, count: 32_000)) == nil)
        #expect(SpeechFeatures().compute([VoiceFrame]()) == nil)
    }

    @Test func qualityFallsWithNoiseClippingAndBand() {
        func score(snr: Float = 40, clipped: Float = 0, bandwidth: Float = 8000, voiced: Float = 2) -> Float {
            SpeechQuality.score(snr: snr, clipped: clipped, bandwidth: bandwidth, voicedSeconds: voiced)
        }
        #expect(score() == 1)
        #expect(score(snr: 12) < 0.5)
        #expect(score(clipped: 0.01) < 0.6)
        #expect(score(bandwidth: 3400) == 0.75)
        #expect(score(voiced: 0.4) < 0.5)
        #expect(score(snr: .nan) == 0 && score(bandwidth: .nan) == 0)
    }
}
