import AffettoCore
import AffettoGraphics
import Testing

private func state(
    _ seconds: Double, _ valence: Float, _ arousal: Float, _ emotion: Emotion?, sd: Float = 0.2
) -> AffectState {
    AffectState(
        time: Microseconds(seconds: seconds), emotion: emotion, valence: Estimate(valence, sd: sd),
        arousal: Estimate(arousal, sd: sd), control: Estimate(0, sd: 0.5), probability: [], confidence: 0.6,
        abstain: emotion == nil ? .highEntropy : .none, evidence: [], generation: 1)
}

private func decision(_ id: UInt64, _ seconds: Double, _ action: Action, track: String? = nil) -> Decision {
    let point = AffectPoint(valence: -0.4, arousal: 0.5)
    return Decision(
        id: id, time: Microseconds(seconds: seconds), action: action, gate: .none, strategy: .iso, goal: .calm,
        track: track,
        start: point, target: AffectPoint(valence: 0, arousal: 0), destination: Emotion.calm.point, reasons: [])
}

private let hostile = "</text><script>alert('1')</script>&\"\u{0}\u{7}\u{202E}"

private func noNumbersMissing(_ svg: String) -> Bool {
    !svg.contains("nan") && !svg.contains("inf\"") && !svg.contains("NaN")
}

