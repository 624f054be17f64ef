import AffettoCore

/// The valence–arousal plane with the way a session took through it, where decisions aimed, and what was played.
/// After the idea of Russell's circumplex (1980); drawing and words are our own.
public struct AffectGrid: Sendable {
    public var states: [AffectState]
    public var decisions: [DecisionMark]
    public var reports: [ReportMark]
    public var palette: EmotionColour.Palette
    /// Makes the ids inside the picture unique within a page; letters, digits and hyphens.
    public var id: String

    public init(
        states: [AffectState], decisions: [DecisionMark] = [], reports: [ReportMark] = [],
        palette: EmotionColour.Palette = .standard, id: String = "grid"
    ) {
        self.states = states
        self.decisions = decisions
        self.reports = reports
        self.palette = palette
        self.id = id
    }

    public init(_ record: SessionRecord, tracks: [String: Track] = [:], id: String = "grid") {
        let timeline = TimelineChart(record, tracks: tracks)
        self.init(states: timeline.states, decisions: timeline.decisions, reports: timeline.reports, id: id)
    }

    private static let pieces = 12

    /// The picture. `side` of the square plane in pixels, at least 240; `css` as in `SVG.document`.
    public func svg(side: Double = 430, css: String? = ChartStyle.css()) -> String {
        let side = side.isFinite ? min(max(side, 240), 2000) : 430
        let plane = AffectPlane(left: 34, top: 10, side: side, id: id)
        var placer = LabelPlacer(x: plane.left + 2, y: plane.top + 2, width: side - 4, height: side - 4)
        var svg = SVG()
        plane.draw(&svg, palette, &placer)
        drawWays(&svg, plane, &placer)
        let trail = drawTrail(&svg, plane)
        if let first = trail.first, let last = trail.last {
            for state in [first, last] { placer.reserve(x: plane.x(state.point), y: plane.y(state.point), radius: 7) }
        }
        drawMusic(&svg, plane, &placer)
        drawReports(&svg, plane, &placer)
        drawEnds(&svg, plane, trail, &placer)
        if trail.isEmpty && decisions.isEmpty {
            svg.text(
                "Nothing was recorded.", x: plane.x(AffectPlane.centre), y: plane.y(AffectPlane.centre) - 12,
                anchor: .middle, style: "muted")
        }
        return svg.document(
            width: plane.left + side + 12, height: plane.top + side + 34,
            title: "The session in the plane of feelings",
            description: "From left to right: unpleasant to pleasant. From bottom to top: low to high energy. "
                + "A line leads from the first to the last state; numbered dots are the tracks that played.",
            css: css)
    }

    /// Where each decision aimed, as a dotted line, and where the last path ends.
    private func drawWays(_ svg: inout SVG, _ plane: AffectPlane, _ placer: inout LabelPlacer) {
        let aimed = decisions.filter { $0.action == .play && $0.start.isFinite && $0.target.isFinite }
        for mark in Thinning.even(aimed, limit: 40) {
            var way = SVGPath()
            way.move(plane.x(mark.start), plane.y(mark.start))
            way.line(plane.x(mark.target), plane.y(mark.target))
            svg.path(way, style: "way")
            let (x, y) = (plane.x(mark.target), plane.y(mark.target))
            svg.line(x1: x - 3.5, y1: y, x2: x + 3.5, y2: y, style: "moment")
            svg.line(x1: x, y1: y - 3.5, x2: x, y2: y + 3.5, style: "moment")
        }
        guard let goal = aimed.last?.destination, goal.isFinite else { return }
        let (x, y) = (plane.x(goal), plane.y(goal))
        svg.circle(x: x, y: y, radius: 9, style: "way")
        placer.reserve(x: x, y: y, radius: 9)
        if let spot = placer.place(x: x, y: y, width: 22, height: 11, gap: 11) {
            svg.text("goal", x: spot.x, y: spot.y, style: "small halo")
        }
    }

    /// The trail grows stronger towards the end. Returns the states it was drawn from.
    private func drawTrail(_ svg: inout SVG, _ plane: AffectPlane) -> [AffectState] {
        let trail = Thinning.extremes(states.filter { $0.point.isFinite && $0.generation > 0 }, limit: 300) {
            $0.valence.mean + $0.arousal.mean
        }
        guard trail.count > 1 else { return trail }
        for piece in 0..<Self.pieces {
            let first = (trail.count - 1) * piece / Self.pieces
            let last = (trail.count - 1) * (piece + 1) / Self.pieces
            guard first < last else { continue }
            var path = SVGPath()
            for state in trail[first...last] { path.line(plane.x(state.point), plane.y(state.point)) }
            svg.path(path, style: "trace trail", opacity: 0.2 + 0.65 * Double(piece + 1) / Double(Self.pieces))
        }
        return trail
    }

    private func drawEnds(_ svg: inout SVG, _ plane: AffectPlane, _ trail: [AffectState], _ placer: inout LabelPlacer) {
        guard let first = trail.first, let last = trail.last else { return }
        for (state, word) in trail.count > 1 ? [(first, "start"), (last, "end")] : [(last, "now")] {
            let emotion = state.abstain == .none ? state.emotion : nil
            let (x, y) = (plane.x(state.point), plane.y(state.point))
            svg.marker(
                EmotionColour.marker(at: state.point), x: x, y: y, radius: 6.5,
                style: "dot " + ChartStyle.mark(emotion), title: word)
            let width = TextMetrics.width(word, size: 12, isBold: true)
            if let spot = placer.place(x: x, y: y, width: width, height: 12, gap: 10) {
                svg.text(word, x: spot.x, y: spot.y, style: "strong halo")
            }
        }
    }

    /// One dot for each place, with the numbers of the decisions that played there.
    private func drawMusic(_ svg: inout SVG, _ plane: AffectPlane, _ placer: inout LabelPlacer) {
        var places: [(point: AffectPoint, marks: [DecisionMark])] = []
        var index: [AffectPoint: Int] = [:]
        for mark in decisions where mark.action == .play {
            guard let point = mark.music, point.isFinite else { continue }
            if let known = index[point] {
                places[known].marks.append(mark)
            } else {
                index[point] = places.count
                places.append((point, [mark]))
            }
        }
        places = Thinning.even(places, limit: 60)
        for (point, _) in places { placer.reserve(x: plane.x(point), y: plane.y(point), radius: 5) }
        for (point, marks) in places {
            let (x, y) = (plane.x(point), plane.y(point))
            let label =
                marks.prefix(3).map { String($0.number) }.joined(separator: ", ") + (marks.count > 3 ? " …" : "")
            svg.circle(x: x, y: y, radius: 4.5, style: "badge", title: "\(label): \(marks[0].label)")
            let width = TextMetrics.width(label, size: 11, isBold: true)
            if let spot = placer.place(x: x, y: y, width: width, height: 11, gap: 6) {
                svg.text(label, x: spot.x, y: spot.y, style: "small strong halo")
            }
        }
    }

    private func drawReports(_ svg: inout SVG, _ plane: AffectPlane, _ placer: inout LabelPlacer) {
        for report in Thinning.even(reports, limit: 60) {
            guard let point = report.point, point.isFinite else { continue }
            svg.star(
                x: plane.x(point), y: plane.y(point), radius: 7, style: "report",
                title: "the learner's own word")
            placer.reserve(x: plane.x(point), y: plane.y(point), radius: 5)
        }
    }
}
