import AffettoCore
import AffettoMusic
import Testing

@Suite struct TempoKeyTests {
    @Test(arguments: [60.0, 72, 80, 96, 104, 120, 133, 150, 160, 180])
    func clickTracksHaveTheirTempo(bpm: Double) throws {
        let features = try Synth.analyse(Synth.clicks(bpm: bpm, seconds: 20))
        let ratio = Double(features.tempo) / bpm
        // A bare click has no metre: double and half are as right as one.
        #expect([0.5, 1, 2].contains { abs(ratio / $0 - 1) < 0.01 }, "\(features.tempo) for \(bpm)")
        #expect(features.pulseClarity > 0.5)
        #expect(abs(Double(features.onsetRate) - bpm / 60) < 0.25)
    }

    @Test(arguments: [72.0, 80, 96, 104, 120, 133])
    func middlingTempiAreNotDoubledOrHalved(bpm: Double) throws {
        let features = try Synth.analyse(Synth.clicks(bpm: bpm, seconds: 20))
        #expect(abs(Double(features.tempo) / bpm - 1) < 0.01, "\(features.tempo) for \(bpm)")
    }

    @Test(arguments: 0..<12, [false, true])
    func cadencesHaveTheirKey(tonic: Int, minor: Bool) throws {
        let features = try Synth.analyse(Synth.cadences(tonic: tonic, minor: minor))
        #expect(Int(features.key) == tonic)
        #expect(features.isMinor == minor)
        #expect((features.majorness > 0) == !minor)
        #expect(features.keyClarity > 0.6)
    }

    @Test func tuningAQuarterToneOffDoesNotMoveTheMode() throws {
        // Played 35 cents flat: the same samples at a lower rate.
        let samples = Synth.cadences(tonic: 2, minor: true)
        let features = try Synth.analyse(samples, rate: 21_609)
        #expect(features.key == 2)
        #expect(features.isMinor)
    }

    @Test(arguments: [Float(0.25), 0.03, 4])
    func gainMovesLevelOnly(gain: Float) throws {
        let pulse = Synth.clicks(bpm: 100, seconds: 12)
        #expect(abs(try Synth.analyse(pulse).tempo - Synth.analyse(pulse.map { $0 * gain }).tempo) < 0.2)
        let song = Synth.cadences(tonic: 9, minor: true)
        let plain = try Synth.analyse(song)
        let scaled = try Synth.analyse(song.map { $0 * gain })
        #expect(abs(plain.tempo - scaled.tempo) < 0.2)
        #expect(plain.key == scaled.key)
        #expect(plain.isMinor == scaled.isMinor)
        #expect(abs(plain.majorness - scaled.majorness) < 0.001)
        #expect(abs(plain.flux - scaled.flux) < 0.0005)
    }

    @Test func ratesAgree() throws {
        let rates = [16_000.0, 22_050, 44_100, 48_000, 96_000]
        let keyed = try rates.map { try Synth.analyse(Synth.cadences(tonic: 5, minor: false, rate: $0), rate: $0) }
        let pulsed = try rates.map { try Synth.analyse(Synth.clicks(bpm: 110, seconds: 10, rate: $0), rate: $0) }
        for features in keyed {
            #expect(features.key == 5 && !features.isMinor)
            #expect(abs(features.majorness - keyed[1].majorness) < 0.05)
            #expect(abs(features.loudness - keyed[1].loudness) < 0.3)
            #expect(abs(features.duration - keyed[1].duration) < 0.01)
        }
        for features in pulsed { #expect(abs(features.tempo - 110) < 1) }
    }
}
