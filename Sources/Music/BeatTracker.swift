import AffettoSignal
import Glibc

/// Lays beats through a curve of how much begins when, and finds bars among them.
enum BeatTracker {
    /// How dear a step is that differs from the period: weight of the squared logarithm of their ratio.
    private static let tightness: Float = 500
    /// Downbeats count as clear from this many standard errors on.
    private static let clearBar = 4.0

    /// Dynamic programming (Ellis 2007): the chain of frames with the most on its beats and the most even steps.
    /// - Parameters:
    ///   - period: frames a beat, at least 4. - startsOnBeat: frame 0 is a beat already found.
    static func beats(_ curve: [Float], period: Double, startsOnBeat: Bool) -> [Int] {
        let n = curve.count
        let shortest = max(Int(period * 0.6), 1)
        let longest = Int(period * 1.6)
        guard n > longest else { return [] }
        let costs = (shortest...longest).map { step -> Float in
            let ratio = Float(log(Double(step) / period))
            return tightness * ratio * ratio
        }
        var score = [Float](repeating: 0, count: n)
        var previous = [Int32](repeating: -1, count: n)
        for t in 0..<n {
            var best: Float = 0
            var from: Int32 = -1
            if t >= shortest {
                for step in shortest...min(longest, t) {
                    let value = score[t - step] - costs[step - shortest]
                    if value > best {
                        best = value
                        from = Int32(t - step)
                    }
                }
            }
            score[t] = curve[t] + best
            previous[t] = from
            if t == 0, startsOnBeat { score[0] += 1000 }
        }
        let end = max(n - 1 - Int(period), 0)
        var beat = end
        for t in end..<n where score[t] > score[beat] { beat = t }
        var chain: [Int] = []
        while beat >= 0 {
            chain.append(beat)
            beat = Int(previous[beat])
        }
        return trimmed(chain.reversed(), curve, keepsFirst: startsOnBeat)
    }

    /// Beats before the music begins and after it has ended rest on nothing.
    private static func trimmed(_ beats: [Int], _ curve: [Float], keepsFirst: Bool) -> [Int] {
        func weight(_ beat: Int) -> Float { curve[max(0, beat - 3)...min(curve.count - 1, beat + 3)].max() ?? 0 }
        let weights = beats.map(weight)
        let bar = 0.1 * (weights.reduce(0, +) / Float(max(weights.count, 1)))
        let first = keepsFirst ? 0 : weights.firstIndex { $0 > bar } ?? 0
        let last = weights.lastIndex { $0 > bar } ?? beats.count - 1
        return first <= last ? Array(beats[first...last]) : []
    }

    /// The share of steps within 4 % of the median step.
    static func stability(_ beats: [Float]) -> Float {
        guard beats.count > 2 else { return 0 }
        let steps = zip(beats.dropFirst(), beats).map { $0 - $1 }
        let median = Statistics.quantile(0.5, ofSorted: steps.sorted())
        // Beats lie on a grid of 10 ms.
        let slack = max(0.04 * median, 0.0101)
        return Float(steps.count { abs($0 - median) <= slack }) / Float(steps.count)
    }

    /// Bars of three or four beats, where the first beat of each stands out from the others by far.
    /// - Returns: beats a bar (0 where unclear), and which beats are first ones.
    static func bars(_ accents: [Float]) -> (beatsPerBar: Int, downbeats: [Int]) {
        guard accents.count >= 12 else { return (0, []) }
        var best = (score: clearBar, meter: 0, phase: 0)
        for meter in [4, 3] {
            for phase in 0..<meter {
                let first = accents.indices.filter { $0 % meter == phase }.map { Double(accents[$0]) }
                let rest = accents.indices.filter { $0 % meter != phase }.map { Double(accents[$0]) }
                let score = Self.contrast(first, rest)
                if score > best.score { best = (score, meter, phase) }
            }
        }
        guard best.meter > 0 else { return (0, []) }
        return (best.meter, Array(stride(from: best.phase, to: accents.count, by: best.meter)))
    }

    /// Welch's t.
    private static func contrast(_ a: [Double], _ b: [Double]) -> Double {
        func moments(_ x: [Double]) -> (mean: Double, error: Double) {
            let mean = x.reduce(0, +) / Double(x.count)
            let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)
            return (mean, variance / Double(x.count))
        }
        let (x, y) = (moments(a), moments(b))
        return (x.mean - y.mean) / (x.error + y.error + 1e-12).squareRoot()
    }
}
