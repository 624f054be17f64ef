import AffettoCore
import Glibc

/// The second level of a decision: which track, given the strategy. A shortlist of the best by mood fit, expected liking
/// and expected benefit, and the exact chance of each member.
struct TrackChoice {
    private struct Member {
        let track: Track
        let score: Float
        /// The part of the score that liking has no hand in.
        let unliked: Float
    }

    private let settings: InterventionSettings
    private let context: DecisionContext
    private let strategy: Strategy
    private let target: AffectPoint
    private let shortlist: [Member]
    /// Of each member of the shortlist; they sum to 1.
    let chances: [Double]

    /// - Parameter open: the tracks that may play, at least one.
    init(
        _ open: [Track], target: AffectPoint, strategy: Strategy, _ context: DecisionContext,
        _ settings: InterventionSettings
    ) {
        self.settings = settings
        self.context = context
        self.strategy = strategy
        self.target = target
        let ranked = open.map { Self.rate($0, target, strategy, context, settings) }
            .sorted { $0.score != $1.score ? $0.score > $1.score : $0.track.id < $1.track.id }
        shortlist = Self.mixed(ranked, settings)
        chances = Self.chances(shortlist, settings)
    }

    /// Writes the drawn track into the decision, with its chance and what spoke for it.
    func fill(_ decision: inout Decision, drawn: Int) {
        guard shortlist.indices.contains(drawn) else { return }
        let track = shortlist[drawn].track
        let chance = chances[drawn]
        decision.action = .play
        decision.track = track.id
        decision.propensity *= chance
        decision.candidates = zip(shortlist, chances).map { Candidate(track: $0.track.id, probability: $1) }
        decision.expectedBenefit = context.model.benefit.expect(track)
        decision.expectedLiking = context.model.liking.expect(track)
        if strategy == .selfChoice { decision.target = track.point }
        if chance < 2 * settings.minimumPropensity {
            let text = "An occasional try of something less expected, so that the engine can learn."
            decision.reasons.append(Reason("exploration", text, weight: Float(chance)))
        }
        decision.reasons += reasons(track, decision)
    }

    // MARK: Scores

    private static func rate(
        _ track: Track, _ target: AffectPoint, _ strategy: Strategy, _ c: DecisionContext,
        _ settings: InterventionSettings
    ) -> Member {
        var score = settings.benefitWeight * c.model.benefit.expect(track)
        if strategy != .selfChoice { score += settings.fitWeight * fit(track, target, settings) }
        if let artist = c.played.last?.artist, !artist.isEmpty, artist == track.artist { score -= 0.1 }
        score -= tempoPenalty(track, after: c.played.last, settings)
        // A number that is none must not upset the order.
        if !score.isFinite { score = -1 }
        return Member(
            track: track, score: score + settings.likingWeight * c.model.liking.expect(track), unliked: score)
    }

    private static func fit(_ track: Track, _ target: AffectPoint, _ settings: InterventionSettings) -> Float {
        let distance = track.point.distance(to: target)
        return exp(-distance * distance / (2 * settings.fitSd * settings.fitSd))
    }

    private static func tempoPenalty(_ track: Track, after last: Track?, _ settings: InterventionSettings) -> Float {
        guard let last = last?.features.tempo, last > 0, track.features.tempo > 0 else { return 0 }
        return min(max(abs(log(track.features.tempo / last)) - log(settings.tempoRatio), 0), 0.3)
    }

    // MARK: Chances

    /// The best few of `ranked`, of one style no more than its share while there are others.
    private static func mixed(_ ranked: [Member], _ settings: InterventionSettings) -> [Member] {
        let quota = Int((Double(settings.shortlist) * settings.styleShare).rounded(.up))
        var taken: [String: Int] = [:]
        var chosen: [Int] = []
        var passedOver: [Int] = []
        for (rank, member) in ranked.enumerated() where chosen.count < settings.shortlist {
            let style = member.track.style
            if !style.isEmpty, taken[style, default: 0] >= quota {
                passedOver.append(rank)
            } else {
                taken[style, default: 0] += 1
                chosen.append(rank)
            }
        }
        chosen += passedOver.prefix(settings.shortlist - chosen.count)
        return chosen.sorted().map { ranked[$0] }
    }

