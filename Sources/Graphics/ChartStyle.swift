import AffettoCore

/// The style sheet of all charts, for light and dark paper; printed pages are light. Plain rules, no variables, so that
/// simple renderers show the light form.
public enum ChartStyle {
    /// Class of every chart's `<svg>`.
    public static let root = "affetto-chart"

    /// Set once in a page that shows charts, or inside an SVG file that stands alone.
    public static func css(palette: EmotionColour.Palette = .standard) -> String {
        let dark = rules(EmotionColour(palette: palette, scheme: .dark))
        return shapes + rules(EmotionColour(palette: palette, scheme: .light))
            + "@media screen and (prefers-color-scheme: dark) {\n\(dark)}\n"
    }

    static func mark(_ emotion: Emotion?) -> String { emotion.map { "mark-\($0.name)" } ?? "mark-unsure" }
    static func surface(_ emotion: Emotion?) -> String { emotion.map { "surface-\($0.name)" } ?? "surface-unsure" }

    /// What does not change with the paper.
    private static let shapes = """
        .affetto-chart { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        .affetto-chart .small { font-size: 10.5px; }
        .affetto-chart .strong { font-weight: 600; }
        .affetto-chart .frame, .affetto-chart .rule, .affetto-chart .zero { stroke-width: 1; }
        .affetto-chart .trace { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
        .affetto-chart .moment { stroke-width: 1; }
        .affetto-chart .dashed { stroke-dasharray: 3 3; }
        .affetto-chart .badge { stroke-width: 1.5; }
        .affetto-chart .badge-text { font-size: 10.5px; font-weight: 600; }
        .affetto-chart .halo { stroke-width: 3; paint-order: stroke; stroke-linejoin: round; }
        .affetto-chart .hatch { stroke-width: 1.4; }
        .affetto-chart .report, .affetto-chart .dot { stroke-width: 1.2; }
        .affetto-chart .ring { fill-opacity: 0.35; }
        .affetto-chart .way { fill: none; stroke-width: 1.2; stroke-dasharray: 2 4; stroke-linecap: round; }

        """

    private static func rules(_ colour: EmotionColour) -> String {
        let light = colour.scheme == .light
        func grey(_ onLight: Double, _ onDark: Double) -> String {
            OKLCH(lightness: light ? onLight : onDark, chroma: 0.008, hue: 260).hex
        }
        func tint(_ hue: Double) -> String {
            OKLCH(lightness: light ? 0.5 : 0.78, chroma: 0.12, hue: hue).hex
        }
        let (paper, ink, muted) = (grey(0.995, 0.21), grey(0.22, 0.95), grey(0.48, 0.72))
        let (valence, arousal, accent) = (tint(285), tint(50), tint(235))
        var rules: [(String, String)] = [
            ("text", "fill: \(ink)"),
            (".muted", "fill: \(muted)"),
            (".frame", "fill: \(grey(0.975, 0.245)); stroke: \(grey(0.88, 0.34))"),
            (".rule", "stroke: \(grey(0.92, 0.3))"),
            (".zero", "stroke: \(grey(0.74, 0.52))"),
            (".valence", "stroke: \(valence)"), (".valence-band", "fill: \(valence); fill-opacity: 0.17"),
            (".arousal", "stroke: \(arousal)"), (".arousal-band", "fill: \(arousal); fill-opacity: 0.17"),
            (".trail", "stroke: \(ink)"),
            (".veil", "fill: \(grey(0.96, 0.25)); fill-opacity: 0.55"),
            (".hatch", "stroke: \(grey(0.72, 0.44))"),
            (".moment", "stroke: \(accent); stroke-opacity: 0.75"),
            (".badge", "fill: \(accent); stroke: \(accent)"),
            (".hollow", "fill: \(paper)"),
            (".badge-text", "fill: \(paper)"), (".hollow-text", "fill: \(accent)"),
            (".music", "fill: \(accent)"),
            (".quiet", "fill: \(paper); stroke: \(accent)"),
            (".report", "fill: \(ink); stroke: \(paper)"),
            (".dot", "stroke: \(paper)"),
            (".halo", "stroke: \(grey(0.985, 0.24))"),
            (".way", "stroke: \(accent)"),
            (".field", "opacity: \(light ? "0.5" : "0.3")"),
            (".track", "fill: \(grey(0.93, 0.3))"), (".bar", "fill: \(accent)"),
            (".mark-unsure", "fill: \(grey(0.72, 0.5))"), (".surface-unsure", "fill: \(grey(0.96, 0.25))"),
        ]
        for emotion in Emotion.allCases {
            let mark = colour.mark(of: emotion).hex
            rules.append((".\(self.mark(emotion))", "fill: \(mark)"))
            rules.append((".\(surface(emotion))", "fill: \(colour.surface(of: emotion).hex); stroke: \(mark)"))
        }
        return rules.map { ".\(root) \($0.0) { \($0.1); }\n" }.joined()
    }
}
