import AffettoCore
import AffettoStore
import Foundation
import Testing

private let day: Int64 = 86_400
private let today: Int64 = 20_000 * 86_400

@Suite struct StoreRetentionTests {
    private func sit(_ store: Store, _ daysAgo: Int64, learner: String = "ana") throws -> String {
        let log = try store.beginSession(
            learner: learner, started: today - daysAgo * day, task: .verbal, purpose: .intervention, preset: "eu_home")
        for n in 0..<10 { try log.append(sampleEvent(n), at: 0) }
        try log.append(.decision(sampleDecision(1)), at: 0)
        try log.append(.outcome(Outcome(decision: 1, time: 9, benefit: 0.1, liking: nil)), at: 0)
        try log.append(sampleEvent(11), at: 0)
        try log.end()
        return log.id
    }

    private func filled(_ path: String?) throws -> (Store, [String]) {
        let store = try Store(path: path, key: path == nil ? nil : key)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        // The store has seen this clock.
        #expect(try store.retain(now: today) == Forgotten())
        return (store, try [1, 31, 366].map { try sit(store, $0) })
    }

    @Test func momentsThenSessions() throws {
        let (store, ids) = try filled(nil)
        let due = try store.retain(now: today, isDryRun: true)
        #expect(due?.sessions == 1 && due?.items == 11 + 13)
        #expect(try store.sessions(of: "ana").count == 3)
        #expect(try store.retain(now: today) == due)
        #expect(try store.sessions(of: "ana").map(\.id) == [ids[0], ids[1]])
        let recent = try store.readSession(ids[0], of: "ana")
        #expect(recent.events.count == 11 && recent.decisions.count == 1)
        let older = try store.readSession(ids[1], of: "ana")
        #expect(older.events.isEmpty && older.decisions.count == 1 && older.outcomes.count == 1)
        #expect(try store.retain(now: today) == Forgotten())
        #expect(try store.check().isSound)
        #expect(try store.auditEntries().last?.action == "retained")
        #expect(try store.auditEntries().last?.detail == 365)
    }

    @Test func settingsHold() throws {
        let folder = try Folder()
        do {
            let (store, _) = try filled(folder.store)
            #expect(try store.retention() == Retention(momentsDays: 30, sessionsDays: 365))
            try store.setRetention(Retention(momentsDays: 0, sessionsDays: 0), at: 1)
            #expect(try store.retain(now: today) == Forgotten())
            for bad in [(-1, 5), (5, -1), (6, 5), (0, 5), (1, 36_501)] {
                let retention = Retention(momentsDays: bad.0, sessionsDays: bad.1)
                #expect(code { try store.setRetention(retention, at: 1) } == .range)
            }
            try store.setRetention(Retention(momentsDays: 1, sessionsDays: 30), at: 1)
            store.close()
        }
        let store = try Store(path: folder.store, key: key)
        #expect(try store.retention() == Retention(momentsDays: 1, sessionsDays: 30))
        #expect(try store.retain(now: today)?.sessions == 2)
    }

    /// A clock that jumps ten years ahead deletes nothing, unless it stays there.
    @Test func clockThatJumps() throws {
        let (store, _) = try filled(nil)
        _ = try store.retain(now: today)
        let left = try store.sessions(of: "ana").count
        let far = today + 3650 * day
        #expect(try store.retain(now: far) == nil)
        #expect(try store.sessions(of: "ana").count == left)
        // Set right: the doubt is forgotten, and the next jump is doubted again.
        #expect(try store.retain(now: today + 3600) == Forgotten())
        #expect(try store.retain(now: far) == nil)
        #expect(try store.retain(now: far + 3599) == nil)
        #expect(try store.retain(now: far + 3600)?.sessions == left)
        // Backwards it never deletes more.
        let id = try sit(store, 0)
        #expect(try store.retain(now: today - 3650 * day) == Forgotten())
        #expect(try store.sessions(of: "ana").map(\.id) == [id])
    }

