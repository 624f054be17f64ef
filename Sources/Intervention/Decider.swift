import AffettoCore
import Glibc

/// Gates → strategy → path → track: one pure function from a context to a decision with its exact propensity.
public struct Decider: Sendable {
    public let settings: InterventionSettings

    public init(settings: InterventionSettings = .init()) { self.settings = settings }

    /// The decision, and the path and step it leaves behind for the next one.
    public func decide(_ c: DecisionContext) -> (decision: Decision, path: AffectPath?, step: Int) {
        let here = c.state.point
        let path = continued(c) ?? AffectPath(start: here, goal: c.goal.destination, settings: settings)
        var decision = Decision(
            id: c.id, time: c.time, action: .wait, gate: .none, strategy: .silence, goal: c.goal, start: here,
            target: here, destination: path.goal, pathProgress: path.progress(of: here), reasons: [])
        if let (action, gate, reason) = Gates.check(c, settings) {
            decision.action = action
            decision.gate = gate
            decision.reasons = [reason]
            return (decision, c.path, c.step)
        }
        var random = SeededRandom(seed: c.seed, stream: 0x6465_6369, index: c.id)
        let open = c.library.filter { Gates.forbids($0, c, settings) == nil }
        var chances = StrategyTable.chances(
            emotion: c.state.emotion, valence: here.valence, task: c.task, model: c.model,
            sadMusicHarms: c.assessment.feelsWorseAfterSadMusic ?? false, floor: settings.minimumPropensity)
        if open.isEmpty {
            chances = chances.indices.map { $0 == Int(Strategy.silence.rawValue) ? 1 : 0 }
            decision.gate = .noTrack
        }
        let drawn = Self.draw(chances, &random)
        let strategy = Strategy(rawValue: Int32(drawn)) ?? .silence
        decision.strategy = strategy
        decision.strategyProbability = chances
        decision.propensity = chances[drawn]
        decision.reasons = [strategyReason(strategy, c, chances[drawn])]
        guard strategy != .silence, !open.isEmpty else {
            decision.action = .silence
            if open.isEmpty {
                let text =
                    c.library.isEmpty
                    ? "The library is empty." : "No track of \(c.library.count) passes the rules for this learner now."
                decision.reasons.append(Reason("no_track", text, weight: 1))
            }
            return (decision, path, c.step)
        }
        let step = c.step + 1
        decision.target = target(strategy, path, step: c.step, here: here)
        choose(from: open, c, &decision, &random)
        return (decision, path, step)
    }

    /// The path under way goes on while it leads to the same goal and is not walked out.
    private func continued(_ c: DecisionContext) -> AffectPath? {
        guard let path = c.path, path.goal == c.goal.destination, c.step <= path.steps else { return nil }
        return path
    }

    private func target(_ strategy: Strategy, _ path: AffectPath, step: Int, here: AffectPoint) -> AffectPoint {
        switch strategy {
        case .iso: path.waypoint(step)
        case .compensatory: here.moved(toward: path.goal, share: 0.8)
        case .steady: AffectPoint(valence: 0.2, arousal: -0.15)
        case .selfChoice, .silence: here
        }
    }

    private func strategyReason(_ strategy: Strategy, _ c: DecisionContext, _ chance: Double) -> Reason {
        let feeling = c.state.emotion?.name ?? "unclear"
        let text =
            switch strategy {
            case .iso: "The learner seems \(feeling): begin there and lead on in small steps."
            case .compensatory: "The learner seems \(feeling): begin near where they want to be."
            case .steady: "The learner seems \(feeling): even, quiet music leaves room."
            case .silence: "The learner seems \(feeling): silence is a choice, too."
            case .selfChoice: "The learner seems \(feeling): what they like best may serve them best."
            }
        return Reason("strategy_\(strategy.name)", text, weight: Float(chance))
    }

