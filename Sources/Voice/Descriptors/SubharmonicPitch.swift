import AffettoSignal
import Glibc

/// Pitch candidates by sub-harmonic summation (Hermes 1988), conditioned as openSMILE does: compatible mode only.
struct SubharmonicPitch: ~Copyable {
    static let candidates = 6
    private static let range: ClosedRange<Double> = 55...1000

    /// Frequency (Hz, 0 = none) and voicing 0…1 of each candidate, the strongest first.
    struct Candidates {
        var frequency = SIMD8<Double>.zero
        var voicing = SIMD8<Double>.zero
    }

    private let bins: Int
    /// Bin frequencies as octaves, and the natural spline's tridiagonal system over them, factored.
    private let octave: OwnedBuffer<Double>
    private let ratio: OwnedBuffer<Double>
    private let pivot: OwnedBuffer<Double>
    /// Points evenly spaced in octaves: left knot of each, and the spline's four weights.
    private let knot: OwnedBuffer<Int>
    private let weights: OwnedBuffer<SIMD4<Double>>
    /// What a point counts by ear: low frequencies less.
    private let audibility: OwnedBuffer<Double>
    private let shifts: [Int]
    private let first: Double
    private let step: Double

    private let enhanced: OwnedBuffer<Double>
    private let smooth: OwnedBuffer<Double>
    private let curvature: OwnedBuffer<Double>
    private let points: OwnedBuffer<Double>
    private let sums: OwnedBuffer<Double>

    init(bins: Int, width: Double) {
        let n = bins
        self.bins = n
        var u = (0..<n).map { $0 == 0 ? 0 : log2(Double($0) * width) }
        u[0] = 2 * u[1] - u[2]
        let top = Double(n - 1) * width
        first = log2(25)
        step = (log2(top) - first) / Double(n - 1)
        let perOctave = Double(n) / log2(top / 25)

        // Thomas' algorithm for the second derivatives: forward factors hang on the knots alone.
        var ratio = [Double](repeating: 0, count: n)
        var pivot = [Double](repeating: 1, count: n)
        for i in 1..<(n - 1) {
            let sigma = (u[i] - u[i - 1]) / (u[i + 1] - u[i - 1])
            let p = sigma * ratio[i - 1] + 2
            ratio[i] = (sigma - 1) / p
            pivot[i] = p
        }
        var knot = [Int](repeating: 0, count: n)
        var weights = [SIMD4<Double>](repeating: .zero, count: n)
        var audibility = [Double](repeating: 0, count: n)
        let knee = perOctave * log2(65.0 / 50) - 1
        var left = 0
        for i in 0..<n {
            let x = first + Double(i) * step
            while left < n - 2, u[left + 1] <= x { left += 1 }
            let h = u[left + 1] - u[left]
            let a = (u[left + 1] - x) / h
            let b = (x - u[left]) / h
            knot[i] = left
            weights[i] = SIMD4(a, b, (a * a * a - a) * h * h / 6, (b * b * b - b) * h * h / 6)
            audibility[i] = 0.5 + atan(3 * (Double(i) + 1 - knee) / perOctave) / .pi
        }
        shifts = (1...15).map { Int((perOctave * log2(Double($0))).rounded(.down)) }
        octave = OwnedBuffer(u)
        self.ratio = OwnedBuffer(ratio)
        self.pivot = OwnedBuffer(pivot)
        self.knot = OwnedBuffer(knot)
        self.weights = OwnedBuffer(weights)
        self.audibility = OwnedBuffer(audibility)
        enhanced = OwnedBuffer(n, repeating: 0)
        smooth = OwnedBuffer(n, repeating: 0)
        curvature = OwnedBuffer(n, repeating: 0)
        points = OwnedBuffer(n, repeating: 0)
        sums = OwnedBuffer(n, repeating: 0)
    }

    /// - Parameter magnitude: `bins` magnitudes of a windowed frame.
    func find(_ magnitude: UnsafePointer<Float>) -> Candidates {
        enhance(magnitude)
        resample()
        return choose()
    }