    /// A store of an earlier library, or one where nobody ever looked: its sessions are not deleted at first sight.
    @Test func theFirstLookIsDoubted() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        _ = try sit(store, 400)
        #expect(try store.retain(now: today) == nil)
        #expect(try store.retain(now: today + 1) == nil)
        #expect(try store.retain(now: today + 3600)?.sessions == 1)
    }

    @Test func openSessionsStay() throws {
        let (store, ids) = try filled(nil)
        #expect(try store.retain(now: today, isOpen: { $0 == ids[2] })?.sessions == 0)
        #expect(try store.retain(days: 1, now: today, isOpen: { $0 == ids[2] }).sessions == 1)
        #expect(try store.sessions(of: "ana").map(\.id) == [ids[0], ids[2]])
    }

    /// A learner whose data is damaged does not keep everybody else's for ever.
    @Test func damageDoesNotStopIt() throws {
        let folder = try Folder()
        let (store, _) = try filled(folder.store)
        try store.putLearner("ben", assessment: Assessment(), at: 1)
        _ = try sit(store, 400, learner: "ben")
        #expect(RawDatabase(folder.store).run("UPDATE session SET sealed_header = zeroblob(80) WHERE number = 1") == 0)
        #expect(try store.retain(now: today)?.sessions == 1)
        #expect(try store.sessions(of: "ben").isEmpty)
    }

    @Test func nothingDeletedStaysInTheFile() throws {
        let folder = try Folder()
        let (store, _) = try filled(folder.store)
        let raw = RawDatabase(folder.store)
        let before = raw.blobs("SELECT sealed_payload FROM item")
        _ = try store.retain(now: today)
        let gone = Set(before).subtracting(raw.blobs("SELECT sealed_payload FROM item"))
        #expect(gone.count >= 3)
        let bytes = try folder.allBytes()
        for cell in gone { #expect(bytes.range(of: cell.prefix(32)) == nil) }
    }
}

@Suite struct StoreReadingTests {
    @Test func readOnlyWritesNothing() throws {
        let folder = try Folder()
        do {
            let store = try Store(path: folder.store, key: key)
            try store.putLearner("ana", assessment: sampleAssessment(), at: 1)
            let log = try store.begin("ana")
            try log.append(sampleEvent(1), at: 0)
            try log.end()
            store.close()
        }
        let before = try [folder.store, folder.ring].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        let store = try Store(path: folder.store, key: key, isReadOnly: true)
        #expect(try store.assessment(of: "ana") == sampleAssessment())
        #expect(try store.readSession(store.sessions(of: "ana")[0].id, of: "ana").events.count == 1)
        #expect(try store.check().isSound)
        #expect(code { try store.putLearner("bo", assessment: Assessment(), at: 1) } == .state)
        #expect(code { try store.putModel([1], of: "ana") } == .state)
        #expect(code { try store.erase("ana", at: 1) } == .state)
        #expect(code { try store.rekey(to: .bytes([UInt8](repeating: 1, count: 32))) } == .state)
        #expect(code { _ = try store.begin("ana") } == .state)
        store.close()
        #expect(try [folder.store, folder.ring].map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == before)
    }

    @Test func whatCannotBeReadIsSaid() throws {
        let folder = try Folder()
        #expect(code { _ = try Store(path: folder.store, key: key, isReadOnly: true) } == .store)
        #expect(!FileManager.default.fileExists(atPath: folder.store))
        #expect(code { _ = try Store(path: nil, key: nil, isReadOnly: true) } == .argument)
        try Store(path: folder.store, key: key).close()
        #expect(code { _ = try Store(path: folder.store, key: nil, isReadOnly: true) } == .key)
        let other = KeySource.bytes([UInt8](repeating: 9, count: 32))
        #expect(code { _ = try Store(path: folder.store, key: other, isReadOnly: true) } == .key)
        #expect(RawDatabase(folder.store).run("PRAGMA user_version = 2") == 0)
        #expect(code { _ = try Store(path: folder.store, key: key, isReadOnly: true) } == .state)
    }

