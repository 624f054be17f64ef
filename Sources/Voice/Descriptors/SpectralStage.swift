import AffettoKernels
import AffettoSignal
import Glibc

/// One 20 ms Hamming frame → the ten descriptors that need no pitch: loudness, spectral balance, slopes, flux, MFCC.
///
/// Sources: alpha ratio, Hammarberg index, slopes, flux: Eyben et al. 2016; loudness: a perceptual spectrum after
/// Hermansky 1990 (equal-loudness weighting, then the power 0.33), averaged over 26 mel bands; MFCC: the HTK book.
struct SpectralStage: ~Copyable {
    static let bands = 26
    /// Corners of the bands' triangles at 16 kHz, Hz: band b rises from edge b to b + 1 and falls to b + 2.
    static let edges: [Float] = {
        let (low, high) = (1127 * log(1 + 20.0 / 700), 1127 * log(1 + 8000.0 / 700))
        return (0...(bands + 1)).map { i in
            Float(700 * (exp((low + (high - low) * Double(i) / Double(bands + 1)) / 1127) - 1))
        }
    }()
    /// Power below this is digital silence: one step of 16 bits.
    private static let floor: Float = 9.3e-10

    /// Samples of one frame.
    let length: Int
    private let fft: RealFFT
    private let offset: Int
    private let window: OwnedBuffer<Float>
    private let mel: MelFilterBank
    private let power: OwnedBuffer<Float>
    private let magnitude: OwnedBuffer<Float>
    private let lastMagnitude: OwnedBuffer<Float>
    private let logs: OwnedBuffer<Float>
    private let auditory: OwnedBuffer<Float>
    /// log2 of each band's equal-loudness weight, times 0.33.
    private let equalLoudness: OwnedBuffer<Float>
    /// MFCC 1…4, lifter included: 4 × 26.
    private let cosines: OwnedBuffer<Float>
    /// Regression weights over the dB spectrum, both slopes: 2 × `slopeBins`.
    private let slopes: OwnedBuffer<Float>
    private let slopeBins: Int
    private let fluxBins: Int
    private let bins: (f50: Int, f1000: Int, f2000: Int, end5000: Int)
    private var isFirst = true

    init(rate: Double, mode: VoiceMode) {
        length = Int((0.02 * rate + 0.5).rounded(.down))
        var size = 1
        while size < length { size <<= 1 }
        fft = RealFFT(size)
        offset = (size - length) / 2
        window = OwnedBuffer(Window.hamming(length))
        let width = rate / Double(size)
        let top = min(8000, rate / 2)
        let inner = Int((20 / width + 0.5).rounded(.down)) + 1..<Int((top / width + 0.5).rounded(.down))
        mel = MelFilterBank(
            bands: Self.bands, fftSize: size, rate: rate, range: 20...8000, bins: mode == .compatible ? inner : nil)
        power = OwnedBuffer(fft.bins, repeating: 0)
        magnitude = OwnedBuffer(fft.bins, repeating: 0)
        lastMagnitude = OwnedBuffer(fft.bins, repeating: 0)
        auditory = OwnedBuffer(Self.bands, repeating: 0)
        equalLoudness = OwnedBuffer(mel.centres.map { 0.33 * log2(Self.equalLoudness($0, mode)) })
        cosines = OwnedBuffer(
            (1...4).flatMap { n in
                (0..<Self.bands).map { band in
                    let lifter = 1 + 11 * sin(.pi * Double(n) / 22)
                    let angle = .pi * Double(n) * (Double(band) + 0.5) / Double(Self.bands)
                    return Float(lifter * (2 / Double(Self.bands)).squareRoot() * cos(angle))
                }
            })
        /// First bin at or above a frequency.
        func first(_ hertz: Double) -> Int { min(Int((hertz / width).rounded(.up)), size / 2) }
        let low = SlopeBand(0, 500, width: width, properCount: mode == .corrected)
        let high = SlopeBand(500, 1500, width: width, properCount: mode == .corrected)
        let slopeBins = high.last + 1
        self.slopeBins = slopeBins
        slopes = OwnedBuffer(low.weights(slopeBins) + high.weights(slopeBins))
        logs = OwnedBuffer(max(slopeBins, Self.bands), repeating: 0)
        // Bins up to, and with, 5000 Hz; the flux leaves that one out.
        let end5000 = min(Int((5000 / width).rounded(.down)) + 1, fft.bins)
        bins = (mode == .corrected ? first(50) : 0, first(1000), first(2000), end5000)
        fluxBins = min(Int((5000 / width).rounded(.up)), fft.bins)
    }

    /// Hermansky's (1990) approximation of the equal-loudness curve; compatible mode has openSMILE's exponent.
    private static func equalLoudness(_ hertz: Float, _ mode: VoiceMode) -> Float {
        let w = 2 * .pi * Double(hertz)
        let s = w * w
        let ear = (s + 56.8e6) * s * s / ((s + 6.3e6) * (s + 6.3e6) * (s + 0.38e9))
        switch mode {
        case .compatible: return Float(ear * 1e32 / (s * s * s * w + 1.7e31))
        // Scaled so that both agree towards low frequencies.
        case .corrected: return Float(ear * 1e32 / 1.7e31 * 9.58e26 / (s * s * s + 9.58e26))
        }
    }

