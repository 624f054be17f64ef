import AffettoCore
import AffettoMusic
import Testing

@Suite struct AnalyzerTests {
    @Test(arguments: [1, 7, 333, 1024, 5000])
    func blocksOfAnySizeGiveTheSameBits(block: Int) throws {
        let mono = Synth.cadences(tonic: 4, minor: true, rate: 32_000)
        let samples = Synth.interleave(mono, channels: 2) { $0 == 0 }
        let whole = try samples.withUnsafeBufferPointer { try MusicAnalyzer.analyze($0, rate: 32_000, channels: 2) }
        let analyzer = try MusicAnalyzer(rate: 32_000, channels: 2)
        samples.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var start = 0
            while start < mono.count {
                let count = min(block, mono.count - start)
                analyzer.push(base + 2 * start, frames: count)
                start += count
            }
        }
        #expect(try analyzer.finish() == whole)
    }

    /// Long enough for several stretches of the pulse tracker and for sections.
    @Test func blocksOfLongPiecesToo() throws {
        let music = Synth.clicks(bpm: 97, seconds: 110, rate: 8000) + Synth.cadences(tonic: 3, minor: true, rate: 8000)
        let whole = try music.withUnsafeBufferPointer { try MusicAnalyzer.analyze($0, rate: 8000, channels: 1) }
        for block in [1000, 4099] {
            let analyzer = try MusicAnalyzer(rate: 8000, channels: 1)
            music.withUnsafeBufferPointer { all in
                for start in stride(from: 0, to: all.count, by: block) {
                    let part = UnsafeBufferPointer(rebasing: all[start..<min(start + block, all.count)])
                    if let base = part.baseAddress { analyzer.push(base, frames: part.count) }
                }
            }
            #expect(try analyzer.finish() == whole)
        }
    }

    @Test(arguments: [8000.0, 11_025, 22_050, 44_100, 48_000, 96_000])
    func loudnessOfTheStandardTone(rate: Double) throws {
        // BS.1770-4: a 0 dBFS 997 Hz sine in one front channel reads −3.01 LKFS; 20 dB less in both reads −20.0.
        let one = Synth.interleave(Synth.sine(997, level: 0, seconds: 5, rate: rate), channels: 2) { $0 == 0 }
        #expect(abs(try Synth.analyse(one, rate: rate, channels: 2).loudness + 3.01) < 0.1)
        let both = Synth.interleave(Synth.sine(997, level: -20, seconds: 5, rate: rate), channels: 2) { _ in true }
        #expect(abs(try Synth.analyse(both, rate: rate, channels: 2).loudness + 20) < 0.1)
    }

    @Test func loudnessWeighsChannelsAndGates() throws {
        let rate = 48_000.0
        let tone = Synth.sine(997, level: -20, seconds: 4, rate: rate)
        func loudness(in channel: Int) throws(AffettoError) -> Float {
            try Synth.analyse(Synth.interleave(tone, channels: 6) { $0 == channel }, rate: rate, channels: 6).loudness
        }
        let (front, effects, surround) = (try loudness(in: 2), try loudness(in: 3), try loudness(in: 4))
        #expect(abs(front + 23.01) < 0.1)
        #expect(effects == -70)
        #expect(abs(surround - front - 1.49) < 0.05)
        // Silence and a part 30 dB softer fall to the gates.
        let soft = Synth.sine(997, level: -50, seconds: 4, rate: rate)
        let gated = try Synth.analyse(tone + soft + [Float](repeating: 0, count: 192_000), rate: rate).loudness
        #expect(abs(gated + 23.01) < 0.5)
    }

    @Test func levelAndBrightness() throws {
        let low = try Synth.analyse(Synth.sine(500, level: -6, seconds: 3, rate: 44_100), rate: 44_100)
        let high = try Synth.analyse(Synth.sine(4000, level: -6, seconds: 3, rate: 44_100), rate: 44_100)
        #expect(abs(low.energy + 9.01) < 0.05)
        #expect(abs(low.brightness - 500) < 60)
        #expect(abs(high.brightness - 4000) < 120)
    }

    @Test func silenceIsDefined() throws {
        let features = try Synth.analyse([Float](repeating: 0, count: 44_100))
        #expect(features.loudness == -70)
        #expect(features.tempo == 0 && features.pulseClarity == 0)
        #expect(features.keyClarity == 0 && features.majorness == 0 && features.key == 0)
        #expect(features.energy == -120 && features.brightness == 0 && features.flux == 0 && features.onsetRate == 0)
        #expect(PerceivedAffect.estimate(features).valence == Estimate(0, sd: 0.6))
    }

    @Test func badInputIsRefused() throws {
        for rate in [7999, 96_001, 0, -1, Double.nan, .infinity] {
            #expect { _ = try MusicAnalyzer(rate: rate, channels: 1) } throws: { ($0 as? AffettoError)?.code == .range }
        }
        for channels in [0, -1, 9] {
            #expect { _ = try MusicAnalyzer(rate: 44_100, channels: channels) } throws: {
                ($0 as? AffettoError)?.code == .range
            }
        }
        for bad in [Float.nan, .infinity, -.infinity, 32_767, -101] {
            var samples = Synth.clicks(bpm: 90, seconds: 2)
            samples[30_000] = bad
            #expect { _ = try Synth.analyse(samples) } throws: { ($0 as? AffettoError)?.code == .range }
        }
        #expect { _ = try Synth.analyse([Float](repeating: 0.1, count: 22_049)) } throws: {
            ($0 as? AffettoError)?.code == .range
        }
        #expect(throws: AffettoError.self) {
            _ = try [Float](repeating: 0, count: 99_999).withUnsafeBufferPointer {
                try MusicAnalyzer.analyze($0, rate: 44_100, channels: 2)
            }
        }
        #expect(throws: AffettoError.self) {
            _ = try MusicAnalyzer.analyze(UnsafeBufferPointer(start: nil, count: 0), rate: 44_100, channels: 2)
        }
        let analyzer = try MusicAnalyzer(rate: 8000, channels: 1)
        [Float](repeating: 0.1, count: 8000).withUnsafeBufferPointer {
            if let base = $0.baseAddress { analyzer.push(base, frames: 8000) }
        }
        _ = try analyzer.finish()
        #expect { _ = try analyzer.finish() } throws: { ($0 as? AffettoError)?.code == .state }
    }

    @Test func perceivedAffectFollowsItsFormula() throws {
        var features = try Synth.analyse(Synth.cadences(tonic: 0, minor: false))
        let plain = PerceivedAffect.estimate(features)
        #expect((-1...1).contains(plain.valence.mean) && (-1...1).contains(plain.arousal.mean))
        #expect(plain.valence.mean > 0)
        features.loudness += 6
        #expect(PerceivedAffect.estimate(features).arousal.mean > plain.arousal.mean)
        features.isMinor = true
        #expect(PerceivedAffect.estimate(features).valence.mean < plain.valence.mean)
        features.flux = .nan
        features.brightness = .infinity
        #expect(PerceivedAffect.estimate(features).arousal.mean.isFinite)
    }
}
