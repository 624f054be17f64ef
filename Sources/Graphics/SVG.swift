import Glibc

/// Builds one SVG picture, element by element. Attribute values and text are escaped here and nowhere else.
public struct SVG: Sendable {
    public typealias Attributes = KeyValuePairs<String, String>

    public enum Anchor: String, Sendable {
        case start, middle, end
    }

    private var body = ""

    public init() {}

    /// An element; `title` becomes its tooltip, `text` its content.
    public mutating func add(_ name: String, _ attributes: Attributes, title: String? = nil, text: String? = nil) {
        body += tag(name, attributes)
        if title == nil && text == nil {
            body += "/>\n"
            return
        }
        body += ">"
        if let title { body += "<title>\(Markup.escape(title))</title>" }
        if let text { body += Markup.escape(text) }
        body += "</\(name)>\n"
    }

    /// An element around everything that `content` adds.
    public mutating func group(_ name: String = "g", _ attributes: Attributes, _ content: (inout SVG) -> Void) {
        body += tag(name, attributes) + ">\n"
        content(&self)
        body += "</\(name)>\n"
    }

    public mutating func rect(
        x: Double, y: Double, width: Double, height: Double, radius: Double = 0, style: String, fill: String? = nil,
        title: String? = nil
    ) {
        guard x.isFinite, y.isFinite, width > 0, height > 0 else { return }
        let c = Markup.coordinate
        let box: Attributes = [
            "x": c(x), "y": c(y), "width": c(width), "height": c(height), "rx": c(radius), "class": style,
            "fill": fill ?? "",
        ]
        add("rect", box, title: title)
    }

    public mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, style: String) {
        guard x1.isFinite, y1.isFinite, x2.isFinite, y2.isFinite else { return }
        let c = Markup.coordinate
        add("line", ["x1": c(x1), "y1": c(y1), "x2": c(x2), "y2": c(y2), "class": style])
    }

    public mutating func circle(x: Double, y: Double, radius: Double, style: String, title: String? = nil) {
        guard x.isFinite, y.isFinite else { return }
        let c = Markup.coordinate
        add("circle", ["cx": c(x), "cy": c(y), "r": c(radius), "class": style], title: title)
    }

    public mutating func path(_ path: SVGPath, style: String, opacity: Double = 1, title: String? = nil) {
        guard !path.data.isEmpty else { return }
        let opacity = opacity < 1 ? Markup.coordinate(opacity) : ""
        add("path", ["d": path.data, "class": style, "opacity": opacity], title: title)
    }

    public mutating func text(_ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "") {
        guard x.isFinite, y.isFinite, !text.isEmpty else { return }
        let c = Markup.coordinate
        let anchor = anchor == .start ? "" : anchor.rawValue
        add("text", ["x": c(x), "y": c(y), "text-anchor": anchor, "class": style], text: text)
    }

    /// A shape of about `radius` around the point.
    public mutating func marker(
        _ marker: EmotionColour.Marker, x: Double, y: Double, radius r: Double, style: String, title: String? = nil
    ) {
        switch marker {
        case .circle: circle(x: x, y: y, radius: r, style: style, title: title)
        case .ring: circle(x: x, y: y, radius: r * 0.9, style: style + " ring", title: title)
        case .square:
            path(
                .polygon([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)], scale: 0.88, x, y),
                style: style, title: title)
        case .diamond:
            path(
                .polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], scale: 1.2, x, y), style: style, title: title
            )
        case .triangle:
            path(
                .polygon([(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)], scale: 1.1, x, y), style: style,
                title: title)
        }
    }

    /// A five-pointed star of about `radius` around the point: the learner's own word.
    public mutating func star(x: Double, y: Double, radius: Double, style: String, title: String? = nil) {
        guard x.isFinite, y.isFinite else { return }
        var points = SVGPath()
        for corner in 0..<10 {
            let angle = Double(corner) * .pi / 5
            let reach = corner.isMultiple(of: 2) ? radius : radius * 0.45
            points.line(x + reach * sin(angle), y - reach * cos(angle))
        }
        points.close()
        path(points, style: style, title: title)
    }

    /// The finished picture. `title` and `description` speak to those who do not see it; `css` is set inside so that the
    /// file stands alone, `nil` where the page around it brings `ChartStyle.css`.
    public func document(
        width: Double, height: Double, title: String, description: String = "", css: String? = nil
    ) -> String {
        let (w, h) = (Markup.coordinate(width), Markup.coordinate(height))
        let head = tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(w) \(h)", "width": w, "height": h,
                "class": ChartStyle.root, "role": "img", "aria-label": title,
            ])
        let style = css.map { "<style>\n\($0)</style>\n" } ?? ""
        let about = description.isEmpty ? "" : "<desc>\(Markup.escape(description))</desc>\n"
        return head + ">\n" + about + style + body + "</svg>\n"
    }

    /// The start of a tag, without its closing bracket; attributes with an empty value are left out.
    private func tag(_ name: String, _ attributes: Attributes) -> String {
        var out = "<" + name
        for (key, value) in attributes where !value.isEmpty && !(key == "rx" && value == "0") {
            out += " \(key)=\"\(Markup.escape(value))\""
        }
        return out
    }
}

/// The data of an SVG path. Points that are not finite are left out.
public struct SVGPath: Sendable {
    public private(set) var data = ""

    public init() {}

    public mutating func move(_ x: Double, _ y: Double) { append("M", x, y) }
    public mutating func line(_ x: Double, _ y: Double) { append(data.isEmpty ? "M" : "L", x, y) }
    public mutating func close() { if !data.isEmpty { data += "Z" } }

    private mutating func append(_ command: String, _ x: Double, _ y: Double) {
        guard x.isFinite, y.isFinite else { return }
        data += "\(command)\(Markup.coordinate(x)) \(Markup.coordinate(y))"
    }

    /// A closed polygon, scaled about (`x`, `y`).
    static func polygon(_ points: [(Double, Double)], scale: Double, _ x: Double, _ y: Double) -> SVGPath {
        var path = SVGPath()
        for point in points { path.line(x + (point.0 - x) * scale, y + (point.1 - y) * scale) }
        path.close()
        return path
    }
}
