import AffettoCore

/// The lanes of a timeline: feelings, decisions, self-reports, legend.
extension TimelineChart {
    /// A stretch of time with one feeling, or with none named.
    struct Stretch: Equatable {
        var emotion: Emotion?
        var start: Microseconds
        var end: Microseconds
    }

    /// Neighbouring states with the same feeling joined; each lasts until the next state.
    var stretches: [Stretch] {
        var out: [Stretch] = []
        for state in states {
            let emotion = state.abstain == .none ? state.emotion : nil
            if let last = out.indices.last {
                out[last].end = state.time
                if out[last].emotion == emotion { continue }
            }
            out.append(Stretch(emotion: emotion, start: state.time, end: state.time))
        }
        return out
    }

    func drawDoubtfulStretches(_ svg: inout SVG, _ layout: TimelineLayout) {
        for (x, width) in merged(stretches.filter { $0.emotion == nil }, layout.axis) {
            for panel in [layout.valence, layout.arousal] {
                svg.rect(x: x, y: panel.top, width: width, height: panel.height, style: "veil")
                svg.rect(
                    x: x, y: panel.top, width: width, height: panel.height, style: "", fill: "url(#\(id)-hatch)",
                    title: "not sure")
            }
        }
    }

    /// Intervals in pixels, those that touch joined: at most one for each pixel however many there are.
    private func merged(_ stretches: [Stretch], _ axis: TimeAxis) -> [(x: Double, width: Double)] {
        var out: [(x: Double, width: Double)] = []
        for stretch in stretches {
            let (x, end) = (axis.x(stretch.start), axis.x(stretch.end))
            if let last = out.last, x - (last.x + last.width) < 1 {
                out[out.count - 1].width = max(last.width, end - last.x)
            } else {
                out.append((x, end - x))
            }
        }
        return out.filter { $0.width > 0.3 }
    }

    func drawFeelings(_ svg: inout SVG, _ layout: TimelineLayout) {
        let (y, height) = (layout.feelings, layout.feelingsHeight)
        // What is too short to see goes to the next stretch that can be seen.
        var drawnTo = states.first.map { layout.axis.x($0.time) } ?? 0
        for stretch in stretches {
            let (x, end) = (drawnTo, layout.axis.x(stretch.end))
            guard end - x >= 1.5 else { continue }
            drawnTo = end
            let word = stretch.emotion?.name ?? "not sure"
            svg.rect(
                x: x + 0.5, y: y, width: end - x - 1, height: height, radius: 3,
                style: ChartStyle.surface(stretch.emotion), title: word)
            if stretch.emotion == nil {
                svg.rect(
                    x: x + 0.5, y: y, width: end - x - 1, height: height, radius: 3, style: "",
                    fill: "url(#\(id)-hatch)", title: word)
            }
            drawFeelingWord(&svg, stretch.emotion, from: x, to: end, y: y + height / 2)
        }
    }

    /// The word with its marker, the word alone, the word in small, or the marker alone: the fullest that fits.
    private func drawFeelingWord(_ svg: inout SVG, _ emotion: Emotion?, from x: Double, to end: Double, y: Double) {
        let (middle, room) = ((x + end) / 2, end - x)
        guard let emotion else {
            if room > TextMetrics.width("not sure", size: 12) + 4 {
                svg.text("not sure", x: middle, y: y + 4, anchor: .middle, style: "halo muted")
            }
            return
        }
        let width = TextMetrics.width(emotion.name, size: 12, isBold: true)
        let marker = EmotionColour.marker(at: emotion.point)
        let style = "dot " + ChartStyle.mark(emotion)
        if room > width + 30 {
            svg.marker(marker, x: middle - width / 2 - 4, y: y, radius: 4, style: style)
            svg.text(emotion.name, x: middle + 6, y: y + 4, anchor: .middle, style: "strong")
        } else if room > width + 8 {
            svg.text(emotion.name, x: middle, y: y + 4, anchor: .middle, style: "strong")
        } else if room > TextMetrics.width(emotion.name, size: 10.5) + 6 {
            svg.text(emotion.name, x: middle, y: y + 4, anchor: .middle, style: "small")
        } else if room > 13 {
            svg.marker(marker, x: middle, y: y, radius: 4, style: style)
        }
    }

    /// Lines and numbered badges. What would overlap is left to the table.
    func drawDecisions(_ svg: inout SVG, _ layout: TimelineLayout) {
        var lineAt = -Double.infinity
        var badgeAt = -Double.infinity
        for mark in shownDecisions {
            let x = layout.axis.x(mark.time)
            guard x - lineAt >= 2 else { continue }
            lineAt = x
            let style = mark.action == .play ? "moment" : "moment dashed"
            svg.line(x1: x, y1: layout.badges + 8, x2: x, y2: layout.arousal.bottom, style: style)
            guard x - badgeAt >= 20 else { continue }
            badgeAt = x
            drawBadge(&svg, mark, x: x, y: layout.badges)
        }
    }