    /// Zeroes what lies more than two bins from a peak; then a 1-2-1 smoothing.
    private func enhance(_ m: UnsafePointer<Float>) {
        let x = enhanced.start
        for b in 0..<bins { x[b] = Double(m[b]) }
        var last = -1
        var peaks = 0
        for b in 0..<bins {
            let isPeak =
                b == 0 ? m[0] > m[1] : b == bins - 1 ? m[b] > m[b - 1] : m[b] > m[b - 1] && m[b] >= m[b + 1]
            guard isPeak else { continue }
            if last >= 0, last + 3 <= b - 3 { for i in (last + 3)...(b - 3) { x[i] = 0 } }
            last = b
            peaks += 1
        }
        if peaks == 1 { for i in 3..<bins { x[i] = 0 } }
        let y = smooth.start
        y[0] = (2 * x[0] + x[1]) / 4
        for b in 1..<(bins - 1) { y[b] = (x[b - 1] + 2 * x[b] + x[b + 1]) / 4 }
        y[bins - 1] = x[bins - 1]
    }

    /// To an axis of octaves, by a natural cubic spline.
    private func resample() {
        let (u, y, y2, forward) = (octave.start, smooth.start, curvature.start, sums.start)
        forward[0] = 0
        for i in 1..<(bins - 1) {
            let sigma = (u[i] - u[i - 1]) / (u[i + 1] - u[i - 1])
            let bend = (y[i + 1] - y[i]) / (u[i + 1] - u[i]) - (y[i] - y[i - 1]) / (u[i] - u[i - 1])
            forward[i] = (6 * bend / (u[i + 1] - u[i - 1]) - sigma * forward[i - 1]) / pivot.start[i]
        }
        y2[bins - 1] = 0
        for i in stride(from: bins - 2, through: 0, by: -1) { y2[i] = ratio.start[i] * y2[i + 1] + forward[i] }
        for i in 0..<bins {
            let k = knot.start[i]
            let w = weights.start[i]
            let value = w[0] * y[k] + w[1] * y[k + 1] + w[2] * y2[k] + w[3] * y2[k + 1]
            points.start[i] = value > 0 ? value * audibility.start[i] : 0
        }
    }

    private func choose() -> Candidates {
        let s = sums.start
        s.update(repeating: 0, count: bins)
        var weight = 1.0
        for shift in shifts {
            if shift < bins { for i in 0..<(bins - shift) { s[i] += weight * points.start[i + shift] } }
            weight *= 0.85
        }
        var mean = 0.0
        for i in 0..<bins {
            s[i] = max(s[i] / 15, 0)
            mean += s[i]
        }
        mean /= Double(bins)
        // The six strongest maxima, equal ones in order of frequency.
        var index = SIMD8<Int>(repeating: -1)
        var count = 0
        for i in 1..<(bins - 1) where s[i] > s[i - 1] && s[i] > s[i + 1] {
            var at = count
            while at > 0, s[i] > s[index[at - 1]] { at -= 1 }
            guard at < Self.candidates else { continue }
            count = min(count + 1, Self.candidates)
            for j in stride(from: count - 1, to: at, by: -1) { index[j] = index[j - 1] }
            index[at] = i
        }
        var out = Candidates()
        var strength = SIMD8<Double>.zero
        var kept = 0
        for j in 0..<count {
            let i = index[j]
            let curve = s[i - 1] - 2 * s[i] + s[i + 1]
            let shift = curve < 0 ? 0.5 * (s[i - 1] - s[i + 1]) / curve : 0
            let peak = s[i] - 0.25 * (s[i - 1] - s[i + 1]) * shift
            let f = exp2(first + (Double(i) + shift) * step)
            guard Self.range.contains(f) else { continue }
            out.frequency[kept] = f
            out.voicing[kept] = peak > 0 && peak > mean ? 1 - mean / peak : 0
            strength[kept] = peak
            kept += 1
        }
        // The refined height may have changed who is first.
        var best = 0
        for j in 0..<kept where strength[j] > strength[best] { best = j }
        if best > 0 {
            (out.frequency[0], out.frequency[best]) = (out.frequency[best], out.frequency[0])
            (out.voicing[0], out.voicing[best]) = (out.voicing[best], out.voicing[0])
        }
        return out
    }

    func wipe() {
        for buffer in [enhanced.start, smooth.start, curvature.start, points.start, sums.start] {
            buffer.update(repeating: 0, count: bins)
        }
    }
}
