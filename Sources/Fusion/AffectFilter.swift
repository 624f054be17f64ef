import AffettoCore
import Glibc

/// Evidence → affect state: a linear-Gaussian filter over valence, arousal and control beside a categorical posterior.
///
/// The dimensions drift back to the learner's own usual point while their doubt grows (an Ornstein–Uhlenbeck process,
/// filtered by Kalman's equations); the class evidence wears off with the half-life of the emotion that it left
/// leading. How often time is advanced makes no difference. What a modality does not speak about is left as it was.
public struct AffectFilter: Sendable {
    private struct Axis: Sendable {
        var mean: Float
        var variance: Float
        let home: Float
        let homeVariance: Float
        /// Information that each modality has given, worn off like the rest.
        var information = [Float](repeating: 0, count: Modality.count)
        /// What the face said, on average of the information that it still has.
        var faceMean: Float = 0
    }

    /// What one piece of evidence did, for `explain`.
    public struct Influence: Codable, Sendable, Equatable {
        public var time: Microseconds
        public var modality: Modality
        public var quality: Float
        /// How far valence and arousal moved.
        public var valence: Float
        public var arousal: Float
        /// The emotion that gained most probability, and how much.
        public var emotion: Emotion?
        public var gain: Float
    }

    private let settings = FusionSettings()
    /// The learner's reports have shown what their face is worth.
    public var trustsFace = false
    private var axes: [Axis]
    /// Log posterior from class evidence alone, in order of `Emotion`.
    private var classes = [Float](repeating: 0, count: Emotion.count)
    /// Seconds in which `classes` fade by half, and in which what is known of the dimensions does.
    private var classHalfLife = Emotion.neutral.halfLife
    private var halfLife = Emotion.neutral.halfLife
    private var time: Microseconds
    private var lastEvidence: Microseconds?
    private var lastReport: Microseconds?
    private var lastOf = [Microseconds?](repeating: nil, count: Modality.count)
    private var credit: [SenseCredit]
    private var generation: UInt64 = 0
    /// What the latest 32 pieces of evidence did, oldest first.
    public private(set) var influences: [Influence] = []

    /// - Parameter home: where this learner usually is (from the assessment), each axis in −1…1; the state falls back
    ///   to it. What is not a number counts as 0.
    public init(home: AffectPoint, at time: Microseconds) {
        let variance = settings.priorSd * settings.priorSd
        axes = [home.valence, home.arousal, 0].map {
            let mean = $0.isFinite ? min(max($0, -1), 1) : 0
            return Axis(mean: mean, variance: variance, home: mean, homeVariance: variance)
        }
        credit = Array(repeating: SenseCredit(settings), count: Modality.count)
        self.time = time
        influences.reserveCapacity(33)
    }

    /// Lets time pass.
    public mutating func advance(to now: Microseconds) {
        let elapsed = (now - time).seconds
        guard elapsed > 0 else { return }
        time = now
        let keep = Float(exp2(-elapsed / halfLife))
        for i in axes.indices {
            axes[i].mean = axes[i].home + (axes[i].mean - axes[i].home) * keep
            axes[i].variance = axes[i].homeVariance + (axes[i].variance - axes[i].homeVariance) * keep * keep
            for m in axes[i].information.indices { axes[i].information[m] *= keep }
        }
        let fade = Float(exp2(-elapsed / classHalfLife))
        for i in classes.indices { classes[i] *= fade }
    }

    /// Folds evidence in. Evidence from before the present time counts for what it says of now; numbers that are not finite
    /// count as absent, and evidence that says nothing is none.
    public mutating func update(_ evidence: Evidence) {
        advance(to: evidence.time)
        guard Self.speaks(evidence) else { return }
        let m = Int(evidence.modality.rawValue)
        var weight = min(max(evidence.quality.isFinite ? evidence.quality : 0, 0), 1)
        if evidence.modality != .selfReport {
            if let last = lastOf[m], let spacing = settings.spacing[evidence.modality], spacing > 0 {
                weight *= Float(min((time - last).seconds / spacing, 1))
            }
            if let lastReport {
                weight *= 1 - settings.reportShare * Float(exp2(-(time - lastReport).seconds / settings.reportHalfLife))
            }
        }
        guard weight > 0.001 else { return }
        let before = (posterior(), axes[0].mean, axes[1].mean)
        if evidence.modality == .selfReport {
            // The learner's own word sets the state: what was inferred before steps back.
            for i in axes.indices { axes[i].variance = max(axes[i].variance, axes[i].homeVariance) }
            if !evidence.logLikelihood.isEmpty { for i in classes.indices { classes[i] *= 0.1 } }
            lastReport = time
        }
        let age = max((time - evidence.time).seconds, 0)
        if evidence.modality != .selfReport { weight *= judged(evidence) }
        correct(0, evidence.valence, evidence.modality, weight, age)
        correct(1, evidence.arousal, evidence.modality, weight, age)
        correct(2, evidence.control, evidence.modality, weight, age)
        addClasses(evidence, weight * Float(exp2(-age / classHalfLife)))
        lastOf[m] = time
        lastEvidence = max(lastEvidence ?? evidence.time, evidence.time)
        generation += 1
        // The learner's own word fades more slowly than what was inferred.
        let isReported = lastReport.map { (time - $0).seconds < settings.reportHalfLife } ?? false
        classHalfLife = isReported ? settings.reportHalfLife : leader(posterior()).halfLife
        let lives = settings.halfLives
        halfLife = isReported ? settings.reportHalfLife : min(max(classHalfLife, lives.lowerBound), lives.upperBound)
        note(evidence, before)
    }

