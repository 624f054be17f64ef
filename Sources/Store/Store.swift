import AffettoCore
import CSodium
import Glibc

/// The engine's memory: learners, consents, sessions and the music library in one SQLite file, and beside it a key ring
/// (the same path with "-keys"). Every personal field is sealed with its learner's own key.
///
/// May be shared by threads; calls wait for one another. Errors of every call: `.closed` after `close`; `.busy` when
/// another process writes for longer than two seconds; `.store`, `.storeFull`, `.storeCorrupt` as the file has it.
public final class Store: Sendable {
    struct Files {
        let database: Database
        let ring: KeyRing
        let numbers = SessionNumbers()
    }

    /// Row numbers of sessions that were read from. For reading alone: a deleted session passes its number on, and what is
    /// then found does not open as an item of the old one.
    final class SessionNumbers {
        private(set) var known: [String: Int64] = [:]

        func note(_ number: Int64, of session: String) {
            if known.count >= 1024 { known.removeAll() }
            known[session] = number
        }
    }

    let files: Guarded<Files?>
    /// `nil` in memory.
    let path: String?
    public let isReadOnly: Bool

    /// Opens the store, or makes it; `path` nil keeps everything in memory, under random keys, until `close`.
    /// - Throws: `.key` (none given for a store on disk, the wrong one, a key file that others may read, or the key
    ///   ring is gone), `.storeCorrupt` (damaged, foreign, or of a newer schema), `.store`, `.argument`.
    /// - Parameter isReadOnly: an existing store, for reports: nothing is written, the audit log neither; calls that would
    ///   write throw `.state`. Its folder and files may be read-only.
    public init(path: String?, key: KeySource?, isReadOnly: Bool = false) throws(AffettoError) {
        guard sodium_init() >= 0 else { throw AffettoError(.internal, "libsodium cannot be used here") }
        if let path, isReadOnly {
            files = Guarded(try Self.read(path, key))
        } else {
            guard !isReadOnly else { throw AffettoError(.argument, "a store in memory cannot be opened for reading") }
            files = Guarded(try Self.open(path, key))
        }
        self.path = path
        self.isReadOnly = isReadOnly
    }

    private static func read(_ path: String, _ key: KeySource?) throws(AffettoError) -> Files {
        guard let key else {
            throw AffettoError(.key, "a store on disk needs a key: bytes, a key file or a passphrase")
        }
        try key.check()
        let database = try Database(reading: path)
        try Schema.store.adopt(database)
        let owner = try database.first("SELECT id FROM ring") { row throws(AffettoError) in row.blob(0) }
        let ring = try KeyRing(path: path + "-keys", source: key, mayCreate: false, isReadOnly: true)
        guard owner == ring.id else { throw AffettoError(.key, "the key ring belongs to another store") }
        return Files(database: database, ring: ring)
    }

    private static func open(_ path: String?, _ key: KeySource?) throws(AffettoError) -> Files {
        guard let path else {
            let database = try Database(path: nil)
            try Schema.store.adopt(database)
            return Files(database: database, ring: try KeyRing(path: nil, source: nil, mayCreate: true))
        }
        guard !path.isEmpty, !path.hasPrefix(":") else {
            throw AffettoError(.argument, "'\(path)' is not a path for a store")
        }
        guard let key else {
            throw AffettoError(.key, "a store on disk needs a key: bytes, a key file or a passphrase")
        }
        try key.check()

        // SQLite takes a file of one byte for an empty one.
        let isCutToNothing = size(of: path).map { $0 <= 1 } ?? false
        let database = try Database(path: path)
        try Schema.store.adopt(database)
        let owner = try database.rows("SELECT id FROM ring") { row throws(AffettoError) in row.blob(0) }.first
        let ring = try KeyRing(path: path + "-keys", source: key, mayCreate: owner == nil)
        if let owner {
            guard owner == ring.id else { throw AffettoError(.key, "the key ring belongs to another store") }
        } else {
            if isCutToNothing, try ring.holdsKeys() {
                throw AffettoError(.storeCorrupt, "the store is empty, but its key ring is not: it was cut off")
            }
            try database.run("INSERT INTO ring VALUES (?)", .blob(ring.id))
        }
        let files = Files(database: database, ring: ring)
        try files.sweep()
        return files
    }

    /// A number that is another one after another connection, of this process or another, has written.
    public func othersWrites() throws(AffettoError) -> Int64 {
        try use { files throws(AffettoError) in try files.database.integer("PRAGMA data_version") }
    }

    /// Closes the files and forgets the keys. Session logs that are still open can write no more. Twice is fine.
    public func close() {
        files.withLock { $0 = nil }
    }

    /// Runs `body` with the files while no other thread has them.
    func use<Result>(_ body: (Files) throws(AffettoError) -> Result) throws(AffettoError) -> Result {
        try files.withLock { files throws(AffettoError) in
            guard let files else { throw AffettoError(.closed, "the store is closed") }
            return try body(files)
        }
    }

    /// Bytes of a file; `nil` where there is none.
    private static func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
}

extension Store.Files {
    /// A learner's row and what opens it, for the length of one call.
    struct Owner {
        let row: [UInt8]
        let vault: Vault
        var name: String { hex(row) }
    }

    /// - Throws: `.notFound` when there is no such learner, or the key is destroyed.
    func owner(_ learner: String) throws(AffettoError) -> Owner {
        let row = ring.row(of: learner)
        guard let vault = try ring.vault(of: row), try hasRow(row) else {
            throw AffettoError(.notFound, "there is no such learner")
        }
        return Owner(row: row, vault: vault)
    }

    /// Everybody whose key is there.
    func owners() throws(AffettoError) -> [Owner] {
        let rows = try database.rows("SELECT key FROM learner") { row throws(AffettoError) in row.blob(0) }
        var owners: [Owner] = []
        for row in rows {
            // One key that is damaged must not stand in everybody's way; `check` names it.
            do throws(AffettoError) {
                if let vault = try ring.vault(of: row) { owners.append(Owner(row: row, vault: vault)) }
            } catch  where error.code == .storeCorrupt {}
        }
        return owners
    }

    func hasRow(_ row: [UInt8]) throws(AffettoError) -> Bool {
        try database.integer("SELECT count(*) FROM learner WHERE key = ?", .blob(row)) > 0
    }

    /// Finishes erasures: deletes rows whose key is destroyed, then rewrites the file and empties the write-ahead log,
    /// so that not even their ciphertext stays.
    ///
    /// - Parameter erased: what to put in the audit log: whose erasure this is, and when.
    func sweep(erased: (subject: [UInt8], at: Int64)? = nil) throws(AffettoError) {
        guard try !ring.unswept().isEmpty else { return }
        func delete() throws(AffettoError) -> [[UInt8]] {
            // Read again now that the file is ours: another process may have swept, and made the learner anew.
            let rows = try ring.unswept()
            for row in rows { try database.run("DELETE FROM learner WHERE key = ?", .blob(row)) }
            return rows
        }
        let rows: [[UInt8]]
        if let erased {
            rows = try logged(.erased, subject: erased.subject, at: erased.at, delete)
        } else {
            rows = try database.transaction(delete)
        }
        try database.run("VACUUM")
        guard try database.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else {
            throw AffettoError(.busy, "erased, but another process still reads an earlier copy of the file")
        }
        for row in rows { try ring.noteSwept(row) }
    }
}
