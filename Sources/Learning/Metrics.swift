import AffettoCore

/// Figures of merit, with percentile bootstrap intervals over groups (speakers, dialogues), so that rows of one
/// person are not counted as independent (Efron & Tibshirani 1993).
public enum Metrics {
    public static func accuracy(truth: [Int], guess: [Int]) -> Double {
        guard !truth.isEmpty else { return .nan }
        return Double(zip(truth, guess).count { $0 == $1 }) / Double(truth.count)
    }

    /// Unweighted average recall over the classes that occur.
    public static func uar(truth: [Int], guess: [Int], classes: Int) -> Double {
        var hit = [Double](repeating: 0, count: classes)
        var all = hit
        for (t, g) in zip(truth, guess) {
            all[t] += 1
            if t == g { hit[t] += 1 }
        }
        let recalls = zip(hit, all).filter { $1 > 0 }.map { $0 / $1 }
        return recalls.isEmpty ? .nan : recalls.reduce(0, +) / Double(recalls.count)
    }

    /// Mean F1 over classes of single-label guesses; a class that never occurs is left out.
    public static func macroF1(truth: [Int], guess: [Int], classes: Int) -> Double {
        var both = [Double](repeating: 0, count: classes)
        var said = both
        var real = both
        for (t, g) in zip(truth, guess) where (0..<classes).contains(t) && (0..<classes).contains(g) {
            real[t] += 1
            said[g] += 1
            if t == g { both[t] += 1 }
        }
        let scores = (0..<classes).filter { real[$0] > 0 }.map { 2 * both[$0] / (said[$0] + real[$0]) }
        return scores.isEmpty ? .nan : scores.reduce(0, +) / Double(scores.count)
    }

    /// F1 of each class, weighted by how often it occurs.
    public static func weightedF1(truth: [Int], guess: [Int], classes: Int) -> Double {
        var (both, said, real) = (
            [Double](repeating: 0, count: classes), [Double](repeating: 0, count: classes),
            [Double](repeating: 0, count: classes)
        )
        for (t, g) in zip(truth, guess) {
            real[t] += 1
            said[g] += 1
            if t == g { both[t] += 1 }
        }
        var sum = 0.0
        for c in 0..<classes where real[c] > 0 { sum += real[c] * 2 * both[c] / (said[c] + real[c]) }
        return truth.isEmpty ? .nan : sum / Double(truth.count)
    }

    /// Mean F1 over labels of multi-label guesses; rows × labels.
    public static func macroF1(truth: [[Bool]], guess: [[Bool]]) -> Double {
        guard let labels = truth.first?.count else { return .nan }
        var scores: [Double] = []
        for label in 0..<labels {
            var both = 0.0
            var said = 0.0
            var real = 0.0
            for (t, g) in zip(truth, guess) {
                if t[label] { real += 1 }
                if g[label] { said += 1 }
                if t[label], g[label] { both += 1 }
            }
            if real > 0 { scores.append(2 * both / (said + real)) }
        }
        return scores.isEmpty ? .nan : scores.reduce(0, +) / Double(scores.count)
    }

    /// Expected calibration error over `bins` equal bins of confidence (Guo et al. 2017).
    public static func ece(confidence: [Float], correct: [Bool], bins: Int = 10) -> Double {
        var sum = [Double](repeating: 0, count: bins)
        var hit = sum
        var n = sum
        for (c, right) in zip(confidence, correct) where c.isFinite {
            let bin = min(max(Int(c * Float(bins)), 0), bins - 1)
            sum[bin] += Double(c)
            hit[bin] += right ? 1 : 0
            n[bin] += 1
        }
        let total = n.reduce(0, +)
        return total == 0 ? .nan : (0..<bins).map { abs(sum[$0] - hit[$0]) }.reduce(0, +) / total
    }

    /// Area under the ROC curve: how often a true one is scored above a false one, ties counting half. NaN without both.
    public static func auc(_ score: [Float], _ truth: [Bool]) -> Double {
        let order = score.indices.sorted { score[$0] < score[$1] }
        var rankSum = 0.0
        var first = 0
        while first < order.count {
            var end = first
            while end < order.count, score[order[end]] == score[order[first]] { end += 1 }
            // Equal scores share the mean of their ranks, which count from 1.
            let rank = Double(first + 1 + end) / 2
            for i in order[first..<end] where truth[i] { rankSum += rank }
            first = end
        }
        let positives = Double(truth.count(where: \.self))
        let negatives = Double(truth.count) - positives
        guard positives > 0, negatives > 0 else { return .nan }
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
    }

    /// Pearson's correlation.
    public static func pearson(_ x: [Float], _ y: [Float]) -> Double {
        let n = Double(min(x.count, y.count))
        guard n > 1 else { return .nan }
        let mx = x.reduce(0.0) { $0 + Double($1) } / n
        let my = y.reduce(0.0) { $0 + Double($1) } / n
        var xy = 0.0
        var xx = 0.0
        var yy = 0.0
        for (a, b) in zip(x, y) {
            xy += (Double(a) - mx) * (Double(b) - my)
            xx += (Double(a) - mx) * (Double(a) - mx)
            yy += (Double(b) - my) * (Double(b) - my)
        }
        return xy / (xx * yy).squareRoot()
    }

    /// 95 % interval of `statistic` (which gets row indices) under resampling of whole groups.
    public static func interval(
        groups: [String], draws: Int = 500, seed: UInt64 = 1, statistic: ([Int]) -> Double
    ) -> (low: Double, high: Double) {
        var members: [String: [Int]] = [:]
        for (row, group) in groups.enumerated() { members[group, default: []].append(row) }
        let lists = members.sorted { $0.key < $1.key }.map(\.value)
        guard !lists.isEmpty else { return (.nan, .nan) }
        var random = SeededRandom(seed: seed, stream: 0x626F_6F74)
        var values: [Double] = []
        for _ in 0..<draws {
            var rows: [Int] = []
            rows.reserveCapacity(groups.count)
            for _ in lists { rows += lists[random.below(lists.count)] }
            let value = statistic(rows)
            if value.isFinite { values.append(value) }
        }
        values.sort()
        guard !values.isEmpty else { return (.nan, .nan) }
        return (
            values[Int(0.025 * Double(values.count))], values[min(Int(0.975 * Double(values.count)), values.count - 1)]
        )
    }
}
