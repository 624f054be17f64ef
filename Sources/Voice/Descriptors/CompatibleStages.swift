import AffettoKernels
import AffettoSignal
import Glibc

/// Formants as openSMILE has them: the 20 ms frame cut to 3.4 kHz on its way to 11 kHz, linear prediction of order 11 in
/// single precision, and roots of the polynomial with all signs turned.
struct CompatibleFormants: ~Copyable {
    private static let order = 11
    private static let rate = 11_000.0

    private let fft: RealFFT
    private let window: OwnedBuffer<Float>
    private let offset: Int
    private let length: Int
    /// Cosine and sine rows of the partial inverse transform: `count` × 2 · `kept`.
    private let inverse: OwnedBuffer<Float>
    private let spectrum: OwnedBuffer<Float>
    private let signal: OwnedBuffer<Float>
    private let count: Int
    private let kept: Int
    private var roots = PolynomialRoots(degree: order)

    init(rate: Double) {
        length = Int((0.02 * rate + 0.5).rounded(.down))
        var size = 1
        while size < length { size <<= 1 }
        fft = RealFFT(size)
        offset = (size - length) / 2
        window = OwnedBuffer(Window.hamming(length))
        let count = Int((Double(size) * (Self.rate / rate) * (Double(length) / Double(size)) + 0.5).rounded(.down))
        let period = Double(size) * Double(count) / Double(length)
        let kept = max(min(size, count) / 2 - 1, 1)
        var table: [Float] = []
        for i in 0..<count {
            for k in 1...kept { table.append(Float(cos(2 * .pi * Double(k) * Double(i) / period) / Double(size / 2))) }
            for k in 1...kept { table.append(Float(-sin(2 * .pi * Double(k) * Double(i) / period) / Double(size / 2))) }
        }
        self.count = count
        self.kept = kept
        inverse = OwnedBuffer(table)
        spectrum = OwnedBuffer(2 * kept, repeating: 0)
        signal = OwnedBuffer(count, repeating: 0)
    }

    mutating func analyse(_ x: UnsafePointer<Float>, into values: inout DescriptorVector) {
        kernel_multiply(x, window.start, fft.input + offset, length)
        fft.forward()
        for k in 1...kept {
            spectrum.start[k - 1] = fft.spectrum[2 * k]
            spectrum.start[kept + k - 1] = fft.spectrum[2 * k + 1]
        }
        let y = signal.start
        kernel_matvec(inverse.start, spectrum.start, y, count, 2 * kept)
        let mean = fft.spectrum[0] / Float(fft.size / 2)
        for i in 0..<count { y[i] += mean }
        var r = SIMD16<Float>.zero
        for lag in 0...Self.order {
            // In order and in single precision: the matrix is so ill-conditioned that the last digits matter.
            var sum: Float = 0
            for i in 0..<(count - lag) { sum += y[i] * y[i + lag] }
            r[lag] = sum
        }
        guard r[0] > 0 else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * Self.order + 2) { floats in
            guard let lags = floats.baseAddress else { return }
            let a = lags + Self.order + 1
            for i in 0...Self.order { lags[i] = r[i] }
            LinearPrediction.solve(lags, order: Self.order, into: a)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.order + 1) { turned in
                guard let turned = turned.baseAddress else { return }
                turned[0] = 1
                for i in 1...Self.order { turned[i] = -Double(a[i]) }
                let found = roots.solve(turned)
                let (re, im) = (roots.re, roots.im)
                for i in 0..<found {
                    // A root outside the unit circle is mirrored into it.
                    let size = re[i] * re[i] + im[i] * im[i]
                    if size > 1 {
                        re[i] /= size
                        im[i] /= size
                    }
                }
                Formants.pick(re, im, found, rate: Self.rate, into: &values)
            }
        }
    }

    mutating func wipe() {
        fft.wipe()
        spectrum.fill(0)
        signal.fill(0)
        roots.wipe()
    }
}

/// HNR and levels of harmonics as openSMILE has them, from the magnitudes of the 60 ms frame. Its "H1" is the harmonic at
/// twice the fundamental, and a formant's amplitude counts in unvoiced frames too, as −201 dB.
struct CompatibleHarmonics: ~Copyable {
    private static let harmonics = 100
    private static let none: Float = -201

    private let bins: Int
    private let width: Double
    private let bin: OwnedBuffer<Int>
    private let frequency: OwnedBuffer<Double>
    private let height: OwnedBuffer<Float>
    private let level: OwnedBuffer<Float>

    init(bins: Int, width: Double) {
        self.bins = bins
        self.width = width
        bin = OwnedBuffer(Self.harmonics, repeating: 0)
        frequency = OwnedBuffer(Self.harmonics, repeating: 0)
        height = OwnedBuffer(Self.harmonics, repeating: 0)
        level = OwnedBuffer(Self.harmonics, repeating: 0)
    }

    func wipe() {
        bin.fill(0)
        frequency.fill(0)
        height.fill(0)
        level.fill(0)
    }

