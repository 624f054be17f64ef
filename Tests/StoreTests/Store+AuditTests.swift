import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct StoreAuditTests {
    /// A store with seven entries in its log.
    private func logged(_ folder: Folder) throws -> Store {
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: Assessment(), at: 10)
        try store.putLearner("ben", assessment: Assessment(), at: 11)
        try store.putLearner("ana", assessment: Assessment(), at: 12)
        _ = try store.beginSession(learner: "ana", started: 13, task: .verbal, purpose: .feedback, preset: "strict")
        try store.revoke(modality: .voice, purpose: .research, of: "ana", at: 14)
        try store.audit(.exported, of: "ben", at: 15)
        try store.audit(.modelLoaded, at: 16)
        return store
    }

    @Test func saysWhatWasDoneInOrder() throws {
        let store = try logged(Folder())
        let entries = try store.auditEntries()
        #expect(
            entries.map(\.action) == [
                "learner_created", "learner_created", "assessment_changed", "session_began", "consent_revoked",
                "exported",
                "model_loaded",
            ])
        #expect(entries.map(\.at) == [10, 11, 12, 13, 14, 15, 16])
        #expect(entries.map(\.seq) == Array(1...7))
        #expect(entries[0].subject == entries[2].subject && entries[0].subject != entries[1].subject)
        #expect(entries[6].subject == "")
        #expect(entries[4].detail == Int64(Modality.voice.rawValue) * 16 + Int64(Purpose.research.rawValue))
        let verdict = try store.verifyAudit()
        #expect(verdict.isIntact && verdict.entries == 7 && verdict.firstBad == nil)
    }

    @Test func holdsNoNames() throws {
        let folder = try Folder()
        try logged(folder).close()
        let bytes = try folder.allBytes()
        for marker in ["ana", "ben"] { #expect(bytes.range(of: Data(marker.utf8)) == nil) }
    }

    @Test(arguments: [
        ("DELETE FROM audit WHERE seq = 3", 3), ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET at = at + 1 WHERE seq = 4", 4), ("UPDATE audit SET action = 1 WHERE seq = 5", 5),
        ("UPDATE audit SET subject = x'00' WHERE seq = 2", 2),
        // Two exchanged; the end cut off; all of it gone.
        (
            "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99",
            2
        ), ("DELETE FROM audit WHERE seq > 5", 6), ("DELETE FROM audit", 1),
        // A row renumbered to close the gap that another one left.
        ("DELETE FROM audit WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 7", 6),
    ])
    func findsWhatWasChanged(_ change: (sql: String, firstBad: Int64)) throws {
        let folder = try Folder()
        let store = try logged(folder)
        #expect(RawDatabase(folder.store).run(change.sql) == 0)
        let verdict = try store.verifyAudit()
        #expect(!verdict.isIntact)
        #expect(verdict.firstBad == change.firstBad, "\(verdict.finding)")
        #expect(try !store.check().isSound)
    }

    @Test func anOlderCopyShows() throws {
        let folder = try Folder()
        let store = try logged(folder)
        let copy = folder.path + "/copy"
        try store.backup(to: copy)
        try store.audit(.exported, of: "ana", at: 20)
        try FileManager.default.copyItem(atPath: folder.ring, toPath: copy + "-keys")
        let verdict = try Store(path: copy, key: key).verifyAudit()
        #expect(!verdict.isIntact && verdict.firstBad == 8 && verdict.finding.contains("older copy"))
    }

    @Test func anErasedLearnerCannotBeRecognised() throws {
        let folder = try Folder()
        let store = try logged(folder)
        let before = try store.auditEntries()[0].subject
        try store.erase("ana", at: 30)
        // Made anew under the same id, the entries are not linked to those of before.
        try store.putLearner("ana", assessment: Assessment(), at: 31)
        let entries = try store.auditEntries()
        #expect(entries.suffix(2).map(\.action) == ["erased", "learner_created"])
        #expect(entries.last!.subject != before)
        #expect(try store.verifyAudit().isIntact)
    }
}

@Suite struct StoreUpkeepTests {
    private func sample(_ folder: Folder) throws -> Store {
        let store = try Store(path: folder.store, key: key)
        for (n, name) in ["ana", "ben"].enumerated() {
            try store.putLearner(name, assessment: sampleAssessment(name), at: 1)
            let log = try store.beginSession(
                learner: name, started: 5, task: .verbal, purpose: .intervention, preset: "strict")
            for i in 0..<(10 * (n + 1)) {
                try log.append(.event(SessionEvent(time: Int64(i), kind: "text")), at: Int64(i))
            }
            try log.end()
        }
        return store
    }

    @Test func checkCountsAndIsSound() throws {
        let report = try sample(Folder()).check()
        #expect(report.isSound && report.findings.isEmpty)
        #expect(report.learners == 2 && report.sessions == 2 && report.items == 30 && report.schema == 4)
        #expect(report.bytes > 4096)
        let memory = try Store(path: nil, key: nil).check()
        #expect(memory.isSound && memory.learners == 0)
    }

    @Test(arguments: [
        "UPDATE learner SET sealed_assessment = (SELECT sealed_id FROM learner LIMIT 1)",
        "UPDATE item SET sealed_payload = zeroblob(60) WHERE place = (SELECT min(place) FROM item)",
        "UPDATE item SET kind = 77 WHERE place = (SELECT min(place) FROM item)",
        "UPDATE session SET sealed_header = (SELECT sealed_header FROM session ORDER BY number DESC LIMIT 1)",
    ])
    func checkFindsExchangedAndDamagedFields(_ sql: String) throws {
        let folder = try Folder()
        let store = try sample(folder)
        #expect(RawDatabase(folder.store).run(sql) == 0)
        let report = try store.check()
        #expect(!report.isSound && report.findings.contains { $0.contains("do not open") })
    }

