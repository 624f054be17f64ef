import AffettoCore
import AffettoMusic
import Glibc
import Testing

/// Beats, bars and long pieces.
@Suite struct PulseTests {
    /// The largest distance from a truth to the nearest beat, s.
    private func worst(_ truth: [Double], _ beats: [Float]) -> Double {
        truth.map { time in beats.map { abs(Double($0) - time) }.min() ?? .infinity }.max() ?? .infinity
    }

    @Test(arguments: [72.0, 96, 120])
    func beatsLieOnTheClicks(bpm: Double) throws {
        let heard = try Synth.hear(Synth.clicks(bpm: bpm, seconds: 20))
        let truth = stride(from: 0.1, to: 19.9, by: 60 / bpm).map { $0 }
        #expect(abs(heard.beats.count - truth.count) <= 1)
        #expect(worst(Array(truth.dropFirst().dropLast()), heard.beats) < 0.03)
        #expect(heard.features.tempoStability > 0.95)
        #expect(zip(heard.beats, heard.beats.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// Longer than one stretch of the tracker: no beat is lost or doubled where stretches meet.
    @Test func beatsRunOnThroughLongPieces() throws {
        let heard = try Synth.hear(Synth.clicks(bpm: 100, seconds: 400, rate: 11_025), rate: 11_025)
        let steps = zip(heard.beats.dropFirst(), heard.beats).map { $0 - $1 }
        #expect(heard.beats.count >= 662 && heard.beats.count <= 667)
        #expect(steps.allSatisfy { abs($0 - 0.6) < 0.06 })
        #expect(abs(heard.features.tempo - 100) < 0.5)
        #expect(abs(heard.features.onsetRate - 100 / 60) < 0.05)
    }

    @Test func beatsFollowATempoThatChanges() throws {
        let heard = try Synth.hear(
            Synth.clicks(bpm: 80, seconds: 150, rate: 11_025) + Synth.clicks(bpm: 110, seconds: 150, rate: 11_025),
            rate: 11_025)
        let early = heard.beats.filter { $0 > 20 && $0 < 120 }
        let late = heard.beats.filter { $0 > 190 && $0 < 290 }
        #expect(abs(Double(early.count) - 100 * 80 / 60) < 3)
        #expect(abs(Double(late.count) - 100 * 110 / 60) < 3)
        #expect(heard.features.tempoStability < 0.8)
    }

    @Test func softNotesThatOnlyChangePitchHaveBeats() throws {
        // Organ-like: each note begins as the last ends, at the same level, without an attack.
        let rate = 22_050.0
        let step = 0.6
        let scale = [60, 64, 67, 72, 71, 67, 62, 65, 69, 67, 64, 60]
        var phase = 0.0
        let samples = (0..<Int(rate * 24)).map { i -> Float in
            let pitch = scale[Int(Double(i) / rate / step) % scale.count]
            phase += 2 * .pi * 440 * exp2(Double(pitch - 69) / 12) / rate
            return Float(0.2 * sin(phase) + 0.05 * sin(2 * phase))
        }
        let heard = try Synth.hear(samples)
        #expect([50.0, 100].contains { abs(Double(heard.features.tempo) - $0) < 1 }, "\(heard.features.tempo)")
        let truth = stride(from: 3 * step, to: 22, by: step).map { $0 }
        #expect(worst(truth, heard.beats) < 0.07 || heard.features.tempo < 60)
    }

    @Test(arguments: [3, 4])
    func barsBeginWhereBassAndChordsChange(meter: Int) throws {
        var notes: [(pitch: Int, start: Double, length: Double)] = []
        let roots = [0, 5, 7, 2, 9, 4]
        for beat in 0..<(meter * 12) {
            let time = 0.3 + Double(beat) * 0.5
            let root = roots[beat / meter % roots.count]
            notes.append((72 + root, time, 0.4))
            if beat % meter == 0 { for pitch in [36, 48, 52, 55] { notes.append((pitch + root, time, 0.48)) } }
        }
        let heard = try Synth.hear(Synth.tones(notes))
        #expect(heard.features.beatsPerBar == Int32(meter))
        let first = heard.downbeats.map { Double(heard.beats[$0]) }
        let truth = stride(from: 0.3 + Double(meter) * 0.5, to: 0.3 + Double(meter * 11) * 0.5, by: Double(meter) * 0.5)
        #expect(worst(truth.map { $0 }, first.map { Float($0) }) < 0.05)
    }

    @Test func evenClicksHaveNoBars() throws {
        let heard = try Synth.hear(Synth.clicks(bpm: 120, seconds: 30))
        #expect(heard.features.beatsPerBar == 0 && heard.downbeats.isEmpty)
    }

    @Test func otherTempiThatFitAreNamed() throws {
        let f = try Synth.analyse(Synth.clicks(bpm: 100, seconds: 20))
        #expect(
            f.secondTempo > 0 && f.secondTempoFit > 0 && f.secondTempoFit <= 1 && f.thirdTempoFit <= f.secondTempoFit)
        let ratio = Double(f.secondTempo / f.tempo)
        #expect([0.5, 2, 1.0 / 3, 3, 2.0 / 3, 1.5].contains { abs(ratio / $0 - 1) < 0.03 }, "\(ratio)")
    }
}
