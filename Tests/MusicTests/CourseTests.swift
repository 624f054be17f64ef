import AffettoCore
import AffettoMusic
import Glibc
import Testing

/// Timbre, sections, style space and fingerprint.
@Suite struct CourseTests {
    private func noise(_ seconds: Double, seed: UInt64 = 1) -> [Float] {
        var random = SeededRandom(seed: seed)
        return (0..<Int(22_050 * seconds)).map { _ in Float(random.uniform() - 0.5) * 0.4 }
    }

    private func chords(_ seconds: Double, tonic: Int) -> [Float] {
        var out: [Float] = []
        while out.count < Int(seconds * 22_050) { out += Synth.cadences(tonic: tonic, minor: false) }
        return Array(out.prefix(Int(seconds * 22_050)))
    }

    @Test func sectionsBeginWhereTheSoundChanges() throws {
        let piece = chords(26, tonic: 0) + noise(26) + chords(26, tonic: 0)
        let sections = try Synth.hear(piece).sections
        #expect(sections.count == 3 && sections[0] == 0)
        #expect(abs(sections[1] - 26) < 1.5 && abs(sections[2] - 52) < 1.5, "\(sections)")
        #expect(try Synth.hear(chords(12, tonic: 3)).sections == [0], "too short to have any")
    }

    @Test func strokesLinesNoiseAndTones() throws {
        let clicks = try Synth.analyse(Synth.clicks(bpm: 120, seconds: 10))
        let tone = try Synth.analyse(Synth.sine(440, level: -12, seconds: 10, rate: 22_050))
        let hiss = try Synth.analyse(noise(10))
        #expect(clicks.percussiveness > 0.6 && tone.percussiveness < 0.1)
        #expect(hiss.flatness > 0.6 && tone.flatness < 0.02)
        #expect(hiss.rolloff > 8000 && tone.rolloff < 600)
        #expect(hiss.brightness > 5 * tone.brightness)
    }

    @Test func neighbouringTonesAreRough() throws {
        func pair(_ a: Double, _ b: Double) throws -> Float {
            let (x, y) = (
                Synth.sine(a, level: -14, seconds: 4, rate: 22_050), Synth.sine(b, level: -14, seconds: 4, rate: 22_050)
            )
            return try Synth.analyse(zip(x, y).map { $0 + $1 }).roughness
        }
        let (second, fifth, octave) = (try pair(440, 470), try pair(440, 660), try pair(440, 880))
        #expect(second > 5 * fifth && fifth >= octave)
    }

    @Test func aVoiceGlidesAndABellDoesNot() throws {
        let rate = 22_050.0
        var phase = 0.0
        // 5.5 vibrato cycles a second, 60 cents to either side.
        let sung = (0..<Int(rate * 8)).map { i -> Float in
            let t = Double(i) / rate
            phase += 2 * .pi * 220 * exp2(0.6 * sin(2 * .pi * 5.5 * t) / 12) / rate
            return (1...8).reduce(Float(0)) { $0 + Float(0.15 * sin(Double($1) * phase) / Double($1)) }
        }
        #expect(try Synth.analyse(sung).vocalActivity > 0.9)
        #expect(try Synth.analyse(Synth.cadences(tonic: 0, minor: false)).vocalActivity < 0.5)
    }

    @Test func styleNeedsNoLevelAndTellsSoundsApart() throws {
        let piano = chords(12, tonic: 0)
        let (a, b) = (try Synth.hear(piano), try Synth.hear(piano.map { $0 * 0.3 }))
        let other = try Synth.hear(Synth.clicks(bpm: 130, seconds: 12))
        func distance(_ x: MusicAnalysis, _ y: MusicAnalysis) -> Float {
            zip(x.style, y.style).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        #expect(a.style.count == StyleSpace.dimensions && StyleSpace.names.count == StyleSpace.dimensions)
        #expect(a.style.allSatisfy { abs($0) <= 1 })
        #expect(distance(a, b) < 0.1 && distance(a, other) > 10 * distance(a, b))
        #expect(
            distance(a, try Synth.hear(chords(12, tonic: 5))) < 0.5 * distance(a, other), "another key, the same sound")
    }

    @Test func copiesShareAFingerprint() throws {
        var random = SeededRandom(seed: 4)
        func tune(_ rate: Double, _ seed: UInt64) -> [Float] {
            random = SeededRandom(seed: seed)
            return Synth.tones(
                (0..<60).map { (pitch: 50 + random.below(24), start: Double($0) * 0.5, length: 0.48) }, rate: rate)
        }
        let original = try Synth.hear(tune(44_100, 4), rate: 44_100)
        let softer = try Synth.hear(tune(44_100, 4).map { $0 * 0.2 }, rate: 44_100)
        let resampled = try Synth.hear(tune(22_050, 4))
        let noisy = try Synth.hear(zip(tune(22_050, 4), noise(40)).map { $0 + 0.01 * $1 })
        for copy in [softer, resampled, noisy] {
            #expect(Fingerprint.distance(original.fingerprint, copy.fingerprint) <= Fingerprint.copies / 2)
        }
        for seed in 5..<9 {
            let other = try Synth.hear(tune(22_050, UInt64(seed)))
            #expect(Fingerprint.distance(original.fingerprint, other.fingerprint) > 2 * Fingerprint.copies)
        }
        #expect(Fingerprint.words(Fingerprint.text(original.fingerprint)) == original.fingerprint)
        #expect(Fingerprint.words("00").isEmpty && Fingerprint.distance([], original.fingerprint) == 256)
    }

    @Test func theJSONHasEverythingAndIsValid() throws {
        let heard = try Synth.hear(Synth.cadences(tonic: 2, minor: true))
        let text = Array(heard.json.utf8)
        struct Read: Decodable {
            var tempoBpm: Float
            var beats: [Float]
            var mfccSd: [Float]
            var style: [Float]
            var fingerprint: String
            var tension: Float
        }
        let read = try JSON.decode(Read.self, from: text, what: "analysis")
        #expect(read.tempoBpm == heard.features.tempo && read.beats == heard.beats && read.style == heard.style)
        #expect(read.mfccSd == heard.mfccDeviation && read.fingerprint.utf8.count == 64)
        #expect(abs(read.tension - (heard.arousal.mean - heard.valence.mean) / Float(2).squareRoot()) < 1e-6)
    }
}
