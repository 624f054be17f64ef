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

    /// As `quantile(_:ofSorted:)` of unsorted numbers, which it reorders; allocates nothing.
    public static func quantile(_ p: Double, selectingIn x: UnsafeMutablePointer<Float>, _ count: Int) -> Double {
        guard count > 0 else { return .nan }
        let position = min(max(p, 0), 1) * Double(count - 1)
        let index = Int(position)
        select(x, count, index)
        let low = Double(x[index])
        guard index + 1 < count else { return low }
        var next = x[index + 1]
        for i in (index + 1)..<count { next = min(next, x[i]) }
        let part = position - Double(index)
        return low * (1 - part) + Double(next) * part
    }

    /// Brings the `k`-th smallest to place `k`, no larger ones before and no smaller ones after it (Hoare 1961).
    private static func select(_ x: UnsafeMutablePointer<Float>, _ count: Int, _ k: Int) {
        var left = 0
        var right = count - 1
        while left < right {
            // The middle as pivot: contours are often sorted already, or nearly.
            let pivot = x[(left + right) / 2]
            var i = left
            var j = right
            while i <= j {
                while x[i] < pivot { i += 1 }
                while pivot < x[j] { j -= 1 }
                if i <= j {
                    (x[i], x[j]) = (x[j], x[i])
                    i += 1
                    j -= 1
                }
            }
            if k <= j { right = j } else if k >= i { left = i } else { return }
        }
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
