import AffettoCore

/// What a face does, in numbers, as of the latest frame; not a number where the source cannot show it or nothing was seen yet.
public struct FaceSignals: Sendable {
    public var time: Microseconds = 0
    /// A face was there in the latest frame, and in at least half of those of the latest 10 seconds. No face is not a neutral one.
    public var isValid = false
    /// Share of frames with a face in the latest 10 seconds times the tracker's confidence in them, 0…1.
    public var quality: Float = 0
    /// Intensities 0…1 in order of `ActionUnits.numbers`.
    public var actionUnits = SIMD32<Float>(repeating: .nan)
    /// 0…1: unit 12; unit 15; mean of units 1 and 2; unit 4.
    public var smile: Float = .nan
    public var frown: Float = .nan
    public var browRaise: Float = .nan
    public var browLower: Float = .nan
    /// The smaller of units 6 and 12 over unit 12, where one smiles at all (Duchenne's mark).
    public var smileGenuineness: Float = .nan
    /// 0 open … 1 closed.
    public var eyeClosure: Float = .nan
    /// Blinks a minute, and share of time with the eyes closed (0.8 or more), over the latest minute.
    public var blinkRate: Float = .nan
    public var eyesClosedShare: Float = .nan
    /// Share of the latest 10 seconds in which head and eyes turned more than 25° aside, or 20° up or down, from where this
    /// learner usually looks.
    public var gazeAway: Float = .nan
    /// Root mean square of the head's turning over the latest 10 seconds, radians a second.
    public var headMotion: Float = .nan
    public var smileSummary = FaceSummary()
    public var frownSummary = FaceSummary()
    public var browRaiseSummary = FaceSummary()
    public var browLowerSummary = FaceSummary()
    public var eyeClosureSummary = FaceSummary()
    /// Of the latest moments, over `FaceModel.labels`; a single frame cannot turn it round.
    public var expression = SIMD8<Float>(repeating: .nan)
    public var valence: Float = .nan
    public var arousal: Float = .nan
    public var basis = FaceModel.Basis.nothing
    public var learning = LearningIndicators()

    public init() {}
}

/// Rules of thumb about learning, 0…1 with a standard deviation of 0.3 at best: cues that studies found beside these states, no
/// measurement of them. They do not go into the state.
///
/// Confusion: lowered brow and tightened lids (AU4 and 7; McDaniel et al. 2007, Craig et al. 2008). Frustration: raised brows with a
/// dimpler (AU1, 2, 14; Craig et al. 2008). Boredom: eyes half closed or turned away in a still face (AU43; weakest of all: McDaniel
/// et al. could not tell it from neutral). Engagement: eyes on the matter, brows at work (Grafsgaard et al. 2013). In real classrooms
/// such cues reach an area under the curve of 0.61–0.68 (Bosch et al. 2016).
public struct LearningIndicators: Sendable {
    public static let sd: Float = 0.3
    public var confusion: Float = .nan
    public var frustration: Float = .nan
    public var boredom: Float = .nan
    public var engagement: Float = .nan

    init() {}

    /// Of means over 10 seconds; what is unknown counts as at rest, but for lids and brows, without which nothing is said.
    init(_ window: FaceWindow, gazeAway: Float, headMotion: Float) {
        func mean(_ unit: Int) -> Float { window.mean(ofUnit: unit) }
        func or0(_ x: Float) -> Float { x.isNaN ? 0 : x }
        func clamp(_ x: Float) -> Float { min(max(x, 0), 1) }
        let (brow, lids, closed) = (mean(4), mean(7), mean(43))
        guard !brow.isNaN, !closed.isNaN else { return }
        let raised = (or0(mean(1)) + or0(mean(2))) / 2
        let smile = or0(mean(12))
        let still = 1 - clamp(or0(headMotion) / 0.5)
        confusion = clamp(0.65 * brow + 0.35 * or0(lids) - 0.3 * smile)
        frustration = clamp(0.4 * raised + 0.6 * or0(mean(14)) + 0.2 * or0(mean(24)))
        boredom = clamp((0.6 * clamp(closed / 0.5) + 0.4 * or0(gazeAway)) * (0.4 + 0.6 * still) - 0.3 * (brow + smile))
        engagement = clamp((1 - or0(gazeAway)) * (1 - clamp(closed / 0.7)) * (0.4 + 0.6 * clamp(2 * max(brow, raised))))
    }
}
