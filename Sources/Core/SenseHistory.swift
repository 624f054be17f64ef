/// Watches whether what was learned about a learner's senses still helps, and keeps states of it to go back to.
///
/// Each report is foretold twice before anything is learned from it: by the models alone, and as corrected for this learner.
/// Where the correction is worse for long, it is alarmed by a cumulative sum (Page 1954) and that modality begins anew: the
/// models themselves never change.
public struct SenseHistory: Codable, Sendable, Equatable {
    /// Of one modality.
    public struct Watch: Codable, Sendable, Equatable {
        public var reports = 0
        /// Mean squared error of valence and arousal, the last twenty reports counting most: of the models alone, and corrected.
        public var base: Float = 0
        public var personal: Float = 0
        /// How much speaks against the correction, in nats, summed from when nothing last did.
        public var excess: Float = 0
        public var alarms = 0

        public init() {}
    }

    /// What had been learned after so many reports.
    public struct Point: Codable, Sendable, Equatable {
        public var reports: Int
        public var senses: SenseCalibration
    }

    /// Reports between states that are kept, and how many are.
    static let spacing = 5
    static let mostPoints = 4
    /// Evidence against a correction, in nats, that a report may bring without its being suspected, and their sum that alarms.
    static let slack: Float = 0.05
    static let limit: Float = 10
    /// Of a report's error, as far as it is believed.
    static let variances: ClosedRange<Float> = 0.03...0.1

    public var reports = 0
    /// By name of the modality.
    public var watches: [String: Watch] = [:]
    /// Oldest first.
    public var points: [Point] = []

    public init() {}

    /// Learns from a report what one modality had said shortly before.
    /// - Returns: `true` where what was learned before has begun to do harm; it has been forgotten.
    public mutating func learn(
        _ evidence: Evidence, saidValence: Float?, saidArousal: Float?, into senses: inout SenseCalibration
    ) -> Bool {
        let name = evidence.modality.name
        let corrected = senses.corrected(evidence)
        var watch = watches[name] ?? Watch()
        var (base, personal, count): (Float, Float, Float) = (0, 0, 0)
        for (said, shown, better) in [
            (saidValence, evidence.valence, corrected.valence), (saidArousal, evidence.arousal, corrected.arousal),
        ] {
            guard let said, let shown, let better, said.isFinite, shown.mean.isFinite, better.mean.isFinite else {
                continue
            }
            base += (said - shown.mean) * (said - shown.mean)
            personal += (said - better.mean) * (said - better.mean)
            count += 1
        }
        guard count > 0 else { return false }
        (base, personal) = (base / count, personal / count)
        watch.reports = min(max(watch.reports, 0), 1_000_000) + 1
        let rate = 1 / Float(min(watch.reports, 20))
        // Log likelihood ratio of the models alone against the correction, with normal errors.
        let variance =
            watch.personal.isFinite
            ? min(max(watch.personal, Self.variances.lowerBound), Self.variances.upperBound) : Self.variances.upperBound
        let harm = (personal - base) / (2 * variance)
        watch.base = Self.moved(watch.base, base, rate)
        watch.personal = Self.moved(watch.personal, personal, rate)
        watch.excess = max((watch.excess.isFinite ? watch.excess : 0) + harm - Self.slack, 0)
        let isAlarm = watch.excess > Self.limit
        if isAlarm {
            watch.alarms = min(max(watch.alarms, 0), 1_000_000) + 1
            watch.excess = 0
            senses.forget(evidence.modality)
        }
        watches[name] = watch
        senses.learn(evidence, saidValence: saidValence, saidArousal: saidArousal)
        return isAlarm
    }

    private static func moved(_ mean: Float, _ value: Float, _ rate: Float) -> Float {
        mean.isFinite ? mean + rate * (value - mean) : value
    }

    /// A report is done: now and then what was learned is kept.
    public mutating func mark(_ senses: SenseCalibration) {
        reports = min(max(reports, 0), 1_000_000) + 1
        guard reports % Self.spacing == 0 else { return }
        points.append(Point(reports: reports, senses: senses))
        // The spacing doubles with age: of neighbours the younger of the closest pair goes.
        if points.count > Self.mostPoints {
            let gaps = (1..<points.count - 1).map { points[$0 + 1].reports - points[$0 - 1].reports }
            let closest = gaps.indices.min { gaps[$0] < gaps[$1] } ?? 0
            points.remove(at: closest + 1)
        }
    }

    /// What had been learned after `reports` reports, 0 = nothing; what came later is forgotten. `nil` where that was not kept.
    public mutating func restore(to reports: Int) -> SenseCalibration? {
        guard reports != 0 else {
            self = SenseHistory()
            return SenseCalibration()
        }
        guard let at = points.firstIndex(where: { $0.reports == reports }) else { return nil }
        points.removeLast(points.count - 1 - at)
        self.reports = reports
        for name in watches.keys { watches[name]?.excess = 0 }
        return points[at].senses
    }
}