    private static func chances(_ shortlist: [Member], _ settings: InterventionSettings) -> [Double] {
        let top = shortlist.reduce(-Float.infinity) { max($0, $1.score) }
        let weights = shortlist.map { exp(Double(($0.score - top) / settings.temperature)) }
        return capped(StrategyTable.floored(weights, floor: settings.minimumPropensity), shortlist, settings)
    }

    /// Holds a style to its share, so that a favourite cannot crowd out everything else. A style whose best track suits
    /// the moment better than any other style's may have more, but not for being liked, nor for being many.
    private static func capped(
        _ free: [Double], _ shortlist: [Member], _ settings: InterventionSettings
    ) -> [Double] {
        let floor = settings.minimumPropensity
        func best(_ belongs: (String) -> Bool) -> Float {
            shortlist.reduce(-Float.infinity) { belongs($1.track.style) ? max($0, $1.unliked) : $0 }
        }
        for style in Set(shortlist.map(\.track.style)).sorted() where !style.isEmpty {
            let isOwn = shortlist.map { $0.track.style == style }
            let own = zip(free, isOwn).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
            let lead = Double((best { $0 == style } - best { $0 != style }) / settings.temperature)
            let cap = max(settings.styleShare, 1 / (1 + exp(-lead)))
            guard isOwn.contains(false), own > cap else { continue }
            // Above the floor every member shrinks alike; the others take up what is left. Only one style can be over.
            let base = Double(isOwn.count { $0 }) * floor
            let shrink = (cap - base) / (own - base)
            let grow = (1 - cap) / (1 - own)
            return zip(free, isOwn).map { $1 ? floor + ($0 - floor) * shrink : $0 * grow }
        }
        return free
    }

    // MARK: Words

    /// By name where the style itself was met or named; else the taste is inferred from how pieces sound.
    private func taste(_ track: Track, _ liking: Float) -> String {
        let met = !track.style.isEmpty && (context.model.liking.styles[track.style]?.count ?? 0) > 0
        if !met, liking > 0, context.assessment.likedStyles?.contains(track.style) == true {
            return "The learner says they like \(track.style)."
        }
        let what = met ? track.style : "music like this"
        return liking > 0 ? "The learner has liked \(what)." : "The learner has not warmed to \(what) yet."
    }

    /// What spoke for and against the track, strongest first.
    private func reasons(_ track: Track, _ decision: Decision) -> [Reason] {
        var out: [Reason] = []
        if strategy != .selfChoice {
            let fit = Self.fit(track, target, settings)
            let text =
                switch fit {
                case 0.6...: "Its mood is close to this step of the path."
                case 0.25...: "Its mood is not far from this step of the path."
                default: "Its mood is away from this step of the path; something else spoke for it."
                }
            out.append(Reason("mood_fit", text, weight: settings.fitWeight * fit))
        }
        if abs(decision.expectedLiking) > 0.05 {
            out.append(
                Reason(
                    "liking", taste(track, decision.expectedLiking),
                    weight: settings.likingWeight * decision.expectedLiking))
        }
        if abs(decision.expectedBenefit) > 0.05 {
            let text =
                decision.expectedBenefit > 0
                ? "Music like this went with feeling better before."
                : "Music like this has not gone with feeling better so far."
            out.append(Reason("benefit", text, weight: settings.benefitWeight * decision.expectedBenefit))
        }
        if context.task == .verbal {
            let text = "Words in songs get in the way of reading: instrumental only."
            out.append(Reason("no_lyrics", text, weight: 0))
        }
        return out.sorted { abs($0.weight) > abs($1.weight) }
    }
}
