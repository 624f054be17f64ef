import AffettoCore
import AffettoStore
import Glibc

/// What contradicts itself in a track, so that a person should look.
enum Review {
    /// Label and measurement: so many standard deviations of both apart.
    private static let apart: Float = 1.5
    /// Raters: their standard deviation, of three or more.
    private static let quarrel: Float = 0.5
    /// An estimate by rule of thumb: only a clear one counts.
    private static let sung: Float = 0.97

    /// The track with its label from people's ratings, where there are any and nobody has corrected it, and with its place
    /// in the review queue.
    static func judged(_ track: Track, ratings: [TrackRating]) -> Track {
        var track = track
        if let source = [LabelSource.expert, .crowd].first(where: { source in ratings.contains { $0.source == source } }),
            !track.corrected.contains(TrackField.valence.rawValue)
        {
            let counted = ratings.filter { $0.source == source }
            track.valence = label(counted.map(\.valence))
            track.arousal = label(counted.map(\.arousal))
            track.labelSource = source
            track.raters = Int32(clamping: counted.count)
        }
        let reasons = reasons(track, ratings)
        switch track.review {
        case .none, .needed:
            track.review = reasons.isEmpty ? .none : .needed
            track.reviewReasons = reasons
        case .accepted, .rejected: break
        }
        return track
    }

    /// Mean, with the raters' deviation; what one or two say is held for less sure than they agree.
    private static func label(_ values: [Float]) -> Estimate {
        let n = Float(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
        return Estimate(mean, sd: min(max(variance.squareRoot(), n < 3 ? 0.25 : 0.1), 1))
    }

    private static func reasons(_ track: Track, _ ratings: [TrackRating]) -> [String] {
        var reasons: [String] = []
        if track.labelSource != .model, let valence = track.measuredValence, let arousal = track.measuredArousal {
            for (name, label, measured) in [
                ("valence", track.valence, valence), ("arousal", track.arousal, arousal),
            ] where abs(label.mean - measured.mean) > apart * (label.sd * label.sd + measured.sd * measured.sd).squareRoot() {
                reasons.append("the label's \(name) \(text(label.mean)) is far from the measured \(text(measured.mean))")
            }
        }
        if ratings.count >= 3 {
            for (name, values) in [("valence", ratings.map(\.valence)), ("arousal", ratings.map(\.arousal))] {
                let sd = label(values).sd
                if sd > quarrel { reasons.append("raters disagree on \(name): standard deviation \(text(sd))") }
            }
        }
        if !track.hasLyrics, track.features.vocalActivity > sung {
            reasons.append("it is said to be instrumental, but a voice seems to sing")
        }
        return reasons
    }

    private static func text(_ value: Float) -> String {
        let hundredths = Int((abs(value) * 100).rounded())
        let digits = hundredths % 100 < 10 ? "0\(hundredths % 100)" : "\(hundredths % 100)"
        return "\(value < 0 ? "-" : "")\(hundredths / 100).\(digits)"
    }
}

extension MusicLibrary {
    /// Keeps ratings, and labels their tracks by them: the mean of experts where there are any, else of the crowd.
    /// - Throws: `.argument` (no rater, or a source that is neither crowd nor expert), `.range`, `.notFound`, `.store`.
    public func rate(_ ratings: [TrackRating]) throws(AffettoError) {
        for rating in ratings {
            guard !rating.rater.isEmpty, rating.rater.utf8.count < 64 else {
                throw AffettoError(.argument, "a rating needs a rater, a name of 1…63 bytes")
            }
            guard rating.source == .crowd || rating.source == .expert else {
                throw AffettoError(.argument, "a rating's source is crowd or expert")
            }
            try requireInRange(rating.valence, -1...1, "the rating's valence")
            try requireInRange(rating.arousal, -1...1, "the rating's arousal")
        }
        try writeNext { () throws(AffettoError) in
            try store.putRatings(ratings)
            var judged: [Track] = []
            for id in Set(ratings.map(\.track)).sorted() {
                guard let track = try store.track(id: id) else { continue }
                judged.append(Review.judged(track, ratings: try store.ratings(of: id)))
            }
            try write(judged, [:])
        }
    }

    /// The tracks that wait for a person, in the order in which they came.
    public func reviewQueue(limit: Int = .max) throws(AffettoError) -> Found {
        var query = Query()
        query.needsReview = true
        return try find(query, limit: limit)
    }

    /// What a person decided of a track in the queue. A rejected one is not played.
    public func settle(_ id: String, _ status: ReviewStatus) throws(AffettoError) {
        guard status != .needed else { throw AffettoError(.argument, "a review is settled as accepted, rejected or none") }
        try change(id) { track in track.review = status }
    }

    /// How far raters agree.
    public struct Agreement: Codable, Sendable, Equatable {
        /// Krippendorff's alpha, interval; `nil` where nobody rated what another rated.
        public var valence: Double?
        public var arousal: Double?
        public var ratings: Int
        public var raters: Int
        /// Tracks with two ratings or more: the ones that count.
        public var tracks: Int
    }

    public func agreement() throws(AffettoError) -> Agreement {
        let ratings = try store.ratings()
        let units = Dictionary(grouping: ratings, by: \.track).sorted { $0.key < $1.key }.map(\.value)
        return Agreement(
            valence: Krippendorff.alpha(units.map { $0.map { Double($0.valence) } }),
            arousal: Krippendorff.alpha(units.map { $0.map { Double($0.arousal) } }), ratings: ratings.count,
            raters: Set(ratings.map(\.rater)).count, tracks: units.count { $0.count > 1 })
    }
}

/// Agreement of raters beyond chance (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"), interval metric.
public enum Krippendorff {
    /// 1 − observed over expected disagreement: 1 = perfect, 0 = as by chance. Units rated by one alone do not count.
    /// - Parameter units: the ratings of each unit, in any order, as many as there are.
    /// - Returns: `nil` where no unit has two ratings, or all ratings are the same.
    public static func alpha(_ units: [[Double]]) -> Double? {
        let paired = units.filter { $0.count > 1 }
        let all = paired.joined()
        let n = Double(all.count)
        guard n > 1 else { return nil }
        // The sum of squared differences over all ordered pairs of values: 2 (n Σx² − (Σx)²).
        func disagreement(_ values: some Sequence<Double>, _ count: Double) -> Double {
            var (sum, squares) = (0.0, 0.0)
            for value in values {
                sum += value
                squares += value * value
            }
            return 2 * max(count * squares - sum * sum, 0)
        }
        let observed = paired.reduce(0) { $0 + disagreement($1, Double($1.count)) / Double($1.count - 1) } / n
        let expected = disagreement(all, n) / (n * (n - 1))
        return expected > 1e-12 ? 1 - observed / expected : nil
    }
}
