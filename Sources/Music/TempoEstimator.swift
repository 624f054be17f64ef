import AffettoSignal
import Glibc

/// Finds the beat period of an onset curve.
///
/// Every candidate is judged by two witnesses whose errors differ (Peeters 2007): the autocorrelation at one to four
/// periods, which also likes half and a third of the tempo, and the spectrum of the curve at one, two and four times
/// the tempo, which also likes its multiples. A log-normal prior around 103 BPM breaks the ties.
struct TempoEstimator: ~Copyable {
    /// Frames of one window, 10 s: long enough for four beats at 40 BPM, short enough for a tempo that drifts.
    private static let window = 1024
    private static let size = 8 * window
    private static let lowest = 40.0
    private static let highest = 240.0
    private static let stepsPerOctave = 240.0
    private static let combWeights = [1, 0.8, 0.6, 0.4]
    private static let harmonics = [1.0, 2, 4]
    private static let prior = (centre: 103.0, octaves: 0.75)
    /// Under this share of the curve's variance there is no period to speak of. Soft strings in strict time reach no
    /// more than 0.03 to 0.05, and so can noise: whoever needs a sure beat reads the clarity.
    private static let leastClarity = 0.02
    private static let candidates: [Double] = {
        let count = Int(stepsPerOctave * log2(highest / lowest)) + 1
        return (0..<count).map { lowest * exp2(Double($0) / stepsPerOctave) }
    }()

    /// What the windows seen so far have in common.
    struct Periodicity {
        var correlation = [Double](repeating: 0, count: window)
        var spectrum = [Double](repeating: 0, count: size / 2 + 1)

        mutating func add(_ other: Periodicity) {
            for i in correlation.indices { correlation[i] += other.correlation[i] }
            for i in spectrum.indices { spectrum[i] += other.spectrum[i] }
        }
    }

    struct Result {
        /// Beats per minute; 0 where there is no pulse.
        var tempo = 0.0
        /// 0…1.
        var clarity = 0.0
        /// The next best tempi and their fit relative to the best.
        var others: [(tempo: Double, fit: Double)] = []
    }

    private let fft = RealFFT(size)
    private let tapers: [Float] = Window.hann(window)

    /// Autocorrelation (unbiased within each window) and magnitude spectrum, summed over half-overlapping windows.
    func periodicity(of curve: [Float]) -> Periodicity {
        var found = Periodicity()
        let length = min(curve.count, Self.window)
        guard length > 1 else { return found }
        let taper = length == Self.window ? tapers : Window.hann(length)
        let power = OwnedBuffer<Float>(fft.bins, repeating: 0)
        var start = 0
        while start + length <= curve.count {
            let part = curve[start..<(start + length)]
            let mean = part.reduce(0, +) / Float(length)
            for tapered in [false, true] {
                fft.input.update(repeating: 0, count: Self.size)
                for (i, value) in part.enumerated() { fft.input[i] = (value - mean) * (tapered ? taper[i] : 1) }
                fft.forward()
                fft.power(into: power.start)
                if tapered {
                    for bin in 0..<fft.bins { found.spectrum[bin] += Double(power.start[bin].squareRoot()) }
                    continue
                }
                for bin in 0..<fft.bins {
                    fft.spectrum[2 * bin] = power.start[bin]
                    fft.spectrum[2 * bin + 1] = 0
                }
                fft.inverse()
                for lag in 0..<length {
                    // Few products lie behind long lags: their estimate is held back instead of blown up.
                    let share = max(1 - Double(lag) / Double(length), 0.15)
                    found.correlation[lag] += Double(fft.input[lag]) / Double(Self.size) / share
                }
            }
            start += Self.window / 2
        }
        return found
    }

    /// - Parameter near: a tempo that went before; candidates within some 6 % of it count twice.
    static func estimate(_ found: Periodicity, near: Double? = nil) -> Result {
        guard found.correlation[0] > 1e-9 else { return Result() }
        let spectrumStep = PulseFrames.rate * 60 / Double(size)
        let fits = candidates.map { tempo in
            let lag = 60 * PulseFrames.rate / tempo
            var comb = 0.0
            for (k, weight) in combWeights.enumerated() {
                comb += weight * sample(found.correlation, lag * Double(k + 1))
            }
            var harmonic = 0.0
            for multiple in harmonics { harmonic += sample(found.spectrum, tempo * multiple / spectrumStep) }
            let distance = log2(tempo / prior.centre) / prior.octaves
            var fit = max(0, comb) * harmonic * exp(-0.5 * distance * distance)
            if let near {
                let step = log2(tempo / near) / 0.06
                fit *= 0.5 + 0.5 * exp(-0.5 * step * step)
            }
            return fit
        }
        let peaks = fits.indices.filter { i in
            fits[i] > 0 && (i == 0 || fits[i] > fits[i - 1]) && (i + 1 == fits.count || fits[i] >= fits[i + 1])
        }.sorted { fits[$0] > fits[$1] }
        guard let best = peaks.first else { return Result() }
        let tempo = refined(fits, best)
        let clarity = sample(found.correlation, 60 * PulseFrames.rate / tempo) / found.correlation[0]
        var result = Result(tempo: tempo, clarity: min(max(clarity, 0), 1))
        guard result.clarity >= leastClarity else { return Result(clarity: result.clarity) }
        for peak in peaks.dropFirst() where result.others.count < 2 {
            let other = refined(fits, peak)
            let isNew = ([tempo] + result.others.map(\.tempo)).allSatisfy { abs(other / $0 - 1) > 0.04 }
            if isNew { result.others.append((other, fits[peak] / fits[best])) }
        }
        return result
    }

    private static func refined(_ fits: [Double], _ peak: Int) -> Double {
        var position = Double(peak)
        if peak > 0, peak + 1 < fits.count {
            let bend = fits[peak - 1] - 2 * fits[peak] + fits[peak + 1]
            if bend < 0 { position += 0.5 * (fits[peak - 1] - fits[peak + 1]) / bend }
        }
        return lowest * exp2(position / stepsPerOctave)
    }

    /// Linear interpolation; 0 beyond the end.
    private static func sample(_ values: [Double], _ position: Double) -> Double {
        let index = Int(position)
        guard index >= 0, index + 1 < values.count else { return 0 }
        return values[index] + (values[index + 1] - values[index]) * (position - Double(index))
    }
}
