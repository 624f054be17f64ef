import AffettoCore

/// The plane of valence and arousal on paper: where a point lies, the colour map as a soft background, axes and corners.
struct AffectPlane {
    static let centre = AffectPoint(valence: 0, arousal: 0)

    let left: Double
    let top: Double
    let side: Double
    /// Makes ids unique within a page.
    let id: String

    func x(_ point: AffectPoint) -> Double { left + side * Double(min(max(point.valence, -1), 1) + 1) / 2 }
    func y(_ point: AffectPoint) -> Double { top + side * Double(1 - min(max(point.arousal, -1), 1)) / 2 }

    func draw(_ svg: inout SVG, _ palette: EmotionColour.Palette, _ placer: inout LabelPlacer) {
        drawField(&svg, palette)
        drawAxes(&svg, &placer)
    }

    private func drawField(_ svg: inout SVG, _ palette: EmotionColour.Palette) {
        svg.group("defs", [:]) { svg in
            svg.group("filter", ["id": "\(id)-soft", "x": "-0.2", "y": "-0.2", "width": "1.4", "height": "1.4"]) {
                $0.add("feGaussianBlur", ["stdDeviation": Markup.coordinate(side / 16)])
            }
            svg.group("clipPath", ["id": "\(id)-clip"]) {
                $0.rect(x: left, y: top, width: side, height: side, radius: 6, style: "")
            }
        }
        svg.rect(x: left, y: top, width: side, height: side, radius: 6, style: "frame")
        let colour = EmotionColour(palette: palette)
        let cells = 10
        let size = side / Double(cells)
        svg.group("g", ["clip-path": "url(#\(id)-clip)"]) { svg in
            svg.group("g", ["class": "field", "filter": "url(#\(id)-soft)"]) { svg in
                // One cell beyond each edge, so that the blur does not fade there.
                for row in -1...cells {
                    for column in -1...cells {
                        let point = AffectPoint(
                            valence: (Float(column) + 0.5) / Float(cells) * 2 - 1,
                            arousal: 1 - (Float(row) + 0.5) / Float(cells) * 2)
                        svg.rect(
                            x: left + Double(column) * size, y: top + Double(row) * size, width: size + 0.5,
                            height: size + 0.5, style: "", fill: colour.surface(at: point).hex)
                    }
                }
            }
        }
    }

    private func drawAxes(_ svg: inout SVG, _ placer: inout LabelPlacer) {
        let (middleX, middleY) = (x(Self.centre), y(Self.centre))
        let (right, bottom) = (left + side, top + side)
        svg.line(x1: left, y1: middleY, x2: right, y2: middleY, style: "zero")
        svg.line(x1: middleX, y1: top, x2: middleX, y2: bottom, style: "zero")
        svg.text("unpleasant", x: left, y: bottom + 20, style: "strong")
        svg.text("pleasant", x: right, y: bottom + 20, anchor: .end, style: "strong")
        for (text, y, anchor) in [("high energy", top, "end"), ("low energy", bottom, "start")] {
            let (x, y) = (Markup.coordinate(left - 14), Markup.coordinate(y))
            svg.add(
                "text",
                ["x": x, "y": y, "transform": "rotate(-90 \(x) \(y))", "text-anchor": anchor, "class": "strong"],
                text: text)
        }
        let inset = 10.0
        for (text, x, y, anchor) in [
            ("tense, worried", left + inset, top + 18, SVG.Anchor.start),
            ("excited, happy", right - inset, top + 18, .end),
            ("sad, tired", left + inset, bottom - inset, .start),
            ("calm, at ease", right - inset, bottom - inset, .end),
        ] {
            svg.text(text, x: x, y: y, anchor: anchor, style: "muted small")
            let width = TextMetrics.width(text, size: 10.5)
            placer.reserve(x: anchor == .end ? x - width / 2 : x + width / 2, y: y - 4, radius: width / 2)
        }
    }
}
