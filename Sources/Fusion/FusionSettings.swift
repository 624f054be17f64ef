import AffettoCore

/// Every number of the filter, in one place. Proposals, open to evidence; hosts do not see them.
struct FusionSettings: Sendable {
    /// Standard deviation of valence, arousal and control across people and days, before any evidence.
    var priorSd: Float = 0.5
    /// Seconds after which half of what was inferred about the dimensions has worn off: the leading emotion's half-life within these
    /// (the learner's own word has `reportHalfLife`).
    var halfLives: ClosedRange<Double> = 60...240
    /// Smallest standard deviation that evidence may claim.
    var leastSd: Float = 0.02
    /// Squared distance between state and evidence, in their joint variance, from which they disagree.
    var disagreement: Float = 2
    /// Nats between the likeliest and the least likely class that one piece of evidence may claim.
    var classRange: Float = 10
    /// How much each modality's class likelihoods count at full quality. Below 1, because models err alike on one
    /// person; voice least, because its classes hardly travel to speakers of another corpus (model card).
    var classWeight: [Modality: Float] = [.voice: 0.25, .face: 0.3, .text: 0.8, .activity: 0.6, .selfReport: 1]
    /// Share of all that is known, the learner's usual point included, that the face may have until the learner's own reports have
    /// shown what their face is worth: it is never the only witness.
    var faceCap: Float = 0.35
    /// Factor on each modality's own standard deviation: models are surer than they should be on people they never met.
    var sdFactor: [Modality: Float] = [.voice: 1.5, .face: 2, .text: 1.3, .activity: 1.2, .selfReport: 1]
    /// Evidence of one modality that follows within this many seconds repeats itself and counts proportionally less.
    var spacing: [Modality: Double] = [.voice: 6, .face: 8, .text: 2, .activity: 20, .selfReport: 0]
    /// After a self-report, inference counts this much less at first, and regains its weight with the half-life.
    var reportShare: Float = 0.9
    var reportHalfLife: Double = 600
    /// Abstention: below this probability, above this normalised entropy, older than three half-lives.
    var minimumProbability: Float = 0.55
    var maximumEntropy: Float = 0.8
    /// What a modality must show on this learner (`SenseCredit`): how far its slope may lie from 1 beforehand, from which slopes on
    /// it counts at all and fully, and the log odds that it is to be believed beforehand.
    var slopeSd: Float = 0.4
    /// Pieces of evidence over which a lasting mean is taken, and how many the usual point counts for in it.
    var slopeMemory: Float = 40
    var slopePatience: Float = 6
    var slopes: ClosedRange<Float> = 0.4...0.9
    var priorOdds: Float = 3
    /// Exponent on the product of class evidence and prototypes, which overlap: both saw the same evidence.
    var pooling: Float = 0.6
    /// Standard deviation within which an emotion's prototype is a fair description of a point.
    var prototypeSd: Float = 0.35
}
