import AffettoCore

/// A straight path in valence–arousal from a start to a goal, in 2…6 equal steps.
public struct AffectPath: Sendable, Equatable {
    public let start: AffectPoint
    public let goal: AffectPoint
    public let steps: Int

    public init(start: AffectPoint, goal: AffectPoint, settings: InterventionSettings = .init()) {
        self.start = start
        self.goal = goal
        let needed = (start.distance(to: goal) / settings.stepLength).rounded(.up)
        let (least, most) = (settings.steps.lowerBound, settings.steps.upperBound)
        steps = needed.isFinite ? Int(min(max(needed, Float(least)), Float(most))) : least
    }

    /// Waypoint `index`: 0 is the start, `steps` and beyond the goal.
    public func waypoint(_ index: Int) -> AffectPoint {
        start.moved(toward: goal, share: min(max(Float(index) / Float(steps), 0), 1))
    }

    /// How far along the path `point` lies, 0…1, by projection.
    public func progress(of point: AffectPoint) -> Float {
        let v = goal.valence - start.valence
        let a = goal.arousal - start.arousal
        let length = v * v + a * a
        guard length > 1e-6 else { return 1 }
        let share = ((point.valence - start.valence) * v + (point.arousal - start.arousal) * a) / length
        return share.isFinite ? min(max(share, 0), 1) : 0
    }
}
