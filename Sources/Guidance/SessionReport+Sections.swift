import AffettoCore
import AffettoGraphics

/// The sections of a session's page, in reading order.
extension SessionPage {
    var header: String {
        let facts = [
            ("Learner", "<bdi>\(safe(record.learner))</bdi>"), ("Doing", ReportWords.task(record.task)),
            (
                "Length",
                summary.duration < 60 ? "under a minute" : "\(Markup.fixed(summary.duration / 60, places: 0)) min"
            ),
            ("Used for", ReportWords.purpose(record.purpose)), ("Rules in force", safe(record.preset)),
        ]
        return """
            <header>
            <h1>How the session may have felt</h1>
            <p class="when">\(date.text)</p>
            <dl class="facts">
            \(facts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }.joined(separator: "\n"))
            </dl>
            </header>
            """
    }

    var about: String {
        """
        <aside>
        <p><strong>How to read this page.</strong> A program guessed how a session may have felt, and it can be wrong.
        What the learner says about their own feelings counts more. This page is for talking and thinking together. It is
        not a medical document, says nothing about health or ability, and is no basis for marks or for comparing people.</p>
        </aside>
        """
    }

    var summarySection: String {
        """
        <section>
        <h2>In short</h2>
        <p class="lead">\(safe(summary.sentences.joined(separator: " ")))</p>
        </section>
        """
    }

    var timelineSection: String {
        """
        <section>
        <h2>Through time</h2>
        <figure class="wide">
        \(timeline.svg(css: nil))</figure>
        <p class="note">The wider the shaded band, the greater the doubt. In hatched stretches Affetto did not name a
        feeling. The numbers are those of the decisions below.</p>
        </section>
        """
    }

    var planeSection: String {
        let grid = AffectGrid(states: timeline.states, decisions: timeline.decisions, reports: timeline.reports)
        return """
            <section>
            <h2>In the plane of feelings</h2>
            <div class="pair">
            <figure>
            \(grid.svg(css: nil))</figure>
            <div>
            <p>Every feeling has a place: from unpleasant on the left to pleasant on the right, from low energy at the
            bottom to high energy at the top.</p>
            <ul class="plain">
            <li>The line is the way the session may have taken. It begins faint and ends strong.</li>
            <li>Numbered dots are the tracks that played, where their music lies.</li>
            <li>Dotted lines lead from where things stood to where a track was meant to lead; the dotted circle is the
            goal.</li>
            <li>Stars are the learner's own word.</li>
            </ul>
            <p class="note">Nobody needs to be at the goal. Worry, boredom and anger have their reasons and their
            uses.</p>
            </div>
            </div>
            </section>
            """
    }

    var decisionsSection: String {
        let shown = record.decisions.filter { $0.action != .wait }
        guard !record.decisions.isEmpty else {
            return "<section>\n<h2>Decisions</h2>\n<p>None were made in this session.</p>\n</section>"
        }
        let outcomes = Dictionary(record.outcomes.map { ($0.decision, $0) }) { $1 }
        let rows = shown.prefix(SessionReport.rowLimit).map { row($0, outcomes[$0.id]) }.joined(separator: "\n")
        let table =
            shown.isEmpty
            ? ""
            : """
            <div class="scroll"><table>
            <thead><tr><th class="number">No.</th><th class="number">Time</th><th>Decision</th><th>Why</th>
            <th class="number">Chance</th><th class="number">Benefit</th><th class="number">Liking</th></tr></thead>
            <tbody>
            \(rows)
            </tbody></table></div>
            <p class="note">Chance is the exact probability with which the choice was drawn. Benefit is how far the state
            moved toward the goal afterwards, liking is how the learner liked it; both run from −1 to +1, and one is never
            counted as the other. A dash means that it is not known.</p>
            """
        return """
            <section>
            <h2>Decisions</h2>
            \(table)\(more(shown.count))
            \(waits)
            </section>
            """
    }

