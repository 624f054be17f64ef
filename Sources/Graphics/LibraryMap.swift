import AffettoCore

/// A music library in the plane of valence and arousal: a dot a track, and the names of as many as there is room for.
public struct LibraryMap: Sendable {
    public struct Mark: Sendable {
        public var name: String
        public var point: AffectPoint
        /// A person said so; hollow dots are what analysis guesses.
        public var isByPeople: Bool

        public init(name: String, point: AffectPoint, isByPeople: Bool) {
            self.name = name
            self.point = point
            self.isByPeople = isByPeople
        }
    }

    public var marks: [Mark]
    public var palette: EmotionColour.Palette

    private static let mostDots = 4000
    private static let mostNames = 60

    public init(_ tracks: [Track], palette: EmotionColour.Palette = .standard) {
        marks = tracks.map { Mark(name: $0.title, point: $0.point, isByPeople: $0.labelSource != .model) }
        self.palette = palette
    }

    /// The picture. `side` of the square plane in pixels, at least 240; `css` as in `SVG.document`.
    public func svg(side: Double = 640, css: String? = ChartStyle.css()) -> String {
        let side = side.isFinite ? min(max(side, 240), 2000) : 640
        let plane = AffectPlane(left: 34, top: 10, side: side, id: "map")
        var placer = LabelPlacer(x: plane.left + 2, y: plane.top + 2, width: side - 4, height: side - 4)
        var svg = SVG()
        plane.draw(&svg, palette, &placer)
        let known = marks.filter(\.point.isFinite)
        let shown = Thinning.even(known, limit: Self.mostDots)
        let radius = shown.count > 400 ? 2.2 : 4
        let named = Thinning.even(shown, limit: Self.mostNames)
        for mark in named { placer.reserve(x: plane.x(mark.point), y: plane.y(mark.point), radius: radius + 1) }
        for mark in shown {
            svg.circle(
                x: plane.x(mark.point), y: plane.y(mark.point), radius: radius,
                style: mark.isByPeople ? "badge" : "quiet",
                title: mark.name)
        }
        for mark in named {
            let name = mark.name.count > 26 ? mark.name.prefix(25) + "…" : mark.name
            let (x, y) = (plane.x(mark.point), plane.y(mark.point))
            let width = TextMetrics.width(name, size: 10.5)
            guard let spot = placer.place(x: x, y: y, width: width, height: 11, gap: radius + 3) else { continue }
            svg.text(name, x: spot.x, y: spot.y, style: "small halo")
        }
        if shown.isEmpty {
            svg.text(
                "The library is empty.", x: plane.x(AffectPlane.centre), y: plane.y(AffectPlane.centre) - 12,
                anchor: .middle, style: "muted")
        }
        return svg.document(
            width: plane.left + side + 12, height: plane.top + side + 34, title: "The music library",
            description:
                "\(known.count) tracks. From left to right: unpleasant to pleasant. From bottom to top: low to high "
                + "energy. Filled dots were labelled by people, hollow ones by analysis.",
            css: css)
    }
}
