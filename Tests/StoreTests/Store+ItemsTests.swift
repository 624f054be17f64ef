import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct StoreItemsTests {
    private static func state(_ n: Int) -> SessionItem {
        var state = AffectState.unknown(at: Int64(n))
        state.emotion = n % 3 == 0 ? .anxious : nil
        state.abstain = n % 3 == 0 ? .none : .highEntropy
        state.valence = Estimate(-0.123_456_7, sd: .nan)
        state.probability[13] = 0.987_654_3
        state.evidence[4] = .leastNonzeroMagnitude
        state.generation = .max - UInt64(n)
        return .state(state)
    }

    /// Events and states by turns, with something of its own row now and then.
    private static func item(_ n: Int) -> SessionItem {
        if n % 17 == 16 { return .decision(sampleDecision(UInt64(n))) }
        if n % 29 == 28 { return .outcome(Outcome(decision: 1, time: Int64(n), benefit: nil, liking: 0.1)) }
        return n % 2 == 0 ? sampleEvent(n) : state(n)
    }

    private func text(_ item: SessionItem) throws -> [UInt8] {
        switch item {
        case .event(let event): try JSON.encode(event)
        case .state(let state): try JSON.encode(state)
        case .decision(let decision): try JSON.encode(decision)
        case .outcome(let outcome): try JSON.encode(outcome)
        case .prompt(let prompt): try JSON.encode(prompt)
        }
    }

    /// Every item by its number, whatever the groups in which they were written.
    @Test(arguments: [1, 3, 64, 1000])
    func eachComesBackByItsNumber(_ group: Int) throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        try store.putLearner("ben", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        let other = try store.begin("ana")
        for n in 0..<200 {
            #expect(try log.append(Self.item(n), at: 0) == Int64(n) + 1)
            if n % group == group - 1 { try log.commit() }
        }
        try log.commit()
        for n in 0..<200 {
            let back = try store.item(Int64(n) + 1, of: log.id, learner: "ana")
            #expect(try text(back) == text(Self.item(n)), "\(n)")
        }
        for seq in [0, 201, -1, .max, .min, 1 << 32, 1 << 32 | 1] as [Int64] {
            #expect(code { _ = try store.item(seq, of: log.id, learner: "ana") } == .notFound, "\(seq)")
        }
        #expect(code { _ = try store.item(1, of: other.id, learner: "ana") } == .notFound)
        #expect(code { _ = try store.item(1, of: log.id, learner: "ben") } == .notFound)
        #expect(code { _ = try store.item(1, of: "none", learner: "ana") } == .notFound)
        let record = try store.readSession(log.id, of: "ana")
        #expect(record.events.count + record.states.count + record.decisions.count + record.outcomes.count == 200)
    }

    @Test func longEventsKeepARowOfTheirOwn() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        let long = SessionEvent(
            time: 7, kind: String(repeating: "é", count: 40_000), detail: ["a": String(repeating: "b", count: 256)])
        try log.append(sampleEvent(1), at: 0)
        try log.append(.event(long), at: 0)
        try log.append(sampleEvent(2), at: 0)
        try log.end()
        #expect(try store.readSession(log.id, of: "ana").events.map(\.time) == [1, 7, 2])
        #expect(try text(store.item(2, of: log.id, learner: "ana")) == text(.event(long)))
    }

    @Test func forgottenItemsInsideARow() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        for n in 0..<100 { try log.append(sampleEvent(n * 1_000_000), at: 0) }
        try log.end()
        let start: Int64 = 1_700_000_000
        let gone = try store.forget((start + 3)..<(start + 50), of: "ana", at: 1)
        #expect(gone.items == 47)
        let left = try store.readSession(log.id, of: "ana").events.map { $0.time / 1_000_000 }
        #expect(left == [0, 1, 2] + (50..<100))
        #expect(code { _ = try store.item(4, of: log.id, learner: "ana") } == .notFound)
        #expect(try text(store.item(51, of: log.id, learner: "ana")) == text(sampleEvent(50_000_000)))
        #expect(try store.check().isSound)
    }

    /// A deleted session's number may pass to the next: neither reads the other's items.
    @Test func numbersThatPassOn() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let first = try store.begin("ana")
        try first.append(sampleEvent(1), at: 0)
        try first.end()
        _ = try store.item(1, of: first.id, learner: "ana")
        let record = try store.readSession(first.id, of: "ana")
        _ = try store.forget(0..<(1 << 40), of: "ana", at: 1)
        let second = try store.begin("ana")
        try second.append(sampleEvent(2), at: 0)
        try second.end()
        #expect(code { _ = try store.item(1, of: first.id, learner: "ana") } == .notFound)
        // Back again, under another number.
        try store.importSession(record, of: "ana")
        #expect(try text(store.item(1, of: first.id, learner: "ana")) == text(sampleEvent(1)))
        #expect(try text(store.item(1, of: second.id, learner: "ana")) == text(sampleEvent(2)))
    }

    /// A file of the schema before, made from a present one: the items lay by session and number.
    @Test func earlierFilesAreTakenOver() throws {
        let folder = try Folder()
        var id = ""
        do {
            let store = try Store(path: folder.store, key: key)
            try store.putLearner("ana", assessment: Assessment(), at: 1)
            try store.putLearner("ben", assessment: Assessment(), at: 1)
            _ = try store.begin("ben")
            let log = try store.begin("ana")
            id = log.id
            for n in 0..<40 {
                try log.append(Self.item(n), at: 0)
                try log.commit()
            }
            store.close()
        }
        let raw = RawDatabase(folder.store)
        let back = """
            DROP VIEW holdings; DROP VIEW audit_by_day; DROP VIEW track_labels; DROP VIEW studies; \(backToThirdLibrary)
            DROP TABLE answer; DROP TABLE study; DROP TABLE attestation; DROP TABLE setting;
            DROP TRIGGER items_go_with_their_session;
            CREATE TABLE old (
                session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE, seq INTEGER NOT NULL,
                kind INTEGER NOT NULL, sealed_payload BLOB NOT NULL, PRIMARY KEY (session, seq)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO old SELECT id, place & 0xFFFFFFFF, kind, sealed_payload FROM item, session
                WHERE place >> 32 = number;
            DROP TABLE item;
            ALTER TABLE old RENAME TO item;
            PRAGMA user_version = 2;
            """
        #expect(raw.run(back) == 0)
        let store = try Store(path: folder.store, key: key)
        for n in 0..<40 {
            #expect(try text(store.item(Int64(n) + 1, of: id, learner: "ana")) == text(Self.item(n)))
        }
        #expect(try store.check().isSound)
        try store.erase("ana", at: 1)
        #expect(raw.blobs("SELECT sealed_payload FROM item").isEmpty)
    }
}
