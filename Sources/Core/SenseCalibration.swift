/// What a learner's own words have taught about how far each modality errs on them: the small personal layer above the models.
///
/// Each report that comes soon after evidence is a labelled error. Two numbers a modality and axis are kept, both shrunk
/// towards "the model is right" so that a few odd days change little: the mean error, which is taken off, and how large errors
/// are against what the model claims, which widens or narrows its doubt.
public struct SenseCalibration: Codable, Sendable, Equatable {
    public struct Axis: Codable, Sendable, Equatable {
        public var count = 0
        /// Mean of report − evidence, −1…1.
        public var bias: Float = 0
        /// Mean of squared error over claimed variance; 1 = as large as claimed.
        public var spread: Float = 1

        public init() {}

        mutating func learn(_ error: Float, sd: Float) {
            count = min(count + 1, 1_000_000)
            // As if five reports had agreed with the model; the last fifty count most.
            let rate = 1 / Float(min(count, 45) + 5)
            bias += rate * (error - bias)
            let square = min(error * error / max(sd * sd, 1e-4), 16)
            spread += rate * (square - spread)
        }

        /// Numbers that no learning could have come to, as a file may hold, are set back.
        var isSound: Bool {
            count >= 0 && bias.isFinite && abs(bias) <= 2 && spread.isFinite && (0...16).contains(spread)
        }
    }

    /// By name of the modality.
    public var valence: [String: Axis] = [:]
    public var arousal: [String: Axis] = [:]

    public init() {}

    /// How many reports there were to learn from.
    public func count(_ modality: Modality) -> Int {
        max(valence[modality.name]?.count ?? 0, arousal[modality.name]?.count ?? 0)
    }

    /// A report and what one modality had said shortly before.
    public mutating func learn(_ evidence: Evidence, saidValence: Float?, saidArousal: Float?) {
        let name = evidence.modality.name
        if let said = saidValence, let shown = evidence.valence {
            valence[name, default: Axis()].learn(said - shown.mean, sd: shown.sd)
        }
        if let said = saidArousal, let shown = evidence.arousal {
            arousal[name, default: Axis()].learn(said - shown.mean, sd: shown.sd)
        }
    }

    /// A modality is as the models have it again.
    public mutating func forget(_ modality: Modality) {
        valence[modality.name] = nil
        arousal[modality.name] = nil
    }

    /// The evidence as it is worth for this learner. Class likelihoods stay: they count less where valence misleads.
    public func corrected(_ evidence: Evidence) -> Evidence {
        guard evidence.modality != .selfReport else { return evidence }
        var out = evidence
        let name = evidence.modality.name
        out.valence = Self.corrected(evidence.valence, valence[name])
        out.arousal = Self.corrected(evidence.arousal, arousal[name])
        if let axis = valence[name], axis.isSound, axis.spread > 1 {
            out.quality = evidence.quality / axis.spread.squareRoot()
        }
        return out
    }

    private static func corrected(_ shown: Estimate?, _ axis: Axis?) -> Estimate? {
        guard let shown, let axis, axis.isSound else { return shown }
        let mean = min(max(shown.mean + min(max(axis.bias, -0.5), 0.5), -1), 1)
        return Estimate(mean, sd: shown.sd * min(max(axis.spread.squareRoot(), 0.7), 3))
    }
}
