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
        if let source = [LabelSource.expert, .crowd].first(where: { source in ratings.contains { $0.source == source } }
        ) {
            let counted = ratings.filter { $0.source == source }
            let corrected = Set(track.corrected)
            if corrected.isDisjoint(with: ["valence", "valence_sd"]) { track.valence = label(counted.map(\.valence)) }
            if corrected.isDisjoint(with: ["arousal", "arousal_sd"]) { track.arousal = label(counted.map(\.arousal)) }
            if corrected.isDisjoint(with: ["valence", "arousal", "label_source"]) {
                track.labelSource = source
                track.raters = Int32(clamping: counted.count)
            }
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
            ]
            where abs(label.mean - measured.mean) > apart
                * (label.sd * label.sd + measured.sd * measured.sd).squareRoot()
            {
                reasons.append(
                    "the label's \(name) \(text(label.mean)) is far from the measured \(text(measured.mean))")
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
        // Held: what stands in an edited file may be any number.
        let hundredths = Int((min(abs(value), 9) * 100).rounded())
        let digits = hundredths % 100 < 10 ? "0\(hundredths % 100)" : "\(hundredths % 100)"
        return "\(value < 0 ? "-" : "")\(hundredths / 100).\(digits)"
    }
}
