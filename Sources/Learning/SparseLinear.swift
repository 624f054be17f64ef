import AffettoCore
import Glibc

/// Rows of mostly zeros: for each row its columns and their values.
public struct SparseRows: Sendable {
    public private(set) var offsets: [Int] = [0]
    public private(set) var columns: [UInt32] = []
    public private(set) var values: [Float] = []

    public init() {}

    public var count: Int { offsets.count - 1 }

    public mutating func append(_ row: some Sequence<(column: UInt32, value: Float)>) {
        for (column, value) in row {
            columns.append(column)
            values.append(value)
        }
        offsets.append(columns.count)
    }

    /// These rows alone, in this order.
    public func picked(_ rows: [Int]) -> SparseRows {
        var out = SparseRows()
        for row in rows {
            out.columns += columns[offsets[row]..<offsets[row + 1]]
            out.values += values[offsets[row]..<offsets[row + 1]]
            out.offsets.append(out.columns.count)
        }
        return out
    }
}

/// Linear outputs side by side over sparse rows, each regularised by the square of its weights: logistic regression, one label
/// against the rest, and ridge regression. Both by coordinate descent in the dual (Hsieh et al. 2008; Yu, Huang and Lin
/// 2011), which has no rate to choose and comes to the one best solution.
public struct SparseLinear: Sendable {
    public let outputs: Int
    /// [columns][outputs].
    public private(set) var weights: [Float]
    public private(set) var bias: [Float]

    /// Of a logistic output the row's truth; of a ridge output its target. [rows][outputs].
    public enum Task: Sendable {
        /// `c`: how much an error costs against the square of the weights.
        case logistic(truth: [Bool], c: Float)
        case ridge(target: [Float], lambda: Float)
    }

    /// - Parameters:
    ///   - emphasis: [columns][outputs], how much each weight's square costs less; `nil` = all alike.
    ///   - epochs: passes over the rows; some 15 are enough. - progress: called after each with its number.
    public init(
        _ rows: SparseRows, columns: Int, outputs: Int, task: Task, emphasis: [Float]? = nil, epochs: Int = 15,
        seed: UInt64 = 1, progress: (Int) -> Void = { _ in }
    ) {
        self.outputs = outputs
        weights = [Float](repeating: 0, count: columns * outputs)
        bias = [Float](repeating: 0, count: outputs)
        var random = SeededRandom(seed: seed, stream: 0x6C69_6E65)
        var order = Array(0..<rows.count)
        // The bias is a column that is 1 in every row.
        var squares = [Float](repeating: 1, count: rows.count * outputs)
        for row in 0..<rows.count {
            for i in rows.offsets[row]..<rows.offsets[row + 1] {
                let square = rows.values[i] * rows.values[i]
                let start = Int(rows.columns[i]) * outputs
                for output in 0..<outputs {
                    squares[row * outputs + output] += square * (emphasis?[start + output] ?? 1)
                }
            }
        }
        var dual = Self.start(task, rows.count * outputs)
        // Weights of the dual variables' start.
        for row in 0..<rows.count {
            add(
                rows, row, (0..<outputs).map { Self.signed(task, row * outputs + $0) * dual[row * outputs + $0] },
                emphasis)
        }
        var sums = [Float](repeating: 0, count: outputs)
        var steps = sums
        for epoch in 0..<epochs {
            order.shuffle(using: &random)
            for row in order {
                sum(rows, row, into: &sums)
                for output in 0..<outputs {
                    let at = row * outputs + output
                    let sign = Self.signed(task, at)
                    let old = dual[at]
                    switch task {
                    case .logistic(_, let c): dual[at] = Self.logisticStep(old, sign * sums[output], squares[at], c)
                    case .ridge(let target, let lambda):
                        dual[at] = old + (target[at] - sums[output] - lambda * old) / (squares[at] + lambda)
                    }
                    steps[output] = sign * (dual[at] - old)
                }
                add(rows, row, steps, emphasis)
            }
            progress(epoch + 1)
        }
    }

