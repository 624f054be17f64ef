import AffettoCore
import AffettoIntervention
import Testing

/// Each gate by itself, in the order in which they stand: an earlier one wins over every later one.
private let gates: [(gate: Gate, action: Action, close: @Sendable (inout DecisionContext) -> Void)] = [
    (.stopped, .silence, { $0.stopped = true }),
    (.policy, .wait, { $0.verdict = .forbidden(rule: "strict", citation: "Art. 5") }),
    (.distress, .handToPerson, { $0.state = state(.sad, reported: 0.9, valence: -0.9) }),
    (.exam, .silence, { $0.task = .exam }),
    (.paused, .wait, { $0.paused = true }),
    (
        .confusionGrace, .wait,
        {
            $0.state = state(.confused)
            $0.emotionAge = 30
        }
    ),
]

@Suite struct GatesTests {
    private func decide(_ change: (inout DecisionContext) -> Void) -> Decision {
        Decider().decide(context(library(20), change)).decision
    }

    @Test func nothingStandsInTheWayOfASadLearner() { #expect(decide { _ in }.gate == .none) }

    @Test(arguments: gates.indices)
    func eachGateHasItsCodeActionAndReason(_ index: Int) throws {
        let (gate, action, close) = gates[index]
        let decision = decide(close)
        #expect(decision.gate == gate && decision.action == action)
        #expect(decision.track == nil && decision.propensity == 1 && decision.candidates.isEmpty)
        #expect(decision.reasons.count == 1)
        let reason = try #require(decision.reasons.first)
        #expect(reason.code == gate.name && reason.text.count > 10)
    }

    @Test func earlierGatesWin() {
        for (n, early) in gates.enumerated() {
            for late in gates[(n + 1)...] {
                // The two gates that read the state set it; the earlier must be set last.
                let decision = decide {
                    late.close(&$0)
                    early.close(&$0)
                }
                #expect(decision.gate == early.gate, "\(early.gate) before \(late.gate)")
            }
        }
    }

    @Test func consentAndLecture() {
        #expect(decide { $0.verdict = .needsConsent(rule: "ask first") }.gate == .consent)
        #expect(decide { $0.verdict = .needsConsent(rule: "ask first") }.reasons[0].text == "ask first")
        let lecture = decide { $0.task = .lecture }
        #expect(lecture.gate == .lecture && lecture.action == .silence)
    }

    @Test func doubtAsksOnceAndThenWaits() {
        let asked = decide { $0.state = state(nil) }
        #expect(asked.gate == .lowConfidence && asked.action == .ask)
        let waits = decide {
            $0.state = state(nil)
            $0.mayAsk = false
        }
        #expect(waits.gate == .burden && waits.action == .wait)
    }

    @Test func confusionIsLeftAloneForAWhile() {
        func gate(_ age: Double) -> Gate {
            decide {
                $0.state = state(.confused)
                $0.emotionAge = age
            }.gate
        }
        #expect(gate(0) == .confusionGrace && gate(99) == .confusionGrace && gate(101) == .none)
    }

    @Test func whoeverIsWellIsNotInterruptedUnlessTheyAskToCreateOrExpress() {
        for emotion in [Emotion.engaged, .calm, .happy, .neutral] {
            for goal in Goal.allCases {
                let decision = decide {
                    $0.state = state(emotion)
                    $0.goal = goal
                }
                #expect(decision.gate == ([.create, .express].contains(goal) ? .none : .flow))
            }
        }
        for emotion in [Emotion.sad, .anxious, .angry, .frustrated, .bored, .tired, .excited] {
            #expect(decide { $0.state = state(emotion) }.gate == .none)
        }
    }

    @Test func distressIsTheLearnersOwnWord() {
        #expect(decide { $0.state = state(.sad, reported: 0.1, valence: -0.95) }.gate == .none, "only inferred")
        #expect(decide { $0.state = state(.sad, reported: 0.9, valence: -0.6) }.gate == .none, "sad, not in distress")
        #expect(decide { $0.state = state(.sad, reported: 0.9, valence: -0.77) }.action == .handToPerson)
        #expect(decide { $0.state = state(nil, reported: 0.9, valence: -0.9) }.action == .handToPerson, "in any doubt")
    }

    @Test func aGateLeavesThePathAsItWas() {
        let path = AffectPath(start: Emotion.sad.point, goal: Goal.uplift.destination)
        let left = Decider().decide(
            context(library(5)) {
                $0.paused = true
                $0.path = path
                $0.step = 2
            })
        #expect(left.path == path && left.step == 2)
    }

    @Test func anEmptyLibraryAndOneThatIsForbiddenAreSilent() {
        for tracks in [[], library(5).map { track($0.id, lyrics: "en") }] {
            let decision = Decider().decide(context(tracks) { $0.task = .verbal }).decision
            #expect(decision.gate == .noTrack && decision.action == .silence && decision.strategy == .silence)
            #expect(decision.propensity == 1 && decision.strategyProbability == [0, 0, 0, 1, 0])
            #expect(decision.reasons.contains { $0.code == "no_track" })
        }
    }
}
