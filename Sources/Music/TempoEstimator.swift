import AffettoSignal
import Glibc

/// Finds the beat period of an onset-strength curve.
///
/// Every candidate is judged by two witnesses whose errors differ (Peeters 2007): the autocorrelation at one to four
/// periods, which also likes half and a third of the tempo, and the spectrum of the curve at one, two and four times
/// the tempo, which also likes its multiples. A log-normal prior around 100 BPM breaks the ties.
enum TempoEstimator {
    /// Frames of one window, 10 s: long enough for four beats at 40 BPM, short enough for a tempo that drifts.
    private static let window = 1024
    private static let lowest = 40.0
    private static let highest = 240.0
    private static let stepsPerOctave = 240.0
    private static let combWeights = [1, 0.8, 0.6, 0.4]
    private static let harmonicWeights = [(1.0, 1.0), (2.0, 1.0), (4.0, 0.5)]
    private static let prior = (centre: 100.0, octaves: 0.7)
    /// Under this share of the curve's variance there is no period to speak of. Soft strings in strict time reach no
    /// more than 0.03 to 0.05, and so can noise: whoever needs a sure beat reads the clarity.
    private static let leastClarity = 0.02

    /// - Parameter strength: onset strength per frame. - frameRate: frames per second.
    /// - Returns: beats per minute, 0 where there is no pulse, and how clear the pulse is, 0…1.
    static func estimate(_ strength: [Float], frameRate: Double) -> (tempo: Float, clarity: Float) {
        let curve = prepare(strength)
        let (correlation, spectrum) = analyse(curve)
        guard correlation[0] > 1e-9 else { return (0, 0) }
        let spectrumStep = frameRate * 60 / Double(8 * window)
        let count = Int(stepsPerOctave * log2(highest / lowest)) + 1
        let candidates = (0..<count).map { lowest * exp2(Double($0) / stepsPerOctave) }
        var fits = candidates.map { tempo in
            let lag = 60 * frameRate / tempo
            var comb = 0.0
            for (k, weight) in combWeights.enumerated() { comb += weight * sample(correlation, lag * Double(k + 1)) }
            var harmonic = 0.0
            for (multiple, weight) in harmonicWeights {
                harmonic += weight * sample(spectrum, tempo * multiple / spectrumStep)
            }
            let distance = log2(tempo / prior.centre) / prior.octaves
            return max(0, comb) * harmonic.squareRoot() * exp(-0.5 * distance * distance)
        }
        fits.append(0)
        guard let best = candidates.indices.max(by: { fits[$0] < fits[$1] }), fits[best] > 0 else { return (0, 0) }
        var position = Double(best)
        if best > 0, best + 1 < count {
            let bend = fits[best - 1] - 2 * fits[best] + fits[best + 1]
            if bend < 0 { position += 0.5 * (fits[best - 1] - fits[best + 1]) / bend }
        }
        let tempo = lowest * exp2(position / stepsPerOctave)
        let clarity = min(max(sample(correlation, 60 * frameRate / tempo) / correlation[0], 0), 1)
        return clarity < leastClarity ? (0, Float(clarity)) : (Float(tempo), Float(clarity))
    }

    /// Smooths over a frame and keeps what rises above the mean of 0.6 s around.
    private static func prepare(_ strength: [Float]) -> [Double] {
        let kernel = (-4...4).map { exp(-0.5 * Double($0 * $0)) }
        let total = kernel.reduce(0, +)
        let n = strength.count
        var smooth = [Double](repeating: 0, count: n)
        for i in 0..<n {
            for (k, weight) in kernel.enumerated() where (0..<n).contains(i + k - 4) {
                smooth[i] += weight / total * Double(strength[i + k - 4])
            }
        }
        let half = 30
        var sums = [0.0]
        for value in smooth { sums.append((sums.last ?? 0) + value) }
        return (0..<n).map { i in
            max(0, smooth[i] - (sums[min(n, i + half + 1)] - sums[max(0, i - half)]) / Double(2 * half + 1))
        }
    }

    /// Autocorrelation (unbiased within each window) and magnitude spectrum, summed over half-overlapping windows.
    private static func analyse(_ curve: [Double]) -> (correlation: [Double], spectrum: [Double]) {
        let size = 8 * window
        let fft = RealFFT(size)
        var power = [Float](repeating: 0, count: fft.bins)
        var correlation = [Double](repeating: 0, count: window)
        var spectrum = [Double](repeating: 0, count: fft.bins)
        let length = min(curve.count, window)
        let taper = Window.hann(length)
        var start = 0
        while length > 0, start + length <= curve.count {
            let part = curve[start..<(start + length)]
            let mean = part.reduce(0, +) / Double(length)
            for tapered in [false, true] {
                fft.input.update(repeating: 0, count: size)
                for (i, value) in part.enumerated() { fft.input[i] = Float(value - mean) * (tapered ? taper[i] : 1) }
                fft.forward()
                power.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { fft.power(into: base) } }
                if tapered {
                    for bin in 0..<fft.bins { spectrum[bin] += Double(power[bin].squareRoot()) }
                    continue
                }
                for bin in 0..<fft.bins {
                    fft.spectrum[2 * bin] = power[bin]
                    fft.spectrum[2 * bin + 1] = 0
                }
                fft.inverse()
                for lag in 0..<length {
                    // Few products lie behind long lags: their estimate is held back instead of blown up.
                    let share = max(1 - Double(lag) / Double(length), 0.15)
                    correlation[lag] += Double(fft.input[lag]) / Double(size) / share
                }
            }
            start += window / 2
        }
        return (correlation, spectrum)
    }

    /// Linear interpolation; 0 beyond the end.
    private static func sample(_ values: [Double], _ position: Double) -> Double {
        let index = Int(position)
        guard index >= 0, index + 1 < values.count else { return 0 }
        return values[index] + (values[index + 1] - values[index]) * (position - Double(index))
    }
}
