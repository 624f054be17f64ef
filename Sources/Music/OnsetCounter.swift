import AffettoSignal

/// Counts onsets: frames of the onset curve that top their neighbours within 30 ms and stand out from the mean of the last
/// 100 ms and the next 70 ms (Böck, Krebs & Schedl 2012). The margin grows a little with the stretch's own strong
/// onsets, so that the beating of held strings is not counted.
struct OnsetCounter {
    private var onsets = 0
    private var heights = 0.0
    private var frames = 0

    /// Counts those in `from..<to`; what lies outside is context.
    mutating func count(_ strength: [Float], from: Int, to: Int) {
        let count = strength.count
        guard count > 2, from < to else { return }
        let kernel: [Float] = [0.06, 0.24, 0.4, 0.24, 0.06]
        var smooth = [Float](repeating: 0, count: count)
        for i in 0..<count {
            for (k, weight) in kernel.enumerated() { smooth[i] += weight * strength[min(max(i + k - 2, 0), count - 1)] }
        }
        let margin = 0.006 + 0.05 * Statistics.quantile(0.98, ofSorted: smooth.sorted())
        frames += to - from
        var last = from - 10
        for i in from..<to where i - last > 3 {
            var isTop = true
            for j in max(0, i - 3)...min(count - 1, i + 3) where smooth[j] > smooth[i] { isTop = false }
            guard isTop else { continue }
            let around = max(0, i - 10)...min(count - 1, i + 7)
            var sum: Float = 0
            for j in around { sum += smooth[j] }
            guard smooth[i] >= sum / Float(around.count) + margin else { continue }
            onsets += 1
            heights += Double(smooth[i])
            last = i
        }
    }

    /// Onsets per second, and their mean height.
    var result: (rate: Float, strength: Float) {
        guard frames > 0, onsets > 0 else { return (0, 0) }
        return (Float(Double(onsets) * PulseFrames.rate / Double(frames)), Float(heights / Double(onsets)))
    }
}
