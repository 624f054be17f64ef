import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct StoreLearnerTests {
    @Test func newAssessmentKeepsTheRest() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: sampleAssessment("fado"), at: 1)
        try store.grant(sampleConsent(), to: "ana", at: 1)
        try store.putModel([9], of: "ana")
        let session = try store.begin("ana").id
        try store.putLearner("ana", assessment: sampleAssessment("choro"), at: 1)
        #expect(try store.assessment(of: "ana") == sampleAssessment("choro"))
        #expect(try store.consents(of: "ana").count == 1)
        #expect(try store.model(of: "ana") == [9])
        #expect(try store.sessions(of: "ana").map(\.id) == [session])
    }

    @Test func idsOfEveryKind() throws {
        let store = try Store(path: nil, key: nil)
        let ids = ["a", "名前", "o'); DROP TABLE learner; --", String(repeating: "é", count: 64)]
        #expect(code { try store.putLearner("a\0b", assessment: Assessment(), at: 1) } == .argument)
        for id in ids { try store.putLearner(id, assessment: sampleAssessment(id), at: 1) }
        for id in ids { #expect(try store.assessment(of: id) == sampleAssessment(id)) }
        #expect(try store.learners() == ids.sorted())
        #expect(try !store.hasLearner("A"))
        for id in ["", String(repeating: "é", count: 65)] {
            #expect(code { try store.putLearner(id, assessment: Assessment(), at: 1) } == .argument)
        }
    }

    @Test func unknownLearnerIsNotFound() throws {
        let store = try Store(path: nil, key: nil)
        #expect(try !store.hasLearner("ana"))
        #expect(try store.learners().isEmpty)
        #expect(code { _ = try store.assessment(of: "ana") } == .notFound)
        #expect(code { _ = try store.consents(of: "ana") } == .notFound)
        #expect(code { try store.grant(sampleConsent(), to: "ana", at: 1) } == .notFound)
        #expect(code { try store.revoke(modality: .text, purpose: .skill, of: "ana", at: 0) } == .notFound)
        #expect(code { _ = try store.model(of: "ana") } == .notFound)
        #expect(code { try store.putModel([], of: "ana") } == .notFound)
        #expect(code { _ = try store.sessions(of: "ana") } == .notFound)
        #expect(code { _ = try store.begin("ana") } == .notFound)
        #expect(code { try store.erase("ana", at: 1) } == .notFound)
    }

    @Test func models() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        #expect(try store.model(of: "ana") == nil)
        for model in [[], [0], [UInt8](repeating: 200, count: 100_000)] as [[UInt8]] {
            try store.putModel(model, of: "ana")
            #expect(try store.model(of: "ana") == model)
        }
    }

    @Test func revokingMarksOnlyWhatItNames() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let given = [
            sampleConsent(.text, .feedback), sampleConsent(.text, .skill), sampleConsent(.voice, .feedback),
            sampleConsent(.text, .feedback),
        ]
        for consent in given { try store.grant(consent, to: "ana", at: 1) }
        #expect(try store.consents(of: "ana") == given)
        try store.revoke(modality: .text, purpose: .feedback, of: "ana", at: 1_710_000_000)
        try store.revoke(modality: .text, purpose: .feedback, of: "ana", at: 1_720_000_000)
        #expect(try store.consents(of: "ana").map(\.revoked) == [1_710_000_000, nil, nil, 1_710_000_000])
        try store.grant(sampleConsent(.text, .feedback), to: "ana", at: 1)
        #expect(try store.consents(of: "ana").last == sampleConsent(.text, .feedback))
    }

    // MARK: Erasure

    /// "ana" with something in every table, and "ben" beside her.
    private func filled(_ store: Store) throws {
        for learner in ["ana", "ben"] {
            try store.putLearner(learner, assessment: sampleAssessment(learner), at: 1)
            try store.grant(sampleConsent(), to: learner, at: 1)
            try store.putModel([UInt8](repeating: 1, count: 20_000), of: learner)
            let log = try store.begin(learner)
            for index in 0..<200 { try log.append(sampleEvent(index), at: 0) }
            try log.end()
        }
    }

    @Test func erasureLeavesNoByteOfTheLearner() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try filled(store)
        let raw = RawDatabase(folder.store)
        let ring = RawDatabase(folder.ring)
        var all = raw.blobs("SELECT sealed_payload FROM item UNION ALL SELECT sealed_consent FROM consent")
        all += raw.blobs("SELECT sealed_header FROM session UNION ALL SELECT sealed_assessment FROM learner")
        all += raw.blobs("SELECT sealed_id FROM learner UNION ALL SELECT key FROM learner")
        all += ring.blobs("SELECT wrapped FROM key")
        let each = all.count / 2
        #expect(each > 20)

        try store.erase("ana", at: 1)
        var kept = raw.blobs("SELECT sealed_payload FROM item UNION ALL SELECT sealed_consent FROM consent")
        kept += raw.blobs("SELECT sealed_header FROM session UNION ALL SELECT sealed_assessment FROM learner")
        kept += raw.blobs("SELECT sealed_id FROM learner UNION ALL SELECT key FROM learner")
        kept += ring.blobs("SELECT wrapped FROM key")
        let gone = Set(all).subtracting(kept)
        #expect(gone.count == each)
        #expect(kept.count == each)

        let bytes = try folder.allBytes()
        for cell in gone { #expect(bytes.range(of: cell.prefix(32)) == nil) }
        #expect(ring.blobs("SELECT learner FROM erasure").isEmpty)
        #expect(try !store.hasLearner("ana"))
        #expect(code { _ = try store.assessment(of: "ana") } == .notFound)
        #expect(try store.assessment(of: "ben") == sampleAssessment("ben"))
        #expect(try store.sessions(of: "ben").count == 1)
        #expect(code { try store.erase("ana", at: 1) } == .notFound)
    }

    @Test func earlierBackupDoesNotDecrypt() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try filled(store)
        let session = try store.sessions(of: "ana")[0].id
        let backup = try folder.copyStore(to: "backup", withRing: false)
        try store.erase("ana", at: 1)
        try FileManager.default.copyItem(atPath: folder.ring, toPath: backup + "-keys")

        let restored = try Store(path: backup, key: key)
        #expect(RawDatabase(backup).blobs("SELECT sealed_id FROM learner").count == 2)
        #expect(code { _ = try restored.assessment(of: "ana") } == .notFound)
        #expect(code { _ = try restored.readSession(session, of: "ana") } == .notFound)
        #expect(try restored.learners() == ["ben"])
        #expect(try restored.assessment(of: "ben") == sampleAssessment("ben"))

        // The id may be used again; nothing of before comes back.
        try restored.putLearner("ana", assessment: sampleAssessment("new"), at: 1)
        #expect(try restored.sessions(of: "ana").isEmpty)
        #expect(try restored.consents(of: "ana").isEmpty)
        try restored.erase("ana", at: 1)
    }

    @Test func rowsOfABackupCanBeErased() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try filled(store)
        let backup = try folder.copyStore(to: "backup", withRing: false)
        try store.erase("ana", at: 1)
        try FileManager.default.copyItem(atPath: folder.ring, toPath: backup + "-keys")
        let restored = try Store(path: backup, key: key)
        try restored.erase("ana", at: 1)
        #expect(RawDatabase(backup).blobs("SELECT sealed_id FROM learner").count == 1)
    }

    @Test func erasureCutShortIsFinishedAtOpening() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try filled(store)
        let before = RawDatabase(folder.store)
        // A reader on another connection keeps the old pages from being dropped.
        #expect(before.run("BEGIN; SELECT count(*) FROM item") == 0)
        #expect(code { try store.erase("ana", at: 1) } == .busy)
        #expect(try !store.hasLearner("ana"))
        #expect(before.run("COMMIT") == 0)
        store.close()
        let again = try Store(path: folder.store, key: key)
        #expect(RawDatabase(folder.ring).blobs("SELECT learner FROM erasure").isEmpty)
        #expect(try again.learners() == ["ben"])
        try again.putLearner("ana", assessment: Assessment(), at: 1)
        #expect(try again.learners() == ["ana", "ben"])
    }
}