    private func choose(
        from open: [Track], _ c: DecisionContext, _ decision: inout Decision, _ random: inout SeededRandom
    ) {
        let target = decision.target
        let strategy = decision.strategy
        var scored: [(track: Track, score: Float)] = open.map { ($0, score($0, target, strategy, c)) }
        scored.sort { $0.score != $1.score ? $0.score > $1.score : $0.track.id < $1.track.id }
        let shortlist = Array(scored.prefix(settings.shortlist))
        let top = shortlist[0].score
        let weights = shortlist.map { Double(exp(($0.score - top) / settings.temperature)) }
        let chances = StrategyTable.floored(capped(weights, shortlist.map(\.track.style)), floor: settings.minimumPropensity)
        let drawn = Self.draw(chances, &random)
        let track = shortlist[drawn].track
        decision.action = .play
        decision.track = track.id
        decision.propensity *= chances[drawn]
        decision.candidates = zip(shortlist, chances).map { Candidate(track: $0.track.id, probability: $1) }
        decision.expectedBenefit = c.model.benefit.expect(track)
        decision.expectedLiking = c.model.liking.expect(track)
        if strategy == .selfChoice { decision.target = track.point }
        decision.reasons += reasons(track, target, strategy, c)
        if chances[drawn] < 2 * settings.minimumPropensity {
            let text = "An occasional try of something less expected, so that the engine can learn."
            decision.reasons.insert(Reason("exploration", text, weight: Float(chances[drawn])), at: 1)
        }
    }

    private func fit(_ track: Track, _ target: AffectPoint) -> Float {
        let distance = track.point.distance(to: target)
        return exp(-distance * distance / (2 * settings.fitSd * settings.fitSd))
    }

    private func tempoPenalty(_ track: Track, _ c: DecisionContext) -> Float {
        guard let last = c.played.last?.features.tempo, last > 0, track.features.tempo > 0 else { return 0 }
        return min(max(abs(log(track.features.tempo / last)) - log(settings.tempoRatio), 0), 0.3)
    }

    private func score(_ track: Track, _ target: AffectPoint, _ strategy: Strategy, _ c: DecisionContext) -> Float {
        var score = settings.likingWeight * c.model.liking.expect(track) + settings.benefitWeight * c.model.benefit.expect(track)
        if strategy != .selfChoice { score += settings.fitWeight * fit(track, target) }
        if let artist = c.played.last?.artist, !artist.isEmpty, artist == track.artist { score -= 0.1 }
        return score - tempoPenalty(track, c)
    }

    /// Holds each style to its share of the shortlist, so that a favourite cannot crowd out everything else.
    private func capped(_ weights: [Double], _ styles: [String]) -> [Double] {
        var out = weights
        guard Set(styles).count > 1 else { return out }
        let sum = out.reduce(0, +)
        for style in Set(styles).sorted() {
            let own = zip(out, styles).reduce(0) { $0 + ($1.1 == style ? $1.0 : 0) }
            guard own > settings.styleShare * sum else { continue }
            // own · k / (own · k + rest) = cap
            let factor = settings.styleShare * (sum - own) / ((1 - settings.styleShare) * own)
            for i in out.indices where styles[i] == style { out[i] *= factor }
        }
        return out
    }

    private func reasons(
        _ track: Track, _ target: AffectPoint, _ strategy: Strategy, _ c: DecisionContext
    ) -> [Reason] {
        var out: [Reason] = []
        if strategy != .selfChoice {
            let fit = fit(track, target)
            out.append(Reason("mood_fit", fit > 0.6 ? "Its mood is close to this step of the path." : "Its mood is the nearest there is to this step of the path.", weight: settings.fitWeight * fit))
        }
        let liking = c.model.liking.expect(track)
        if abs(liking) > 0.05 {
            let style = track.style.isEmpty ? "music like this" : track.style
            out.append(
                Reason(
                    "liking", liking > 0 ? "The learner has liked \(style)." : "The learner has not warmed to \(style) yet.",
                    weight: settings.likingWeight * liking))
        }
        let benefit = c.model.benefit.expect(track)
        if abs(benefit) > 0.05 {
            out.append(
                Reason(
                    "benefit", benefit > 0 ? "Music like this went with feeling better before." : "Music like this has not gone with feeling better so far.",
                    weight: settings.benefitWeight * benefit))
        }
        if c.task == .verbal { out.append(Reason("no_lyrics", "Words in songs get in the way of reading: instrumental only.", weight: 0)) }
        return out.sorted { abs($0.weight) > abs($1.weight) }
    }

    static func draw(_ chances: [Double], _ random: inout SeededRandom) -> Int {
        let u = random.uniform()
        var sum = 0.0
        for (i, p) in chances.enumerated() {
            sum += p
            if u < sum { return i }
        }
        return chances.lastIndex { $0 > 0 } ?? 0
    }
}

extension LearnerModel {
    /// Notes that a track was chosen.
    public mutating func noteChoice() { countChoice() }
}
