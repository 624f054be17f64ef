import AffettoKernels
import AffettoSignal
import Glibc

/// The partials (spectral peaks) of the long frames: for the pitch histogram, roughness and glides.
struct PartialMeter: ~Copyable {
    private static let highest = 3500.0
    private static let most = 24
    /// Where partials are followed from frame to frame, Hz.
    private static let middle = 200.0...2500.0

    private struct Partial {
        var frequency: Double
        var amplitude: Double
    }

    /// Of a bin, Hz.
    private let width: Double
    private let logs: OwnedBuffer<Float>
    private var loudest: Float = 0
    private var partials: [Partial] = []
    private var before: [Partial] = []
    private var roughnesses = 0.0
    private var frames = 0
    private var gliding = 0.0
    private var followed = 0.0

    init(width: Double) {
        self.width = width
        logs = OwnedBuffer(Int(Self.highest / width) + 2, repeating: 0)
    }

    /// Takes one power spectrum. Frames 60 dB under the loudest so far have no say.
    mutating func push(_ power: UnsafePointer<Float>, looksCloser: Bool, histogram: inout PitchHistogram) {
        let last = Int(Self.highest / width)
        let top = kernel_max(power + 1, last)
        loudest = max(loudest, top)
        swap(&before, &partials)
        partials.removeAll(keepingCapacity: true)
        guard top > 1e-9, top > loudest * 1e-6 else { return }
        // Fewer partials suffice for glides than for the histogram, which hears soft ones too.
        let floor = looksCloser ? top * 1e-6 : top * 1e-3
        let scale = 1 / Double(top).squareRoot()
        let logs = logs.start
        kernel_log2(power, logs, last + 2)
        // Glides are looked for in the middle alone.
        let range = looksCloser ? 2...last : Int(Self.middle.lowerBound / width)...Int(Self.middle.upperBound / width)
        for bin in range {
            let p = power[bin]
            guard p > floor, p > power[bin - 1], p >= power[bin + 1] else { continue }
            // Parabola through the logarithms of three bins (Smith & Serra 1987).
            let (a, b, c) = (Double(logs[bin - 1]), Double(logs[bin]), Double(logs[bin + 1]))
            let bend = a - 2 * b + c
            let shift = bend < 0 ? min(max(0.5 * (a - c) / bend, -0.5), 0.5) : 0
            let frequency = (Double(bin) + shift) * width
            let amplitude = exp2(0.5 * (b - 0.25 * (a - c) * shift)) * scale
            if looksCloser, PitchHistogram.range.contains(frequency) { histogram.add(frequency, amplitude) }
            if p > top * 1e-3 { partials.append(Partial(frequency: frequency, amplitude: amplitude)) }
        }
        followGlides()
        guard looksCloser else { return }
        roughnesses += Self.roughness(partials)
        frames += 1
    }

    /// Compares each partial with the one nearest to it a frame ago: struck and bowed notes stay or waver each for itself,
    /// the partials of a voice move together.
    private mutating func followGlides() {
        var j = 0
        var moved = 0.0
        var along = 0.0
        var count = 0
        for partial in partials where Self.middle.contains(partial.frequency) {
            while j + 1 < before.count,
                abs(before[j + 1].frequency - partial.frequency) <= abs(before[j].frequency - partial.frequency)
            { j += 1 }
            guard j < before.count else { break }
            let cents = 1200 * log2(partial.frequency / before[j].frequency)
            guard abs(cents) < 100 else { continue }
            let weight = min(partial.amplitude, before[j].amplitude)
            followed += weight
            if abs(cents) > 7, abs(cents) < 60 {
                moved += weight
                along += cents > 0 ? weight : -weight
                count += 1
            }
        }
        if count > 2 { gliding += abs(along) * abs(along) / moved }
    }

    /// Plomp & Levelt's curve of two partials by Sethares (1993), over all pairs of the strongest, relative to the energy
    /// of all of them.
    private static func roughness(_ all: [Partial]) -> Double {
        var strongest = all
        if all.count > most {
            let bar = all.map(\.amplitude).sorted(by: >)[most - 1]
            strongest = all.filter { $0.amplitude >= bar }
        }
        var sum = 0.0
        var energy = 0.0
        for (i, low) in strongest.enumerated() {
            energy += low.amplitude * low.amplitude
            let s = 0.24 / (0.0207 * low.frequency + 18.96)
            for high in strongest[(i + 1)...] {
                let x = s * (high.frequency - low.frequency)
                if x > 1.6 { break }
                sum += min(low.amplitude, high.amplitude) * (exp(-3.5 * x) - exp(-5.75 * x))
            }
        }
        return energy > 0 ? sum / energy : 0
    }

    var roughness: Double { frames > 0 ? roughnesses / Double(frames) : 0 }
    /// 0…1, from the share of the partials' amplitude that moves by 7 to 60 cents from frame to frame, three or more the same
    /// way: 0.05 to 0.13 in singing, 0.066 in a song with guitars, 0.02 to 0.04 in instrumental pieces.
    var vocalActivity: Double {
        guard followed > 0 else { return 0 }
        return 1 / (1 + exp(-(gliding / followed - 0.05) / 0.012))
    }
}
