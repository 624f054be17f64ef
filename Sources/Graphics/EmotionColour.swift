import AffettoCore
import Glibc

/// Colours and shapes of feelings: hue from the angle in the valence–arousal plane, chroma from the distance to its
/// centre, lightness from arousal. Links between colour and emotion vary between people and cultures, so a colour never
/// stands alone: a word or a `Marker` goes with it.
public struct EmotionColour: Sendable, Hashable {
    public enum Palette: Sendable, CaseIterable {
        case standard
        /// Blue to yellow along valence only, which red-green colour blindness keeps apart.
        case colourBlindSafe
        /// Half the chroma, for learners who want less stimulation.
        case lowStimulation
    }

    /// The paper that the colour lies on.
    public enum Scheme: Sendable, CaseIterable {
        case light, dark
    }

    /// The shape that says without colour in which part of the plane a feeling lies.
    public enum Marker: String, Sendable, CaseIterable {
        /// Near the centre.
        case ring
        /// Pleasant with high energy.
        case diamond
        /// Unpleasant with high energy.
        case triangle
        /// Unpleasant with low energy.
        case square
        /// Pleasant with low energy.
        case circle
    }

    public var palette: Palette
    public var scheme: Scheme

    public init(palette: Palette = .standard, scheme: Scheme = .light) {
        self.palette = palette
        self.scheme = scheme
    }

    /// A colour for dots, lines and bars.
    public func mark(at point: AffectPoint) -> OKLCH {
        colour(at: point, lightness: scheme == .light ? 0.50...0.66 : 0.64...0.82, chroma: 0.16)
    }

    /// A colour for surfaces that carry `ink`.
    public func surface(at point: AffectPoint) -> OKLCH {
        colour(at: point, lightness: scheme == .light ? 0.82...0.92 : 0.33...0.44, chroma: 0.075)
    }

    public func mark(of emotion: Emotion) -> OKLCH { mark(at: emotion.point) }
    public func surface(of emotion: Emotion) -> OKLCH { surface(at: emotion.point) }

    /// Text on a `surface`.
    public var ink: OKLCH {
        scheme == .light
            ? OKLCH(lightness: 0.22, chroma: 0.01, hue: 260) : OKLCH(lightness: 0.96, chroma: 0.005, hue: 260)
    }

    /// The shape of a point; `ring` also for what is not a number.
    public static func marker(at point: AffectPoint) -> Marker {
        guard point.distance(to: AffectPoint(valence: 0, arousal: 0)) > 0.2 else { return .ring }
        switch (point.valence >= 0, point.arousal >= 0) {
        case (true, true): return .diamond
        case (false, true): return .triangle
        case (false, false): return .square
        case (true, false): return .circle
        }
    }

    /// Hue in degrees at the middle of each quadrant, anticlockwise from 45°: gold, red, blue, teal. Our proposal.
    private static let quadrantHue: [Double] = [80, 20, -95, -190, -280]

    private func colour(at point: AffectPoint, lightness: ClosedRange<Double>, chroma: Double) -> OKLCH {
        let valence = Self.unit(point.valence)
        let arousal = Self.unit(point.arousal)
        let distance = min((valence * valence + arousal * arousal).squareRoot() / 0.9, 1)
        let light = lightness.lowerBound + (lightness.upperBound - lightness.lowerBound) * (arousal + 1) / 2
        switch palette {
        case .standard:
            return OKLCH(lightness: light, chroma: chroma * distance, hue: Self.hue(valence, arousal)).clamped
        case .lowStimulation:
            return OKLCH(lightness: light, chroma: chroma * distance / 2, hue: Self.hue(valence, arousal)).clamped
        case .colourBlindSafe:
            return OKLCH(lightness: light, chroma: chroma * abs(valence), hue: valence < 0 ? 260 : 90).clamped
        }
    }

    private static func hue(_ valence: Double, _ arousal: Double) -> Double {
        var turns = (atan2(arousal, valence) / (.pi / 2) - 0.5).truncatingRemainder(dividingBy: 4)
        if turns < 0 { turns += 4 }
        let quadrant = min(Int(turns), 3)
        let share = turns - Double(quadrant)
        let hue = quadrantHue[quadrant] + (quadrantHue[quadrant + 1] - quadrantHue[quadrant]) * share
        return hue < 0 ? hue + 360 : hue
    }

    private static func unit(_ value: Float) -> Double { value.isFinite ? Double(min(max(value, -1), 1)) : 0 }
}
