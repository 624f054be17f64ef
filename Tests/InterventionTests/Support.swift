import AffettoCore
import AffettoIntervention

func track(
    _ id: String, style: String = "piano", valence: Float = 0.2, arousal: Float = 0, tempo: Float = 100,
    artist: String = "", lyrics: String = "", isExplicit: Bool = false
) -> Track {
    Track(
        id: id, title: id, artist: artist, style: style, lyricsLanguage: lyrics, isExplicit: isExplicit,
        valence: Estimate(valence, sd: 0.2), arousal: Estimate(arousal, sd: 0.2), labelSource: .expert,
        features: MusicFeatures(
            duration: 180, tempo: tempo, pulseClarity: 0.5, key: 0, isMinor: valence < 0, keyClarity: 0.5, majorness: 0,
            loudness: -18, energy: -20, brightness: 1500, flux: 1, onsetRate: 2))
}

/// Tracks all over valence and arousal, of three styles.
func library(_ count: Int, seed: UInt64 = 1, valences: ClosedRange<Float> = -0.15...0.8) -> [Track] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { n in
        track(
            "t\(n)", style: ["piano", "folk", "dance"][n % 3],
            valence: valences.lowerBound + Float(random.uniform()) * (valences.upperBound - valences.lowerBound),
            arousal: Float(random.uniform() * 1.6 - 0.8), tempo: Float(60 + random.below(90)))
    }
}

func state(_ emotion: Emotion?, reported: Float = 0, valence: Float? = nil) -> AffectState {
    var state = AffectState.unknown(at: 0)
    state.emotion = emotion
    state.abstain = emotion == nil ? .lowProbability : .none
    let point = emotion?.point ?? AffectPoint(valence: 0, arousal: 0)
    state.valence = Estimate(valence ?? point.valence, sd: 0.2)
    state.arousal = Estimate(point.arousal, sd: 0.2)
    state.evidence = [0, 0, 1 - reported, 0, reported]
    return state
}

/// A sad learner at rest, to be uplifted, with nothing in the way.
func context(_ tracks: [Track], seed: UInt64 = 1, _ change: (inout DecisionContext) -> Void = { _ in })
    -> DecisionContext
{
    var context = DecisionContext(
        id: 1, time: 0, goal: .uplift, task: .rest, playback: .own, state: state(.sad), emotionAge: 300,
        verdict: .allowed, stopped: false, paused: false, mayAsk: true, assessment: Assessment(), model: LearnerModel(),
        library: tracks, played: [], path: nil, step: 0, seed: seed)
    change(&context)
    return context
}

/// The decision for the first seed that draws `strategy`.
func decision(_ strategy: Strategy, _ context: DecisionContext) -> Decision? {
    var context = context
    for seed in 0..<UInt64(2000) {
        context.seed = seed
        let decision = Decider().decide(context).decision
        if decision.strategy == strategy { return decision }
    }
    return nil
}

/// P(style | strategy) over the shortlist.
func share(of style: String, by strategy: Strategy = .compensatory, _ context: DecisionContext) -> Double {
    let styles = Dictionary(context.library.map { ($0.id, $0.style) }, uniquingKeysWith: { a, _ in a })
    return decision(strategy, context)?.candidates.filter { styles[$0.track] == style }
        .reduce(0) { $0 + $1.probability } ?? .nan
}

extension LearnerModel {
    /// Learns that a track was liked, or not, or did good, or not.
    mutating func hear(_ track: Track, liking: Float? = nil, benefit: Float? = nil, strategy: Strategy = .compensatory)
    {
        learn(
            Outcome(decision: 1, time: 0, benefit: benefit, liking: liking), track: track, strategy: strategy,
            emotion: .sad, settings: InterventionSettings())
    }
}
