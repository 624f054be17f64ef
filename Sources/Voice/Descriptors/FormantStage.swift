import AffettoKernels
import AffettoSignal
import Glibc

/// Formants in corrected mode: linear prediction of order 10 on the part of the spectrum below 5.5 kHz, which is what a
/// perfect resampling to 11 kHz would leave (selective linear prediction, Makhoul 1975).
///
/// The pre-emphasis of 0.95 was chosen on evidence: less suits the flat source of synthetic vowels better, more follows
/// Praat more closely on recordings; at 0.95 both are at Praat's level (`Tests/Benchmarks/run.sh voice-agreement`).
struct FormantStage: ~Copyable {
    static let order = 10
    private static let rate = 11_000.0
    private static let preEmphasis = 0.95
    /// Spectrum bins of a 1024-point transform at 16 kHz that lie below 5.5 kHz.
    static let bins = 353

    /// Autocorrelation lags from power bins: (order + 1) × bins.
    private let transform: OwnedBuffer<Float>
    private var roots = PolynomialRoots(degree: order)

    init() {
        let period = 2 * Double(Self.bins - 1)
        transform = OwnedBuffer(
            (0...Self.order).flatMap { lag in
                (0..<Self.bins).map { bin in
                    let w = 2 * .pi * Double(bin) / period
                    let emphasis = 1 + Self.preEmphasis * Self.preEmphasis - 2 * Self.preEmphasis * cos(w)
                    let sides = bin == 0 || bin == Self.bins - 1 ? 1.0 : 2.0
                    return Float(sides * emphasis * cos(Double(lag) * w) / period)
                }
            })
    }

    /// Frequencies and bandwidths of F1…F3 of a frame's power spectrum into their lanes; 0 where there are fewer.
    mutating func analyse(_ power: UnsafePointer<Float>, into values: inout DescriptorVector) {
        let count = Self.order + 1
        let found = withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { lags in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { space in
                guard let lags = lags.baseAddress, let r = space.baseAddress else { return 0 }
                kernel_matvec(transform.start, power, lags, count, Self.bins)
                for i in 0..<count { r[i] = Double(lags[i]) }
                // −90 dB of white noise keeps the recursion well-conditioned.
                r[0] *= 1 + 1e-9
                return LinearPrediction.solve(r, order: Self.order, into: r + count) ? roots.solve(r + count) : 0
            }
        }
        Formants.pick(roots.re, roots.im, found, rate: Self.rate, into: &values)
    }

    mutating func wipe() { roots.wipe() }
}

enum Formants {
    /// Roots in the upper half plane → the three lowest resonances of 50…5450 Hz.
    static func pick(
        _ re: UnsafePointer<Double>, _ im: UnsafePointer<Double>, _ count: Int, rate: Double,
        into values: inout DescriptorVector
    ) {
        var best: (SIMD4<Double>, SIMD4<Double>) = (SIMD4(repeating: .infinity), .zero)
        for i in 0..<count {
            let f = atan2(im[i], re[i]) * rate / (2 * .pi)
            guard f >= 50, f <= 5450 else { continue }
            // Insert into the sorted three.
            var (frequency, size) = (f, re[i] * re[i] + im[i] * im[i])
            for j in 0..<3 where frequency < best.0[j] {
                swap(&frequency, &best.0[j])
                swap(&size, &best.1[j])
            }
        }
        for j in 0..<3 {
            let lane = VoiceDescriptor.f1frequency.rawValue + 3 * j
            let isFound = best.0[j].isFinite
            values[lane] = isFound ? Float(best.0[j]) : 0
            // |z|² = e^(−2 π bandwidth / rate).
            values[lane + 1] = isFound && best.1[j] > 0 ? Float(-0.5 * log(best.1[j]) * rate / .pi) : 0
        }
    }
}
