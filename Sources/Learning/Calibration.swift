import Glibc

/// Temperature scaling (Guo et al. 2017): the one number that makes softmax outputs mean what they say.
public enum Calibration {
    /// The temperature in 0.1…20 that minimises the negative log-likelihood of `truth` under `logits`.
    public static func temperature(logits: [[Float]], truth: [Int]) -> Float {
        func loss(_ temperature: Float) -> Float {
            var sum: Float = 0
            for (row, label) in zip(logits, truth) {
                sum -= log(max(softmax(row, temperature: temperature)[label], 1e-9))
            }
            return sum
        }
        guard !logits.isEmpty else { return 1 }
        // Golden-section search over log temperature: the loss has one minimum.
        let golden: Float = 0.618_034
        var low = log(Float(0.1))
        var high = log(Float(20))
        for _ in 0..<40 {
            let a = high - golden * (high - low)
            let b = low + golden * (high - low)
            if loss(exp(a)) < loss(exp(b)) { high = b } else { low = a }
        }
        return exp((low + high) / 2)
    }
}
