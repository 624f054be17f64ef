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
    /// Another speed (± 10 %) and gain, and by chance another microphone, a room, noise (5…35 dB), a band limit
    /// and a telephone's 8 bits.
    case mixed

    func apply(_ x: [Float], rate: Double, seed: UInt64) -> [Float] {
        var random = SeededRandom(seed: seed, stream: 0x6175_676D)
        switch self {
        case .clean: return x
        case .noise10: return Self.noise(x, snr: 10, colour: 0, &random)
        case .telephone: return Self.companded(Self.band(x, rate: rate, low: 300, high: 3400))
        case .mixed: return Self.mixed(x, rate: rate, &random)
        }
    }

    private static func mixed(_ x: [Float], rate: Double, _ random: inout SeededRandom) -> [Float] {
        var y = speed(x, by: 0.9 + 0.2 * random.uniform(), rate: rate)
        if random.uniform() < 0.6 { y = equalised(y, rate: rate, &random) }
        if random.uniform() < 0.3 { y = room(y, rate: rate, &random) }
        if random.uniform() < 0.6 {
            let colour = [0, 0.7, 0.95][random.below(3)]
            y = noise(y, snr: 5 + 30 * random.uniform(), colour: colour, &random)
        }
        if random.uniform() < 0.3 {
            let isBand = random.uniform() < 0.5
            let (low, high) = (80 + 220 * random.uniform(), random.uniform())
            y = band(y, rate: rate, low: isBand ? low : 0, high: isBand ? 3200 + 1300 * high : 3400 + 4100 * high)
            if isBand { y = companded(y) }
        }
        let top = max(y.map(abs).max() ?? 0, 1e-9)
        let gain = Float(pow(10, -(1 + 25 * random.uniform()) / 20)) / top
        return y.map { $0 * gain }
    }

    /// A microphone's colour: gain that wanders by about 2 dB an octave.
    private static func equalised(_ x: [Float], rate: Double, _ random: inout SeededRandom) -> [Float] {
        let corners = [0.0, 125, 250, 500, 1000, 2000, 4000, 8000].map { log2($0 + 60) }
        var gains: [Double] = []
        for _ in corners { gains.append((gains.last ?? 0) + 2 * random.normal()) }
        let mean = gains.reduce(0, +) / Double(gains.count)
        return spectrally(x, tail: 0) { fft in
            for bin in 0..<fft.bins {
                let place = log2(Double(bin) * rate / Double(fft.size) + 60)
                let right = min(max(corners.firstIndex { $0 >= place } ?? corners.count - 1, 1), corners.count - 1)
                let part = min(max((place - corners[right - 1]) / (corners[right] - corners[right - 1]), 0), 1)
                let gain = gains[right - 1] + (gains[right] - gains[right - 1]) * part - mean
                let factor = Float(pow(10, gain / 20))
                fft.spectrum[2 * bin] *= factor
                fft.spectrum[2 * bin + 1] *= factor
            }
        }
    }

    /// A room: decaying noise of 0.15–0.5 s reverberation time after the direct sound, 0–12 dB below it.
    private static func room(_ x: [Float], rate: Double, _ random: inout SeededRandom) -> [Float] {
        let length = Int((0.15 + 0.35 * random.uniform()) * rate)
        var tail = (0..<length).map { Float(random.normal() * pow(10, -3 * Double($0) / Double(length))) }
        let size = tail.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let level = Float(pow(10, -12 * random.uniform() / 20)) / size
        for i in tail.indices { tail[i] *= level }
        tail[0] += 1
        return spectrally(x, tail: length) { fft in
            let other = RealFFT(fft.size)
            for (i, value) in tail.enumerated() { other.input[i] = value }
            other.forward()
            for bin in 0..<fft.bins {
                let (a, b) = (fft.spectrum[2 * bin], fft.spectrum[2 * bin + 1])
                let (c, d) = (other.spectrum[2 * bin], other.spectrum[2 * bin + 1])
                fft.spectrum[2 * bin] = a * c - b * d
                fft.spectrum[2 * bin + 1] = a * d + b * c
            }
        }
    }

    /// Changes the whole recording's spectrum at once.
    private static func spectrally(_ x: [Float], tail: Int, _ change: (borrowing RealFFT) -> Void) -> [Float] {
        var size = 2
        while size < x.count + tail { size <<= 1 }
        let fft = RealFFT(size)
        for (i, value) in x.enumerated() { fft.input[i] = value }
        fft.forward()
        change(fft)
        fft.inverse()
        return (0..<x.count).map { fft.input[$0] / Float(size) }
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

    /// Two second-order Butterworth sections at each end; `low` 0 = none there.
    static func band(_ x: [Float], rate: Double, low: Double, high: Double) -> [Float] {
        var y = x
        for _ in 0..<2 {
            if low > 0 { y = section(y, rate: rate, hertz: low, isHighPass: true) }
            if high < 0.45 * rate { y = section(y, rate: rate, hertz: high, isHighPass: false) }
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