    /// Emphasis by naive Bayes' log-count ratios (Wang and Manning 2012): a feature that comes much more, or less, often with a
    /// label than without it may weigh more for that label. - Parameters:
    ///   - smoothing: added to each feature's sums. - share: 0 = all alike, 1 = by the ratios alone.
    public static func naiveBayesEmphasis(
        _ rows: SparseRows, truth: [Bool], columns: Int, outputs: Int, smoothing: Float, share: Float
    ) -> [Float] {
        var with = [Float](repeating: 0, count: columns * outputs)
        var all = [Float](repeating: 0, count: columns)
        var withTotal = [Float](repeating: 0, count: outputs)
        var total: Float = 0
        for row in 0..<rows.count {
            for i in rows.offsets[row]..<rows.offsets[row + 1] {
                let (column, value) = (Int(rows.columns[i]), abs(rows.values[i]))
                all[column] += value
                total += value
                for output in 0..<outputs where truth[row * outputs + output] {
                    with[column * outputs + output] += value
                    withTotal[output] += value
                }
            }
        }
        let added = smoothing * Float(columns)
        for column in 0..<columns {
            for output in 0..<outputs {
                let at = column * outputs + output
                let here = (with[at] + smoothing) / (withTotal[output] + added)
                let elsewhere =
                    (max(all[column] - with[at], 0) + smoothing) / (max(total - withTotal[output], 0) + added)
                let ratio = 1 - share + share * abs(log(here / elsewhere))
                with[at] = ratio * ratio
            }
        }
        return with
    }

    private static func start(_ task: Task, _ count: Int) -> [Float] {
        switch task {
        case .logistic(_, let c): [Float](repeating: c * 0.01, count: count)
        case .ridge: [Float](repeating: 0, count: count)
        }
    }

    private static func signed(_ task: Task, _ at: Int) -> Float {
        switch task {
        case .logistic(let truth, _): truth[at] ? 1 : -1
        case .ridge: 1
        }
    }

    /// The best a in 0 … c for one row, all others held: where q · (a − old) + margin + log(a / (c − a)) = 0. Newton's steps in
    /// t = log(a / (c − a)), in which the left side rises everywhere.
    private static func logisticStep(_ old: Float, _ margin: Float, _ q: Float, _ c: Float) -> Float {
        var t = log(old / (c - old))
        for _ in 0..<8 {
            let share = 1 / (1 + exp(-t))
            let value = q * (c * share - old) + margin + t
            let slope = q * c * share * (1 - share) + 1
            let step = value / slope
            t = min(max(t - step, -30), 30)
            if abs(step) < 1e-3 { break }
        }
        // Away from the ends by so much that the logarithm stays a number.
        return min(max(c / (1 + exp(-t)), c * 1e-6), c * (1 - 1e-6))
    }

    /// What the outputs say of a row.
    public func sum(_ rows: SparseRows, _ row: Int, into sums: inout [Float]) {
        for output in 0..<outputs { sums[output] = bias[output] }
        let outputs = outputs
        weights.withUnsafeBufferPointer { weights in
            sums.withUnsafeMutableBufferPointer { sums in
                for i in rows.offsets[row]..<rows.offsets[row + 1] {
                    let start = Int(rows.columns[i]) * outputs
                    let value = rows.values[i]
                    for output in 0..<outputs { sums[output] += value * weights[start + output] }
                }
            }
        }
    }

    private mutating func add(_ rows: SparseRows, _ row: Int, _ steps: [Float], _ emphasis: [Float]?) {
        let outputs = outputs
        for output in 0..<outputs { bias[output] += steps[output] }
        weights.withUnsafeMutableBufferPointer { weights in
            steps.withUnsafeBufferPointer { steps in
                for i in rows.offsets[row]..<rows.offsets[row + 1] {
                    let start = Int(rows.columns[i]) * outputs
                    let value = rows.values[i]
                    if let emphasis {
                        emphasis.withUnsafeBufferPointer { emphasis in
                            for output in 0..<outputs {
                                weights[start + output] += value * steps[output] * emphasis[start + output]
                            }
                        }
                    } else {
                        for output in 0..<outputs { weights[start + output] += value * steps[output] }
                    }
                }
            }
        }
    }
}