    /// What played or was done, by name, and for how long.
    struct MusicLabel {
        var mark: DecisionMark
        var text: String
        var x: Double
        var row: Int
        /// Width in pixels of the bar under the name.
        var extent: Double
    }

    /// Names in two rows; a name without room is left to the tooltip and the table.
    func musicLabels(_ axis: TimeAxis) -> [MusicLabel] {
        let shown = shownDecisions
        let right = axis.left + axis.width
        var rowEnds = [-Double.infinity, -Double.infinity]
        var labels: [MusicLabel] = []
        for (index, mark) in shown.enumerated() {
            let x = axis.x(mark.time)
            guard let row = rowEnds.firstIndex(where: { $0 <= x }) else { continue }
            func start(of index: Int) -> Double { index < shown.count ? axis.x(shown[index].time) : right }
            let next = start(of: index + 1)
            let ends = mark.duration.map { min(axis.x(seconds: mark.time.seconds + $0), next) } ?? next
            // The next name can take the other row, so this one may run on to the one after.
            let text = TextMetrics.fitted(
                "\(mark.number) \(mark.label)", size: 10.5, width: start(of: index + 2) - x - 6)
            let isLasting = mark.action == .play || mark.action == .silence
            let extent = isLasting ? max(ends - x - 2, 2) : 0
            rowEnds[row] = x + max(extent, TextMetrics.width(text, size: 10.5) + 8)
            labels.append(MusicLabel(mark: mark, text: text, x: x, row: row, extent: extent))
        }
        return labels
    }

    func drawMusic(_ svg: inout SVG, _ layout: TimelineLayout, _ labels: [MusicLabel]) {
        for label in labels {
            let y = layout.music + Double(label.row) * layout.musicRow
            svg.text(label.text, x: label.x, y: y + 10, style: "small")
            let style = label.mark.action == .play ? "music" : "quiet"
            svg.rect(
                x: label.x, y: y + 14, width: label.extent, height: 4, radius: 2, style: style, title: label.mark.label)
        }
    }

    /// All but those that did nothing.
    var shownDecisions: [DecisionMark] { decisions.filter { $0.action != .wait } }

    private func drawBadge(_ svg: inout SVG, _ mark: DecisionMark, x: Double, y: Double) {
        let style = mark.action == .play ? "badge" : "badge hollow"
        let number = String(mark.number)
        let half = max(8.5, TextMetrics.width(number, size: 10.5) / 2 + 4)
        svg.rect(
            x: x - half, y: y - 8.5, width: 2 * half, height: 17, radius: mark.action == .ask ? 3 : 8.5, style: style,
            title: mark.label)
        svg.text(
            number, x: x, y: y + 3.8, anchor: .middle,
            style: mark.action == .play ? "badge-text" : "badge-text hollow-text")
    }

    func drawReports(_ svg: inout SVG, _ layout: TimelineLayout) {
        for report in Thinning.even(reports, limit: 200) {
            let x = layout.axis.x(report.time)
            let title = "the learner's own word" + (report.emotion.map { ": \($0.name)" } ?? "")
            let values = [
                (layout.valence, report.valence ?? report.emotion?.prototype.valence),
                (layout.arousal, report.arousal ?? report.emotion?.prototype.arousal),
            ]
            for (panel, value) in values {
                guard let value, value.isFinite else { continue }
                svg.star(x: x, y: panel.y(value), radius: 7.5, style: "report", title: title)
            }
        }
    }

    func drawLegend(_ svg: inout SVG, _ layout: TimelineLayout) {
        let y = layout.legend
        var x = layout.axis.left
        func word(_ text: String) {
            svg.text(text, x: x, y: y + 4, style: "muted small")
            x += TextMetrics.width(text, size: 10.5) + 22
        }
        svg.rect(x: x, y: y - 6, width: 22, height: 12, style: "valence-band")
        svg.line(x1: x, y1: y, x2: x + 22, y2: y, style: "trace valence")
        x += 29
        word("best guess ± doubt")
        if stretches.contains(where: { $0.emotion == nil }) {
            svg.rect(x: x, y: y - 6, width: 22, height: 12, style: "surface-unsure")
            svg.rect(x: x, y: y - 6, width: 22, height: 12, style: "", fill: "url(#\(id)-hatch)")
            x += 29
            word("not sure")
        }
        if !reports.isEmpty {
            svg.star(x: x + 5, y: y, radius: 7.5, style: "report")
            x += 18
            word("the learner's own word")
        }
        for (action, text) in [(Action.play, "music"), (.silence, "silence"), (.ask, "question")] {
            guard decisions.contains(where: { $0.action == action }) else { continue }
            let style = action == .play ? "badge" : "badge hollow"
            svg.rect(x: x, y: y - 6, width: 12, height: 12, radius: action == .ask ? 3 : 6, style: style)
            x += 18
            word(text)
        }
    }
}