    /// Fills lanes 0…9 of `values` and 26 lanes of `bands` (natural log power); returns the frame's mean square.
    mutating func analyse(
        _ x: UnsafePointer<Float>, into values: inout DescriptorVector, bands: inout SIMD32<Float>
    ) -> Float {
        kernel_multiply(x, window.start, fft.input + offset, length)
        fft.forward()
        kernel_power(fft.spectrum, power.start, fft.bins)
        balance(&values)
        values[.spectralFlux] = flux()
        cepstrum(&values, &bands)
        return kernel_dot(x, x, length) / Float(length)
    }

    private func balance(_ values: inout DescriptorVector) {
        let p = power.start
        func sum(_ range: Range<Int>) -> Float {
            var sum: Float = 0
            for b in range { sum += p[b] }
            return sum
        }
        func ratio(_ a: Float, _ b: Float) -> Float { b > 0 ? 10 * log10(max(a, 1e-14) / b) : 0 }
        values[.alphaRatio] = ratio(sum(bins.f1000..<bins.end5000), sum(bins.f50..<bins.f1000))
        values[.hammarbergIndex] = ratio(
            kernel_max(p + bins.f50, bins.f2000 - bins.f50),
            kernel_max(p + bins.f2000, bins.end5000 - bins.f2000))
        let s = logs.start
        for b in 0..<slopeBins { s[b] = max(p[b], 1e-14) }
        kernel_log2(s, s, slopeBins)
        // The weights hold the factor from log2 to dB.
        values[.slope0to500] = kernel_dot(slopes.start, s, slopeBins)
        values[.slope500to1500] = kernel_dot(slopes.start + slopeBins, s, slopeBins)
    }

    /// Root of the mean squared change of magnitude below 5 kHz.
    private mutating func flux() -> Float {
        kernel_sqrt(power.start, magnitude.start, fluxBins)
        let change = kernel_square_distance(magnitude.start, lastMagnitude.start, fluxBins)
        lastMagnitude.start.update(from: magnitude.start, count: fluxBins)
        defer { isFirst = false }
        return isFirst ? 0 : (change / Float(fluxBins)).squareRoot()
    }

    private func cepstrum(_ values: inout DescriptorVector, _ bands: inout SIMD32<Float>) {
        let a = auditory.start
        let s = logs.start
        mel.apply(power.start, into: a)
        for band in 0..<Self.bands { a[band] = max(a[band], Self.floor) }
        kernel_log2(a, s, Self.bands)
        for band in 0..<Self.bands { a[band] = 0.33 * s[band] + equalLoudness.start[band] }
        kernel_exp2(a, a, Self.bands)
        var loudness: Float = 0
        for band in 0..<Self.bands { loudness += a[band] }
        values[.loudness] = loudness / Float(Self.bands)
        let toNatural = Float(M_LN2)
        for band in 0..<Self.bands {
            s[band] *= toNatural
            bands[band] = s[band]
            // On the scale of 16-bit samples, where the floor is 0.
            s[band] = max(s[band] + 20.794_354, 0)
        }
        for n in 0..<4 {
            values[VoiceDescriptor.mfcc1.rawValue + n] = kernel_dot(
                cosines.start + n * Self.bands, s, Self.bands)
        }
    }

    mutating func wipe() {
        fft.wipe()
        for b in 0..<fft.bins {
            power.start[b] = 0
            magnitude.start[b] = 0
            lastMagnitude.start[b] = 0
        }
        logs.fill(0)
        auditory.fill(0)
        isFirst = true
    }
}

/// Linear regression of the dB spectrum over a band, as one weight a bin.
private struct SlopeBand {
    private let first: Int
    let last: Int
    private let width: Double
    private let leftWeight: Double
    private let rightWeight: Double
    private let properCount: Bool

    /// - Parameter properCount: regress over the number of bins there are; openSMILE takes one less, which makes the
    ///   slope hang on the level.
    init(_ low: Double, _ high: Double, width: Double, properCount: Bool) {
        self.width = width
        self.properCount = properCount
        // The bins just outside the band count by how near they are.
        let above = Int((low / width).rounded(.down)) + 1
        let inside = low / width - Double(above - 1)
        leftWeight = inside == 0 ? 1 : 1 - inside
        first = above - 1
        let end = Int((high / width).rounded(.up))
        let over = high / width - Double(end - 1)
        rightWeight = over == 0 ? 1 : over
        last = Double(end) * width == high ? end : end - 1
    }

    func weights(_ count: Int) -> [Float] {
        var v = [Double](repeating: 0, count: count)
        for b in first...last { v[b] = 1 }
        if !properCount {
            v[first] = leftWeight
            v[last] = rightWeight
        }
        let g = v.indices.map { v[$0] * Double($0) * width }
        let n = properCount ? v.reduce(0, +) : Double(last - first)
        let sum = g.reduce(0, +)
        let denominator = n * g.reduce(0) { $0 + $1 * $1 } - sum * sum
        let decibels = 10 * log10(2.0)
        return v.indices.map { Float((n * g[$0] - sum * v[$0]) / denominator * decibels) }
    }
}
