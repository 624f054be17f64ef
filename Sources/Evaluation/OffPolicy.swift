import AffettoCore
import Glibc

/// What another policy would have brought, told from choices that this one made (Dudík, Langford & Li 2011; Swaminathan &
/// Joachims 2015). With w = target chance / logged chance of the action taken, over the choices whose outcome is known:
///
///     IPS   = mean(w r)
///     SNIPS = sum(w r) / sum(w)
///     DM    = mean(sum over a of target(a) q(a))
///     DR    = DM + mean(w (r − q(taken)))
///
/// q is a ridge regression of the outcome on context and action, fitted on the learners of the other half, so that no
/// choice is judged by a model that has seen it.
public struct OffPolicy: Sendable {
    /// Resamplings of the learners for the intervals.
    public var draws = 500
    public var seed: UInt64 = 1
    /// Weight of the squared coefficients in the regression.
    public var ridge = 1.0
    /// Below these there is too little in the log that speaks of the target, and no number is given.
    public var leastSampleSize = 30.0
    public var leastCoverage = 0.9

    public init() {}

    /// A value and its 95 % interval.
    public struct Estimate: Codable, Sendable, Equatable {
        public var value: Double
        public var low: Double
        public var high: Double
    }

    public struct Result: Codable, Sendable, Equatable {
        public var ips: Estimate?
        public var snips: Estimate?
        public var dm: Estimate?
        public var dr: Estimate?
        /// What the logged policy itself brought.
        public var logged: Estimate
        /// Choices with a known outcome, choices without one, learners.
        public var choices: Int
        public var unknown: Int
        public var learners: Int
        /// Effective sample size: sum(w)² / sum(w²) (Kish 1965).
        public var effectiveSampleSize: Double
        /// Mean share of the target's chances that fall on actions the logged policy could take.
        public var coverage: Double
        /// Why no number is given.
        public var refusal: String?
    }

    /// - Parameter target: the chances of each action under the policy to be judged, for each choice of the log.
    /// - Throws: `.argument`, `.range` where the log or the target contradicts itself.
    public func evaluate(_ log: [LoggedChoice], target: [[Double]]) throws(AffettoError) -> Result {
        try Self.check(log, target)
        let known = log.indices.filter { log[$0].outcome != nil }
        guard !known.isEmpty else { throw AffettoError(.argument, "no outcome is known of any choice") }
        let choices = known.map { log[$0] }
        let wanted = known.map { target[$0] }
        let predicted = OutcomeRegression.crossFitted(choices, ridge: ridge)
        let rows = choices.indices.map { i -> Row in
            let choice = choices[i]
            let weight = wanted[i][choice.action] / choice.chances[choice.action]
            let direct = zip(wanted[i], predicted[i]).reduce(0) { $0 + $1.0 * $1.1 }
            return Row(
                weight: weight, outcome: choice.outcome ?? 0, direct: direct, predicted: predicted[i][choice.action],
                covered: zip(wanted[i], choice.chances).reduce(0) { $1.1 > 0 ? $0 + $1.0 : $0 })
        }
        let squares = rows.reduce(0) { $0 + $1.weight * $1.weight }
        let sum = rows.reduce(0) { $0 + $1.weight }
        let size = squares > 0 ? sum * sum / squares : 0
        let coverage = rows.reduce(0) { $0 + $1.covered } / Double(rows.count)
        let intervals = intervals(rows, choices.map(\.learner))
        var result = Result(
            logged: intervals[4], choices: choices.count, unknown: log.count - choices.count,
            learners: Set(choices.map(\.learner)).count, effectiveSampleSize: size, coverage: coverage)
        if size < leastSampleSize {
            result.refusal =
                "the log holds too few choices that the target would make: effective sample size below \(leastSampleSize)"
        } else if coverage < leastCoverage {
            result.refusal = "the target makes choices that the log never could: coverage below \(leastCoverage)"
        } else {
            (result.ips, result.snips, result.dm, result.dr) = (intervals[0], intervals[1], intervals[2], intervals[3])
        }
        return result
    }

    private struct Row {
        var weight: Double
        var outcome: Double
        var direct: Double
        var predicted: Double
        var covered: Double
    }

    /// IPS, SNIPS, DM, DR and the logged mean of these rows.
    private static func estimates(_ rows: some Collection<Row>) -> [Double] {
        let n = Double(rows.count)
        var (weighted, weights, direct, residual, plain) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for row in rows {
            weighted += row.weight * row.outcome
            weights += row.weight
            direct += row.direct
            residual += row.weight * (row.outcome - row.predicted)
            plain += row.outcome
        }
        return [weighted / n, weights > 0 ? weighted / weights : .nan, direct / n, (direct + residual) / n, plain / n]
    }

    /// Percentile bootstrap over learners; over choices where there is but one learner.
    private func intervals(_ rows: [Row], _ learners: [String]) -> [Estimate] {
        let whole = Self.estimates(rows)
        var groups = Dictionary(grouping: rows.indices, by: { learners[$0] }).sorted { $0.key < $1.key }.map(\.value)
        if groups.count == 1 { groups = rows.indices.map { [$0] } }
        var random = SeededRandom(seed: seed, stream: 0x6F70_6521)
        var drawn = [[Double]](repeating: [], count: whole.count)
        for _ in 0..<max(draws, 1) {
            var sample: [Row] = []
            for _ in groups { sample += groups[random.below(groups.count)].map { rows[$0] } }
            for (i, value) in Self.estimates(sample).enumerated() where value.isFinite { drawn[i].append(value) }
        }
        return whole.indices.map { i in
            let sorted = drawn[i].sorted()
            guard let least = sorted.first, let most = sorted.last else {
                return Estimate(value: whole[i], low: .nan, high: .nan)
            }
            func quantile(_ p: Double) -> Double {
                let place = p * Double(sorted.count - 1)
                let index = Int(place)
                return index + 1 < sorted.count
                    ? sorted[index] + (sorted[index + 1] - sorted[index]) * (place - Double(index)) : most
            }
            return Estimate(value: whole[i], low: sorted.count > 1 ? quantile(0.025) : least, high: quantile(0.975))
        }
    }

    private static func check(_ log: [LoggedChoice], _ target: [[Double]]) throws(AffettoError) {
        guard log.count == target.count else {
            throw AffettoError(.argument, "\(log.count) choices were logged; the target speaks of \(target.count)")
        }
        guard let first = log.first else { throw AffettoError(.argument, "the log is empty") }
        for (i, choice) in log.enumerated() {
            let where_ = "choice \(i + 1)"
            guard choice.chances.count == first.chances.count, target[i].count == first.chances.count else {
                throw AffettoError(.argument, "\(where_) has another number of actions than the first")
            }
            guard choice.context.count == first.context.count, choice.context.allSatisfy(\.isFinite) else {
                throw AffettoError(
                    .argument, "\(where_): the context has another length than the first, or holds no numbers")
            }
            for chances in [choice.chances, target[i]] {
                guard chances.allSatisfy({ $0.isFinite && $0 >= 0 }), abs(chances.reduce(0, +) - 1) < 1e-6 else {
                    throw AffettoError(.range, "\(where_): chances must be 0…1 and sum to 1")
                }
            }
            guard choice.chances.indices.contains(choice.action), choice.chances[choice.action] > 0 else {
                throw AffettoError(.range, "\(where_): the action taken had no chance")
            }
            guard choice.outcome?.isFinite ?? true else {
                throw AffettoError(.range, "\(where_): the outcome is no number")
            }
        }
    }
}
