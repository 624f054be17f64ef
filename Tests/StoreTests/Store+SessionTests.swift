import AffettoCore
import AffettoStore
import Testing

@Suite struct StoreSessionTests {
    @Test func everyKindOfItemComesBack() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        let event = SessionEvent(time: 1, kind: "task", detail: ["taskKind": "rest", "two_words": "ü"])
        var state = AffectState.unknown(at: 2)
        state.emotion = .calm
        state.valence = Estimate(0.1, sd: 0.25)
        state.generation = .max
        let outcome = Outcome(decision: 1, time: .max, benefit: nil, liking: -0.5)
        let prompt = Prompt(time: 4, text: "Perhaps you feel calm.\n\"Yes\"?", choices: ["yes", "no"])
        var decision = sampleDecision(1)
        decision.expectedLiking = 0.2
        for item: SessionItem in [
            .state(state), .event(event), .decision(decision), .outcome(outcome), .prompt(prompt),
        ] {
            try log.append(item, at: 0)
        }
        try log.end()
        #expect(
            try store.readSession(log.id, of: "ana")
                == SessionRecord(
                    id: log.id, learner: "ana", started: 1_700_000_000, task: .numeric, purpose: .feedback,
                    preset: "eu_school", events: [event], states: [state], decisions: [decision],
                    outcomes: [outcome], prompts: [prompt]))
    }

    @Test func numbersThatAreNoneComeBack() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        var state = AffectState.unknown(at: 2)
        state.probability[3] = .nan
        state.confidence = .infinity
        try log.append(.state(state), at: 0)
        try log.append(.decision(sampleDecision(1)), at: 0)
        try log.end()
        let record = try store.readSession(log.id, of: "ana")
        #expect(record.states[0].probability[3].isNaN)
        #expect(record.states[0].confidence == .infinity)
        #expect(record.decisions[0].expectedLiking.isNaN)
        #expect(record.decisions[0].propensity == sampleDecision(1).propensity)
    }

    @Test func summariesInOrder() throws {
        let store = try Store(path: nil, key: nil)
        for learner in ["ana", "ben"] { try store.putLearner(learner, assessment: Assessment(), at: 1) }
        #expect(try store.sessions(of: "ana").isEmpty)
        var expected: [SessionSummary] = []
        for count in 0..<4 {
            let log = try store.beginSession(
                learner: "ana", started: Int64(1000 - count), task: .rest, purpose: .skill, preset: "strict")
            #expect(log.id.count == 32 && log.id.allSatisfy(\.isHexDigit))
            for id in 0..<count { try log.append(.decision(sampleDecision(UInt64(id))), at: 0) }
            try log.append(sampleEvent(1), at: 0)
            try log.end()
            expected.append(SessionSummary(id: log.id, started: Int64(1000 - count), task: .rest, decisions: count))
        }
        #expect(try store.sessions(of: "ana") == expected)
        #expect(try store.sessions(of: "ben").isEmpty)
    }

    @Test(arguments: ["", "00000000000000000000000000000000", "' OR 1 = 1 --"])
    func unknownSessionIsNotFound(_ id: String) throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        _ = try store.begin("ana")
        #expect(code { _ = try store.readSession(id, of: "ana") } == .notFound)
    }
}