    @Test func backupIsWholeAndWithoutKeys() throws {
        let folder = try Folder()
        let store = try sample(folder)
        let copy = folder.path + "/copy"
        try store.backup(to: copy)
        #expect(!FileManager.default.fileExists(atPath: copy + "-keys"))
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // Alone it cannot be opened; beside the ring it can.
        #expect(code { _ = try Store(path: copy, key: key) } == .key)
        try FileManager.default.copyItem(atPath: folder.ring, toPath: copy + "-keys")
        let restored = try Store(path: copy, key: key)
        #expect(try restored.check().isSound)
        #expect(try restored.assessment(of: "ben") == sampleAssessment("ben"))
        #expect(try restored.sessions(of: "ana").count == 1)
    }

    @Test func anErasedLearnerDoesNotLiveOnInABackup() throws {
        let folder = try Folder()
        let store = try sample(folder)
        let copy = folder.path + "/copy"
        try store.backup(to: copy)
        try store.erase("ana", at: 9)
        try FileManager.default.copyItem(atPath: folder.ring, toPath: copy + "-keys")
        let restored = try Store(path: copy, key: key)
        #expect(try restored.learners() == ["ben"])
        #expect(try restored.check().findings.contains { $0.contains("have no key") })
    }

    @Test func backupNeverOverwrites() throws {
        let folder = try Folder()
        let store = try sample(folder)
        let taken = folder.path + "/taken"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: taken))
        #expect(code { try store.backup(to: taken) } == .argument)
        #expect(try Data(contentsOf: URL(fileURLWithPath: taken)) == Data("mine".utf8))
        #expect(code { try store.backup(to: folder.store) } == .argument)
        #expect(code { try store.backup(to: folder.path + "/no/where") } == .store)
        #expect(code { try store.backup(to: "") } == .argument)
        #expect(code { try Store(path: nil, key: nil).backup(to: folder.path + "/x") } == .argument)
    }

    @Test func backupWhileWriting() throws {
        let folder = try Folder()
        let store = try sample(folder)
        let log = try store.beginSession(
            learner: "ana", started: 6, task: .verbal, purpose: .intervention, preset: "strict")
        try log.append(.event(SessionEvent(time: 1, kind: "text")), at: 1)
        try log.commit()
        try store.backup(to: folder.path + "/copy")
        try log.append(.event(SessionEvent(time: 2, kind: "text")), at: 2)
        try log.end()
        #expect(try store.readSession(log.id, of: "ana").events.count == 2)
    }

    @Test func aNewKeyOpensAndTheOldOneDoesNot() throws {
        let folder = try Folder()
        let store = try sample(folder)
        let other = KeySource.bytes([UInt8](repeating: 9, count: 32))
        try store.rekey(to: other)
        // Still open, still the same.
        #expect(try store.assessment(of: "ana") == sampleAssessment("ana"))
        try store.putLearner("eve", assessment: sampleAssessment("eve"), at: 2)
        store.close()
        #expect(code { _ = try Store(path: folder.store, key: key) } == .key)
        let again = try Store(path: folder.store, key: other)
        #expect(try again.learners() == ["ana", "ben", "eve"])
        #expect(try again.check().isSound && again.verifyAudit().isIntact)
        // Twice over, and to a passphrase.
        try again.rekey(to: .passphrase("correct horse battery staple"))
        again.close()
        #expect(code { _ = try Store(path: folder.store, key: other) } == .key)
        let third = try Store(path: folder.store, key: .passphrase("correct horse battery staple"))
        #expect(try third.readSession(third.sessions(of: "ben")[0].id, of: "ben").events.count == 20)
        #expect(try third.check().isSound)
    }

    @Test func aBadNewKeyChangesNothing() throws {
        let folder = try Folder()
        let store = try sample(folder)
        #expect(code { try store.rekey(to: .bytes([1, 2, 3])) } == .key)
        #expect(code { try store.rekey(to: .file(folder.path + "/no/where/key")) } == .key)
        #expect(code { try Store(path: nil, key: nil).rekey(to: key) } == .argument)
        store.close()
        #expect(try Store(path: folder.store, key: key).learners() == ["ana", "ben"])
    }

    /// What a file of the first schema lacks; its items lay by session and number.
    private let backToFirstSchema = """
        DROP VIEW holdings; DROP VIEW audit_by_day; DROP VIEW track_labels; DROP VIEW studies; \(backToThirdLibrary)
        DROP TABLE audit; DROP TABLE answer; DROP TABLE study; DROP TABLE attestation; DROP TABLE setting; DROP TABLE item;
        DROP TRIGGER items_go_with_their_session;
        CREATE TABLE item (
            session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE, seq INTEGER NOT NULL,
            kind INTEGER NOT NULL, sealed_payload BLOB NOT NULL, PRIMARY KEY (session, seq)
        ) STRICT, WITHOUT ROWID;
        PRAGMA user_version = 1
        """

    /// A store of the first schema comes forward with everything in it.
    @Test func theFirstSchemaIsBroughtForward() throws {
        let folder = try Folder()
        try sample(folder).close()
        for (path, sql) in [
            (folder.store, backToFirstSchema),
            (folder.ring, "DROP TABLE secret; DROP TABLE anchor; PRAGMA user_version = 1"),
        ] { #expect(RawDatabase(path).run(sql) == 0) }
        let store = try Store(path: folder.store, key: key)
        #expect(try store.learners() == ["ana", "ben"])
        #expect(try store.verifyAudit().entries == 0)
        try store.audit(.exported, of: "ana", at: 3)
        #expect(try store.check().isSound)
    }
}