    private func row(_ decision: Decision, _ outcome: Outcome?) -> String {
        let title = decision.track.map { tracks[$0]?.title ?? $0 }.flatMap { $0.isEmpty ? decision.track : $0 }
        let artist = decision.track.flatMap { tracks[$0]?.artist } ?? ""
        var what = "<strong>\(ReportWords.action(decision.action))</strong>"
        if let title { what += " <bdi>\(safe(title))</bdi>" }
        if !artist.isEmpty { what += "<small>, <bdi>\(safe(artist))</bdi></small>" }
        what += "<br><small>\(ReportWords.strategy(decision))</small>"
        let reasons = decision.reasons.filter { !$0.text.isEmpty }
            .sorted { abs($0.weight.isNaN ? 0 : $0.weight) > abs($1.weight.isNaN ? 0 : $1.weight) }
            .prefix(3).map { "<li>\(safe($0.text))</li>" }.joined()
        return """
            <tr><td class="number">\(decision.id)</td><td class="number">\(clock(decision.time))</td><td>\(what)</td>\
            <td>\(reasons.isEmpty ? "–" : "<ul>\(reasons)</ul>")</td>\
            <td class="number">\(Markup.percent(decision.propensity))</td>\
            <td class="number">\(signed(outcome?.benefit))</td><td class="number">\(signed(outcome?.liking))</td></tr>
            """
    }

    /// "+0.25", "−0.10", "–" where it is not known.
    private func signed(_ value: Float?) -> String {
        guard let value, value.isFinite else { return "–" }
        let text = Markup.fixed(Double(abs(value)))
        return text == "0.00" ? "0" : (value < 0 ? "−" : "+") + text
    }

    private func more(_ count: Int) -> String {
        let rest = count - SessionReport.rowLimit
        return rest > 0 ? "\n<p class=\"note\">And \(rest) more.</p>" : ""
    }

    /// How often nothing was done, and why.
    private var waits: String {
        let waits = record.decisions.filter { $0.action == .wait }
        guard !waits.isEmpty else { return "" }
        let counts = Dictionary(waits.map { ($0.gate, 1) }, uniquingKeysWith: +)
            .sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
        let reasons = counts.map { gate, count in
            ReportWords.gate(gate) + (counts.count > 1 ? " (\(SessionSummary.times(count)))" : "")
        }
        let times = SessionSummary.times(waits.count)
        return "<p>Affetto waited and did nothing \(times): \(reasons.joined(separator: "; ")).</p>"
    }

    var promptsSection: String {
        let said = record.prompts.filter { !$0.text.isEmpty }
        guard !said.isEmpty else { return "" }
        let rows = said.prefix(SessionReport.rowLimit).map { prompt in
            let chips = prompt.choices.map { "<span class=\"chip\">\(safe($0))</span>" }.joined(separator: " ")
            return
                "<tr><td class=\"number\">\(clock(prompt.time))</td><td>\(safe(prompt.text))</td><td>\(chips)</td></tr>"
        }
        return """
            <section>
            <h2>What Affetto said</h2>
            <div class="scroll"><table>
            <thead><tr><th class="number">Time</th><th>Words</th><th>Answers to choose from</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>\(more(said.count))
            </section>
            """
    }

    var evidenceSection: String {
        var feelings = summary.feelings.map { BarChart.Row($0.emotion.name, $0.share, emotion: $0.emotion) }
        if let unsure = summary.unsureShare, unsure > 0 {
            feelings.append(BarChart.Row("not sure", unsure, isRest: true))
        }
        let sources = Modality.allCases.map {
            BarChart.Row(ReportWords.modality($0), summary.evidence[Int($0.rawValue)])
        }
        return """
            <section>
            <h2>Shares</h2>
            <div class="halves">
            <div><h3>Feelings, by time</h3>
            \(BarChart(title: "Feelings by share of time", rows: feelings).svg(css: nil))</div>
            <div><h3>Where the guesses came from</h3>
            \(BarChart(title: "Sources by share of evidence", rows: sources).svg(css: nil))</div>
            </div>
            </section>
            """
    }

    var keptSection: String {
        let counts = Dictionary(record.events.map { ($0.kind, 1) }, uniquingKeysWith: +)
            .sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let events = counts.prefix(20).map {
            "<li>\(safe(ReportWords.event($0.key))): noted \(SessionSummary.times($0.value))</li>"
        }
        return """
            <section>
            <h2>What is kept</h2>
            <div class="halves">
            <div><h3>Kept, sealed with the learner's own key</h3>
            <ul class="plain">
            \(events.joined(separator: "\n"))
            <li>the numbers behind the pictures above (\(SessionSummary.count(record.states.count, "state")))</li>
            <li>decisions with their reasons, and what came of them</li>
            <li>the prompts that were shown</li>
            </ul></div>
            <div><h3>Not kept</h3>
            <ul class="plain">
            <li>what was written or said</li>
            <li>sound from the microphone</li>
            <li>pictures from the camera</li>
            <li>anything about other people</li>
            </ul>
            <p class="note">The learner can have all of it erased.</p></div>
            </div>
            </section>
            """
    }
}
