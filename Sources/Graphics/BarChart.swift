import AffettoCore

/// Horizontal bars of shares, 0…1: probabilities of feelings, where evidence came from.
public struct BarChart: Sendable {
    public struct Row: Sendable, Equatable {
        public var label: String
        /// 0…1; a row that is not a number is dropped.
        public var share: Double
        /// Gives the bar its colour and marker.
        public var emotion: Emotion?
        /// Grey: what is left over or not known.
        public var isRest: Bool

        public init(_ label: String, _ share: Double, emotion: Emotion? = nil, isRest: Bool = false) {
            self.label = label
            self.share = share
            self.emotion = emotion
            self.isRest = isRest
        }
    }

    /// Speaks for the picture to those who do not see it.
    public var title: String
    public var rows: [Row]

    public init(title: String, rows: [Row]) {
        self.title = title
        self.rows = rows
    }

    /// The picture; no more than 40 rows are drawn. `width` in pixels, at least 200; `css` as in `SVG.document`.
    public func svg(width: Double = 430, css: String? = ChartStyle.css()) -> String {
        let width = width.isFinite ? min(max(width, 200), 2000) : 430
        let rows = rows.filter { $0.share.isFinite }.prefix(40)
        let indent = rows.contains { $0.emotion != nil } ? 18.0 : 0
        let left = min(rows.map { TextMetrics.width($0.label, size: 12) + indent + 12 }.max() ?? 0, width * 0.45)
        let extent = width - left - 44
        let pitch = 24.0
        var svg = SVG()
        if rows.isEmpty { svg.text("Nothing to show.", x: 0, y: 16, style: "muted") }
        for (index, row) in rows.enumerated() {
            let y = Double(index) * pitch
            let share = min(max(row.share, 0), 1)
            let style = row.isRest ? ChartStyle.mark(nil) : row.emotion.map { ChartStyle.mark($0) } ?? "bar"
            if let emotion = row.emotion {
                svg.marker(EmotionColour.marker(at: emotion.point), x: 6, y: y + 12, radius: 4.5, style: style)
            }
            svg.text(TextMetrics.fitted(row.label, size: 12, width: left - indent), x: indent, y: y + 16)
            svg.rect(x: left, y: y + 6, width: extent, height: 12, radius: 3, style: "track")
            svg.rect(x: left, y: y + 6, width: extent * share, height: 12, radius: 3, style: style)
            svg.text(Markup.percent(row.share), x: width, y: y + 16, anchor: .end, style: "muted")
        }
        return svg.document(width: width, height: max(Double(rows.count) * pitch, 24), title: title, css: css)
    }
}
