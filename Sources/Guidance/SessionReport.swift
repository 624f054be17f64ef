import AffettoCore
import AffettoGraphics

/// One session as a page that people can read, print and keep: one HTML file with its pictures and style inside, no
/// scripts, nothing fetched from anywhere.
public enum SessionReport {
    /// The page of `record`. `tracks` gives titles and places in the plane by library id; a track that is missing is shown
    /// by its id. Throws `.range` where `record.started` lies outside the years 1…9999.
    public static func html(
        _ record: SessionRecord, tracks: [String: Track] = [:]
    ) throws(AffettoError) -> String {
        guard let date = CivilDate(unixSeconds: record.started) else {
            throw AffettoError(
                .range, "started is \(record.started); it must be seconds since 1970 in the years 1…9999")
        }
        return SessionPage(record, tracks: tracks, date: date).html
    }

    /// Rows of a table beyond this number are counted, not shown.
    static let rowLimit = 200
}

/// The page under construction. Everything that comes from outside passes through `safe`.
struct SessionPage {
    let record: SessionRecord
    let tracks: [String: Track]
    let date: CivilDate
    let timeline: TimelineChart
    let summary: SessionSummary
    /// Seconds on the session's clock at which the page begins to count.
    let start: Double

    init(_ record: SessionRecord, tracks: [String: Track], date: CivilDate) {
        self.record = record
        self.tracks = tracks
        self.date = date
        timeline = TimelineChart(record, tracks: tracks)
        let span = timeline.span
        start = span?.start ?? record.prompts.first?.time.seconds ?? 0
        summary = SessionSummary(record, states: timeline.states, duration: span.map { $0.end - $0.start } ?? 0)
    }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="robots" content="noindex">
        <title>Session of \(safe(record.learner)), \(date.text)</title>
        <style>
        \(ReportStyle.css)\(ChartStyle.css())</style>
        </head>
        <body>
        <main>
        \(header)
        \(about)
        \(summarySection)
        \(timelineSection)
        \(planeSection)
        \(decisionsSection)
        \(promptsSection)
        \(evidenceSection)
        \(keptSection)
        <footer>Made by Affetto, without a network, from session <bdi>\(safe(record.id))</bdi>.</footer>
        </main>
        </body>
        </html>

        """
    }

    func safe(_ text: String) -> String { Markup.escape(text) }

    /// Minutes and seconds since the page's start: "12:05".
    func clock(_ time: Microseconds) -> String {
        let seconds = Int(min(max(time.seconds - start, 0), 1e9))
        let (minute, second) = (seconds / 60, seconds % 60)
        return "\(minute):\(second < 10 ? "0" : "")\(second)"
    }
}