    /// A reader beside a writer sees what the writer has committed.
    @Test func besideAWriter() throws {
        let folder = try Folder()
        let writer = try Store(path: folder.store, key: key)
        try writer.putLearner("ana", assessment: Assessment(), at: 1)
        let reader = try Store(path: folder.store, key: key, isReadOnly: true)
        #expect(try reader.sessions(of: "ana").isEmpty)
        let log = try writer.begin("ana")
        try log.append(sampleEvent(1), at: 0)
        try log.commit()
        #expect(try reader.readSession(log.id, of: "ana").events.count == 1)
        try writer.erase("ana", at: 1)
        #expect(code { _ = try reader.sessions(of: "ana") } == .notFound)
    }

    @Test func viewsForAnalysts() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: sampleAssessment(), at: 86_400 * 365)
        try store.putTracks([sampleTrack(1)])
        let log = try store.begin("ana")
        for n in 0..<30 { try log.append(sampleEvent(n), at: 0) }
        try log.append(.decision(sampleDecision(1)), at: 0)
        try log.end()
        try store.makeStudy("s", budget: 1_500_000, at: 1)
        _ = try store.spend(500_000, on: "{}", of: "s", at: 1)
        let raw = RawDatabase(folder.store)
        func lines(_ sql: String) -> [String] { raw.blobs(sql).map { String(decoding: $0, as: UTF8.self) } }
        #expect(
            lines("SELECT CAST(what || ' ' || number AS BLOB) FROM holdings") == [
                "learners 1", "consents 0", "sessions 1", "items 31", "decisions 1", "outcomes 0", "tracks 1",
            ])
        #expect(
            lines("SELECT CAST(day || ' ' || action || ' ' || entries AS BLOB) FROM audit_by_day WHERE action = 1") == [
                "1971-01-01 1 1"
            ])
        #expect(
            lines("SELECT CAST(title || ' ' || round(tempo, 1) || ' ' || round(valence, 1) AS BLOB) FROM track_labels")
                == [
                    "Estudo n.º 1 92.3 0.1"
                ])
        #expect(
            lines(
                "SELECT CAST(study || ' ' || epsilon_budget || ' ' || epsilon_spent || ' ' || answers AS BLOB) FROM studies"
            )
                == ["s 1.5 0.5 1"])
    }
}

@Suite struct StoreStudyTests {
    @Test func theBudgetEnds() throws {
        let folder = try Folder()
        do {
            let store = try Store(path: folder.store, key: key)
            try store.makeStudy("s", budget: 1_000_000, at: 1)
            try store.makeStudy("s", budget: 9_000_000, at: 1)
            #expect(try store.spend(600_000, on: "{}", of: "s", at: 1) == 400_000)
            store.close()
        }
        let store = try Store(path: folder.store, key: key)
        let entries = try store.auditEntries().count
        #expect(code { _ = try store.spend(400_001, on: "{}", of: "s", at: 1) } == .policy)
        #expect(code { _ = try store.spend(0, on: "{}", of: "s", at: 1) } == .policy)
        #expect(code { _ = try store.spend(-5, on: "{}", of: "s", at: 1) } == .policy)
        #expect(code { _ = try store.spend(1, on: "{}", of: "t", at: 1) } == .notFound)
        // A refusal leaves no trace of an answer.
        #expect(try store.auditEntries().count == entries)
        #expect(try store.spend(400_000, on: "{}", of: "s", at: 1) == 0)
        #expect(code { _ = try store.spend(1, on: "{}", of: "s", at: 1) } == .policy)
    }

    @Test func pseudonymsHoldWithinAStudyAndDieWithTheKey() throws {
        let store = try Store(path: nil, key: nil)
        for name in ["ana", "ben"] { try store.putLearner(name, assessment: Assessment(), at: 1) }
        let ana = try store.pseudonym(of: "ana", in: "s")
        #expect(ana.name.count == 16)
        #expect(try store.pseudonym(of: "ana", in: "s") == ana)
        #expect(try store.pseudonym(of: "ana", in: "t").name != ana.name)
        #expect(try store.pseudonym(of: "ben", in: "s").name != ana.name)
        try store.erase("ana", at: 1)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        #expect(try store.pseudonym(of: "ana", in: "s").name != ana.name)
    }
}
