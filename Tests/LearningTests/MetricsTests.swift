import AffettoCore
import AffettoLearning
import Testing

@Suite struct MetricsTests {
    @Test func byHand() {
        let recall = Metrics.uar(truth: [0, 0, 0, 1], guess: [0, 0, 1, 1], classes: 2)
        #expect(abs(recall - 5.0 / 6) < 1e-12)
        let f1 = Metrics.macroF1(truth: [0, 0, 1, 1], guess: [0, 1, 1, 1], classes: 2)
        #expect(abs(f1 - 11.0 / 15) < 1e-12)
        let ece = Metrics.ece(confidence: [0.95, 0.95, 0.55, 0.55], correct: [true, true, true, false])
        #expect(abs(ece - 0.05) < 1e-6)
        #expect(abs(Metrics.pearson([1, 2, 3], [2, 4, 6]) - 1) < 1e-12)
    }

    @Test func intervalsCoverTheTruthAboutAsOftenAsTheySay() {
        var random = SeededRandom(seed: 9)
        var covered = 0
        for draw in 0..<100 {
            let hits = (0..<60).map { _ in random.uniform() < 0.7 }
            let interval = Metrics.interval(groups: hits.indices.map(String.init), draws: 200, seed: UInt64(draw)) {
                rows in
                Double(rows.count { hits[$0] }) / Double(rows.count)
            }
            if interval.low <= 0.7, 0.7 <= interval.high { covered += 1 }
        }
        #expect(covered >= 87 && covered <= 100)
    }
}

@Suite struct AreaUnderTheCurveTests {
    @Test func byHand() {
        #expect(Metrics.auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]) == 0.75)
        #expect(
            Metrics.auc([1, 2, 3], [false, false, true]) == 1 && Metrics.auc([3, 2, 1], [false, false, true]) == 0)
        #expect(Metrics.auc([5, 5, 5, 5], [true, false, true, false]) == 0.5)
        #expect(Metrics.auc([1], [true]).isNaN && Metrics.auc([], []).isNaN)
    }
}
