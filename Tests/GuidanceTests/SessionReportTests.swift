import AffettoCore
import AffettoGuidance
import Testing

private let voids: Set<String> = ["meta", "br"]

@Suite struct SessionReportTests {
    @Test func aWholeEveningIsAWellFormedPage() throws {
        let html = try SessionReport.html(HomeworkEvening.record, tracks: HomeworkEvening.tracks)
        #expect(faults(inMarkup: html, voids: voids) == [])
        #expect(html.contains("Thursday 12 March 2026, 18:05 UTC"))
        #expect(html.contains("The session lasted 41 minutes."))
        #expect(html.contains("A Lamp in the Window &amp; Other Lights"))
        #expect(html.contains("+0.21</td><td class=\"number\">−0.25"))
        #expect(html.contains("<td class=\"number\">18%</td>"))
        #expect(html.contains("not a medical document"))
        #expect(html.utf8.count < 150_000)
    }

    @Test func nothingIsFetchedAndNothingRuns() throws {
        let html = try SessionReport.html(HomeworkEvening.record, tracks: HomeworkEvening.tracks)
        for word in ["<script", "src=", "href=", "@import", "url(http", "onload", "javascript:"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.replacing("http://www.w3.org/2000/svg", with: "").contains("http://") == false)
    }

    @Test func whatComesFromOutsideIsEscaped() throws {
        let bad = "<script>alert(\"x\")</script><img src=x onerror='y'>\u{0}\u{202E}&"
        var record = HomeworkEvening.record
        record.id = bad
        record.learner = bad
        record.preset = bad
        record.events.append(SessionEvent(time: HomeworkEvening.at(2), kind: bad, detail: ["emotion": bad]))
        record.prompts.append(Prompt(time: HomeworkEvening.at(3), text: bad, choices: [bad]))
        record.decisions[1].track = bad
        record.decisions[1].reasons = [Reason(bad, bad, weight: .nan)]
        var track = HomeworkEvening.track(bad, bad, bad, 0, 0, 200)
        track.uri = bad
        for tracks in [[:], [bad: track]] {
            let html = try SessionReport.html(record, tracks: tracks)
            #expect(faults(inMarkup: html, voids: voids) == [])
            #expect(!html.contains("<script") && !html.contains("<img"))
        }
    }

    @Test func anEmptySessionIsStillAPage() throws {
        let record = SessionRecord(id: "", learner: "", started: 0, task: .rest, purpose: .feedback, preset: "")
        let html = try SessionReport.html(record)
        #expect(faults(inMarkup: html, voids: voids) == [])
        #expect(html.contains("Thursday 1 January 1970, 00:00 UTC"))
        #expect(html.contains("less than a minute"))
    }

    @Test func missingNumbersNeverReachThePage() throws {
        var record = HomeworkEvening.record
        for index in record.states.indices where index.isMultiple(of: 3) {
            record.states[index].valence = Estimate(.nan, sd: .infinity)
            record.states[index].evidence = [.nan]
            record.states[index].probability = []
        }
        record.decisions[1].propensity = .nan
        record.decisions[2].start.valence = .nan
        record.outcomes[0].benefit = .nan
        record.states[5].time = .max
        record.decisions[0].time = .min
        let html = try SessionReport.html(record, tracks: HomeworkEvening.tracks)
        #expect(faults(inMarkup: html, voids: voids) == [])
        #expect(!html.contains("nan") && !html.contains("\"inf"))
    }

    @Test func longSessionsStayReadable() throws {
        var record = HomeworkEvening.record
        let decision = record.decisions[1]
        record.decisions = (0..<3_000).map { index in
            var copy = decision
            copy.id = UInt64(index + 1)
            copy.time += Int64(index) * 1_000_000
            return copy
        }
        let html = try SessionReport.html(record, tracks: HomeworkEvening.tracks)
        #expect(html.contains("And 2800 more."))
        #expect(html.utf8.count < 500_000)
    }

    @Test func datesOutsideTheCalendarAreRefused() {
        var record = HomeworkEvening.record
        for started in [Int64.min, .max, 253_402_300_800] {
            record.started = started
            #expect(throws: AffettoError.self) { try SessionReport.html(record) }
        }
    }

    @Test func claimsStayModest() throws {
        let html = try SessionReport.html(HomeworkEvening.record, tracks: HomeworkEvening.tracks).lowercased()
        for word in [
            "disorder", "depress", "diagnos", "patient", "symptom", "treatment", "therap", "cure", "abnormal",
            "clinical",
            "reduces anxiety", "proves", "because of the music",
        ] { #expect(!html.contains(word), "\(word)") }
        #expect(html.contains("may have felt"))
    }

    @Test(arguments: [
        (Int64(0), "Thursday 1 January 1970, 00:00 UTC"), (951_782_399, "Monday 28 February 2000, 23:59 UTC"),
        (951_782_400, "Tuesday 29 February 2000, 00:00 UTC"), (-1, "Wednesday 31 December 1969, 23:59 UTC"),
        (4_107_542_400, "Monday 1 March 2100, 00:00 UTC"), (1_773_338_700, "Thursday 12 March 2026, 18:05 UTC"),
        (-62_135_596_800, "Monday 1 January 1, 00:00 UTC"), (253_402_300_799, "Friday 31 December 9999, 23:59 UTC"),
    ])
    func civilDates(_ seconds: Int64, _ text: String) {
        #expect(CivilDate(unixSeconds: seconds)?.text == text)
    }
}
