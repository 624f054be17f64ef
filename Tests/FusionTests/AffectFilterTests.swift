import AffettoCore
import AffettoFusion
import Foundation
import Testing

@Suite struct AffectFilterTests {
    // MARK: What is not said

    @Test func noEvidenceAbstainsAtHome() {
        var filter = AffectFilter(home: AffectPoint(valence: 0.3, arousal: -0.2), at: 0)
        for time in [0.0, 1, 3600] {
            filter.advance(to: seconds(time))
            let state = filter.state
            #expect(state.abstain == .noEvidence && state.emotion == nil && state.time == seconds(time))
            #expect(state.valence.mean == 0.3 && state.arousal.mean == -0.2 && state.control.mean == 0)
            #expect(state.evidence == [0, 0, 0, 0, 0] && state.generation == 0)
            #expect(Set(state.probability).count == 1)
        }
    }

    @Test(arguments: Modality.allCases)
    func evidenceThatSaysNothingChangesNothing(_ modality: Modality) {
        let silent = [
            Evidence(modality: modality, time: 5, quality: 1),
            Evidence(modality: modality, time: 5, logLikelihood: Array(repeating: .nan, count: 14), quality: 1),
            Evidence(modality: modality, time: 5, logLikelihood: [0, -1], quality: 1),
            Evidence(modality: modality, time: 5, valence: Estimate(.nan, sd: 0.1), quality: 1),
            Evidence(modality: modality, time: 5, valence: Estimate(0.5, sd: 0), quality: 1),
            Evidence(modality: modality, time: 5, arousal: Estimate(0.5, sd: .infinity), quality: 1),
            says(modality, valence: 0.9, quality: 0, at: 0), says(modality, valence: 0.9, quality: .nan, at: 0),
            says(modality, valence: 0.9, quality: -1, at: 0),
        ]
        for evidence in silent {
            var filter = AffectFilter(home: origin, at: 0)
            filter.update(evidence)
            #expect(filter.state.abstain == .noEvidence && filter.state.generation == 0 && filter.influences.isEmpty)
            filter.update(report(.sad, -0.6, -0.4, at: 1))
            var other = filter
            other.update(evidence)
            #expect(other.state == filter.state)
        }
    }

    @Test func anAxisThatIsNotSpokenOfStays() {
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(says(.voice, arousal: 0.8, at: 0))
        #expect(filter.state.valence == Estimate(0, sd: 0.5) && filter.state.control == Estimate(0, sd: 0.5))
        #expect(filter.state.arousal.mean > 0.2 && filter.state.arousal.sd < 0.5)
    }

    @Test func aClassThatCannotBeNamedNeitherGainsNorLoses() {
        var filter = AffectFilter(home: origin, at: 0)
        let before = filter.state
        filter.update(names(.angry, among: [.happy, .sad, .neutral], .voice, at: 0))
        let after = filter.state
        #expect(after.probability(.angry) > before.probability(.angry))
        #expect(after.probability(.happy) < before.probability(.happy))
        let ratio = after.probability(.bored) / after.probability(.anxious)
        #expect(abs(ratio - before.probability(.bored) / before.probability(.anxious)) < 1e-4)
    }

    // MARK: The learner's own word

    @Test func aReportSetsTheState() {
        for emotion in Emotion.allCases {
            var filter = AffectFilter(home: origin, at: 0)
            // What was inferred before says the opposite.
            let opposite: Float = emotion.prototype.valence > 0 ? -0.8 : 0.8
            for n in 0..<10 { filter.update(says(.text, valence: opposite, arousal: -0.5, at: Double(n) * 10)) }
            filter.update(report(emotion, emotion.prototype.valence, emotion.prototype.arousal, at: 100))
            let state = filter.state
            #expect(state.emotion == emotion, "\(emotion): \(state.emotion?.name ?? state.abstain.name)")
            #expect(abs(state.valence.mean - emotion.prototype.valence) < 0.1)
            #expect(state.evidence[Int(Modality.selfReport.rawValue)] > 0.95)
        }
    }

