import Glibc

/// Integrated loudness of ITU-R BS.1770-4: K-weighting, 400 ms blocks with 75 % overlap, absolute and relative gate.
///
/// The standard prints its filters for 48 kHz only; here they are designed for any rate from the analogue prototypes
/// that reproduce the printed coefficients (De Man, "Evaluation of implementations of the EBU R128 loudness
/// measurement", 2014). Kept: ten numbers a second.
struct LoudnessMeter {
    /// What the meter reads when no block passes the absolute gate, LUFS.
    static let floor = -70.0

    private let rate: Double
    private let weights: [Double]
    private let shelf: Biquad
    private let highPass: Biquad
    /// Four memories a channel: two of the shelf, two of the high pass.
    private var memory: [Double]
    /// Weighted energy of each finished 100 ms step.
    private var steps: [Double] = []
    private var energy = 0.0
    private var position = 0
    private var stepStart = 0
    private var stepEnd: Int

    init(rate: Double, channels: Int) {
        self.rate = rate
        weights = Self.channelWeights(channels)
        shelf = Biquad.kShelf(rate: rate)
        highPass = Biquad.kHighPass(rate: rate)
        memory = [Double](repeating: 0, count: 4 * channels)
        stepEnd = Self.boundary(1, rate)
    }

    /// Takes interleaved samples.
    mutating func push(_ samples: UnsafePointer<Float>, frames: Int) {
        let channels = weights.count
        memory.withUnsafeMutableBufferPointer { memory in
            for frame in 0..<frames {
                for channel in 0..<channels {
                    let m = 4 * channel
                    let shelved = shelf.step(Double(samples[frame * channels + channel]), &memory[m], &memory[m + 1])
                    let y = highPass.step(shelved, &memory[m + 2], &memory[m + 3])
                    energy += weights[channel] * y * y
                }
                position += 1
                if position == stepEnd {
                    // Decaying memories would end as slow denormal numbers.
                    for i in memory.indices where abs(memory[i]) < 1e-30 { memory[i] = 0 }
                    steps.append(energy / Double(stepEnd - stepStart))
                    energy = 0
                    stepStart = stepEnd
                    stepEnd = Self.boundary(steps.count + 1, rate)
                }
            }
        }
    }

    /// LUFS; −70 where nothing is louder than the absolute gate.
    var integrated: Double {
        guard steps.count >= 4 else { return Self.floor }
        let blocks = (3..<steps.count).map { last in steps[(last - 3)...last].reduce(0, +) / 4 }
        let absolute = pow(10, (Self.floor + 0.691) / 10)
        let audible = blocks.filter { $0 > absolute }
        guard !audible.isEmpty else { return Self.floor }
        let relative = 0.1 * audible.reduce(0, +) / Double(audible.count)
        let kept = audible.filter { $0 > relative }
        guard !kept.isEmpty else { return Self.floor }
        return -0.691 + 10 * log10(kept.reduce(0, +) / Double(kept.count))
    }

    /// The first sample after `step` steps of 100 ms.
    private static func boundary(_ step: Int, _ rate: Double) -> Int { Int((Double(step) * rate / 10).rounded()) }

    /// Table 3 of the standard: surround channels count 1.41 times, the low-frequency one not at all. Order as in WAV
    /// files: left, right, centre, low frequency, then the surrounds; four channels are front and back pairs.
    private static func channelWeights(_ channels: Int) -> [Double] {
        (0..<channels).map { channel in
            switch channels {
            case 4: channel < 2 ? 1 : 1.41
            case 5: channel < 3 ? 1 : 1.41
            case 6...: channel < 3 ? 1 : channel == 3 ? 0 : 1.41
            default: 1
            }
        }
    }
}

/// A second-order section, direct form II transposed.
private struct Biquad {
    var b0: Double
    var b1: Double
    var b2: Double
    var a1: Double
    var a2: Double

    func step(_ x: Double, _ z1: inout Double, _ z2: inout Double) -> Double {
        let y = b0 * x + z1
        z1 = b1 * x - a1 * y + z2
        z2 = b2 * x - a2 * y
        return y
    }

    /// The head's effect: +4 dB above about 1.7 kHz.
    static func kShelf(rate: Double) -> Biquad {
        let q = 0.7071752369554196
        let k = tan(.pi * min(1681.974450955533 / rate, 0.49))
        let high = pow(10, 3.999843853973347 / 20)
        let band = pow(high, 0.4996667741545416)
        let a0 = 1 + k / q + k * k
        return Biquad(
            b0: (high + band * k / q + k * k) / a0, b1: 2 * (k * k - high) / a0, b2: (high - band * k / q + k * k) / a0,
            a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }

    /// The revised low-frequency B curve: a high pass near 38 Hz.
    static func kHighPass(rate: Double) -> Biquad {
        let q = 0.5003270373238773
        let k = tan(.pi * 38.13547087602444 / rate)
        let a0 = 1 + k / q + k * k
        return Biquad(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }
}
