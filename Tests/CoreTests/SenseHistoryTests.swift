import AffettoCore
import Testing

/// A personal layer is watched: it stays while it helps, goes where it does harm, and can be gone back from.
@Suite struct SenseHistoryTests {
    /// Reports of learners whose models err by `bias(report)`, with noise. - Returns: alarms, and squared errors without and with
    /// correction.
    private func live(
        _ learners: Int, reports: Int, bias: (Int) -> Float
    ) -> (alarmed: Int, firstAlarms: [Int], base: Float, personal: Float) {
        var (alarmed, first): (Int, [Int]) = (0, [])
        var (base, personal): (Float, Float) = (0, 0)
        for learner in 0..<learners {
            var random = SeededRandom(seed: UInt64(learner), stream: 5)
            var (senses, history) = (SenseCalibration(), SenseHistory())
            var at: Int?
            for report in 0..<reports {
                let shown = Float(random.uniform() - 0.5)
                let said = min(max(shown + bias(report) + noise(&random), -1), 1)
                let evidence = Evidence(
                    modality: .text, time: 0, valence: Estimate(shown, sd: 0.25), quality: 0.8)
                let better = senses.corrected(evidence).valence?.mean ?? shown
                base += (said - shown) * (said - shown)
                personal += (said - better) * (said - better)
                let isAlarm = history.learn(evidence, saidValence: said, saidArousal: nil, into: &senses)
                history.mark(senses)
                if isAlarm, at == nil { at = report }
            }
            if let at {
                alarmed += 1
                first.append(at)
            }
        }
        return (alarmed, first, base, personal)
    }

    /// About normal, standard deviation 0.25.
    private func noise(_ random: inout SeededRandom) -> Float {
        (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(random.uniform()) } / 4
    }

    @Test func steadyLearnersAreNotAlarmed() {
        for bias in [Float(0), 0.2, -0.4] {
            let found = live(200, reports: 200) { _ in bias }
            #expect(found.alarmed <= 4, "\(found.alarmed) of 200 with bias \(bias)")
        }
        let helped = live(100, reports: 60) { _ in 0.4 }
        #expect(helped.personal < 0.6 * helped.base)
        // Where there is nothing to learn it costs next to nothing.
        let idle = live(100, reports: 60) { _ in 0 }
        #expect(idle.personal < 1.05 * idle.base)
    }

    @Test func aChangeIsAlarmedSoonAndTheModelsSpeakAgain() {
        let found = live(200, reports: 60) { $0 < 40 ? 0.4 : -0.3 }
        #expect(found.alarmed >= 190)
        #expect(found.firstAlarms.allSatisfy { $0 >= 40 } && found.firstAlarms.count { $0 < 50 } >= 180)
    }

    @Test func statesAreKeptThinlyAndGoneBackTo() {
        var (senses, history) = (SenseCalibration(), SenseHistory())
        var kept: [Int: SenseCalibration] = [:]
        for report in 1...200 {
            let evidence = Evidence(modality: .voice, time: 0, valence: Estimate(0, sd: 0.3), quality: 1)
            _ = history.learn(evidence, saidValence: Float(report % 7) / 10, saidArousal: nil, into: &senses)
            history.mark(senses)
            kept[report] = senses
        }
        #expect(history.points.count == 4 && history.points.last?.reports == 200)
        #expect(history.points.map(\.reports) == history.points.map(\.reports).sorted())
        let oldest = history.points[0].reports
        #expect(oldest <= 100)
        #expect(history.restore(to: 199) == nil)
        #expect(history.restore(to: oldest) == kept[oldest])
        #expect(history.reports == oldest && history.points.count == 1)
        #expect(history.restore(to: 0) == SenseCalibration() && history == SenseHistory())
    }

    @Test func absurdNumbersOfAFileHeal() throws {
        let text =
            #"{"reports": -5, "points": [], "watches": {"text": {"reports": -1, "base": "nan", "personal": "inf", "excess": "nan", "alarms": -2}}}"#
        var history = try JSON.decode(SenseHistory.self, from: Array(text.utf8), what: "test")
        var senses = SenseCalibration()
        let evidence = Evidence(modality: .text, time: 0, valence: Estimate(0, sd: 0.3), quality: 1)
        #expect(!history.learn(evidence, saidValence: 0.1, saidArousal: nil, into: &senses))
        history.mark(senses)
        let watch = try #require(history.watches["text"])
        #expect(watch.reports == 1 && watch.base.isFinite && watch.excess == 0 && history.reports == 1)
        let huge = #"{"reports": 9223372036854775807, "points": [], "watches": {}}"#
        var large = try JSON.decode(SenseHistory.self, from: Array(huge.utf8), what: "test")
        large.mark(senses)
        #expect(large.reports == 1_000_001)
    }
}
