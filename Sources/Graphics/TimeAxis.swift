import AffettoCore

/// Session time on a horizontal axis, with ticks that people count in.
struct TimeAxis {
    let start: Double
    let span: Double
    let left: Double
    let width: Double

    /// `start` and `end` in seconds.
    init(start: Double, end: Double, left: Double, width: Double) {
        self.start = start
        span = max(end - start, 1)
        self.left = left
        self.width = width
    }

    func x(_ time: Microseconds) -> Double { x(seconds: time.seconds) }
    func x(seconds: Double) -> Double { left + min(max((seconds - start) / span, 0), 1) * width }

    /// At most ten ticks: seconds since the start, and their label.
    var ticks: [(offset: Double, label: String)] {
        let steps: [Double] = [5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400]
        var step = steps.first { span / $0 <= 9 } ?? 86400
        while span / step > 9 { step *= 2 }
        var ticks: [(Double, String)] = []
        var offset = 0.0
        while offset <= span {
            ticks.append((offset, Self.label(offset, step: step)))
            offset += step
        }
        return ticks
    }

    private static func label(_ seconds: Double, step: Double) -> String {
        if step < 60 { return "\(Markup.fixed(seconds, places: 0)) s" }
        if step < 3600 { return "\(Markup.fixed(seconds / 60, places: 0)) min" }
        return "\(Markup.fixed(seconds / 3600, places: 0)) h"
    }
}
