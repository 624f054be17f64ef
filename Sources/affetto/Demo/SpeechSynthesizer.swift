import AffettoCore
import Foundation

/// A voice from harmonics under moving formants: not words, but pitch, syllables, pauses and effort as speech has them.
enum SpeechSynthesizer {
    static let rate = 16_000.0

    /// Formants of five vowels of a young woman, Hz (after Hillenbrand et al. 1995).
    private static let vowels: [(f1: Double, f2: Double, f3: Double)] = [
        (850, 1550, 2850), (480, 2350, 3050), (440, 2750, 3350), (560, 1000, 2820), (460, 1100, 2730),
    ]

    static func speak(mood: AffectPoint, seconds: Double, random: inout SeededRandom) -> [Float] {
        let arousal = Double(mood.arousal)
        let valence = Double(mood.valence)
        let count = Int(seconds * rate)
        var out = [Float](repeating: 0, count: count)
        let syllable = 1 / (4.2 + 1.6 * arousal)
        let base = 205 * pow(2, 0.35 * arousal)
        let melody = 0.10 + 0.10 * max(valence, 0) + 0.10 * max(arousal, 0)
        // Effort brightens: fewer dB per octave.
        let tilt = 1.55 - 0.45 * arousal
        let level = 0.11 * pow(10, 0.35 * arousal)
        var start = 0.0
        var phase = 0.0
        while start < seconds {
            // A pause every few syllables, longer when there is little energy.
            if random.uniform() < 0.14 {
                start += 0.25 + 0.35 * random.uniform() * (1.2 - arousal)
                continue
            }
            let length = syllable * (0.8 + 0.4 * random.uniform())
            let vowel = vowels[random.below(vowels.count)]
            let accent = pow(2, melody * random.normalish())
            let first = Int(start * rate)
            let last = min(first + Int(length * rate), count)
            for i in first..<max(first, last) {
                let x = Double(i - first) / (length * rate)
                let f0 = base * accent * (1 - 0.06 * start / seconds) * (1 + 0.05 * sin(.pi * x))
                phase += 2 * .pi * f0 / rate
                var sum = 0.0
                for k in 1...22 where Double(k) * f0 < 5500 {
                    let f = Double(k) * f0
                    func resonance(_ centre: Double, _ width: Double) -> Double {
                        1 / (1 + pow((f - centre) / width, 2))
                    }
                    let shape =
                        resonance(vowel.f1, 110) + 0.55 * resonance(vowel.f2, 150) + 0.3 * resonance(vowel.f3, 220)
                        + 0.04
                    sum += pow(Double(k), -tilt) * shape * sin(Double(k) * phase)
                }
                let envelope = pow(sin(.pi * min(max(x, 0), 1)), 0.7)
                out[i] = Float(level * envelope * sum * 2)
            }
            start += length * 1.12
        }
        for i in out.indices {
            out[i] = min(max(out[i] + Float(random.uniform() - 0.5) * 0.0016, -0.98), 0.98)
        }
        return out
    }
}

extension SeededRandom {
    /// The sum of three uniforms, centred and scaled to about unit variance.
    mutating func normalish() -> Double { (uniform() + uniform() + uniform() - 1.5) * 2 }
}
