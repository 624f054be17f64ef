import AffettoCore
import AffettoFusion
import AffettoSimulation
import Testing

/// Senses that speak of something else lose their say, and honest ones keep it.
@Suite struct SenseCreditTests {
    /// Learners whose `modality` says anything at all, against the same learners without it.
    private func cost(_ modality: Modality, seeds: Range<UInt64>) -> Float {
        let senses = SimulatedEvidence.senses.map { sense in
            var sense = sense
            sense.isGarbage = sense.modality == modality
            return sense
        }
        let others = Set(Modality.allCases).subtracting([modality])
        let without = FusionFigures(seeds: seeds, modalities: others)
        return FusionFigures(seeds: seeds, senses: senses).error / without.error - 1
    }

    /// On learners on whom nothing was chosen.
    @Test(arguments: [(Modality.voice, Float(0.04)), (.face, 0.03), (.text, 0.05), (.activity, 0.04)])
    func garbageCostsLittle(_ modality: Modality, _ most: Float) {
        let found = cost(modality, seeds: 1000..<1060)
        #expect(found < most, "\(found)")
    }

    /// Opposite senses that never change: neither is right by its steadiness, and the learner's words are not silenced by a face.
    @Test func steadyContradictionSilencesNobody() {
        var filter = AffectFilter(home: AffectPoint(valence: 0, arousal: 0), at: 0)
        for n in 1...100 {
            let time = Microseconds(seconds: Double(n) * 8)
            filter.update(Evidence(modality: .face, time: time, valence: Estimate(0.8, sd: 0.3), quality: 0.9))
            if n % 5 == 0 {
                filter.update(Evidence(modality: .text, time: time, valence: Estimate(-0.5, sd: 0.25), quality: 0.9))
            }
        }
        let share = filter.state.evidence
        #expect(share[Int(Modality.text.rawValue)] > 0.5)
        let before = filter.state.valence.mean
        filter.update(
            Evidence(modality: .text, time: Microseconds(seconds: 900), valence: Estimate(-0.9, sd: 0.25), quality: 0.9)
        )
        #expect(filter.state.valence.mean < before - 0.05)
    }
}
