import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation
import Testing

@Suite(.serialized) struct VoiceAnalyzerTests {
    @Test(arguments: [80.0, 110, 160, 220, 330, 480])
    func findsThePitchOfABuzz(_ f0: Double) throws {
        let voiced = try frames(buzz(f0: f0, seconds: 1.5, rate: 16_000), rate: 16_000).filter { $0.f0 > 0 }
        #expect(voiced.count > 50)
        let gross = voiced.filter { abs(Double($0.f0) / f0 - 1) > 0.2 }
        #expect(Double(gross.count) < 0.02 * Double(voiced.count))
        let cents = voiced.map { abs(1200 * log2(Double($0.f0) / f0)) }.sorted()
        #expect(cents[cents.count / 2] < 8)
    }

    @Test func noiseHasNoPitch() throws {
        var random = SeededRandom(seed: 3)
        let noise = (0..<32_000).map { _ in Float(random.uniform() - 0.5) }
        let all = try frames(noise, rate: 16_000)
        #expect(Double(all.count { $0.f0 > 0 }) < 0.05 * Double(all.count))
    }

    @Test func streamingInAnyBlocksEqualsBatchBitForBit() throws {
        let x = buzz(f0: 150, seconds: 1, rate: 44_100)
        let batch = try frames(x, rate: 44_100)
        #expect(batch.count > 90)
        #expect(try frames(x, rate: 44_100, blocks: [1, 333, 64]) == batch)
        #expect(try frames(x, rate: 44_100, blocks: [10_000]) == batch)
    }

    @Test(arguments: [8000.0, 22_050, 48_000, 96_000])
    func anyRateGivesTheSameVoice(_ rate: Double) throws {
        let a = try summary(buzz(f0: 180, seconds: 2, rate: 16_000), rate: 16_000)
        let b = try summary(buzz(f0: 180, seconds: 2, rate: rate), rate: rate)
        #expect(abs(a.f0Mean - b.f0Mean) < 1)
        // The noise between syllables loses its part above 8 kHz, hence not closer.
        #expect(abs(a.intensity - b.intensity) < 2)
        #expect(abs(a.syllableRate - b.syllableRate) < 0.8)
    }

    @Test(arguments: [(0.12, 0.08), (0.2, 0.13), (0.3, 0.1)])
    func countsSyllables(_ syllable: Double, _ gap: Double) throws {
        let s = try summary(buzz(f0: 200, seconds: 6, rate: 16_000, syllable: syllable, gap: gap), rate: 16_000)
        #expect(abs(Double(s.syllableRate) - 1 / (syllable + gap)) < 0.4)
    }

    /// Bursts of a square wave with silences between them: level and pauses are those of the signal itself.
    @Test(arguments: [(0.17, 0.0), (0.21, 0.21), (0.4, 0.4), (1.0, 1.0)], [Float(1e-3), 1e-5])
    func pausesAreAsLongAsTheyAre(_ gap: (lasts: Double, counted: Double), _ noise: Float) throws {
        let rate = 16_000.0
        var x = [Float](repeating: 0, count: 8000)
        for _ in 0..<10 {
            x += (0..<12_800).map { sin(2 * .pi * 140 * Double($0) / rate) < 0 ? -0.3 : 0.3 }
            x += [Float](repeating: 0, count: Int(gap.lasts * rate))
        }
        for i in x.indices { x[i] += Float.random(in: -noise...noise, using: &generator) }
        let s = try summary(x, rate: rate)
        #expect(abs(s.intensity - 20 * log10(0.3)) < 0.5)
        #expect(Int((s.pausesPerMinute * s.duration / 60).rounded()) == (gap.counted > 0 ? 9 : 0))
        if gap.counted > 0 { #expect(abs(Double(s.pauseMean) - gap.counted) < 0.012) }
    }

    @Test func gainMovesLevelAndNothingElse() throws {
        let x = buzz(f0: 140, seconds: 2, rate: 16_000)
        let loud = try summary(x, rate: 16_000)
        let soft = try summary(x.map { $0 * 0.25 }, rate: 16_000)
        // Where speech begins is decided against a floor in absolute dB, hence not closer.
        #expect(abs(loud.intensity - soft.intensity - 12.04) < 0.25)
        #expect(abs(loud.f0Mean - soft.f0Mean) < 0.1)
        #expect(abs(loud.alphaRatio - soft.alphaRatio) < 0.1)
    }

    @Test func badInputIsRefusedWithItsReason() throws {
        for rate: Double in [0, 7999, 96_001, Double.nan, -Double.infinity] {
            #expect(throws: AffettoError.self) { try VoiceAnalyzer(rate: rate) }
        }
        #expect(throws: AffettoError.self) { try summary([0.1], rate: 16_000) }
        #expect(throws: AffettoError.self) { try summary([Float](repeating: .nan, count: 16_000), rate: 16_000) }
        #expect(throws: AffettoError.self) {
            try summary([Float](repeating: 0, count: 16_000), rate: 16_000, channels: 9)
        }
        let silence = try summary([Float](repeating: 0, count: 16_000), rate: 16_000)
        #expect(silence.speechRatio == 0 && silence.f0Mean.isNaN)
    }

    @Test func clippingIsCounted() throws {
        let x = buzz(f0: 140, seconds: 1, rate: 16_000).map { min(max($0 * 10, -1), 1) }
        #expect(try summary(x, rate: 16_000).clippedRatio > 0.1)
    }

    @Test func wipingLeavesNoSound() throws {
        let analyzer = try VoiceAnalyzer(rate: 16_000)
        let x = buzz(f0: 140, seconds: 0.5, rate: 16_000)
        x.withUnsafeBufferPointer { analyzer.push($0.baseAddress!, count: $0.count) { _ in } }
        analyzer.wipe()
        var after: [VoiceFrame] = []
        let silence = [Float](repeating: 0, count: 16_000)
        silence.withUnsafeBufferPointer { analyzer.push($0.baseAddress!, count: $0.count) { after.append($0) } }
        #expect(after.count > 50 && after.allSatisfy { $0.intensity == -100 && $0.f0 == 0 })
    }
}
