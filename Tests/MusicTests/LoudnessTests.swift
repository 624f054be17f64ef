import AffettoCore
import AffettoMusic
import Glibc
import Testing

/// Signals and values of EBU Tech 3341 (loudness, true peak) and Tech 3342 (range).
@Suite struct LoudnessTests {
    private func steps(_ parts: [(level: Double, seconds: Double)], rate: Double = 48_000) throws -> MusicFeatures {
        let mono = parts.flatMap { Synth.sine(1000, level: $0.level, seconds: $0.seconds, rate: rate) }
        return try Synth.analyse(Synth.interleave(mono, channels: 2) { _ in true }, rate: rate, channels: 2)
    }

    @Test func integratedOfTheGates() throws {
        #expect(abs(try steps([(-23, 20)]).loudness + 23) < 0.1)
        #expect(abs(try steps([(-36, 10), (-23, 60), (-36, 10)]).loudness + 23) < 0.1)
        #expect(abs(try steps([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]).loudness + 23) < 0.1)
        #expect(abs(try steps([(-26, 20), (-20, 20.1), (-26, 20)]).loudness + 23) < 0.1)
    }

    @Test func range() throws {
        let cases: [(levels: [Double], wanted: Float)] = [
            ([-20, -30], 10), ([-20, -15], 5), ([-40, -20], 20), ([-50, -35, -20, -35, -50], 15),
        ]
        for (levels, wanted) in cases {
            let range = try steps(levels.map { ($0, 20) }).loudnessRange
            #expect(abs(range - wanted) <= 1, "\(range) of \(levels)")
        }
    }

    @Test func loudestMoment() throws {
        #expect(abs(try steps([(-40, 5), (-20, 1), (-40, 5)]).maxMomentary + 20) < 0.1)
    }

    /// A quarter of the sample rate at an eighth of a period: the samples themselves reach 3 dB less than the wave.
    @Test(arguments: [22_050.0, 44_100, 48_000, 96_000])
    func peaksBetweenSamples(rate: Double) throws {
        for phase in [0.0, 45, 60, 67.5] {
            let wave = (0..<Int(2 * rate)).map { Float(0.5 * sin(.pi / 2 * Double($0) + phase * .pi / 180)) }
            // Fades keep the beginning from ringing.
            let faded = wave.enumerated().map { $1 * Float(min(Double($0), Double(wave.count - $0), 2000) / 2000) }
            let peak = try Synth.analyse(faded, rate: rate).truePeak
            #expect(peak > -6.42 && peak < -5.8, "\(peak) at \(phase)°")
        }
    }

    @Test func crestAndAttack() throws {
        let sine = try Synth.analyse(Synth.sine(440, level: -6, seconds: 3, rate: 44_100), rate: 44_100)
        #expect(abs(sine.crest - 3.01) < 0.1)
        let quiet = Synth.sine(440, level: -40, seconds: 2, rate: 44_100)
        let loud = Synth.sine(440, level: -10, seconds: 2, rate: 44_100)
        #expect(abs(try Synth.analyse(quiet + loud, rate: 44_100).attack - 30) < 3)
        let swell = (0..<88_200).map { loud[$0] * Float(exp2(Double($0) / 88_200 * 5 - 5)) }
        #expect(try Synth.analyse(swell, rate: 44_100).attack < 30, "a swell is no shock, its start from silence aside")
    }
}
