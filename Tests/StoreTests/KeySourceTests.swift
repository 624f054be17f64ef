import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct KeySourceTests {
    @Test(arguments: [0, 16, 31, 33])
    func bytesAreThirtyTwo(_ count: Int) throws {
        let folder = try Folder()
        let short = KeySource.bytes([UInt8](repeating: 1, count: count))
        #expect(code { _ = try Store(path: folder.store, key: short) } == .key)
        #expect(!FileManager.default.fileExists(atPath: folder.store))
    }

    @Test func keyFileIsMadeForItsOwnerAndReadAgain() throws {
        let folder = try Folder()
        let path = folder.path + "/key"
        let store = try Store(path: folder.store, key: .file(path))
        try store.putLearner("ana", assessment: sampleAssessment(), at: 1)
        store.close()
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
        #expect(try Store(path: folder.store, key: .file(path)).assessment(of: "ana") == sampleAssessment())
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644])
    func keyFileThatOthersMayReadIsRefused(_ mode: Int) throws {
        let folder = try Folder()
        let path = folder.path + "/key"
        try Data(keyBytes).write(to: URL(fileURLWithPath: path))
        chmod(path, mode_t(mode))
        #expect(code { _ = try Store(path: folder.store, key: .file(path)) } == .key)
        #expect(message { _ = try Store(path: folder.store, key: .file(path)) }.contains("0600"))
        chmod(path, 0o600)
        #expect(throws: Never.self) { try Store(path: folder.store, key: .file(path)) }
    }

    @Test(arguments: [0, 31, 33, 64])
    func keyFileOfAnotherSizeIsRefused(_ count: Int) throws {
        let folder = try Folder()
        let path = folder.path + "/key"
        try Data(repeating: 1, count: count).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        #expect(code { _ = try Store(path: folder.store, key: .file(path)) } == .key)
    }

    @Test func lostKeyFileIsNotMadeAgain() throws {
        let folder = try Folder()
        let path = folder.path + "/key"
        try Store(path: folder.store, key: .file(path)).close()
        try FileManager.default.removeItem(atPath: path)
        #expect(code { _ = try Store(path: folder.store, key: .file(path)) } == .key)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func keyFileInMissingFolder() throws {
        let folder = try Folder()
        let path = folder.path + "/nowhere/key"
        #expect(code { _ = try Store(path: folder.store, key: .file(path)) } == .key)
    }

    @Test func passphrase() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: .passphrase("correct horse"))
        try store.putLearner("ana", assessment: sampleAssessment(), at: 1)
        store.close()
        #expect(code { _ = try Store(path: folder.store, key: .passphrase("correct hors")) } == .key)
        #expect(code { _ = try Store(path: folder.store, key: .passphrase("")) } == .key)
        #expect(code { _ = try Store(path: folder.store, key: key) } == .key)
        let again = try Store(path: folder.store, key: .passphrase("correct horse"))
        #expect(try again.assessment(of: "ana") == sampleAssessment())
    }
}
