/// Agreement of raters beyond chance (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"), interval metric.
public enum Krippendorff {
    /// 1 − observed over expected disagreement: 1 = perfect, 0 = as by chance. Units rated by one alone do not count.
    /// - Parameter units: the ratings of each unit, in any order, as many as there are.
    /// - Returns: `nil` where no unit has two ratings, or all ratings are the same.
    public static func alpha(_ units: [[Double]]) -> Double? {
        let paired = units.filter { $0.count > 1 }
        let all = paired.joined()
        let n = Double(all.count)
        guard n > 1 else { return nil }
        // The sum of squared differences over all ordered pairs of values: 2 (n Σx² − (Σx)²).
        func disagreement(_ values: some Sequence<Double>, _ count: Double) -> Double {
            var (sum, squares) = (0.0, 0.0)
            for value in values {
                sum += value
                squares += value * value
            }
            return 2 * max(count * squares - sum * sum, 0)
        }
        let observed = paired.reduce(0) { $0 + disagreement($1, Double($1.count)) / Double($1.count - 1) } / n
        let expected = disagreement(all, n) / (n * (n - 1))
        return expected > 1e-12 ? 1 - observed / expected : nil
    }
}
