import AffettoCore
import AffettoMusic
import Glibc

/// Sounds with known truth.
enum Synth {
    /// Decaying noise bursts on every beat, full-scale 0.5.
    static func clicks(bpm: Double, seconds: Double, rate: Double = 22_050) -> [Float] {
        var random = SeededRandom(seed: 1)
        var out = [Float](repeating: 0, count: Int(seconds * rate))
        var time = 0.1
        while time < seconds - 0.1 {
            let start = Int(time * rate)
            for i in 0..<Int(0.06 * rate) where start + i < out.count {
                out[start + i] += Float((random.uniform() - 0.5) * exp(-Double(i) / rate * 60))
            }
            time += 60 / bpm
        }
        return out
    }

    /// Struck tones with six partials: `notes` are (MIDI number, start in s, length in s).
    static func tones(_ notes: [(pitch: Int, start: Double, length: Double)], rate: Double = 22_050) -> [Float] {
        let end = notes.map { $0.start + $0.length }.max() ?? 0
        var out = [Float](repeating: 0, count: Int((end + 0.2) * rate))
        for note in notes {
            let frequency = 440 * exp2(Double(note.pitch - 69) / 12)
            for i in 0..<Int(note.length * rate) {
                let t = Double(i) / rate
                let shape = min(t / 0.01, 1, (note.length - t) / 0.02) * exp(-2 * t)
                var y = 0.0
                for partial in 1...6 where frequency * Double(partial) < 0.45 * rate {
                    y += sin(2 * .pi * frequency * Double(partial) * t) * pow(0.5, Double(partial))
                }
                out[Int(note.start * rate) + i] += Float(0.15 * shape * y)
            }
        }
        return out
    }

    /// I IV V I (or i iv V i) three times, with the scale over it, half a second a chord; `tonic` is a pitch class.
    static func cadences(tonic: Int, minor: Bool, rate: Double = 22_050) -> [Float] {
        let third = minor ? 3 : 4
        let chords = [[0, third, 7], [5, 5 + third, 12], [7, 11, 14], [0, third, 7]]
        let scale = minor ? [0, 2, 3, 5, 7, 8, 11, 12] : [0, 2, 4, 5, 7, 9, 11, 12]
        var notes: [(pitch: Int, start: Double, length: Double)] = []
        for bar in 0..<12 {
            for pitch in chords[bar % 4] { notes.append((48 + tonic + pitch, Double(bar) * 0.5, 0.5)) }
            let step = bar % 4 == 3 ? 0 : scale[(bar * 2) % 8]
            notes.append((60 + tonic + step, Double(bar) * 0.5, 0.5))
        }
        return tones(notes, rate: rate)
    }

    static func sine(_ frequency: Double, level: Double, seconds: Double, rate: Double) -> [Float] {
        let peak = pow(10, level / 20)
        return (0..<Int(seconds * rate)).map { Float(peak * sin(2 * .pi * frequency * Double($0) / rate)) }
    }

    /// The same samples in each of `channels` where `on` holds, silence elsewhere.
    static func interleave(_ mono: [Float], channels: Int, on: (Int) -> Bool) -> [Float] {
        mono.flatMap { sample in (0..<channels).map { on($0) ? sample : 0 } }
    }

    static func analyse(
        _ samples: [Float], rate: Double = 22_050, channels: Int = 1
    ) throws(AffettoError) -> MusicFeatures { try hear(samples, rate: rate, channels: channels).features }

    static func hear(
        _ samples: [Float], rate: Double = 22_050, channels: Int = 1
    ) throws(AffettoError) -> MusicAnalysis {
        let analyzer = try MusicAnalyzer(rate: rate, channels: channels)
        samples.withUnsafeBufferPointer {
            if let base = $0.baseAddress { analyzer.push(base, frames: $0.count / channels) }
        }
        return try analyzer.finish()
    }
}
