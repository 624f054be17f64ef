import AffettoCore
import AffettoIntervention

/// The small personal layer above the models, as a reader gets it.
public struct Adaptation: Codable, Sendable {
    public struct Sense: Codable, Sendable {
        /// Reports soon after evidence of this modality.
        public var reports: Int
        /// Root mean square of what the models alone were off by, and of what is left after correction.
        public var baseError: Float
        public var personalError: Float
        /// How often the correction did harm and began anew.
        public var alarms: Int
        /// What is added to the models' valence and arousal, and by what their doubt is multiplied.
        public var valenceBias: Float
        public var arousalBias: Float
        public var valenceSpread: Float
        public var arousalSpread: Float
    }

    public var reports: Int
    /// Reports after which what was learned is kept to go back to, beside 0.
    public var points: [Int]
    public var modalities: [String: Sense]

    init(_ model: LearnerModel) {
        reports = model.senseHistory.reports
        points = model.senseHistory.points.map(\.reports)
        modalities = model.senseHistory.watches.reduce(into: [:]) { out, entry in
            let (name, watch) = entry
            let (valence, arousal) = (model.senses.valence[name], model.senses.arousal[name])
            out[name] = Sense(
                reports: watch.reports, baseError: max(watch.base, 0).squareRoot(),
                personalError: max(watch.personal, 0).squareRoot(), alarms: watch.alarms,
                valenceBias: valence?.bias ?? 0, arousalBias: arousal?.bias ?? 0,
                valenceSpread: (valence?.spread ?? 1).squareRoot(), arousalSpread: (arousal?.spread ?? 1).squareRoot())
        }
    }
}
