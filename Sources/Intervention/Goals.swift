import AffettoCore

extension Goal {
    /// Where in valence–arousal music for this goal should lead (plan §1.3; the middle of its ranges).
    public var destination: AffectPoint {
        switch self {
        case .calm: AffectPoint(valence: 0.45, arousal: -0.5)
        case .focus: AffectPoint(valence: 0.3, arousal: -0.1)
        case .create: AffectPoint(valence: 0.5, arousal: 0.5)
        case .motivate: AffectPoint(valence: 0.55, arousal: 0.45)
        case .uplift: AffectPoint(valence: 0.4, arousal: 0.2)
        case .express: AffectPoint(valence: 0.2, arousal: 0)
        }
    }
}

/// Every number of the policy, in one readable place; each is the plan's default (§1.2–1.4, §2.2).
public struct InterventionSettings: Sendable {
    /// Valence–arousal per step of a path; a path has 2…6 steps.
    var stepLength: Float = 0.35
    var steps = 2...6
    /// Width of the fit of a track to a waypoint.
    var fitSd: Float = 0.3
    var fitWeight: Float = 1
    var likingWeight: Float = 0.7
    var benefitWeight: Float = 0.7
    /// Softmax temperature of the choice of track, and floor of every member of the shortlist.
    var temperature: Float = 0.15
    var minimumPropensity = 0.02
    var shortlist = 8
    /// A style in favour may take at most this share of a shortlist.
    var styleShare = 0.6
    /// Two poor responses in a row to one style: that style rests for this many choices.
    var restAfterPoor = 5
    var poorLiking: Float = -0.2
    /// Confusion is productive: it is left alone for this long, seconds.
    var confusionGrace = 100.0
    /// Reported valence this low is not a matter for music.
    var distressValence: Float = -0.85
    /// At most this many tracks in a row below this valence, and none for those whom sad music makes feel worse.
    var sadTracks = 2
    var sadValence: Float = -0.2
    /// Factor between tempi of neighbouring tracks that costs nothing.
    var tempoRatio: Float = 1.15

    public init() {}
}
