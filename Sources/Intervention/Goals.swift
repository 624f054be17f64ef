import AffettoCore

extension Goal {
    /// Where in valence–arousal music for this goal should lead: calm music is slow and pleasant (de Witte et
    /// al. 2020), lively music helps divergent thinking (Ritter & Ferguson 2017); the numbers are proposals.
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
