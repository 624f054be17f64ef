import AffettoCore
import AffettoLearning
import AffettoSignal
import Foundation

/// What rooms, microphones and telephones do to speech: variants of a recording for training and for tests of robustness.
/// All are deterministic from their seed.
enum Augmentation: CaseIterable {
    case clean
    /// White noise 10 dB below the recording.
    case noise10
    /// 300–3400 Hz at 8 kHz, 8-bit µ-law (ITU-T G.711).
    case telephone
    /// A draw of noise (8…30 dB), gain, speed (± 10 %), a room and a band limit, each by chance.
    case mixed

    func apply(_ x: [Float], rate: Double, seed: UInt64) -> [Float] {
        var random = SeededRandom(seed: seed, stream: 0x6175_676D)
        switch self {
        case .clean: return x
        case .noise10: return Self.noise(x, snr: 10, colour: 0, &random)
        case .telephone: return Self.companded(Self.telephone(x, rate: rate))
        case .mixed: return Self.mixed(x, rate: rate, &random)
        }
    }

    private static func mixed(_ x: [Float], rate: Double, _ random: inout SeededRandom) -> [Float] {
        var y = x
        if random.uniform() < 0.5 { y = speed(y, by: 0.9 + 0.2 * random.uniform(), rate: rate) }
        if random.uniform() < 0.4 { y = room(y, rate: rate, seconds: 0.15 + 0.45 * random.uniform(), &random) }
        if random.uniform() < 0.25 { y = telephone(y, rate: rate) }
        if random.uniform() < 0.6 {
            y = noise(y, snr: 8 + 22 * random.uniform(), colour: 0.95 * random.uniform(), &random)
        }
        let gain = Float(pow(10, (random.uniform() * 30 - 24) / 20))
        return y.map { min(max($0 * gain, -1), 1) }
    }

    /// Noise through one pole at `colour`: 0 is white.
    static func noise(_ x: [Float], snr: Double, colour: Double, _ random: inout SeededRandom) -> [Float] {
        let power = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(x.count, 1))
        let level = (power * pow(10, -snr / 10) * (1 - colour * colour)).squareRoot()
        var state = 0.0
        return x.map { sample in
            state = colour * state + level * random.normal()
            return sample + Float(state)
        }
    }

    /// Faster and higher by `factor`, or slower and lower.
    static func speed(_ x: [Float], by factor: Double, rate: Double) -> [Float] {
        var resampler = Resampler(from: rate * factor, to: rate, maxBlock: 4096)
        var out: [Float] = []
        var room = [Float](repeating: 0, count: 8192)
        var at = 0
        while at < x.count {
            let count = min(4096, x.count - at)
            let made = x.withUnsafeBufferPointer { x in
                x.baseAddress.map { resampler.push($0 + at, count: count, into: &room, capacity: room.count) } ?? 0
            }
            out += room.prefix(made)
            at += count
        }
        while true {
            let made = resampler.flush(into: &room, capacity: room.count)
            if made == 0 { return out }
            out += room.prefix(made)
        }
    }

    /// A room of the given reverberation time: four combs and two all-passes (Schroeder 1962), mixed in at a third.
    static func room(_ x: [Float], rate: Double, seconds: Double, _ random: inout SeededRandom) -> [Float] {
        var wet = [Float](repeating: 0, count: x.count)
        for milliseconds in [29.7, 37.1, 41.1, 43.7] {
            let delay = Int(milliseconds * (0.8 + 0.4 * random.uniform()) * rate / 1000)
            let feedback = Float(pow(10, -3 * Double(delay) / rate / seconds))
            var line = [Float](repeating: 0, count: delay)
            for i in x.indices {
                let y = x[i] + feedback * line[i % delay]
                line[i % delay] = y
                wet[i] += y * 0.25
            }
        }
        for milliseconds in [5.0, 1.7] {
            let delay = Int(milliseconds * rate / 1000)
            var line = [Float](repeating: 0, count: delay)
            for i in wet.indices {
                let delayed = line[i % delay]
                let y = delayed - 0.7 * wet[i]
                line[i % delay] = wet[i] + 0.7 * y
                wet[i] = y
            }
        }
        return zip(x, wet).map { $0 + 0.33 * $1 }
    }

    /// The band of a telephone: two second-order Butterworth sections at each end.
    static func telephone(_ x: [Float], rate: Double) -> [Float] {
        var y = x
        for _ in 0..<2 {
            y = Self.section(y, rate: rate, hertz: 300, isHighPass: true)
            y = Self.section(y, rate: rate, hertz: min(3400, 0.45 * rate), isHighPass: false)
        }
        return y
    }

    private static func section(_ x: [Float], rate: Double, hertz: Double, isHighPass: Bool) -> [Float] {
        // Bilinear transform of 1 / (s² + √2 s + 1).
        let k = tan(.pi * hertz / rate)
        let norm = 1 / (1 + 2.0.squareRoot() * k + k * k)
        let b0 = isHighPass ? norm : k * k * norm
        let b1 = isHighPass ? -2 * b0 : 2 * b0
        let a1 = 2 * (k * k - 1) * norm
        let a2 = (1 - 2.0.squareRoot() * k + k * k) * norm
        var (s1, s2) = (0.0, 0.0)
        return x.map { sample in
            let v = Double(sample)
            let y = b0 * v + s1
            s1 = b1 * v - a1 * y + s2
            s2 = b0 * v - a2 * y
            return Float(y)
        }
    }

    /// Through 8 bits of µ-law and back.
    private static func companded(_ x: [Float]) -> [Float] {
        x.map { sample in
            let v = Double(min(max(sample, -1), 1))
            let code = (log1p(255 * abs(v)) / log(256) * 127).rounded() / 127
            return Float((v < 0 ? -1 : 1) * (pow(256, code) - 1) / 255)
        }
    }
}
