import AffettoCore

/// Gates → strategy → path → track: one pure function from a context to a decision with its exact propensity.
public struct Decider: Sendable {
    public let settings: InterventionSettings

    public init(settings: InterventionSettings = .init()) { self.settings = settings }

    /// The decision, and the path and number of its steps played that it leaves behind for the next one.
    public func decide(_ c: DecisionContext) -> (decision: Decision, path: AffectPath?, step: Int) {
        let here = c.state.point
        let underWay = continued(c)
        let path = underWay ?? AffectPath(start: here, goal: c.goal.destination, settings: settings)
        let step = underWay == nil ? 0 : c.step
        var decision = Decision(
            id: c.id, time: c.time, action: .wait, gate: .none, emotion: c.state.emotion, strategy: .silence,
            goal: c.goal,
            start: here, target: here, destination: path.goal, pathProgress: path.progress(of: here), reasons: [])
        if let (action, gate, reason) = Gates.check(c, settings) {
            decision.action = action
            decision.gate = gate
            decision.reasons = [reason]
            return (decision, c.path, c.step)
        }
        var random = SeededRandom(seed: c.seed, stream: 0x6465_6369, index: c.id)
        let open = TrackRules(c, settings).open(c.library)
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
        if !open.isEmpty { decision.reasons = [strategyReason(strategy, c, chances[drawn])] }
        guard strategy != .silence, !open.isEmpty else {
            decision.action = .silence
            if open.isEmpty {
                let text =
                    c.library.isEmpty
                    ? "The library is empty." : "No track of \(c.library.count) passes the rules for this learner now."
                decision.reasons.append(Reason("no_track", text, weight: 1))
            }
            return (decision, path, step)
        }
        decision.target = target(strategy, path, step: step, here: here)
        let choice = TrackChoice(open, target: decision.target, strategy: strategy, c, settings)
        choice.fill(&decision, drawn: Self.draw(choice.chances, &random))
        return (decision, path, step + 1)
    }

    /// A path of which something has played goes on while it leads to the same goal and is not walked out.
    private func continued(_ c: DecisionContext) -> AffectPath? {
        guard let path = c.path, path.goal == c.goal.destination, (1...path.steps).contains(c.step) else { return nil }
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

    /// The index that a uniform draw falls on; `chances` sum to 1.
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
