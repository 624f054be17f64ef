import AffettoKernels
import AffettoSignal
import Glibc

/// Jitter and shimmer from the waveform, period by period: each period is matched with the next by cross-correlation
/// near the pitch period, and what differs between neighbours is what is counted. Frames overlap, so it goes on where
/// the frame before ended.
struct PeriodTracker {
    /// Mean absolute difference of neighbouring periods over the mean period (ratio), and of their amplitudes in dB; 0 =
    /// nothing measured.
    typealias Perturbation = (jitter: Float, shimmer: Float)

    private let rate: Double
    private let hop: Int
    private let frame: Int
    /// openSMILE keeps periods in single precision.
    private let isCompatible: Bool

    /// Where the next frame should go on, as openSMILE's reference has it: absolute index, and samples left over.
    private var lastIndex = 0
    private var leftOver = 0
    private var lastPeriod = 0.0
    private var held: Perturbation = (0, 0)

    /// - Parameters:
    ///   - hop: samples between frames. - frame: samples of one frame, from its start on.
    init(rate: Double, hop: Int, frame: Int, mode: VoiceMode) {
        self.rate = rate
        self.hop = hop
        self.frame = frame
        isCompatible = mode == .compatible
    }

    /// Longest lag that `measure` looks at, plus one: what its scratch must hold.
    static func scratchCount(rate: Double, lowestF0: Double) -> Int { Int(rate / lowestF0 * 1.1) + 4 }

    /// Measures one frame, which begins at sample `start`.
    ///
    /// - Parameters:
    ///   - f0: Hz; 0 = unvoiced.
    ///   - history: holds samples from `start − frame` to `start + frame`.
    ///   - scratch: of `scratchCount` numbers.
    mutating func measure(
        start: Int, f0: Float, _ history: borrowing SampleHistory, scratch: UnsafeMutablePointer<Double>
    ) -> Perturbation {
        let needed = hop + leftOver
        guard f0 > 0 else {
            // The next frame begins anew.
            lastIndex += needed
            leftOver = 0
            lastPeriod = 0
            held = (0, 0)
            return held
        }
        let period = rate / Double(f0)
        let step = Int((period + 0.5).rounded(.down))
        let low = Int((0.9 * period).rounded(.down))
        let high = Int((1.1 * period).rounded(.up))
        var want = min(max(needed, 2 * high + 2), leftOver + frame)
        if start - leftOver != lastIndex {
            lastIndex = start
            want = min(want, frame)
        }
        let x = history.at(lastIndex)
        var tally = Tally()
        var position = 0
        var reached = 0
        while position < want - 2 * high - 1 {
            if let (lag, exact, strength) = match(x + position, low, high, scratch) {
                let a = Self.swing(x + position + 1, lag - 2)
                let b = Self.swing(x + position + lag + 1, lag - 2)
                position += lag
                if strength > 0.5 {
                    let seconds = isCompatible ? Double(Float(exact / rate)) : exact / rate
                    if lastPeriod > 0 { tally.add(change: abs(lastPeriod - seconds)) }
                    tally.add(period: seconds, a, b)
                    lastPeriod = seconds
                }
            } else {
                position += step
            }
            if position < needed - 1 { reached = position }
        }
        leftOver = needed - reached
        lastIndex += reached
        return report(tally)
    }

    private struct Tally {
        var periods = 0.0
        var periodSum = 0.0
        var changes = 0.0
        var changeSum = 0.0
        var amplitude = 0.0
        var amplitudeChange = 0.0

        mutating func add(change: Double) {
            changes += 1
            changeSum += change
        }
        mutating func add(period: Double, _ a: Float, _ b: Float) {
            periods += 1
            periodSum += period
            amplitude += Double(a + b) / 2
            amplitudeChange += Double(abs(a - b))
        }
    }

    private mutating func report(_ tally: Tally) -> Perturbation {
        var out: Perturbation = held
        if tally.periods > 0 {
            out.jitter = 0
            if tally.changes > 0 {
                out.jitter = Float(min(tally.changeSum / tally.changes / (tally.periodSum / tally.periods), 1))
                held.jitter = out.jitter
            }
            let ratio = tally.amplitude > 0 ? min(tally.amplitudeChange / tally.amplitude, 1) : 0
            out.shimmer = Float(20 * log10(1 + ratio))
            held.shimmer = out.shimmer
        }
        return out
    }

    /// The lag in `low`…`high` at which a period fits the next one best: whole, refined by a parabola, and how well.
    private func match(
        _ x: UnsafePointer<Float>, _ low: Int, _ high: Int, _ scratch: UnsafeMutablePointer<Double>
    ) -> (lag: Int, exact: Double, strength: Double)? {
        guard low >= 2, high > low + 2 else { return nil }
        // Sums over the first period and the second, kept up as the lag grows.
        var (a, aa, b, bb) = (0.0, 0.0, 0.0, 0.0)
        for i in 0..<low {
            let (p, q) = (Double(x[i]), Double(x[low + i]))
            a += p
            aa += p * p
            b += q
            bb += q * q
        }
        for lag in low...high {
            let n = Double(lag)
            let cross = Double(kernel_dot(x, x + lag, lag)) - a * b / n
            let power = (aa - a * a / n) * (bb - b * b / n)
            scratch[lag - low] = power > 0 ? cross / power.squareRoot() : 0
            let (moved, p, q) = (Double(x[lag]), Double(x[2 * lag]), Double(x[2 * lag + 1]))
            a += moved
            aa += moved * moved
            b += p + q - moved
            bb += p * p + q * q - moved * moved
        }
        var best = -1
        for i in 1..<(high - low - 1)
        where scratch[i] > scratch[i - 1] && scratch[i] > scratch[i + 1] && (best < 0 || scratch[i] > scratch[best]) {
            best = i
        }
        guard best > 0 else { return nil }
        let (left, here, right) = (scratch[best - 1], scratch[best], scratch[best + 1])
        let curve = left - 2 * here + right
        let shift = curve < 0 ? 0.5 * (left - right) / curve : 0
        return (low + best, Double(low + best) + shift, here - 0.25 * (left - right) * shift)
    }

    private static func swing(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var low = x[0]
        var high = x[0]
        for i in 1..<max(count, 1) {
            low = min(low, x[i])
            high = max(high, x[i])
        }
        return high - low
    }

    mutating func wipe() {
        lastPeriod = 0
        held = (0, 0)
    }
}
