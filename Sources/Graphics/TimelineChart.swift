import AffettoCore

/// One session through time: valence and arousal with ±1 sd of doubt, the feeling that was named, what was played and
/// what the learner said. Stretches in which the engine abstained are hatched.
public struct TimelineChart: Sendable {
    /// In order of time.
    public var states: [AffectState]
    public var decisions: [DecisionMark]
    public var reports: [ReportMark]
    /// Makes the ids inside the picture unique within a page; letters, digits and hyphens.
    public var id: String

    public init(
        states: [AffectState], decisions: [DecisionMark] = [], reports: [ReportMark] = [], id: String = "timeline"
    ) {
        self.states = Self.ordered(states)
        self.decisions = decisions.sorted { $0.time < $1.time }
        self.reports = reports.sorted { $0.time < $1.time }
        self.id = id
    }

    public init(_ record: SessionRecord, tracks: [String: Track] = [:], id: String = "timeline") {
        self.init(
            states: record.states,
            decisions: record.decisions.map { DecisionMark($0, track: $0.track.flatMap { tracks[$0] }) },
            reports: record.events.compactMap(ReportMark.init), id: id)
    }

    /// At most about this many points are drawn of each line.
    static let pointLimit = 600

    private static func ordered(_ states: [AffectState]) -> [AffectState] {
        let isOrdered = zip(states, states.dropFirst()).allSatisfy { $0.time <= $1.time }
        return isOrdered ? states : states.sorted { $0.time < $1.time }
    }

    /// First and last moment shown, in seconds on the session's clock; `nil` when there is nothing to show.
    public var span: (start: Double, end: Double)? {
        let firsts = [states.first?.time, decisions.first?.time, reports.first?.time].compactMap { $0 }
        let lasts = [states.last?.time, decisions.last?.time, reports.last?.time].compactMap { $0 }
        guard let first = firsts.min(), let last = lasts.max() else { return nil }
        return (first.seconds, last.seconds)
    }

    /// The picture. `width` in pixels, at least 480; `css` as in `SVG.document`.
    public func svg(width: Double = 960, css: String? = ChartStyle.css()) -> String {
        let width = width.isFinite ? min(max(width, 480), 4000) : 960
        var svg = SVG()
        guard let span else {
            svg.text("Nothing was recorded in this session.", x: 16, y: 30, style: "muted")
            return svg.document(width: width, height: 48, title: "Timeline without data", css: css)
        }
        let axis = TimeAxis(
            start: span.start, end: span.end, left: TimelineLayout.left, width: width - TimelineLayout.left - 12)
        let labels = musicLabels(axis)
        let layout = TimelineLayout(axis: axis, musicRows: (labels.map(\.row).max() ?? -1) + 1)
        drawHatchPattern(&svg)
        drawFrames(&svg, layout)
        drawDoubtfulStretches(&svg, layout)
        drawTrace(&svg, layout.valence, layout, style: "valence") { $0.valence }
        drawTrace(&svg, layout.arousal, layout, style: "arousal") { $0.arousal }
        drawFeelings(&svg, layout)
        drawDecisions(&svg, layout)
        drawMusic(&svg, layout, labels)
        drawReports(&svg, layout)
        drawLegend(&svg, layout)
        return svg.document(
            width: width, height: layout.height, title: "How the session may have felt, through time",
            description:
                "Two lines show pleasantness and energy with their doubt; below them the feeling that was named "
                + "and the music that played. The same is told in the text and tables of the report.",
            css: css)
    }

    private func drawHatchPattern(_ svg: inout SVG) {
        svg.group("defs", [:]) { svg in
            let pattern: SVG.Attributes = [
                "id": "\(id)-hatch", "width": "7", "height": "7", "patternUnits": "userSpaceOnUse",
                "patternTransform": "rotate(45)",
            ]
            svg.group("pattern", pattern) { $0.line(x1: 0, y1: 0, x2: 0, y2: 7, style: "hatch") }
        }
    }

