/// A point in affect space; each axis in −1…1.
public struct AffectPoint: Codable, Sendable, Hashable {
    public var valence: Float
    public var arousal: Float

    public init(valence: Float, arousal: Float) {
        self.valence = valence
        self.arousal = arousal
    }

    public func distance(to other: AffectPoint) -> Float {
        let v = valence - other.valence
        let a = arousal - other.arousal
        return (v * v + a * a).squareRoot()
    }

    /// The point at `share` (0…1) of the straight line from here to `goal`.
    public func moved(toward goal: AffectPoint, share: Float) -> AffectPoint {
        AffectPoint(
            valence: valence + (goal.valence - valence) * share, arousal: arousal + (goal.arousal - arousal) * share)
    }
}

/// The emotions Affetto names. The numbers are ABI and never change.
public enum Emotion: Int32, NamedCode {
    case neutral = 0
    case calm, happy, excited, engaged, surprised, confused, bored, tired, sad, anxious, frustrated, angry, disgusted

    public static let count = 14

    /// Where the emotion lies in valence, arousal and control (−1…1): Russell-style prototypes with the control
    /// appraisal of control-value theory (Pekrun 2006). Proposals, not measurements.
    public var prototype: (valence: Float, arousal: Float, control: Float) {
        switch self {
        case .neutral: (0, 0, 0)
        case .calm: (0.55, -0.5, 0.4)
        case .happy: (0.75, 0.35, 0.4)
        case .excited: (0.65, 0.75, 0.3)
        case .engaged: (0.45, 0.25, 0.6)
        case .surprised: (0.1, 0.65, -0.2)
        case .confused: (-0.2, 0.25, -0.4)
        case .bored: (-0.4, -0.6, 0.1)
        case .tired: (-0.15, -0.7, -0.2)
        case .sad: (-0.65, -0.4, -0.5)
        case .anxious: (-0.55, 0.6, -0.6)
        case .frustrated: (-0.6, 0.4, -0.3)
        case .angry: (-0.6, 0.75, 0.3)
        case .disgusted: (-0.65, 0.3, 0.2)
        }
    }

    public var point: AffectPoint { AffectPoint(valence: prototype.valence, arousal: prototype.arousal) }

    /// How long the state tends to last without new evidence, in seconds: boredom and engagement persist,
    /// surprise and confusion pass (D'Mello & Graesser 2012 for the order; the seconds are our proposal).
    public var halfLife: Double {
        switch self {
        case .surprised: 15
        case .confused, .excited: 60
        case .frustrated, .angry, .disgusted: 120
        case .happy, .anxious: 180
        case .engaged, .calm, .neutral: 300
        case .bored, .tired, .sad: 480
        }
    }
}