    @Test func aReportLosesHalfItsWeightInTenMinutes() {
        func moved(after wait: Double) -> Float {
            var filter = AffectFilter(home: origin, at: 0)
            filter.update(report(nil, 0, 0, at: 0))
            var free = AffectFilter(home: origin, at: 0)
            free.update(report(nil, 0, 0, at: 0))
            filter.update(says(.text, valence: 0.5, at: wait))
            return filter.influences[1].valence
        }
        // Right after the word of the learner inference hardly counts; later it regains its weight.
        #expect(moved(after: 1) < 0.02)
        #expect(moved(after: 600) > 3 * moved(after: 60) && moved(after: 3600) > moved(after: 600))

        // And what was said falls back towards the learner's usual point.
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(report(.anxious, -0.8, 0.6, at: 0))
        let said = filter.state
        filter.advance(to: seconds(600))
        #expect(abs(filter.state.valence.mean - said.valence.mean / 2) < 1e-4)
        #expect(
            filter.state.valence.sd > said.valence.sd && filter.state.probability(.anxious) < said.probability(.anxious)
        )
    }

    // MARK: Disagreement

    @Test func disagreementDoesNotShrinkDoubt() {
        for (one, other) in [(Modality.text, Modality.voice), (.voice, .face), (.text, .activity)] {
            var filter = AffectFilter(home: origin, at: 0)
            filter.update(says(one, valence: 0.8, at: 0))
            let sure = filter.state.valence
            var agreed = filter
            agreed.update(says(other, valence: 0.8, at: 1))
            filter.update(says(other, valence: -0.8, at: 1))
            #expect(agreed.state.valence.sd < sure.sd)
            #expect(filter.state.valence.sd >= sure.sd, "\(one) against \(other)")
            #expect(filter.state.valence.mean < sure.mean && filter.state.valence.sd <= 0.5)
        }
    }

    @Test func classesThatDisagreeLeaveDoubt() {
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(names(.happy, among: [.sad, .angry, .neutral], .text, at: 0))
        let sure = filter.state.confidence
        filter.update(names(.sad, among: [.happy, .angry, .neutral], .activity, at: 1))
        #expect(filter.state.confidence < sure)
    }

    // MARK: Time

    @Test func evidenceFromThePastCountsAsNow() {
        var filter = AffectFilter(home: origin, at: seconds(100))
        filter.update(says(.text, valence: 0.6, at: 50))
        #expect(filter.state.time == seconds(100) && filter.state.valence.mean > 0.2)
        let before = filter.state
        filter.advance(to: seconds(20))
        #expect(filter.state == before, "time does not run backwards")
        filter.update(says(.voice, valence: 0.6, at: -1e6))
        #expect(filter.state.time == seconds(100) && filter.state.generation == 2)
    }

    @Test func howOftenTimeIsAdvancedMakesNoDifference() {
        for first in [report(.sad, -0.6, -0.4, at: 0), names(.anxious, among: Emotion.allCases, .text, at: 0)] {
            var once = AffectFilter(home: AffectPoint(valence: 0.2, arousal: 0.1), at: 0)
            once.update(first)
            var often = once
            once.advance(to: seconds(1500))
            for step in 1...15_000 { often.advance(to: seconds(Double(step) / 10)) }
            for (p, q) in zip(once.state.probability, often.state.probability) { #expect(abs(p - q) < 2e-3) }
            #expect(abs(once.state.valence.mean - often.state.valence.mean) < 1e-3)
            #expect(abs(once.state.valence.sd - often.state.valence.sd) < 1e-3)
        }
    }

    @Test func evidenceThatRepeatsItselfSoonCountsLess() {
        var rare = AffectFilter(home: origin, at: 0)
        for n in 0..<5 { rare.update(says(.voice, arousal: 0.5, at: Double(n) * 6)) }
        var dense = AffectFilter(home: origin, at: 0)
        for n in 0..<240 { dense.update(says(.voice, arousal: 0.5, at: Double(n) * 0.1)) }
        #expect(dense.state.arousal.sd > rare.state.arousal.sd * 0.95, "24 s of overlapping hops are not 240 witnesses")
    }

    @Test func whatWasInferredFadesAsFastAsItsEmotionAndWhatWasSaidInTenMinutes() {
        func odds(_ filter: AffectFilter, _ emotion: Emotion) -> Float {
            log(filter.state.probability(emotion) / filter.state.probability(.disgusted))
        }
        for emotion in [Emotion.surprised, .anxious, .bored] {
            var filter = AffectFilter(home: origin, at: 0)
            filter.update(names(emotion, among: Emotion.allCases, .text, at: 0))
            let fresh = odds(filter, emotion)
            filter.advance(to: seconds(emotion.halfLife))
            #expect(fresh > 1 && abs(odds(filter, emotion) - fresh / 2) < 1e-3)

            var said = AffectFilter(home: origin, at: 0)
            said.update(names(emotion, among: Emotion.allCases, .selfReport, at: 0))
            let word = odds(said, emotion)
            said.advance(to: seconds(600))
            #expect(abs(odds(said, emotion) - word / 2) < 1e-3)
        }
    }

    @Test func oldEvidenceIsStale() {
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(report(.angry, -0.6, 0.75, at: 0))
        #expect(filter.state.emotion == .angry)
        filter.advance(to: seconds(355))
        #expect(filter.state.abstain != .stale)
        filter.advance(to: seconds(365))
        #expect(filter.state.abstain == .stale && filter.state.emotion == nil, "three half-lives of anger")
        filter.advance(to: seconds(86_400))
        #expect(filter.state.abstain == .stale && filter.state.isSound)
        #expect(abs(filter.state.valence.mean) < 1e-4 && abs(filter.state.valence.sd - 0.5) < 1e-3)
    }

    @Test func weakEvidenceAbstains() {
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(says(.voice, arousal: 0.2, quality: 0.2, at: 0))
        #expect([AbstainReason.highEntropy, .lowProbability].contains(filter.state.abstain))
    }

    // MARK: Shares and influences

    @Test func sharesFollowWhoSpoke() {
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(says(.text, valence: 0.5, at: 0))
        #expect(filter.state.evidence == [0, 0, 1, 0, 0])
        filter.update(says(.voice, valence: 0.5, at: 1))
        let share = filter.state.evidence
        #expect(abs(share.reduce(0, +) - 1) < 1e-5 && share[2] > share[0] && share[0] > 0)
        filter.update(report(.happy, 0.7, 0.3, at: 2))
        #expect(filter.state.evidence[4] > 0.95)
    }

    @Test func influencesTellWhatMovedAndAreBounded() throws {
        var filter = AffectFilter(home: origin, at: 0)
        filter.update(report(.sad, -0.6, -0.4, at: 3))
        let first = try #require(filter.influences.first)
        #expect(first.modality == .selfReport && first.time == seconds(3) && first.emotion == .sad && first.gain > 0.3)
        #expect(abs(first.valence - filter.state.valence.mean) < 1e-6)
        for n in 0..<100 { filter.update(says(.text, valence: 0.1, at: 10 + Double(n) * 5)) }
        #expect(filter.influences.count == 32)
        #expect(filter.influences.map(\.time) == filter.influences.map(\.time).sorted())
    }

    @Test func aHomeThatIsNoNumberIsTheMiddle() {
        for wild: Float in [.nan, .infinity, -.infinity] {
            let state = AffectFilter(home: AffectPoint(valence: wild, arousal: wild), at: 0).state
            #expect(state.valence.mean == 0 && state.arousal.mean == 0)
        }
        #expect(AffectFilter(home: AffectPoint(valence: 50, arousal: -50), at: 0).state.valence.mean == 1)
    }

    // MARK: Order

    /// Evidence that comes late counts for what it says of now: nearly as much as in its place, and less the older it is.
    @Test func lateEvidenceCountsForWhatItSaysOfNow() {
        func state(_ evidence: [Evidence]) -> AffectState {
            var filter = AffectFilter(home: origin, at: 0)
            for one in evidence { filter.update(one) }
            return filter.state
        }
        let (early, later) = (says(.text, valence: 0.8, at: 0), says(.voice, valence: 0.2, at: 60))
        let (inOrder, late) = (state([early, later]), state([later, early]))
        #expect(
            abs(inOrder.valence.mean - late.valence.mean) < 0.03 && abs(inOrder.valence.sd - late.valence.sd) < 0.03)
        #expect(late.time == seconds(60))
        var moved: [Float] = []
        for age in [0.0, 60, 600, 3600, 36_000] {
            var filter = AffectFilter(home: origin, at: 0)
            filter.advance(to: seconds(age))
            filter.update(says(.text, valence: 0.8, at: 0))
            moved.append(filter.state.valence.mean)
            #expect(filter.state.isSound)
        }
        #expect(
            zip(moved, moved.dropFirst()).allSatisfy { $0 >= $1 } && moved[0] > moved[2] + 0.1 && moved[4] < 0.01,
            "\(moved)")
    }

    // MARK: The face's share

    /// However long a face smiles: alone it does not settle anything, and beside words it has no more than its share.
    @Test func theFaceNeverOutweighsTheRestUntilReportsHaveShownWhatItIsWorth() {
        func look(trusted: Bool, _ others: [Evidence] = []) -> AffectState {
            var filter = AffectFilter(home: origin, at: 0)
            filter.trustsFace = trusted
            for evidence in others { filter.update(evidence) }
            for n in 1...120 { filter.update(says(.face, valence: 0.8, at: Double(n) * 8)) }
            return filter.state
        }
        let alone = look(trusted: false)
        #expect(alone.valence.mean < 0.45 && alone.valence.sd > 0.35 && alone.emotion == nil)
        #expect(look(trusted: true).valence.mean > alone.valence.mean + 0.15)
        var filter = AffectFilter(home: origin, at: 0)
        for n in 1...100 {
            filter.update(says(.face, valence: 0.8, at: Double(n) * 8))
            if n % 5 == 0 { filter.update(says(.text, valence: -0.5, at: Double(n) * 8)) }
        }
        #expect(filter.state.valence.mean < 0 && filter.state.evidence[Int(Modality.face.rawValue)] <= 0.36)
        // What the face showed long ago does not keep it from showing something else.
        for n in 101...140 { filter.update(says(.face, valence: -0.8, at: Double(n) * 8)) }
        let before = filter.state.valence.mean
        for n in 141...180 { filter.update(says(.face, valence: 0.8, at: Double(n) * 8)) }
        #expect(filter.state.valence.mean > before + 0.05)
    }
}
