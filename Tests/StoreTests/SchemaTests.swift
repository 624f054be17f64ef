import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct SchemaTests {
    private func filled(_ folder: Folder) throws {
        let store = try Store(path: folder.store, key: key)
        for index in 0..<20 {
            try store.putLearner("learner \(index)", assessment: sampleAssessment("\(index)"), at: 1)
        }
        store.close()
    }

    private func opened(_ folder: Folder) -> AffettoError.Code? {
        code { _ = try Store(path: folder.store, key: key) }
    }

    @Test func foreignFilesAreRefusedAndLeftAlone() throws {
        let folder = try Folder()
        let text = Data(String(repeating: "Dear diary. ", count: 400).utf8)
        try text.write(to: URL(fileURLWithPath: folder.store))
        #expect(opened(folder) == .storeCorrupt)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == text)

        let other = try Folder()
        #expect(RawDatabase(other.store).run("CREATE TABLE diary (line)") == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: other.store))
        #expect(opened(other) == .storeCorrupt)
        #expect(try Data(contentsOf: URL(fileURLWithPath: other.store)) == before)

        let third = try Folder()
        #expect(RawDatabase(third.store).run("PRAGMA application_id = 7; CREATE TABLE a (b); DROP TABLE a") == 0)
        #expect(opened(third) == .storeCorrupt)
    }

    @Test func foreignRingIsRefused() throws {
        let folder = try Folder()
        try filled(folder)
        try Data(contentsOf: URL(fileURLWithPath: folder.store)).write(to: URL(fileURLWithPath: folder.ring))
        #expect(opened(folder) == .storeCorrupt)
    }

    @Test(arguments: [5, 99, -1])
    func otherSchemasAreRefused(_ version: Int) throws {
        let folder = try Folder()
        try filled(folder)
        #expect(RawDatabase(folder.store).run("PRAGMA user_version = \(version)") == 0)
        #expect(opened(folder) == .storeCorrupt)
    }

    @Test func schemaWithoutItsTablesIsRefused() throws {
        let folder = try Folder()
        try filled(folder)
        #expect(RawDatabase(folder.store).run("DROP TABLE ring") == 0)
        #expect(opened(folder) == .storeCorrupt)
    }

    @Test func truncatedFileIsRefused() throws {
        let folder = try Folder()
        try filled(folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.store))
        for length in [0, 1, 50, 100, 511, 512, 1000, 4095, 4096, 8192, whole.count - 4096] {
            try whole.prefix(length).write(to: URL(fileURLWithPath: folder.store))
            #expect(opened(folder) == .storeCorrupt, "\(length) bytes")
        }
        try whole.write(to: URL(fileURLWithPath: folder.store))
        #expect(opened(folder) == nil)
    }

    /// A flipped bit is refused, at opening or at reading, or it lies where nothing is; wrong data is never given.
    @Test func flippedBitNeverGivesWrongData() throws {
        let folder = try Folder()
        try filled(folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.store))
        var refused = 0
        for offset in Array(0..<100) + Array(stride(from: 100, to: whole.count, by: 131)) {
            var damaged = whole
            damaged[offset] ^= 1 << (offset % 8)
            try damaged.write(to: URL(fileURLWithPath: folder.store))
            do {
                let store = try Store(path: folder.store, key: key)
                for index in 0..<20 {
                    let assessment = try store.assessment(of: "learner \(index)")
                    #expect(assessment == sampleAssessment("\(index)"), "\(offset)")
                }
            } catch {
                refused += 1
                let isRow = error.code == .notFound
                #expect(error.code == .storeCorrupt || isRow || error.code == .key, "\(offset): \(error)")
            }
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.store + suffix) }
        }
        #expect(refused > 50)
    }
}
