import AffettoCore

/// Every number of the policy, in one readable place; each is a proposal that studies may change.
public struct InterventionSettings: Sendable {
    /// Valence–arousal per step of a path; a path has 2…6 steps.
    var stepLength: Float = 0.35
    var steps = 2...6
    /// Width of the fit of a track to a waypoint.
    var fitSd: Float = 0.3
    var fitWeight: Float = 1
    var likingWeight: Float = 0.5
    var benefitWeight: Float = 0.7
    /// Softmax temperature of the choice of track, and floor of every member of the shortlist.
    var temperature: Float = 0.15
    var minimumPropensity = 0.02
    var shortlist = 8
    /// One style takes at most this share of a shortlist in which others suit the moment as well.
    var styleShare = 0.6
    /// Two poor responses in a row to one style: that style rests for this many choices of a track.
    var restAfterPoor = 5
    var poorLiking: Float = -0.2
    /// Confusion is productive: it is left alone for this long, seconds.
    var confusionGrace = 100.0
    /// Valence this low by the learner's own word is not a matter for music: where the state stands for some minutes
    /// after a report of nine tenths of the way down or worse.
    var distressValence: Float = -0.75
    /// At most this many tracks in a row below this valence, and none for those whom sad music makes feel worse.
    var sadTracks = 2
    var sadValence: Float = -0.2
    /// Factor between tempi of neighbouring tracks that costs nothing.
    var tempoRatio: Float = 1.15

    public init() {}
}
