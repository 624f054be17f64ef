import AffettoCore

/// Ridge regression of an outcome on an action and its context: one intercept and one slope vector an action, shrunk
/// towards those of all actions together.
struct OutcomeRegression {
    private let actions: Int
    private let width: Int
    private let coefficients: [Double]

    /// What each action of each choice would bring, as the learners of the other half tell it. With one learner alone
    /// the halves are every second choice.
    static func crossFitted(_ log: [LoggedChoice], ridge: Double) -> [[Double]] {
        let learners = Array(Set(log.map(\.learner))).sorted()
        let order = Dictionary(uniqueKeysWithValues: learners.enumerated().map { ($1, $0) })
        let half = log.indices.map { learners.count > 1 ? (order[log[$0].learner] ?? 0) % 2 : $0 % 2 }
        let models = (0..<2).map { side in
            OutcomeRegression(log.indices.filter { half[$0] != side }.map { log[$0] }, ridge: ridge)
        }
        return log.indices.map { i in
            (0..<log[i].chances.count).map { models[half[i]].predict(log[i].context, action: $0) }
        }
    }

    init(_ log: [LoggedChoice], ridge: Double) {
        actions = log.first?.chances.count ?? 0
        width = 1 + (log.first?.context.count ?? 0)
        let size = width * (actions + 1)
        guard size > 0 else {
            coefficients = []
            return
        }
        var square = [Double](repeating: 0, count: size * size)
        var right = [Double](repeating: 0, count: size)
        for choice in log {
            guard let outcome = choice.outcome else { continue }
            let row = Self.row(choice)
            for (a, p) in row {
                right[a] += p * outcome
                for (b, q) in row { square[a * size + b] += p * q }
            }
        }
        for i in 0..<size { square[i * size + i] += i == 0 ? 1e-9 : ridge }
        coefficients = LinearSystem.solve(square, right)
    }

    /// Where a choice's numbers stand in the equations: in the common block and in its action's own.
    private static func row(_ choice: LoggedChoice) -> [(Int, Double)] {
        let x = [1] + choice.context
        return x.enumerated().map { ($0, $1) } + x.enumerated().map { ((1 + choice.action) * x.count + $0, $1) }
    }

    func predict(_ context: [Double], action: Int) -> Double {
        guard !coefficients.isEmpty else { return 0 }
        let x = [1] + context
        return x.indices.reduce(0) {
            $0 + x[$1] * (coefficients[$1] + coefficients[(1 + action) * width + $1])
        }
    }
}

/// Systems of linear equations with a symmetric, positive definite matrix, by Cholesky's factors.
enum LinearSystem {
    static func solve(_ matrix: [Double], _ right: [Double]) -> [Double] {
        let n = right.count
        var l = matrix
        for i in 0..<n {
            for j in 0...i {
                var sum = l[i * n + j]
                for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
                l[i * n + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / l[j * n + j]
            }
        }
        var x = right
        for i in 0..<n {
            for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
            x[i] /= l[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in (i + 1)..<max(n, i + 1) { x[i] -= l[k * n + i] * x[k] }
            x[i] /= l[i * n + i]
        }
        return x
    }
}
