import AffettoCore
import Glibc

/// Evidence about learners whose state is known, because it was made up: for tests and figures of fusion, never for claims about
/// people.
///
/// Emotions follow each other with dwell times of their own; valence and arousal lie about their usual places and wander. Each modality
/// sees that late, with a bias of its own on this learner, noisier than it claims, and not always; it names the emotions that a model
/// of its kind can name.
public struct SimulatedEvidence: Sendable {
    /// One modality's ways. What a filter is not told: lag, bias and how much noisier it is than it claims.
    public struct Sense: Sendable {
        public var modality: Modality
        /// Seconds from one piece of evidence to the next, on average.
        public var every: Double
        /// Share that is missing; and of stretches of two minutes in which all is.
        public var missing = 0.15
        public var absent = 0.15
        public var lag: Double
        /// Claimed standard deviation of valence and arousal.
        public var claim: Float
        /// True standard deviation over the claimed one; varies from learner to learner.
        public var excess: Double
        /// How far apart it sees two emotions, in standard deviations of its noise.
        public var discernment: Double
        /// Its log likelihoods over what they are worth: classes travel badly to people a model never met.
        public var overclaim: Double
        public var names: [Emotion]
        /// Says anything at all, surely.
        public var isGarbage = false
    }

    public struct Moment: Sendable {
        public var time: Microseconds
        public var point: AffectPoint
        public var emotion: Emotion
    }

    /// In order of time of arrival.
    public private(set) var evidence: [Evidence] = []
    /// The truth every ten seconds.
    public private(set) var truth: [Moment] = []
    /// Where this learner usually is.
    public let home: AffectPoint

    /// What usual models of voice, face, text and activity are like.
    public static let senses: [Sense] = [
        Sense(
            modality: .voice, every: 7, lag: 3, claim: 0.4, excess: 1.5, discernment: 0.5, overclaim: 3,
            names: [.neutral, .calm, .happy, .surprised, .bored, .sad, .anxious, .angry, .disgusted]),
        Sense(
            modality: .face, every: 8, lag: 1, claim: 0.35, excess: 2, discernment: 0.5, overclaim: 3,
            names: [.neutral, .happy, .surprised, .sad, .angry, .disgusted, .anxious]),
        Sense(
            modality: .text, every: 45, lag: 5, claim: 0.26, excess: 1.3, discernment: 1.8, overclaim: 1.3,
            names: Emotion.allCases),
        Sense(
            modality: .activity, every: 25, lag: 20, claim: 0.4, excess: 1.2, discernment: 1, overclaim: 1.5,
            names: [.engaged, .confused, .frustrated, .bored, .anxious]),
    ]

    /// - Parameters:
    ///   - seed: everything follows from it; the truth does not depend on the senses.
    public init(seed: UInt64, minutes: Double = 30, senses: [Sense] = Self.senses) {
        var random = SeededRandom(seed: seed, stream: 0x7472_7574)
        home = AffectPoint(valence: Float(random.normal() * 0.2), arousal: Float(random.normal() * 0.2))
        var (now, until) = (0.0, 0.0)
        var emotion = Emotion.neutral
        var wander = SIMD2<Double>.zero
        let restless = 120 * exp(0.5 * random.normal())
        let seconds = Int(minutes * 60)
        var moments: [Moment] = []
        while Int(now) <= seconds {
            if now >= until {
                emotion = Emotion.allCases[random.below(Emotion.count)]
                until = now + emotion.halfLife * (0.6 + 1.2 * random.uniform())
            }
            let keep = exp(-1 / restless)
            let kick = 0.22 * (1 - keep * keep).squareRoot()
            wander = wander * keep + SIMD2(random.normal(), random.normal()) * kick
            func place(_ usual: Float, _ home: Float, _ wander: Double) -> Float {
                min(max(0.8 * usual + 0.5 * home + Float(wander), -1), 1)
            }
            moments.append(
                Moment(
                    time: Microseconds(seconds: now),
                    point: AffectPoint(
                        valence: place(emotion.point.valence, home.valence, wander.x),
                        arousal: place(emotion.point.arousal, home.arousal, wander.y)), emotion: emotion))
            now += 1
        }
        truth = moments.enumerated().filter { $0.offset % 10 == 0 && $0.offset >= 60 }.map(\.element)
        for sense in senses { evidence += Self.hear(sense, moments, seed: seed) }
        evidence.sort { ($0.time, $0.modality.rawValue) < ($1.time, $1.modality.rawValue) }
    }

    private static func hear(_ sense: Sense, _ moments: [Moment], seed: UInt64) -> [Evidence] {
        var random = SeededRandom(seed: seed, stream: 0x7365_6E73 + UInt64(sense.modality.rawValue))
        let bias = SIMD2(random.normal(), random.normal()) * Double(sense.claim) * 0.4
        let excess = sense.excess * exp(0.25 * random.normal())
        var out: [Evidence] = []
        var (now, stretch, isAbsent) = (random.uniform() * sense.every, -1, false)
        while Int(now) < moments.count {
            defer { now += sense.every * (0.5 + random.uniform()) }
            if Int(now / 120) != stretch {
                stretch = Int(now / 120)
                isAbsent = random.uniform() < sense.absent
            }
            let isMissing = random.uniform() < sense.missing
            let seen = moments[Int(max(now - sense.lag, 0))]
            let quality = Float(0.6 + 0.4 * random.uniform())
            // Worse where it says so, too.
            let noise = Double(sense.claim) * excess / Double(quality).squareRoot()
            func shown(_ value: Float, _ bias: Double) -> Float {
                let error = bias + noise * random.normal()
                return min(max(sense.isGarbage ? Float(random.uniform() * 2 - 1) : value + Float(error), -1), 1)
            }
            let valence = shown(seen.point.valence, bias.x)
            let arousal = shown(seen.point.arousal, bias.y)
            var classes = [Float](repeating: .nan, count: Emotion.count)
            let truth = sense.isGarbage ? sense.names[random.below(sense.names.count)] : seen.emotion
            for emotion in sense.names {
                // Log likelihoods of a Gaussian signal.
                let d = sense.discernment * Double(quality).squareRoot()
                let honest = (emotion == truth ? d * d : 0) + d * random.normal()
                classes[Int(emotion.rawValue)] = Float(honest * sense.overclaim)
            }
            if isAbsent || isMissing { continue }
            out.append(
                Evidence(
                    modality: sense.modality, time: Microseconds(seconds: now), logLikelihood: classes,
                    valence: Estimate(valence, sd: sense.claim), arousal: Estimate(arousal, sd: sense.claim),
                    quality: quality))
        }
        return out
    }
}