    private func drawFrames(_ svg: inout SVG, _ layout: TimelineLayout) {
        let axis = layout.axis
        for panel in [layout.valence, layout.arousal] {
            svg.rect(x: axis.left, y: panel.top, width: axis.width, height: panel.height, style: "frame")
        }
        for tick in axis.ticks {
            let x = axis.x(seconds: axis.start + tick.offset)
            for panel in [layout.valence, layout.arousal] {
                svg.line(x1: x, y1: panel.top, x2: x, y2: panel.bottom, style: "rule")
            }
            let anchor: SVG.Anchor = x > axis.left + axis.width - 16 ? .end : tick.offset == 0 ? .start : .middle
            svg.text(tick.label, x: x, y: layout.axisLabels, anchor: anchor, style: "muted small")
        }
        for (panel, name, high, low) in [
            (layout.valence, "Feels", "pleasant", "unpleasant"), (layout.arousal, "Energy", "high", "low"),
        ] {
            svg.line(x1: axis.left, y1: panel.y(0), x2: axis.left + axis.width, y2: panel.y(0), style: "zero")
            let x = axis.left - 10
            svg.text(high, x: x, y: panel.top + 11, anchor: .end, style: "muted small")
            svg.text(name, x: x, y: panel.y(0) + 4, anchor: .end, style: "strong")
            svg.text(low, x: x, y: panel.bottom - 4, anchor: .end, style: "muted small")
        }
        svg.text("Best guess", x: axis.left - 10, y: layout.feelings + 16, anchor: .end, style: "strong")
        if layout.musicRows > 0 {
            svg.text("Music", x: axis.left - 10, y: layout.music + 11, anchor: .end, style: "strong")
        }
    }

    /// The mean as a line and ±1 sd as a band, broken where a number is missing.
    private func drawTrace(
        _ svg: inout SVG, _ panel: TimelineLayout.Panel, _ layout: TimelineLayout, style: String,
        _ estimate: (AffectState) -> Estimate
    ) {
        var line = SVGPath()
        var band = SVGPath()
        // A long session is thinned as a whole, so that its gaps cannot multiply the points.
        let finite = states.count > Self.pointLimit ? states.filter { estimate($0).mean.isFinite } : states
        let kept = Thinning.extremes(finite, limit: Self.pointLimit) { estimate($0).mean }
        for points in kept.split(whereSeparator: { !estimate($0).mean.isFinite }) {
            guard let first = points.first else { continue }
            line.move(layout.axis.x(first.time), panel.y(estimate(first).mean))
            for state in points { line.line(layout.axis.x(state.time), panel.y(estimate(state).mean)) }
            var lower: [(Double, Double)] = []
            for (index, state) in points.enumerated() {
                let value = estimate(state)
                let doubt = value.sd.isFinite ? max(value.sd, 0) : 0
                let (x, y) = (layout.axis.x(state.time), panel.y(value.mean + doubt))
                if index == 0 { band.move(x, y) } else { band.line(x, y) }
                lower.append((x, panel.y(value.mean - doubt)))
            }
            for (x, y) in lower.reversed() { band.line(x, y) }
            band.close()
        }
        svg.path(band, style: "\(style)-band")
        svg.path(line, style: "trace \(style)")
    }
}

/// Where the parts of a timeline lie, in pixels.
struct TimelineLayout {
    struct Panel {
        let top: Double
        let height: Double
        var bottom: Double { top + height }

        /// The height of a value in −1…1; what lies outside is drawn on the edge.
        func y(_ value: Float) -> Double {
            top + height * Double(1 - min(max(value, -1), 1)) / 2
        }
    }

    static let left = 92.0

    let axis: TimeAxis
    let musicRows: Int
    let badges = 14.0
    let valence = Panel(top: 30, height: 110)
    let arousal = Panel(top: 152, height: 110)
    let feelings = 276.0
    let feelingsHeight = 24.0
    let music = 310.0
    let musicRow = 25.0
    let axisLabels: Double
    let legend: Double
    let height: Double

    init(axis: TimeAxis, musicRows: Int) {
        self.axis = axis
        self.musicRows = musicRows
        axisLabels = (musicRows == 0 ? 300 : music + Double(musicRows) * musicRow) + 16
        legend = axisLabels + 26
        height = legend + 14
    }
}
