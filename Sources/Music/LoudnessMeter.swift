import AffettoSignal
import Glibc

/// Loudness of ITU-R BS.1770-4 and EBU R128: K-weighting, 400 ms blocks with 75 % overlap, absolute and relative gate;
/// range by EBU Tech 3342 from 3 s blocks.
///
/// The standard prints its filters for 48 kHz only; here they are designed for any rate from the analogue prototypes
/// that reproduce the printed coefficients (De Man, "Evaluation of implementations of the EBU R128 loudness
/// measurement", 2014). Memory does not grow: blocks are counted in steps of 0.05 LU, with their exact energies.
struct LoudnessMeter: ~Copyable {
    /// What the meter reads when no block passes the absolute gate, LUFS.
    static let floor = -70.0

    private let rate: Double
    private let weights: [Double]
    private let shelf: Biquad
    private let highPass: Biquad
    /// Four memories a channel: two of the shelf, two of the high pass.
    private let memory: OwnedBuffer<Double>
    /// Weighted energy of the latest 30 steps of 100 ms, in turn.
    private var steps = [Double](repeating: 0, count: 30)
    private var finished = 0
    private var momentary = LoudnessCounts()
    private var shortTerm = LoudnessCounts()
    private var energy = 0.0
    private var position = 0
    private var stepStart = 0
    private var stepEnd: Int

    init(rate: Double, channels: Int) {
        self.rate = rate
        weights = Self.channelWeights(channels)
        shelf = Biquad.kShelf(rate: rate)
        highPass = Biquad.kHighPass(rate: rate)
        memory = OwnedBuffer(4 * channels, repeating: 0)
        stepEnd = Self.boundary(1, rate)
    }

    /// Takes interleaved samples.
    mutating func push(_ samples: UnsafePointer<Float>, frames: Int) {
        var start = 0
        while start < frames {
            let count = min(frames - start, stepEnd - position)
            for channel in weights.indices where weights[channel] > 0 {
                let power = filter(samples + start * weights.count + channel, count, memory.start + 4 * channel)
                energy += weights[channel] * power
            }
            start += count
            position += count
            if position == stepEnd {
                // Decaying memories would end as slow denormal numbers.
                let memory = memory.start
                for i in 0..<(4 * weights.count) where abs(memory[i]) < 1e-30 { memory[i] = 0 }
                endStep(energy / Double(stepEnd - stepStart))
                energy = 0
                stepStart = stepEnd
                stepEnd = Self.boundary(finished + 1, rate)
            }
        }
    }

    /// K-weights one channel. - Returns: its energy.
    private func filter(_ samples: UnsafePointer<Float>, _ count: Int, _ memory: UnsafeMutablePointer<Double>) -> Double
    {
        var (a, b, c, d) = (memory[0], memory[1], memory[2], memory[3])
        var sum = 0.0
        let step = weights.count
        for i in 0..<count {
            let shelved = shelf.step(Double(samples[i * step]), &a, &b)
            let y = highPass.step(shelved, &c, &d)
            sum += y * y
        }
        (memory[0], memory[1], memory[2], memory[3]) = (a, b, c, d)
        return sum
    }

    private mutating func endStep(_ power: Double) {
        steps[finished % 30] = power
        finished += 1
        func mean(_ count: Int) -> Double {
            (0..<count).reduce(0) { $0 + steps[(finished - 1 - $1) % 30] } / Double(count)
        }
        if finished >= 4 { momentary.add(mean(4)) }
        if finished >= 30 { shortTerm.add(mean(30)) }
    }

    /// LUFS; −70 where nothing is louder than the absolute gate.
    var integrated: Double { momentary.gatedMean(below: 10) }
    /// Loudness range, LU; 0 for what is shorter than 3 s.
    var range: Double { shortTerm.range }
    /// The loudest 400 ms, LUFS.
    var maxMomentary: Double { momentary.highest }

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

/// Blocks by their loudness, from the absolute gate of −70 LUFS up to +30.
private struct LoudnessCounts {
    private static let perUnit = 20.0
    private var counts = [Int](repeating: 0, count: 100 * Int(perUnit))
    private var energies = [Double](repeating: 0, count: 100 * Int(perUnit))
    private(set) var highest = LoudnessMeter.floor

    private static func loudness(_ power: Double) -> Double { -0.691 + 10 * log10(power) }

    mutating func add(_ power: Double) {
        guard power > 0 else { return }
        let loudness = Self.loudness(power)
        guard loudness > LoudnessMeter.floor else { return }
        highest = max(highest, loudness)
        let bin = min(Int((loudness - LoudnessMeter.floor) * Self.perUnit), counts.count - 1)
        counts[bin] += 1
        energies[bin] += power
    }

    private func mean(from first: Int) -> Double? {
        let count = counts[first...].reduce(0, +)
        return count == 0 ? nil : energies[first...].reduce(0, +) / Double(count)
    }

    /// The first step of loudness above the relative gate, `below` LU under the mean of all.
    private func gate(below: Double) -> Int? {
        guard let all = mean(from: 0) else { return nil }
        let place = (Self.loudness(all) - below - LoudnessMeter.floor) * Self.perUnit
        return min(max(Int(place.rounded()), 0), counts.count - 1)
    }

    func gatedMean(below: Double) -> Double {
        guard let gate = gate(below: below), let mean = mean(from: gate) else { return LoudnessMeter.floor }
        return Self.loudness(mean)
    }

    /// 10th to 95th percentile of what passes a gate at −20 LU.
    var range: Double {
        guard let gate = gate(below: 20) else { return 0 }
        let total = counts[gate...].reduce(0, +)
        func percentile(_ p: Double) -> Double {
            let goal = p * Double(max(total - 1, 0))
            var seen = 0
            for bin in gate..<counts.count {
                seen += counts[bin]
                if Double(seen) > goal { return (Double(bin) + 0.5) / Self.perUnit }
            }
            return 0
        }
        return max(percentile(0.95) - percentile(0.1), 0)
    }
}

/// A second-order section, direct form II transposed.
private struct Biquad {
    var b0: Double
    var b1: Double
    var b2: Double
    var a1: Double
    var a2: Double

    @inline(__always)
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
