import AffettoKernels
import Glibc

/// Levels of harmonics in corrected mode, from the power spectrum of a 40 ms Hann frame: H1–H2, H1–A3 and the formants'
/// amplitudes relative to H1, the fundamental itself (Eyben et al. 2016). All in dB.
enum HarmonicStage {
    /// - Parameters:
    ///   - power: of `bins` bins, `width` Hz apart.
    ///   - values: holds F1…F3 (0 = none), gets the levels; a level that needs a missing formant is 0.
    static func analyse(
        _ power: UnsafePointer<Float>, bins: Int, width: Float, f0: Float, into values: inout DescriptorVector
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 15) { scratch in
            guard let x = scratch.baseAddress else { return }
            // The strongest bin near each of H1, H2, A1…A3, with its neighbours, for one logarithm over all.
            peak(power, bins, from: 0.75 * f0 / width, to: 1.25 * f0 / width, x)
            peak(power, bins, from: 1.75 * f0 / width, to: 2.25 * f0 / width, x + 3)
            for j in 0..<3 {
                let f = values[VoiceDescriptor.f1frequency.rawValue + 3 * j]
                // Wide enough to hold one harmonic at least.
                let half = max(0.2 * f, 0.5 * f0)
                peak(power, bins, from: (f - half) / width, to: (f + half) / width, x + 6 + 3 * j)
            }
            kernel_log2(x, x, 15)
            func level(_ i: Int) -> Float {
                let (left, here, right) = (x[3 * i], x[3 * i + 1], x[3 * i + 2])
                let curve = left - 2 * here + right
                let shift = curve < 0 ? min(max(0.5 * (left - right) / curve, -0.5), 0.5) : 0
                return 3.010_3 * (here - 0.25 * (left - right) * shift)
            }
            let h1 = level(0)
            /// A difference of exactly 0 dB is a value, and 0 means none.
            func difference(_ x: Float) -> Float { abs(x) < 1e-6 ? 1e-6 : x }
            values[.h1h2] = difference(h1 - level(1))
            for j in 0..<3 {
                let lane = VoiceDescriptor.f1frequency.rawValue + 3 * j
                values[lane + 2] = values[lane] > 0 ? difference(level(2 + j) - h1) : 0
            }
            values[.h1a3] = values[.f3frequency] > 0 ? -values[.f3amplitude] : 0
        }
    }

    /// The strongest bin between two positions (in bins), and the bins beside it.
    private static func peak(
        _ power: UnsafePointer<Float>, _ bins: Int, from: Float, to: Float, _ out: UnsafeMutablePointer<Float>
    ) {
        let first = min(max(Int(from.rounded(.up)), 1), bins - 2)
        let last = min(max(Int(to), first), bins - 2)
        var best = first
        for b in first...last where power[b] > power[best] { best = b }
        out[0] = power[best - 1]
        out[1] = power[best]
        out[2] = power[best + 1]
    }
}
