import AffettoCore

/// A questionnaire as data: items on one scale, and scores made of them. Affetto ships none but its own; a host brings those it may
/// use, and says under which licence.
public struct Instrument: Codable, Sendable, Equatable {
    public struct Item: Codable, Sendable, Equatable {
        public var id: String
        public var text: String
        /// The scale runs the other way.
        public var reverse: Bool?
    }

    public struct Scale: Codable, Sendable, Equatable {
        public var min: Float
        public var max: Float
        /// From `min` up, one a step; may be left out.
        public var labels: [String]?
    }

    public struct Score: Codable, Sendable, Equatable {
        public enum Method: String, Codable, Sendable { case mean, sum }
        public var name: String
        public var items: [String]
        public var method: Method
        /// "valence", "arousal" or "control": the score, put on −1…1, is then part of a self-report.
        public var reports: String?
    }

    public var id: String
    public var title: String
    /// BCP 47.
    public var language: String
    /// Under which terms the items may be used: an SPDX name, or words.
    public var licence: String
    public var items: [Item]
    public var scale: Scale
    public var scores: [Score]

    /// - Parameter json: at most 256 KiB.
    /// - Throws: `.argument` naming what is missing or does not fit, the licence above all; `.range` for a scale that is none.
    public init(json: some Collection<UInt8>) throws(AffettoError) {
        guard json.count <= 262_144 else { throw AffettoError(.range, "the instrument is longer than 256 KiB") }
        self = try JSON.decode(Instrument.self, from: json, what: "the instrument")
        func require(_ holds: Bool, _ why: String) throws(AffettoError) {
            if !holds { throw AffettoError(.argument, "the instrument \(why)") }
        }
        try require(!licence.allSatisfy(\.isWhitespace), "says no licence: without one it may not be used")
        try require(!id.isEmpty && !language.isEmpty, "has no id or no language")
        try require((1...500).contains(items.count), "must have 1…500 items")
        let ids = Set(items.map(\.id))
        try require(ids.count == items.count && !ids.contains(""), "has an item twice, or without id")
        guard scale.min.isFinite, scale.max.isFinite, scale.min < scale.max, scale.max - scale.min <= 1000 else {
            throw AffettoError(.range, "the instrument's scale must run from a smaller to a larger number")
        }
        try require(!scores.isEmpty && Set(scores.map(\.name)).count == scores.count, "has no score, or one twice")
        for score in scores {
            try require(
                !score.items.isEmpty && score.items.allSatisfy(ids.contains), "scores an item that it does not have")
            try require(
                score.reports.map { ["valence", "arousal", "control"].contains($0) } ?? true,
                "reports something other than valence, arousal or control")
        }
    }

    public struct Result: Codable, Sendable, Equatable {
        /// By name; a score of which less than half of the items were answered is left out.
        public var scores: [String: Float]
        public var answered: Int
        public var items: Int
        /// What can be pushed as a self-report: "valence" and so on, −1…1.
        public var report: [String: Float]
    }

    /// Scores answers, any of which may be missing: what is missing counts as the mean of what is there.
    /// - Throws: `.argument` for an answer to no item, `.range` for one off the scale.
    public func score(_ answers: [String: Float?]) throws(AffettoError) -> Result {
        let known = Set(items.map(\.id))
        for (id, answer) in answers {
            guard known.contains(id) else { throw AffettoError(.argument, "there is no item '\(id)'") }
            if let answer { try requireInRange(answer, scale.min...scale.max, "the answer to '\(id)'") }
        }
        let reversed = Set(items.filter { $0.reverse == true }.map(\.id))
        var result = Result(
            scores: [:], answered: answers.values.count { $0 != nil }, items: items.count, report: [:])
        for score in scores {
            let values = score.items.compactMap { id -> Float? in
                guard let answer = answers[id] ?? nil else { return nil }
                return reversed.contains(id) ? scale.min + scale.max - answer : answer
            }
            guard values.count * 2 >= score.items.count, !values.isEmpty else { continue }
            let mean = values.reduce(0, +) / Float(values.count)
            result.scores[score.name] = score.method == .mean ? mean : mean * Float(score.items.count)
            if let part = score.reports { result.report[part] = 2 * (mean - scale.min) / (scale.max - scale.min) - 1 }
        }
        return result
    }
}
