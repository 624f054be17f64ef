/// How the learner seems to feel at one moment, with doubt.
public struct AffectState: Codable, Sendable, Equatable {
    public var time: Microseconds
    /// The most likely emotion, or `nil` when the engine abstains.
    public var emotion: Emotion?
    public var valence: Estimate
    public var arousal: Estimate
    public var control: Estimate
    /// Probabilities in order of `Emotion`; they sum to 1.
    public var probability: [Float]
    /// Probability of the most likely emotion, named or not; 0…1.
    public var confidence: Float
    public var abstain: AbstainReason
    /// Share of the present state that came from each modality, in order of `Modality`; all 0 before any evidence.
    public var evidence: [Float]
    /// Grows with every change.
    public var generation: UInt64

    public init(
        time: Microseconds, emotion: Emotion?, valence: Estimate, arousal: Estimate, control: Estimate,
        probability: [Float], confidence: Float, abstain: AbstainReason, evidence: [Float], generation: UInt64
    ) {
        self.time = time
        self.emotion = emotion
        self.valence = valence
        self.arousal = arousal
        self.control = control
        self.probability = probability
        self.confidence = confidence
        self.abstain = abstain
        self.evidence = evidence
        self.generation = generation
    }

    /// Nothing is known: the state of a session before its first evidence.
    public static func unknown(at time: Microseconds) -> AffectState {
        AffectState(
            time: time, emotion: nil, valence: Estimate(0, sd: 0.6), arousal: Estimate(0, sd: 0.6),
            control: Estimate(0, sd: 0.6),
            probability: Array(repeating: 1 / Float(Emotion.count), count: Emotion.count),
            confidence: 1 / Float(Emotion.count), abstain: .noEvidence,
            evidence: Array(repeating: 0, count: Modality.count), generation: 0)
    }

    public var point: AffectPoint { AffectPoint(valence: valence.mean, arousal: arousal.mean) }
}