    static func unvoiced(_ values: inout DescriptorVector) {
        for lane in [VoiceDescriptor.f1amplitude, .f2amplitude, .f3amplitude] { values[lane] = none }
    }

    /// - Parameter autocorrelation: magnitudes of the inverse transform of the power spectrum, lags 0…bins − 1.
    func harmonicity(_ autocorrelation: UnsafePointer<Float>, lag start: Int) -> Float {
        let n = bins
        func isPeak(_ i: Int) -> Bool {
            i > 0 && i < n - 1 && autocorrelation[i] > autocorrelation[i - 1]
                && autocorrelation[i] > autocorrelation[i + 1]
        }
        var lag = start
        var distance = 0
        while distance < n {
            if start - distance <= 0 && start + distance >= n - 1 { break }
            if start + distance < n - 1, isPeak(start + distance) {
                lag = start + distance
                break
            }
            if start - distance > 0, isPeak(start - distance) {
                lag = start - distance
                break
            }
            distance += 1
        }
        guard lag < n else { return 10 * log10(1e-9) }
        let noise = autocorrelation[0] - autocorrelation[lag]
        let ratio = noise == 0 ? 1e11 : autocorrelation[lag] / noise
        return 10 * log10(min(max(ratio, 1e-9), 1e11))
    }

    /// Fills H1–H2, H1–A3 and the formant amplitudes; `values` holds F1…F3.
    func analyse(_ m: UnsafePointer<Float>, f0: Double, into values: inout DescriptorVector) {
        locate(m, f0)
        let base = height.start[0]
        for i in 0..<Self.harmonics {
            let x = height.start[i]
            level.start[i] = base == 0 ? Self.none : x > 0 ? max(-200, 20 * log10(x / base)) : -200
        }
        if base != 0 { level.start[0] = 0 }
        // A harmonic that fell on its neighbour's bin is none.
        for i in stride(from: 1, to: Self.harmonics, by: 1) where bin.start[i] == bin.start[i - 1] {
            (bin.start[i], frequency.start[i], height.start[i], level.start[i]) = (0, 0, 0, Self.none)
        }
        func clip(_ x: Float) -> Float { min(max(x, Self.none), -Self.none) }
        values[.h1h2] = clip(level.start[1] - level.start[2])
        for j in 0..<3 {
            let lane = VoiceDescriptor.f1frequency.rawValue + 3 * j
            let strongest = near(Double(values[lane]), m)
            values[lane + 2] = strongest.map { level.start[$0] } ?? 0
            if j == 2 { values[.h1a3] = clip(level.start[1] + (strongest.map { -level.start[$0] } ?? Self.none)) }
        }
    }

    private func near(_ formant: Double, _ m: UnsafePointer<Float>) -> Int? {
        var best: Int?
        for i in 0..<Self.harmonics {
            let f = frequency.start[i]
            guard f >= 0.8 * formant, f <= 1.2 * formant, f > 0 else { continue }
            if best.map({ m[bin.start[i]] > m[bin.start[$0]] }) ?? true { best = i }
        }
        return best
    }

    /// The bin nearest to a frequency, searched from `start` on; 0 where the spectrum has ended.
    private func nearest(_ f: Double, _ start: Int) -> Int {
        var b = max(start, Int((f / width).rounded(.down)) + 1)
        // The first bin above f.
        while b > start, Double(b - 1) * width > f { b -= 1 }
        while b < bins, Double(b) * width <= f { b += 1 }
        guard b < bins else { return 0 }
        return Double(b) * width - f > f - Double(b - 1) * width ? b - 1 : b
    }

    /// The peak near each multiple of f0.
    private func locate(_ m: UnsafePointer<Float>, _ f0: Double) {
        func isPeak(_ b: Int) -> Bool { b > 0 && b < bins - 1 && m[b] > m[b - 1] && m[b] > m[b + 1] }
        var last = nearest(0.5 * f0, 1)
        let first = nearest(0.5 * f0, last)
        for i in 0..<Self.harmonics {
            let centre = nearest(Double(i + 1) * f0, last)
            var found = -1
            if isPeak(centre) {
                found = centre
            } else {
                let right = nearest((Double(i) + 1.5) * f0, centre)
                let left = nearest((Double(i) + 0.5) * f0, last)
                var distance = 1
                while found < 0, centre + distance <= right || centre - distance >= left {
                    if centre + distance <= right, isPeak(centre + distance) {
                        found = centre + distance
                    } else if centre - distance >= left, isPeak(centre - distance) {
                        found = centre - distance
                    }
                    distance += 1
                }
            }
            last = centre
            if found >= first, found > 0, found < bins - 1 {
                let (l, c, r) = (Double(m[found - 1]), Double(m[found]), Double(m[found + 1]))
                let curve = l - 2 * c + r
                let shift = curve < 0 ? 0.5 * (l - r) / curve : 0
                bin.start[i] = found
                frequency.start[i] = (Double(found) + shift) * width
                height.start[i] = Float(c - 0.25 * (l - r) * shift)
            } else {
                bin.start[i] = centre
                frequency.start[i] = 0
                height.start[i] = 0
            }
        }
    }
}
