import AffettoKernels
import Glibc

/// Linear discriminant analysis with a shrunk within-class covariance (Friedman 1989), classes weighing alike: one linear
/// map from features to class scores, solved, not iterated.
public enum LinearDiscriminant {
    /// - Parameters:
    ///   - rows: features, standardised and finite. - classes: each row's class, 0 ..< `count`.
    ///   - weights: of each row within its class.
    ///   - shrinkage: 0 = the covariance as found … 1 = a multiple of identity.
    /// - Returns: one score a class, as a `Network` of a single layer without standardisation.
    public static func train(
        rows: [[Float]], classes: [Int], weights: [Float], count: Int, shrinkage: Float
    ) -> (weights: [Float], biases: [Float]) {
        guard let inputs = rows.first?.count else { return ([], Array(repeating: 0, count: count)) }
        var totals = [Double](repeating: 0, count: count)
        var means = [[Double]](repeating: Array(repeating: 0, count: inputs), count: count)
        for (r, row) in rows.enumerated() {
            let w = Double(weights[r])
            totals[classes[r]] += w
            for i in 0..<inputs { means[classes[r]][i] += w * Double(row[i]) }
        }
        for c in 0..<count where totals[c] > 0 { for i in 0..<inputs { means[c][i] /= totals[c] } }

        let covariance = within(rows, classes, weights, means, totals)
        var shrunk = covariance
        let trace = (0..<inputs).reduce(0.0) { $0 + covariance[$1 * inputs + $1] } / Double(inputs)
        let s = Double(shrinkage)
        for i in shrunk.indices { shrunk[i] *= 1 - s }
        for i in 0..<inputs { shrunk[i * inputs + i] += s * trace + 1e-9 }
        let factor = cholesky(shrunk, inputs)
        var out: (weights: [Float], biases: [Float]) = ([], [])
        for mean in means {
            let direction = solve(factor, inputs, mean)
            out.weights += direction.map { Float($0) }
            out.biases.append(Float(-0.5 * zip(mean, direction).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        return out
    }

    /// Mean over classes of each one's covariance.
    private static func within(
        _ rows: [[Float]], _ classes: [Int], _ weights: [Float], _ means: [[Double]], _ totals: [Double]
    ) -> [Double] {
        let n = rows.count
        let inputs = means[0].count
        let present = Double(totals.count { $0 > 0 })
        // Columns lie in one piece each, so that the covariance is dot products.
        let columns = UnsafeMutablePointer<Float>.allocate(capacity: n * inputs)
        defer { columns.deallocate() }
        for (r, row) in rows.enumerated() {
            let c = classes[r]
            let scale = (Double(weights[r]) / totals[c] / present).squareRoot()
            for i in 0..<inputs { columns[i * n + r] = Float((Double(row[i]) - means[c][i]) * scale) }
        }
        var out = [Double](repeating: 0, count: inputs * inputs)
        // A piece of rows at a time, small enough for the cache.
        let piece = 512
        for start in stride(from: 0, to: n, by: piece) {
            let size = min(piece, n - start)
            for i in 0..<inputs {
                for j in 0...i {
                    out[i * inputs + j] += Double(kernel_dot(columns + i * n + start, columns + j * n + start, size))
                }
            }
        }
        for i in 0..<inputs { for j in 0..<i { out[j * inputs + i] = out[i * inputs + j] } }
        return out
    }

    /// Lower triangular L with L Lᵀ = `matrix`, which is symmetric and positive definite.
    private static func cholesky(_ matrix: [Double], _ n: Int) -> [Double] {
        var l = matrix
        l.withUnsafeMutableBufferPointer { l in
            for i in 0..<n {
                for j in 0...i {
                    var sum = l[i * n + j]
                    for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
                    l[i * n + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / l[j * n + j]
                }
            }
        }
        return l
    }

    private static func solve(_ l: [Double], _ n: Int, _ b: [Double]) -> [Double] {
        var x = b
        for i in 0..<n {
            for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
            x[i] /= l[i * n + i]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            for k in (i + 1)..<max(n, i + 1) { x[i] -= l[k * n + i] * x[k] }
            x[i] /= l[i * n + i]
        }
        return x
    }
}
