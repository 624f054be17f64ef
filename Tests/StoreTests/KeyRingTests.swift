import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct KeyRingTests {
    @Test func wrongKeyIsSaid() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        store.close()
        for bit in [0, 100, 255] {
            var other = keyBytes
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(code { _ = try Store(path: folder.store, key: .bytes(other)) } == .key)
        }
        #expect(try Store(path: folder.store, key: key).hasLearner("ana"))
    }

    @Test func lostRingIsSaidAndNotReplaced() throws {
        let folder = try Folder()
        try Store(path: folder.store, key: key).close()
        try FileManager.default.removeItem(atPath: folder.ring)
        #expect(code { _ = try Store(path: folder.store, key: key) } == .key)
        #expect(!FileManager.default.fileExists(atPath: folder.ring))
    }

    @Test func ringOfAnotherStoreIsRefused() throws {
        let folder = try Folder()
        let other = try Folder()
        try Store(path: folder.store, key: key).close()
        try Store(path: other.store, key: key).close()
        try FileManager.default.removeItem(atPath: folder.ring)
        try FileManager.default.copyItem(atPath: other.ring, toPath: folder.ring)
        #expect(code { _ = try Store(path: folder.store, key: key) } == .key)
    }

    @Test func learnersHaveKeysOfTheirOwn() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        for learner in ["ana", "ben"] { try store.putLearner(learner, assessment: Assessment(), at: 1) }
        let wrapped = RawDatabase(folder.ring).blobs("SELECT wrapped FROM key")
        #expect(wrapped.count == 2)
        #expect(Set(wrapped).count == 2)
        #expect(wrapped.allSatisfy { $0.count == 24 + 32 + 16 })
    }

    @Test func wrappedKeysCannotBeSwapped() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        for learner in ["ana", "ben"] { try store.putLearner(learner, assessment: Assessment(), at: 1) }
        store.close()
        let swap = """
            CREATE TEMP TABLE old AS SELECT * FROM key;
            UPDATE key SET wrapped = (SELECT wrapped FROM old WHERE old.learner != key.learner);
            """
        #expect(RawDatabase(folder.ring).run(swap) == 0)
        let again = try Store(path: folder.store, key: key)
        #expect(code { _ = try again.assessment(of: "ana") } == .storeCorrupt)
    }

    @Test func flippedBitInTheRingNeverGivesGarbage() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: sampleAssessment(), at: 1)
        store.close()
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.ring))
        for offset in stride(from: 0, to: whole.count, by: 97) {
            var damaged = whole
            damaged[offset] ^= 0x10
            try damaged.write(to: URL(fileURLWithPath: folder.ring))
            do {
                let store = try Store(path: folder.store, key: key)
                let assessment = try store.assessment(of: "ana")
                #expect(assessment == sampleAssessment())
            } catch {
                #expect([.key, .storeCorrupt, .notFound, .store].contains(error.code), "\(offset): \(error)")
            }
        }
    }
}