    /// What the modality is worth on this learner, this evidence included.
    private mutating func judged(_ evidence: Evidence) -> Float {
        let m = Int(evidence.modality.rawValue)
        for (axis, said) in [(0, evidence.valence), (1, evidence.arousal)] {
            guard let said, Self.isUsable(said) else { continue }
            let sd = max(said.sd, settings.leastSd) * (settings.sdFactor[evidence.modality] ?? 1)
            credit[m].learn(
                axis, min(max(said.mean, -1), 1) - axes[axis].home, foretold: axes[axis].mean - axes[axis].home,
                variance: sd * sd / max(evidence.quality, 0.1) + axes[axis].variance)
        }
        if evidence.logLikelihood.count == Emotion.count {
            let scale = settings.classWeight[evidence.modality] ?? 0
            let top = evidence.logLikelihood.reduce(-Float.infinity) { $1.isFinite ? max($0, $1) : $0 }
            credit[m].learn(
                logLikelihood: evidence.logLikelihood.map {
                    $0.isFinite ? scale * max($0 - top, -settings.classRange) : .nan
                }, foretold: posterior())
        }
        return credit[m].weight
    }

    private static func speaks(_ evidence: Evidence) -> Bool {
        let dimensions = [evidence.valence, evidence.arousal, evidence.control]
        return dimensions.contains { $0.map(isUsable) ?? false }
            || (evidence.logLikelihood.count == Emotion.count && evidence.logLikelihood.count { $0.isFinite } > 1)
    }

    private static func isUsable(_ estimate: Estimate) -> Bool {
        estimate.mean.isFinite && estimate.sd.isFinite && estimate.sd > 0
    }

    /// - Parameter age: seconds since what was observed.
    private mutating func correct(
        _ axis: Int, _ observed: Estimate?, _ modality: Modality, _ weight: Float, _ age: Double
    ) {
        guard let observed, Self.isUsable(observed) else { return }
        var value = min(max(observed.mean, -1), 1)
        let sd = max(observed.sd, settings.leastSd) * (settings.sdFactor[modality] ?? 1)
        var noise = sd * sd / weight
        if age > 0 {
            // What was so then is a blurred picture of now, drawn towards the usual.
            let keep = max(Float(exp2(-age / halfLife)), 1e-3)
            value = axes[axis].home + (value - axes[axis].home) / keep
            noise = (noise + (1 - keep * keep) * axes[axis].homeVariance) / (keep * keep)
        }
        if modality == .face, !trustsFace { noise = makeRoomForFace(axis, value, noise) }
        let error = value - axes[axis].mean
        let gain = axes[axis].variance / (axes[axis].variance + noise)
        // Where state and evidence disagree, both were surer than they should have been: their doubt is stretched until
        // they no longer do (Birge 1932), so that opposites do not average into false certainty.
        let surprise = error * error / (axes[axis].variance + noise)
        let stretch = modality == .selfReport ? 1 : max(surprise / settings.disagreement, 1)
        axes[axis].mean = min(max(axes[axis].mean + gain * error, -1), 1)
        axes[axis].variance = min(axes[axis].variance * (1 - gain) * stretch, axes[axis].homeVariance)
        if modality == .selfReport { axes[axis].information = Array(repeating: 0, count: Modality.count) }
        axes[axis].information[Int(modality.rawValue)] += 1 / (noise * stretch)
    }

    /// The face keeps to its share: what it said before makes room for what it says now.
    /// - Returns: the noise, no smaller than the share allows.
    private mutating func makeRoomForFace(_ axis: Int, _ value: Float, _ noise: Float) -> Float {
        let face = Int(Modality.face.rawValue)
        let home = 1 / axes[axis].homeVariance
        let others = home + axes[axis].information.reduce(0, +) - axes[axis].information[face]
        let limit = settings.faceCap / (1 - settings.faceCap) * others
        let wanted = min(1 / noise, limit)
        guard wanted > 1e-9 else { return noise }
        let excess = axes[axis].information[face] + wanted - limit
        if excess > 0 {
            axes[axis].information[face] = max(axes[axis].information[face] - excess, 0)
            let known = 1 / axes[axis].variance
            let left = max(known - excess, home)
            let mean = (known * axes[axis].mean - (known - left) * axes[axis].faceMean) / left
            axes[axis].mean = min(max(mean, -1), 1)
            axes[axis].variance = 1 / left
        }
        let held = axes[axis].information[face]
        axes[axis].faceMean = (held * axes[axis].faceMean + wanted * value) / (held + wanted)
        return 1 / wanted
    }

