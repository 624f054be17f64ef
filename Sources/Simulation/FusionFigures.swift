import AffettoCore
import AffettoFusion
import Glibc

/// How well a filter does on simulated evidence: what it is off by, how often its intervals hold, what its probabilities are worth.
public struct FusionFigures: Sendable {
    /// Root mean square error over valence and arousal.
    public var error: Float = 0
    /// Share of truths within the 90 % interval.
    public var coverage: Float = 0
    /// Expected calibration error of the likeliest emotion's probability.
    public var ece: Float = 0
    /// Share of moments at which the likeliest emotion is the true one.
    public var accuracy: Float = 0
    /// Error rate among the surest tenth, two tenths, … of all moments.
    public var risk: [Float] = []
    public var moments = 0

    /// - Parameters:
    ///   - modalities: those whose evidence is heard. - senses: of the simulation.
    public init(
        seeds: Range<UInt64>, minutes: Double = 30, modalities: Set<Modality> = Set(Modality.allCases),
        senses: [SimulatedEvidence.Sense] = SimulatedEvidence.senses
    ) {
        var (square, inside, count): (Double, Int, Int) = (0, 0, 0)
        var said: [(confidence: Float, isRight: Bool)] = []
        for seed in seeds {
            let world = SimulatedEvidence(seed: seed, minutes: minutes, senses: senses)
            var filter = AffectFilter(home: world.home, at: 0)
            var next = 0
            for moment in world.truth {
                while next < world.evidence.count, world.evidence[next].time <= moment.time {
                    if modalities.contains(world.evidence[next].modality) { filter.update(world.evidence[next]) }
                    next += 1
                }
                filter.advance(to: moment.time)
                let state = filter.state
                for (found, true_) in [(state.valence, moment.point.valence), (state.arousal, moment.point.arousal)] {
                    let off = found.mean - true_
                    square += Double(off * off)
                    count += 1
                    if abs(off) <= 1.645 * found.sd { inside += 1 }
                }
                let best = state.probability.indices.max { state.probability[$0] < state.probability[$1] } ?? 0
                said.append((state.probability[best], Int(moment.emotion.rawValue) == best))
            }
        }
        moments = said.count
        error = Float((square / Double(max(count, 1))).squareRoot())
        coverage = Float(inside) / Float(max(count, 1))
        accuracy = Float(said.count(where: \.isRight)) / Float(max(moments, 1))
        ece = Self.ece(said)
        let sorted = said.sorted { $0.confidence > $1.confidence }
        risk = (1...10).map { tenth in
            let part = sorted.prefix(max(sorted.count * tenth / 10, 1))
            return Float(part.count { !$0.isRight }) / Float(part.count)
        }
    }

    private static func ece(_ said: [(confidence: Float, isRight: Bool)]) -> Float {
        var bins = [(count: Int, confidence: Float, right: Float)](repeating: (0, 0, 0), count: 15)
        for one in said {
            let bin = min(Int(one.confidence * 15), 14)
            bins[bin].count += 1
            bins[bin].confidence += one.confidence
            bins[bin].right += one.isRight ? 1 : 0
        }
        return bins.reduce(0) { $0 + abs($1.confidence - $1.right) } / Float(max(said.count, 1))
    }
}