@Suite struct ChartTests {
    @Test func emptyChartsAreStillPictures() {
        for svg in [
            TimelineChart(states: []).svg(), AffectGrid(states: []).svg(), BarChart(title: "none", rows: []).svg(),
        ] {
            #expect(faults(inMarkup: svg) == [])
            #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        }
    }

    @Test func oneStateIsEnough() {
        let one = [state(0, 0.3, 0.1, .calm)]
        #expect(faults(inMarkup: TimelineChart(states: one).svg()) == [])
        #expect(AffectGrid(states: one).svg().contains(">now</text>"))
    }

    @Test func textIsEscapedOnceAndControlsAreDropped() {
        #expect(Markup.escape("a<b>&\"'\u{0}c") == "a&lt;b&gt;&amp;&quot;&#39;c")
        let track = DecisionMark(decision(1, 60, .play, track: hostile))
        let states = (0..<50).map { state(Double($0) * 10, 0.1, 0.1, .calm) }
        for svg in [
            TimelineChart(states: states, decisions: [track]).svg(),
            AffectGrid(states: states, decisions: [track]).svg(),
            BarChart(title: hostile, rows: [.init(hostile, 0.5)]).svg(),
        ] {
            #expect(faults(inMarkup: svg) == [])
            #expect(!svg.contains("<script"))
            #expect(!svg.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        }
    }

    @Test func missingNumbersBreakTheLineAndNothingElse() {
        let states = [
            state(0, 0, 0, nil), state(10, .nan, 0.1, .calm), state(20, 0.2, .infinity, .calm),
            state(30, 0.3, 0.3, .calm),
            state(40, 0.3, 0.2, .calm, sd: .nan), state(50, 7, -9, .calm, sd: .infinity),
        ]
        var mark = DecisionMark(decision(1, 15, .play))
        mark.start.valence = .nan
        mark.music = AffectPoint(valence: .nan, arousal: 0)
        mark.duration = .infinity
        let report = ReportMark(time: 5_000_000, valence: .nan, arousal: 0.5)
        let timeline = TimelineChart(states: states, decisions: [mark], reports: [report]).svg()
        let grid = AffectGrid(states: states, decisions: [mark], reports: [report]).svg()
        let bars = BarChart(title: "bars", rows: [.init("a", .nan), .init("b", 3), .init("c", -1)]).svg()
        for svg in [timeline, grid, bars] {
            #expect(faults(inMarkup: svg) == [])
            #expect(noNumbersMissing(svg))
        }
        #expect(!bars.contains(">a</text>"))
    }

    @Test func extremeTimesDoNotTrap() {
        var first = state(0, 0, 0, .calm)
        var last = first
        first.time = .min
        last.time = .max
        #expect(faults(inMarkup: TimelineChart(states: [last, first]).svg()) == [])
        #expect(faults(inMarkup: TimelineChart(states: [first, last]).svg(width: .nan)) == [])
    }

    @Test func hugeSessionsBecomeSmallPictures() {
        var states = (0..<100_000).map { index in
            state(Double(index), Float(index % 7) / 10, 0.1, index.isMultiple(of: 2) ? .calm : nil)
        }
        states[51_234].valence.mean = -0.97
        let decisions = (0..<5_000).map {
            DecisionMark(decision(UInt64($0 + 1), Double($0) * 20, .play, track: "t\($0)"))
        }
        let reports = (0..<5_000).map {
            ReportMark(time: Microseconds(seconds: Double($0) * 20), valence: 0, arousal: 0)
        }
        let timeline = TimelineChart(states: states, decisions: decisions, reports: reports).svg()
        let grid = AffectGrid(states: states, decisions: decisions, reports: reports).svg()
        #expect(timeline.utf8.count < 400_000)
        #expect(grid.utf8.count < 100_000)
        #expect(faults(inMarkup: timeline) == [] && faults(inMarkup: grid) == [])
        let line = timeline.split(separator: "\n").first { $0.contains("trace valence") } ?? ""
        #expect(line.count { $0 == "L" } <= 602)
        // The one deep dip is still there: y of −0.97 in the upper panel.
        #expect(line.contains(" 138.35"))
    }

    @Test func abstentionIsHatchedAndNamed() {
        let states = (0..<60).map { state(Double($0) * 10, 0, 0, $0 < 30 ? nil : .calm) }
        let svg = TimelineChart(states: states, id: "mine").svg()
        #expect(svg.contains("id=\"mine-hatch\"") && svg.contains("fill=\"url(#mine-hatch)\""))
        #expect(svg.contains(">not sure</text>") && svg.contains(">calm</text>"))
        let sure = TimelineChart(states: Array(states.dropFirst(30))).svg()
        #expect(!sure.contains("fill=\"url(#timeline-hatch)\""))
    }

    @Test func axesSpeakPlainly() {
        let svg = AffectGrid(states: [state(0, 0, 0, .calm)]).svg()
        for word in ["unpleasant", "pleasant", "low energy", "high energy"] { #expect(svg.contains(">\(word)</text>")) }
    }

    @Test func decisionsCarryNumberAndTitle() {
        let states = (0..<240).map { state(Double($0) * 10, 0.1, 0.1, .calm) }
        let marks = [
            DecisionMark(decision(1, 300, .play, track: "slow-tide")), DecisionMark(decision(2, 900, .silence)),
            DecisionMark(decision(3, 1500, .ask)), DecisionMark(decision(4, 2000, .wait)),
        ]
        let svg = TimelineChart(states: states, decisions: marks).svg()
        #expect(
            svg.contains(">1 slow-tide</text>") && svg.contains(">2 silence</text>") && svg.contains(">3 asked</text>"))
        #expect(!svg.contains("waited"))
    }

    @Test func aTrackThatPlayedTwiceIsOneDot() {
        let marks = (1...5).map { number in
            var mark = DecisionMark(decision(UInt64(number), Double(number) * 60, .play, track: "a"))
            mark.music = AffectPoint(valence: 0.5, arousal: number == 5 ? 0.5 : -0.5)
            return mark
        }
        let svg = AffectGrid(states: [], decisions: marks).svg()
        #expect(svg.contains(">1, 2, 3 …</text>") && svg.contains(">5</text>"))
    }

    @Test func selfReportsAreReadFromEvents() {
        let event = SessionEvent(
            time: 7, kind: "self_report", detail: ["valence": "-0.5", "arousal": "4", "emotion": "sad"])
        #expect(ReportMark(event) == ReportMark(time: 7, valence: -0.5, arousal: 1, emotion: .sad))
        #expect(ReportMark(SessionEvent(time: 7, kind: "text")) == nil)
        let vague = SessionEvent(time: 7, kind: "self_report", detail: ["valence": "nan", "emotion": "whatever"])
        #expect(ReportMark(vague) == ReportMark(time: 7))
    }

    @Test func numbersAreWrittenPlainly() {
        #expect(Markup.fixed(-0.125, places: 2) == "-0.13")
        #expect(Markup.fixed(3.14159, places: 3) == "3.142")
        #expect(Markup.fixed(.infinity, places: 0) == "1000000000")
        #expect(Markup.fixed(.nan) == "–")
        #expect(Markup.percent(0.184) == "18%" && Markup.percent(0.001) == "<1%" && Markup.percent(0) == "0%")
        #expect(Markup.percent(0.999) == ">99%" && Markup.percent(1) == "100%" && Markup.percent(.nan) == "–")
    }

    @Test func sameValuesGiveTheSameBytes() {
        let states = (0..<100).map { state(Double($0), Float($0) / 100, 0, .calm) }
        #expect(TimelineChart(states: states).svg() == TimelineChart(states: states).svg())
    }

    @Test func simpleRenderersGetPlainRules() {
        #expect(!ChartStyle.css().contains("var("))
        #expect(ChartStyle.css().contains("prefers-color-scheme: dark"))
    }
}
