import AffettoCore

/// A question about many learners, answered with noise.
public struct PrivateQuestion: Codable, Sendable, Equatable {
    public enum Statistic: String, Codable, Sendable {
        case count, mean
    }

    public enum Subject: String, Codable, Sendable {
        case learners, sessions, benefit, liking, valence, arousal
    }

    public var statistic: Statistic
    public var of: Subject
    /// Only learners of this age band.
    public var ageBand: String?
    public var epsilon: Double

    public init(_ statistic: Statistic, of: Subject, ageBand: String? = nil, epsilon: Double) {
        self.statistic = statistic
        self.of = of
        self.ageBand = ageBand
        self.epsilon = epsilon
    }

    public init(from decoder: any Decoder) throws {
        try JSON.requireFields(["statistic", "of", "ageBand", "epsilon"], of: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        statistic = try fields.decode(Statistic.self, forKey: .statistic)
        of = try fields.decode(Subject.self, forKey: .of)
        ageBand = try fields.decodeIfPresent(String.self, forKey: .ageBand)
        epsilon = try fields.decode(Double.self, forKey: .epsilon)
    }

    /// Of each learner at most so many sessions are counted.
    public static let sessionsCounted = 20

    /// Millionths of epsilon.
    public func cost() throws(AffettoError) -> Int64 {
        guard ageBand.map({ Assessment.ageBands.contains($0) }) ?? true else {
            throw AffettoError(.argument, "an age band is one of \(Assessment.ageBands.joined(separator: ", "))")
        }
        guard epsilon.isFinite, (0.001...10).contains(epsilon) else {
            throw AffettoError(.range, "epsilon is \(epsilon); it must be 0.001…10")
        }
        switch (statistic, of) {
        case (.count, .learners), (.count, .sessions), (.mean, .benefit), (.mean, .liking), (.mean, .valence),
            (.mean, .arousal):
            return Int64((epsilon * 1e6).rounded())
        default:
            throw AffettoError(
                .argument, "learners and sessions are counted; of benefit, liking, valence and arousal there is a mean")
        }
    }
}

/// A number that would come out nearly the same had any one learner not been there.
public struct PrivateAnswer: Codable, Sendable, Equatable {
    /// `nil` where the noisy count is too small for a mean.
    public var value: Double?
    /// Standard deviation of the noise in `value`, for a mean in the neighbourhood of what came out.
    public var standardError: Double?
    public var epsilon: Double
    public var epsilonLeft: Double
}

extension PrivateQuestion {
    /// Values of a mean are rounded to thousandths, so that noise and sum are whole numbers.
    private static let grid: Int64 = 1000

    /// - Parameters:
    ///   - people: who takes part. - random: 64 fresh random bits.
    public func answer(
        _ people: [Participant], epsilonLeft: Double, random: @escaping () -> UInt64
    ) throws(AffettoError) -> PrivateAnswer {
        let cost = try cost()
        let asked = people.filter { ageBand == nil || $0.ageBand == ageBand }
        /// Noise for a sum that one learner changes by at most `sensitivity`, for `cost` millionths of epsilon.
        func noise(_ sensitivity: Int64, _ cost: Int64) -> (draw: Int64, sd: Double) {
            let source = DiscreteLaplace(
                numerator: UInt64(cost), denominator: UInt64(sensitivity) * 1_000_000, random: random)
            let scale = Double(sensitivity) * 1e6 / Double(cost)
            return (source.draw(), scale * 2.0.squareRoot())
        }
        var out = PrivateAnswer(value: nil, standardError: nil, epsilon: epsilon, epsilonLeft: epsilonLeft)
        switch of {
        case .learners:
            let (draw, sd) = noise(1, cost)
            out.value = Double(Int64(asked.count) + draw)
            out.standardError = sd
        case .sessions:
            let count = asked.reduce(0) { $0 + min($1.sessions.count, Self.sessionsCounted) }
            let (draw, sd) = noise(Int64(Self.sessionsCounted), cost)
            out.value = Double(Int64(count) + draw)
            out.standardError = sd
        case .benefit, .liking, .valence, .arousal:
            let values = asked.compactMap {
                $0.mean(of).map { Int64((min(max($0, -1), 1) * Double(Self.grid)).rounded()) }
            }
            // Half of the cost for the sum, half for the count that divides it.
            let (sumDraw, sumSD) = noise(Self.grid, cost / 2)
            let (countDraw, countSD) = noise(1, cost - cost / 2)
            let sum = Double(values.reduce(0, +) + sumDraw) / Double(Self.grid)
            let count = Double(Int64(values.count) + countDraw)
            guard count >= 1 else { break }
            let mean = min(max(sum / count, -1), 1)
            out.value = mean
            out.standardError =
                ((sumSD / Double(Self.grid)) * (sumSD / Double(Self.grid)) + mean * mean * countSD * countSD)
                .squareRoot() / count
        }
        return out
    }
}

extension Participant {
    /// One number for the learner: no one counts more for having been there more often.
    fileprivate func mean(_ subject: PrivateQuestion.Subject) -> Double? {
        let values: [Double] = sessions.flatMap { session -> [Double] in
            switch subject {
            case .benefit: session.outcomes.compactMap { $0.benefit.map(Double.init) }
            case .liking: session.outcomes.compactMap { $0.liking.map(Double.init) }
            case .valence: session.states.map { Double($0.valence.mean) }
            case .arousal: session.states.map { Double($0.arousal.mean) }
            case .learners, .sessions: []
            }
        }.filter(\.isFinite)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
