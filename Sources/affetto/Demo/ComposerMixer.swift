import AffettoCore
import Glibc

/// Two channels under construction.
struct Mixer {
    let rate: Double
    let frames: Int
    var left: [Float]
    var right: [Float]

    init(seconds: Double, rate: Double) {
        self.rate = rate
        frames = Int(seconds * rate)
        left = [Float](repeating: 0, count: frames)
        right = [Float](repeating: 0, count: frames)
    }

    var interleaved: [Float] {
        var out: [Float] = []
        out.reserveCapacity(2 * frames)
        for i in 0..<frames {
            out.append(left[i])
            out.append(right[i])
        }
        return out
    }

    /// A room: four delay lines that feed each other through a Householder matrix (Jot & Chaigne 1991), each damped by
    /// a one-pole low pass.
    mutating func reverberate(wet: Double, decay: Double) {
        let lengths = [1499, 1889, 2381, 2999].map { Int(Double($0) * rate / 44_100) }
        let gains = lengths.map { Float(pow(10, -3 * Double($0) / rate / decay)) }
        var lines = lengths.map { [Float](repeating: 0, count: $0) }
        var heads = [0, 0, 0, 0]
        var damped = SIMD4<Float>()
        let mix = Float(wet)
        for i in 0..<frames {
            var taps = SIMD4<Float>()
            for k in 0..<4 { taps[k] = lines[k][heads[k]] * gains[k] }
            damped += (taps - damped) * 0.55
            let mean = damped.sum() * 0.5
            let input = SIMD4<Float>(left[i], right[i], left[i], right[i])
            let next = damped - mean + input * 0.5
            for k in 0..<4 {
                lines[k][heads[k]] = next[k]
                heads[k] = heads[k] + 1 == lengths[k] ? 0 : heads[k] + 1
            }
            left[i] = left[i] * (1 - mix) + (taps[0] - taps[2]) * mix
            right[i] = right[i] * (1 - mix) + (taps[1] - taps[3]) * mix
        }
    }

    /// Lifts what lies above 1.2 kHz by `amount` times itself.
    mutating func brighten(_ amount: Float) {
        let share = Float(1 - exp(-2 * .pi * 1200 / rate))
        var lowLeft: Float = 0
        var lowRight: Float = 0
        for i in 0..<frames {
            lowLeft += (left[i] - lowLeft) * share
            lowRight += (right[i] - lowRight) * share
            left[i] += amount * (left[i] - lowLeft)
            right[i] += amount * (right[i] - lowRight)
        }
    }

    /// Brings the piece to its level (dB RMS), fades both ends, and bends what would clip.
    mutating func finish(level: Double, fadeIn: Double, fadeOut: Double) {
        var squares = 0.0
        for i in 0..<frames { squares += Double(left[i] * left[i] + right[i] * right[i]) }
        let rms = (squares / Double(2 * frames)).squareRoot()
        let gain = rms > 0 ? Float(pow(10, level / 20) / rms) : 0
        for i in 0..<frames {
            let time = Double(i) / rate
            let remaining = Double(frames - 1 - i) / rate
            let fade = Float(min(1, time / fadeIn, remaining / fadeOut))
            let shape = gain * fade * fade * (3 - 2 * fade)
            left[i] = Self.bend(left[i] * shape)
            right[i] = Self.bend(right[i] * shape)
        }
    }

    /// Straight up to 0.7, then ever flatter towards 0.95.
    private static func bend(_ x: Float) -> Float {
        let size = abs(x)
        return size <= 0.7 ? x : copysignf(0.7 + 0.25 * tanhf((size - 0.7) / 0.25), x)
    }
}

/// Percussion.
enum Drum {
    case kick, snare, rim, hat, shaker
}

extension Mixer {
    /// Adds one stroke; `level` 0…1.
    mutating func add(_ drum: Drum, at time: Double, level: Float, random: inout SeededRandom) {
        let start = max(0, Int(time * rate))
        let (length, pan): (Double, Float) =
            switch drum {
            case .kick: (0.3, 0)
            case .snare: (0.22, 0.1)
            case .rim: (0.06, -0.2)
            case .hat: (0.07, 0.35)
            case .shaker: (0.09, -0.35)
            }
        let end = min(frames, start + Int(length * rate))
        guard start < end else { return }
        var phase = 0.0
        var previous: Float = 0
        for i in start..<end {
            let t = Double(i - start) / rate
            let noise = Float(random.uniform() * 2 - 1)
            // The difference of neighbours leaves the treble.
            let bright = (noise - previous) * 0.5
            previous = noise
            let y: Float
            switch drum {
            case .kick:
                phase += 2 * .pi * (46 + 95 * exp(-t * 32)) / rate
                y = Float(sin(phase) * exp(-t * 13)) * 0.9
            case .snare:
                phase += 2 * .pi * 185 / rate
                y = Float(sin(phase) * exp(-t * 24)) * 0.45 + (noise + bright) * 0.7 * Float(exp(-t * 19))
            case .rim:
                phase += 2 * .pi * 820 / rate
                y = (Float(sin(phase)) * 0.5 + bright * 0.8) * Float(exp(-t * 75))
            case .hat: y = bright * 1.3 * Float(exp(-t * 58))
            case .shaker: y = bright * 0.9 * Float(min(t / 0.02, 1) * exp(-t * 38))
            }
            let sample = y * level * 0.3
            left[i] += sample * (1 - pan)
            right[i] += sample * (1 + pan)
        }
    }
}
