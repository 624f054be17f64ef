import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct StoreTests {
    @Test func memoryStoreNeedsNoKey() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: sampleAssessment(), at: 1)
        #expect(try store.assessment(of: "ana") == sampleAssessment())
    }

    @Test func diskStoreNeedsAKey() throws {
        let folder = try Folder()
        #expect(code { _ = try Store(path: folder.store, key: nil) } == .key)
        #expect(!FileManager.default.fileExists(atPath: folder.store))
    }

    @Test(arguments: ["", ":memory:"])
    func strangePathIsRefused(_ path: String) {
        #expect(code { _ = try Store(path: path, key: key) } == .argument)
    }

    @Test func everythingPersists() throws {
        let folder = try Folder()
        var session = ""
        do {
            let store = try Store(path: folder.store, key: key)
            try store.putLearner("ana", assessment: sampleAssessment(), at: 1)
            try store.grant(sampleConsent(), to: "ana", at: 1)
            try store.putModel([1, 2, 3], of: "ana")
            try store.putTracks([sampleTrack(1)])
            let log = try store.begin("ana")
            session = log.id
            try log.append(.decision(sampleDecision(1)), at: 0)
            try log.end()
            store.close()
        }
        let store = try Store(path: folder.store, key: key)
        #expect(try store.assessment(of: "ana") == sampleAssessment())
        #expect(try store.consents(of: "ana") == [sampleConsent()])
        #expect(try store.model(of: "ana") == [1, 2, 3])
        #expect(try store.tracks() == [sampleTrack(1)])
        #expect(try store.sessions(of: "ana").map(\.id) == [session])
        #expect(try store.readSession(session, of: "ana").decisions.count == 1)
    }

    @Test func closedStoreRefuses() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        store.close()
        store.close()
        #expect(code { _ = try store.hasLearner("ana") } == .closed)
        try log.append(sampleEvent(1), at: 0)
        #expect(code { try log.commit() } == .closed)
    }

    @Test func filesAreTheirOwnersAlone() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
    }

    @Test func nothingPersonalIsInTheClear() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("marker-ana", assessment: sampleAssessment("marker-style"), at: 1)
        var consent = sampleConsent()
        consent.method = "marker-method"
        try store.grant(consent, to: "marker-ana", at: 1)
        try store.putModel(Array("marker-model".utf8), of: "marker-ana")
        let log = try store.begin("marker-ana")
        try log.append(.prompt(Prompt(time: 0, text: "marker-text", choices: [])), at: 0)
        try log.append(sampleEvent(2, "marker-kind"), at: 0)
        try log.commit()
        let bytes = try folder.allBytes()
        for clear in ["marker", "paper form", "eu_school", "numeric"] {
            #expect(bytes.range(of: Data(clear.utf8)) == nil)
        }
    }

    @Test func missingFolderIsNamed() throws {
        let folder = try Folder()
        let path = folder.path + "/nowhere/learners.affetto"
        #expect(code { _ = try Store(path: path, key: key) } == .store)
        #expect(message { _ = try Store(path: path, key: key) }.contains("folder does not exist"))
    }

    @Test func folderInPlaceOfTheFileIsRefused() throws {
        let folder = try Folder()
        #expect(code { _ = try Store(path: folder.path, key: key) } == .store)
    }

    /// Root may write anywhere, so there is nothing to see for it.
    @Test(.enabled(if: geteuid() != 0))
    func readOnlyFolderIsNamed() throws {
        let folder = try Folder()
        try Store(path: folder.store, key: key).close()
        chmod(folder.path, 0o500)
        defer { chmod(folder.path, 0o700) }
        #expect(code { _ = try Store(path: folder.store, key: key) } == .store)
        #expect(message { _ = try Store(path: folder.store, key: key) }.contains("not writable"))
    }

    @Test func twoStoresMayShareAFile() throws {
        let folder = try Folder()
        let one = try Store(path: folder.store, key: key)
        let two = try Store(path: folder.store, key: key)
        try one.putLearner("ana", assessment: sampleAssessment(), at: 1)
        #expect(try two.assessment(of: "ana") == sampleAssessment())
        try two.erase("ana", at: 1)
        #expect(try !one.hasLearner("ana"))
    }

    @Test func threadsMayShareAStore() async throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let log = try store.begin("ana")
                    for index in 0..<100 { try log.append(sampleEvent(index), at: Int64(index)) }
                    try log.end()
                    try store.putTracks([sampleTrack(worker)])
                }
            }
            try await group.waitForAll()
        }
        let sessions = try store.sessions(of: "ana")
        #expect(sessions.count == 4)
        for session in sessions { #expect(try store.readSession(session.id, of: "ana").events.count == 100) }
        #expect(try store.trackCount() == 4)
    }
}
