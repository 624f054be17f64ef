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
