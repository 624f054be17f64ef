import AffettoCore
import AffettoStore
import Foundation
import Testing

/// Sealed cells, tampered with from outside.
@Suite struct VaultTests {
    /// A store with two learners, each with two consents and a session of two events; closed.
    private func filled(_ folder: Folder) throws -> [String: String] {
        let store = try Store(path: folder.store, key: key)
        var sessions: [String: String] = [:]
        for learner in ["ana", "ben"] {
            try store.putLearner(learner, assessment: sampleAssessment(learner), at: 1)
            try store.putModel([1], of: learner)
            try store.grant(sampleConsent(.text), to: learner, at: 1)
            try store.grant(sampleConsent(.activity), to: learner, at: 1)
            let log = try store.begin(learner)
            // A row for each.
            try log.append(sampleEvent(1), at: 0)
            try log.commit()
            try log.append(sampleEvent(2), at: 0)
            try log.end()
            sessions[learner] = log.id
        }
        store.close()
        return sessions
    }

    @Test func swapBetweenLearners() throws {
        let folder = try Folder()
        _ = try filled(folder)
        let swap = """
            CREATE TEMP TABLE old AS SELECT * FROM learner;
            UPDATE learner SET sealed_assessment =
                (SELECT sealed_assessment FROM old WHERE old.key != learner.key);
            """
        #expect(RawDatabase(folder.store).run(swap) == 0)
        let store = try Store(path: folder.store, key: key)
        #expect(code { _ = try store.assessment(of: "ana") } == .storeCorrupt)
    }

    @Test func swapBetweenColumns() throws {
        let folder = try Folder()
        _ = try filled(folder)
        #expect(RawDatabase(folder.store).run("UPDATE learner SET sealed_model = sealed_assessment") == 0)
        let store = try Store(path: folder.store, key: key)
        #expect(code { _ = try store.model(of: "ana") } == .storeCorrupt)
    }

    @Test func swapBetweenRows() throws {
        let folder = try Folder()
        _ = try filled(folder)
        let raw = RawDatabase(folder.store)
        #expect(raw.run("UPDATE consent SET seq = 3 - seq + 10; UPDATE consent SET seq = seq - 10") == 0)
        let store = try Store(path: folder.store, key: key)
        #expect(code { _ = try store.consents(of: "ana") } == .storeCorrupt)
    }

    @Test func swapWithinAndBetweenSessions() throws {
        let folder = try Folder()
        let sessions = try filled(folder)
        let ana = try #require(sessions["ana"])
        let ben = try #require(sessions["ben"])
        for damage in [
            "UPDATE item SET place = place + 16",
            """
            CREATE TEMP TABLE old AS SELECT * FROM item;
            UPDATE item SET sealed_payload = (SELECT sealed_payload FROM old WHERE old.place = item.place + item.place % 2 * 2 - 1)
            """,
            "UPDATE item SET kind = 4",
            "UPDATE item SET kind = 99",
            "DELETE FROM item WHERE place = 1 << 32 | 1",
            "DELETE FROM item WHERE place >> 32 = 1; UPDATE item SET place = place - (1 << 32)",
            """
            UPDATE session SET sealed_header =
                (SELECT sealed_header FROM session WHERE id = '\(ben)') WHERE id = '\(ana)'
            """,
        ] {
            let copy = try folder.copyStore(to: UUID().uuidString)
            #expect(RawDatabase(copy).run(damage) == 0)
            let store = try Store(path: copy, key: key)
            #expect(code { _ = try store.readSession(ana, of: "ana") } == .storeCorrupt, "\(damage)")
        }
        let store = try Store(path: folder.store, key: key)
        #expect(try store.readSession(ana, of: "ana").events.count == 2)
        #expect(code { _ = try store.readSession(ana, of: "ben") } == .notFound)
    }

    @Test func equalValuesSealToDifferentBytes() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let raw = RawDatabase(folder.store)
        let first = raw.blobs("SELECT sealed_assessment FROM learner")
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        #expect(raw.blobs("SELECT sealed_assessment FROM learner") != first)
    }
}
