import AffettoCore
import AffettoFusion
import AffettoSimulation
import Testing

/// The filter on made-up learners whose state is known (`affetto-train eval fusion` measures more of them).
@Suite struct SimulatedEvidenceTests {
    private static let seeds: Range<UInt64> = 0..<40

    @Test func allSensesTogetherBeatEachAlone() {
        let all = FusionFigures(seeds: Self.seeds, minutes: 15)
        for modality in [Modality.voice, .face, .text, .activity] {
            let alone = FusionFigures(seeds: Self.seeds, minutes: 15, modalities: [modality])
            #expect(all.error < alone.error * 0.9, "\(modality): \(alone.error), all \(all.error)")
            #expect(all.accuracy > alone.accuracy)
        }
        // Its doubt can be believed.
        #expect((0.84...0.94).contains(all.coverage) && all.ece < 0.08, "\(all.coverage), \(all.ece)")
        // The surer, the righter.
        #expect(zip(all.risk, all.risk.dropFirst()).allSatisfy { $0 <= $1 + 0.02 } && all.risk[0] < all.risk[9] / 2)
    }

    @Test func everythingFollowsFromTheSeedAndTheTruthNotFromTheSenses() {
        let (a, b) = (SimulatedEvidence(seed: 7, minutes: 5), SimulatedEvidence(seed: 7, minutes: 5))
        #expect(a.evidence.map(\.time) == b.evidence.map(\.time) && a.truth.map(\.point) == b.truth.map(\.point))
        let deaf = SimulatedEvidence(seed: 7, minutes: 5, senses: [])
        #expect(deaf.evidence.isEmpty && deaf.truth.map(\.point) == a.truth.map(\.point))
        #expect(SimulatedEvidence(seed: 8, minutes: 5).truth.map(\.point) != a.truth.map(\.point))
        #expect(zip(a.evidence, a.evidence.dropFirst()).allSatisfy { $0.time <= $1.time } && a.evidence.count > 50)
    }
}