    /// Adds class evidence within the set of emotions that the modality can name, leaving that set's total as it was:
    /// absent classes neither gain nor lose.
    private mutating func addClasses(_ evidence: Evidence, _ weight: Float) {
        guard evidence.logLikelihood.count == Emotion.count else { return }
        let isFace = evidence.modality == .face && !trustsFace
        let share = (isFace ? min(weight, settings.faceCap) : weight) * (settings.classWeight[evidence.modality] ?? 0)
        let named = classes.indices.filter { evidence.logLikelihood[$0].isFinite }
        guard named.count > 1 else { return }
        let before = logSum(named.map { classes[$0] })
        let top = named.reduce(-Float.infinity) { max($0, evidence.logLikelihood[$1]) }
        for i in named { classes[i] += share * max(evidence.logLikelihood[i] - top, -settings.classRange) }
        let shift = before - logSum(named.map { classes[$0] })
        for i in named { classes[i] += shift }
        let centre = logSum(classes) - log(Float(Emotion.count))
        for i in classes.indices { classes[i] = min(max(classes[i] - centre, -5), 5) }
    }

    private func leader(_ probability: [Float]) -> Emotion {
        let best = probability.indices.max { probability[$0] < probability[$1] } ?? 0
        return Emotion(rawValue: Int32(best)) ?? .neutral
    }

    private func logSum(_ values: [Float]) -> Float {
        let top = values.max() ?? 0
        return top + log(values.reduce(0) { $0 + exp($1 - top) })
    }

    /// Class evidence times how well each prototype describes where the dimensions are.
    private func posterior() -> [Float] {
        let spread = settings.prototypeSd * settings.prototypeSd
        var scores = classes
        for emotion in Emotion.allCases {
            let p = emotion.prototype
            for (axis, value) in [p.valence, p.arousal, p.control].enumerated() {
                let variance = axes[axis].variance + spread
                let distance = value - axes[axis].mean
                // Relative to the learner's usual point, so that an unmoved axis speaks for no emotion.
                let usual = value - axes[axis].home
                let homeVariance = axes[axis].homeVariance + spread
                scores[Int(emotion.rawValue)] +=
                    0.5 * (usual * usual / homeVariance - distance * distance / variance + log(homeVariance / variance))
            }
        }
        for i in scores.indices { scores[i] *= settings.pooling }
        let total = logSum(scores)
        return scores.map { exp($0 - total) }
    }

    private mutating func note(_ evidence: Evidence, _ before: ([Float], Float, Float)) {
        let after = posterior()
        let gains = zip(after, before.0).map { $0 - $1 }
        let best = gains.indices.max { gains[$0] < gains[$1] } ?? 0
        if influences.count >= 32 { influences.removeFirst() }
        influences.append(
            Influence(
                time: time, modality: evidence.modality, quality: evidence.quality, valence: axes[0].mean - before.1,
                arousal: axes[1].mean - before.2, emotion: gains[best] > 0.01 ? Emotion(rawValue: Int32(best)) : nil,
                gain: max(gains[best], 0)))
    }

    /// The state as of the last `advance` or `update`.
    public var state: AffectState {
        func estimate(_ axis: Axis) -> Estimate { Estimate(axis.mean, sd: axis.variance.squareRoot()) }
        guard let lastEvidence else {
            var state = AffectState.unknown(at: time)
            (state.valence, state.arousal) = (estimate(axes[0]), estimate(axes[1]))
            state.control = estimate(axes[2])
            return state
        }
        let probability = posterior()
        let leader = leader(probability)
        let confidence = probability[Int(leader.rawValue)]
        let entropy = -probability.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) } / log(Float(Emotion.count))
        var abstain = AbstainReason.none
        if (time - lastEvidence).seconds > 3 * leader.halfLife {
            abstain = .stale
        } else if entropy > settings.maximumEntropy {
            abstain = .highEntropy
        } else if confidence < settings.minimumProbability {
            abstain = .lowProbability
        }
        var share = [Float](repeating: 0, count: Modality.count)
        for axis in axes { for m in share.indices { share[m] += axis.information[m] } }
        let total = share.reduce(0, +)
        if total > 0 { for m in share.indices { share[m] /= total } }
        return AffectState(
            time: time, emotion: abstain == .none ? leader : nil, valence: estimate(axes[0]),
            arousal: estimate(axes[1]),
            control: estimate(axes[2]), probability: probability, confidence: confidence, abstain: abstain,
            evidence: share, generation: generation)
    }
}
