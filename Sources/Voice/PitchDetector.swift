import Glibc

/// F0 of one frame from its autocorrelation, after Boersma (1993): the autocorrelation of the windowed frame divided
/// by that of the window; candidates pay for low octaves and for leaps from the frame before.
struct PitchDetector {
    static let floor: Float = 60
    static let ceiling: Float = 600
    private static let voicingThreshold: Float = 0.45
    private static let octaveCost: Float = 0.02
    private static let leapCost: Float = 0.06

    private let rate: Float
    let minLag: Int
    let maxLag: Int
    /// 1 / normalised autocorrelation of the window, per lag.
    private let correction: [Float]
    private var last: Float = 0

    init(rate: Float, window: [Float]) {
        self.rate = rate
        minLag = Int(rate / Self.ceiling)
        maxLag = Int(rate / Self.floor) + 1
        let energy = window.reduce(0) { $0 + $1 * $1 }
        correction = (0...(maxLag + 1)).map { lag in
            var sum: Float = 0
            for i in 0..<max(window.count - lag, 0) { sum += window[i] * window[i + lag] }
            return energy / max(sum, energy * 1e-3)
        }
    }

    /// - Parameter autocorrelation: of the windowed frame, lags 0…maxLag + 1, any scale.
    /// - Returns: F0 in Hz (0 = unvoiced) and the normalised autocorrelation there.
    mutating func detect(_ autocorrelation: UnsafePointer<Float>) -> (f0: Float, periodicity: Float) {
        let zero = autocorrelation[0]
        guard zero > 1e-9 else {
            last = 0
            return (0, 0)
        }
        var best: (score: Float, lag: Float, value: Float) = (0, 0, 0)
        var top: Float = 0
        func value(_ lag: Int) -> Float { autocorrelation[lag] / zero * correction[lag] }
        var left = value(minLag - 1)
        var here = value(minLag)
        for lag in minLag...maxLag {
            let right = value(lag + 1)
            if here > 0.25, here > left, here >= right {
                let curve = left - 2 * here + right
                let shift = curve < 0 ? min(max(0.5 * (left - right) / curve, -0.5), 0.5) : 0
                let peak = min(here - 0.25 * (left - right) * shift, 1)
                let period = Float(lag) + shift
                let f0 = rate / period
                var score = peak - Self.octaveCost * log2(Self.ceiling / f0)
                if last > 0 { score -= Self.leapCost * min(abs(log2(f0 / last)), 1) }
                if score > best.score { best = (score, period, peak) }
                top = max(top, peak)
            }
            left = here
            here = right
        }
        guard best.value > Self.voicingThreshold else {
            last = 0
            return (0, max(top, 0))
        }
        last = rate / best.lag
        return (last, best.value)
    }

    mutating func wipe() { last = 0 }
}
