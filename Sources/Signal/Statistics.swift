import Glibc

/// Descriptive statistics of plain arrays; empty input gives NaN.
public enum Statistics {
    public static func mean(_ values: [Float]) -> Float {
        guard !values.isEmpty else { return .nan }
        var sum = 0.0
        for value in values { sum += Double(value) }
        return Float(sum / Double(values.count))
    }

    /// Population standard deviation.
    public static func standardDeviation(_ values: [Float]) -> Float {
        guard !values.isEmpty else { return .nan }
        let mean = Double(Self.mean(values))
        var sum = 0.0
        for value in values { sum += (Double(value) - mean) * (Double(value) - mean) }
        return Float((sum / Double(values.count)).squareRoot())
    }

    /// Linear interpolation between order statistics at p · (n − 1); `p` in 0…1.
    public static func quantile(_ p: Double, ofSorted sorted: [Float]) -> Float {
        guard let last = sorted.last else { return .nan }
        let position = min(max(p, 0), 1) * Double(sorted.count - 1)
        let index = Int(position)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (sorted[index + 1] - sorted[index]) * Float(position - Double(index))
    }

    /// Least-squares slope of `values` against their index.
    public static func slope(_ values: [Float]) -> Float {
        let n = Double(values.count)
        guard n > 1 else { return .nan }
        var sxy = 0.0
        var sxx = 0.0
        let centre = (n - 1) / 2
        for (i, value) in values.enumerated() {
            sxy += (Double(i) - centre) * Double(value)
            sxx += (Double(i) - centre) * (Double(i) - centre)
        }
        return Float(sxy / sxx)
    }
}
