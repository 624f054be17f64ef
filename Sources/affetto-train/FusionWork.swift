import AffettoCore
import AffettoFusion
import AffettoLearning
import AffettoSimulation
import Foundation

/// The filter on simulated evidence: what fusing is worth, and whether its doubt can be believed.
enum FusionWork {
    /// The conversation network on corpora, then the filter on simulated learners.
    static func crossValidate(_ folder: URL, seeds: Int) throws -> Figures {
        var figures = try ConversationWork.crossValidate(folder, seeds: seeds)
        evaluate(into: &figures)
        return figures
    }

    static func evaluate() -> Figures {
        var figures = Figures()
        evaluate(into: &figures)
        return figures
    }

    private static func evaluate(learners: Int = 200, into figures: inout Figures) {
        let seeds = 0..<UInt64(learners)
        let all = FusionFigures(seeds: seeds)
        var best = Float.infinity
        for modality in [Modality.voice, .face, .text, .activity] {
            let alone = FusionFigures(seeds: seeds, modalities: [modality])
            best = min(best, alone.error)
            figures.add(
                "fusion.synthetic.error_\(modality.name)", Double(alone.error),
                note:
                    "alone; emotion right in \(Int((alone.accuracy * 100).rounded())) %, coverage \(alone.coverage), ece \(alone.ece)"
            )
        }
        figures.add(
            "fusion.synthetic.error", Double(all.error),
            note: "all four; n = \(all.moments) moments of \(learners) learners")
        figures.add("fusion.synthetic.gain_over_best_single", Double(1 - all.error / best), note: "share of its error")
        figures.add("fusion.synthetic.accuracy", Double(all.accuracy), note: "likeliest of 14 emotions")
        figures.add("fusion.synthetic.coverage_90", Double(all.coverage))
        figures.add("fusion.synthetic.ece", Double(all.ece))
        figures.add(
            "fusion.synthetic.risk_falls", zip(all.risk, all.risk.dropFirst()).allSatisfy { $0 <= $1 + 0.005 })
        print("error among the surest tenth, two tenths … of all: \(all.risk.map { ($0 * 1000).rounded() / 1000 })")
        for modality in [Modality.voice, .face, .text, .activity] {
            let senses = SimulatedEvidence.senses.map { sense in
                var sense = sense
                sense.isGarbage = sense.modality == modality
                return sense
            }
            let without = FusionFigures(
                seeds: seeds, modalities: Set(Modality.allCases).subtracting([modality]))
            let spoiled = FusionFigures(seeds: seeds, senses: senses)
            figures.add(
                "fusion.synthetic.garbage_\(modality.name)", Double(spoiled.error / without.error - 1),
                note: "error more than without it")
        }
    }
}
