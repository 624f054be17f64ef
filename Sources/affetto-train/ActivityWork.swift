import AffettoActivity
import AffettoCore
import AffettoLearning
import AffettoSimulation

/// The activity model on simulated learners: how well it tells states apart that were made up.
enum ActivityWork {
    private struct Row {
        var learner: String
        var kind: SimulatedLearner.Kind
        var state: Emotion
        var probability: [Float]
    }

    static func evaluate(learners: Int = 20) -> Figures {
        var rows: [Row] = []
        for kind in SimulatedLearner.Kind.allCases {
            for n in 0..<learners {
                var learner = SimulatedLearner(kind, seed: UInt64(n))
                var window = ActivityWindow()
                var belief = ActivityBelief()
                for moment in learner.sitting(minutes: 60) {
                    window.push(moment.event, at: moment.time)
                    belief.update(window.features(at: moment.time), at: moment.time)
                    guard moment.event.kind == .answer else { continue }
                    rows.append(
                        Row(
                            learner: "\(kind.rawValue) \(n)", kind: kind, state: moment.state,
                            probability: belief.probability))
                }
            }
        }
        var figures = Figures()
        for (i, state) in ActivityBelief.states.enumerated() {
            func auc(_ picked: [Int]) -> Double {
                Metrics.auc(picked.map { rows[$0].probability[i] }, picked.map { rows[$0].state == state })
            }
            figures.add(
                "activity.simulated.auc_\(state.name)", auc(Array(rows.indices)),
                Metrics.interval(groups: rows.map(\.learner), draws: 100, statistic: auc), n: rows.count)
        }
        let careful = rows.filter { $0.kind == .slowAndCareful && $0.state == .engaged }
        let called = careful.count { row in
            row.probability.indices.max { row.probability[$0] < row.probability[$1] } == 3
        }
        figures.add(
            "activity.simulated.careful_called_bored", Double(called) / Double(max(careful.count, 1)),
            note: "share of a slow and careful learner's engaged answers, n = \(careful.count)")
        figures.add("activity.simulated.learners", Double(learners * SimulatedLearner.Kind.allCases.count))
        return figures
    }
}
