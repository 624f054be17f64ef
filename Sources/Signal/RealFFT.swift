import AffettoCore
import CFFTW3

/// FFTW's planner is not thread-safe; running a plan is.
private let planner = Guarded(())

/// A real discrete Fourier transform of one size, single precision, un-normalised (FFTW 3, Frigo & Johnson 2005).
///
/// It owns aligned buffers: fill `input`, call `forward()`, read `spectrum`. `FFTW_ESTIMATE` keeps plans, and so
/// results, the same on every run.
public struct RealFFT: ~Copyable, @unchecked Sendable {
    /// Samples per transform.
    public let size: Int
    /// Bins from 0 to half the rate: size / 2 + 1.
    public let bins: Int
    /// `size` samples.
    public let input: UnsafeMutablePointer<Float>
    /// `bins` complex numbers as interleaved real and imaginary parts.
    public let spectrum: UnsafeMutablePointer<Float>
    private let forwardPlan: fftwf_plan
    private let inversePlan: fftwf_plan

    /// - Parameter size: an even number of samples from 2 to 1 << 24; others are clamped to that.
    public init(_ size: Int) {
        let size = min(max(size, 2), 1 << 24) & ~1
        self.size = size
        bins = size / 2 + 1
        input = fftwf_alloc_real(size)
        spectrum = fftwf_alloc_real(bins * 2)
        input.update(repeating: 0, count: size)
        spectrum.update(repeating: 0, count: bins * 2)
        let samples = input
        let complex = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: fftwf_complex.self)
        (forwardPlan, inversePlan) = planner.withLock { _ in
            (
                fftwf_plan_dft_r2c_1d(Int32(size), samples, complex, UInt32(FFTW_ESTIMATE)),
                fftwf_plan_dft_c2r_1d(Int32(size), complex, samples, UInt32(FFTW_ESTIMATE))
            )
        }
    }

    deinit {
        let plans = (forwardPlan, inversePlan)
        planner.withLock { _ in
            fftwf_destroy_plan(plans.0)
            fftwf_destroy_plan(plans.1)
        }
        fftwf_free(input)
        fftwf_free(spectrum)
    }

    /// `input` → `spectrum`.
    public func forward() { fftwf_execute(forwardPlan) }

    /// `spectrum` → `input`, times `size`. Destroys `spectrum`.
    public func inverse() { fftwf_execute(inversePlan) }

    /// `spectrum` → squared magnitudes in `power`, which holds `bins` numbers.
    public func power(into power: UnsafeMutablePointer<Float>) {
        for bin in 0..<bins {
            let re = spectrum[2 * bin]
            let im = spectrum[2 * bin + 1]
            power[bin] = re * re + im * im
        }
    }

    /// Overwrites what it has heard.
    public func wipe() {
        input.update(repeating: 0, count: size)
        spectrum.update(repeating: 0, count: bins * 2)
    }
}
