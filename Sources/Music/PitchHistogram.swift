import AffettoSignal
import Glibc

/// How much each pitch sounds over the whole piece, in steps of 10 cents from C1; folds into a chroma at the end, when
/// the tuning is known. Memory does not grow.
struct PitchHistogram: ~Copyable {
    static let size = 4096
    private static let hop = 2048
    /// Where bass, chords and most melodies have their fundamentals, Hz. Higher up overtones outnumber them, and their
    /// fifths and major thirds would pass for played notes.
    private static let range = 60.0...1000.0
    private static let stepsPerOctave = 120
    /// C1 at A4 = 440 Hz.
    private static let lowest = 32.70319566

    private let fft = RealFFT(size)
    private var frames = FrameBuffer(window: Window.hann(size), hop: hop)
    private var power = [Float](repeating: 0, count: size / 2 + 1)
    private var weights = [Double](repeating: 0, count: 5 * stepsPerOctave)
    private var loudest: Float = 0

    /// Takes samples at the working rate.
    mutating func push(_ samples: UnsafeBufferPointer<Float>) {
        var rest = samples
        while !rest.isEmpty {
            let (taken, isFrame) = frames.take(rest, into: fft.input)
            rest = UnsafeBufferPointer(rebasing: rest[taken...])
            if isFrame { addFrame() }
        }
    }

    /// Every frame votes alike, however loud, but one 60 dB under the loudest so far has no say.
    private mutating func addFrame() {
        fft.forward()
        power.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { fft.power(into: base) } }
        let top = power.max() ?? 0
        loudest = max(loudest, top)
        guard top > 1e-9, top > loudest * 1e-6 else { return }
        let width = MusicAnalyzer.workingRate / Double(Self.size)
        let first = Int(Self.range.lowerBound / width) + 1
        let last = Int(Self.range.upperBound / width)
        for bin in first...last {
            let p = power[bin]
            guard p > power[bin - 1], p >= power[bin + 1], p > top * 1e-6 else { continue }
            // Parabola through the logarithms of three bins (Smith & Serra 1987).
            let a = log(Double(power[bin - 1]) + 1e-20)
            let b = log(Double(p) + 1e-20)
            let c = log(Double(power[bin + 1]) + 1e-20)
            let bend = a - 2 * b + c
            let shift = bend < 0 ? min(max(0.5 * (a - c) / bend, -0.5), 0.5) : 0
            let frequency = (Double(bin) + shift) * width
            let step = Int((Double(Self.stepsPerOctave) * log2(frequency / Self.lowest)).rounded())
            guard weights.indices.contains(step) else { continue }
            weights[step] += exp(0.5 * (b - 0.25 * (a - c) * shift)) / Double(top).squareRoot()
        }
    }

    /// Deviation from A4 = 440 Hz that fits the peaks best, −50…50 cents.
    var tuning: Double {
        var x = 0.0
        var y = 0.0
        for (step, weight) in weights.enumerated() {
            x += weight * cos(2 * .pi * Double(step) / 10)
            y += weight * sin(2 * .pi * Double(step) / 10)
        }
        return x == 0 && y == 0 ? 0 : atan2(y, x) / (2 * .pi) * 100
    }

    /// Weight of each pitch class, C to B; all 0 when nothing sounded.
    var chroma: [Double] {
        var chroma = [Double](repeating: 0, count: 12)
        let offset = tuning / 10
        for (step, weight) in weights.enumerated() where weight > 0 {
            let pitch = (Double(step) - offset) / 10
            let nearest = pitch.rounded()
            let closeness = cos(.pi * (pitch - nearest))
            chroma[((Int(nearest) % 12) + 12) % 12] += weight * closeness * closeness
        }
        return chroma
    }
}
