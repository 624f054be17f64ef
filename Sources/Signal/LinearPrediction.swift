/// Linear prediction by the autocorrelation method (Makhoul 1975).
public enum LinearPrediction {
    /// Levinson–Durbin recursion: autocorrelation of lags 0…order → A(z) = 1 + Σ aᵢ z⁻ⁱ, whose roots lie inside the unit
    /// circle.
    ///
    /// - Parameter a: gets `order` + 1 numbers, the first of them 1.
    /// - Returns: false, and A(z) = 1, where the signal is silent.
    @discardableResult
    @inlinable
    public static func solve<Scalar: BinaryFloatingPoint>(
        _ r: UnsafePointer<Scalar>, order: Int, into a: UnsafeMutablePointer<Scalar>
    ) -> Bool {
        a.update(repeating: 0, count: order + 1)
        a[0] = 1
        guard r[0] > 0 else { return false }
        var error = r[0]
        for i in 1...order {
            var sum = r[i]
            for j in 1..<max(i, 1) { sum += a[j] * r[i - j] }
            let k = -sum / error
            // a[j] and a[i - j] change together.
            var low = 1
            var high = i - 1
            while low < high {
                let x = a[low]
                a[low] = x + k * a[high]
                a[high] += k * x
                low += 1
                high -= 1
            }
            if low == high { a[low] += k * a[low] }
            a[i] = k
            error *= 1 - k * k
            // Prediction is perfect to the last digit: no more can be learned.
            guard error > 0 else { break }
        }
        return true
    }
}
