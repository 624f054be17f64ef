import AffettoCore
import CSodium
import Glibc

/// The learners' data keys, each wrapped by the engine key, in a small file of its own. It must not go into backups of
/// the store: a key destroyed here is what makes an earlier backup unreadable.
final class KeyRing {
    /// 16 random bytes that tie a store to its key ring.
    let id: [UInt8]
    private let database: Database
    private let wrapping: Vault
    private let naming: Secret
    /// Of the audit log's chain.
    let auditing: Secret
    /// As it lay in the file when this ring was opened; another one means another engine key.
    private let sealedCheck: [UInt8]
    private let path: String?
    /// Keys that were read while the file was as the stamp says.
    private var known: (stamp: FileStamp, vaults: [[UInt8]: Vault], named: [String: Vault])
    private static let vaultsKept = 256
    private var lookedAt: Int64 = 0

    private static var coarseMilliseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// - Parameters:
    ///   - path: `nil` for a ring in memory, with random keys.
    ///   - mayCreate: whether the store is new. An existing store whose ring is gone has lost its keys: `.key`.
    ///   - isReadOnly: no file is made or written.
    init(path: String?, source: KeySource?, mayCreate: Bool, isReadOnly: Bool = false) throws(AffettoError) {
        let lost = AffettoError(.key, "the key ring that belongs to this store is not there")
        if let path, !mayCreate, access(path, F_OK) != 0 { throw lost }
        let database: Database
        if let path, isReadOnly { database = try Database(reading: path) } else { database = try Database(path: path) }
        try Schema.keyRing.adopt(database)

        let known = try database.rows("SELECT id, salt, passes, memory, sealed_check FROM ring") {
            row throws(AffettoError) in
            (
                id: row.blob(0),
                stretching: Stretching(salt: row.blob(1), passes: row.integer(2), memory: row.integer(3)),
                check: row.blob(4)
            )
        }.first
        guard known != nil || mayCreate else { throw lost }

        let stretching = known?.stretching ?? .fresh()
        let id = known?.id ?? randomBytes(16)
        let engineKey: Secret
        if let source {
            engineKey = try source.engineKey(stretching, mayCreate: known == nil)
        } else {
            engineKey = try Secret.random()
        }
        let wrapping = Vault(key: try engineKey.derived(.wrapping))
        let cell = Cell("ring", hex(id), "check")
        sealedCheck = known?.check ?? wrapping.seal(id, in: cell)
        if let known {
            guard wrapping.open(known.check, in: cell) == id else {
                throw AffettoError(.key, "the engine key is not the one that locked this store")
            }
        } else {
            try database.run(
                "INSERT INTO ring VALUES (?, ?, ?, ?, ?)", .blob(id), .blob(stretching.salt),
                .integer(stretching.passes), .integer(stretching.memory), .blob(sealedCheck))
        }
        self.id = id
        self.path = path
        self.database = database
        self.wrapping = wrapping
        self.known = (FileStamp(of: path), [:], [:])
        naming = try Self.secret("naming", .naming, engineKey, database, wrapping)
        auditing = try Self.secret("auditing", .auditing, engineKey, database, wrapping)
    }

    /// A secret that an earlier engine key has left behind, or where there is none that of this one.
    private static func secret(
        _ name: String, _ use: Secret.Use, _ engineKey: Secret, _ database: Database, _ wrapping: Vault
    ) throws(AffettoError) -> Secret {
        let wrapped = try database.rows("SELECT wrapped FROM secret WHERE name = ?", .text(name)) {
            row throws(AffettoError) in row.blob(0)
        }.first
        guard let wrapped else { return try engineKey.derived(use) }
        guard var bytes = wrapping.open(wrapped, in: Cell("secret", name, "wrapped")) else {
            throw AffettoError(.storeCorrupt, "the key ring is damaged: a secret does not open")
        }
        defer { sodium_memzero(&bytes, bytes.count) }
        return try Secret.copy(of: bytes)
    }

    /// Wraps every key anew by another engine key, all or none. Row names and the audit chain stay as they are. This ring is
    /// of no use afterwards: open it again under the new key.
    func rewrap(by source: KeySource) throws(AffettoError) {
        let stretching = Stretching.fresh()
        let fresh = Vault(key: try source.engineKey(stretching, mayCreate: true).derived(.wrapping))
        try database.transaction { () throws(AffettoError) in
            try requireSameKey()
            let keys = try database.rows("SELECT learner, wrapped FROM key") { row throws(AffettoError) in
                (learner: row.blob(0), wrapped: row.blob(1))
            }
            for (learner, wrapped) in keys {
                guard var key = wrapping.open(wrapped, in: Self.cell(learner)) else {
                    throw AffettoError(.storeCorrupt, "the key ring is damaged: a wrapped key does not open")
                }
                defer { sodium_memzero(&key, key.count) }
                try database.run(
                    "UPDATE key SET wrapped = ? WHERE learner = ?", .blob(fresh.seal(key, in: Self.cell(learner))),
                    .blob(learner))
            }
            for (name, secret) in [("naming", naming), ("auditing", auditing)] {
                let plain = UnsafeBufferPointer(start: secret.start, count: Secret.count)
                try database.run(
                    "INSERT OR REPLACE INTO secret VALUES (?, ?)", .text(name),
                    .blob(fresh.seal(plain, in: Cell("secret", name, "wrapped"))))
            }
            try database.run(
                "UPDATE ring SET salt = ?, passes = ?, memory = ?, sealed_check = ?", .blob(stretching.salt),
                .integer(stretching.passes), .integer(stretching.memory),
                .blob(fresh.seal(id, in: Cell("ring", hex(id), "check"))))
        }
    }

    /// How far the audit log had come when it was last written to: the number of its last entry, and that entry's mark.
    func anchor() throws(AffettoError) -> (seq: Int64, mac: [UInt8])? {
        try database.rows("SELECT seq, mac FROM anchor") { row throws(AffettoError) in
            (row.integer(0), row.blob(1))
        }.first
    }

    func setAnchor(seq: Int64, mac: [UInt8]) throws(AffettoError) {
        try database.transaction { () throws(AffettoError) in
            // Never backwards: another process may have been faster with a later entry.
            guard try database.integer("SELECT count(*) FROM anchor WHERE seq >= ?", .integer(seq)) == 0 else { return }
            try database.run("DELETE FROM anchor")
            try database.run("INSERT INTO anchor VALUES (?, ?)", .integer(seq), .blob(mac))
        }
    }

    /// The name of a learner's row: a keyed BLAKE2b of the id, which cannot be guessed without the engine key.
    func row(of learner: String) -> [UInt8] {
        let id = Array(learner.utf8)
        var row = [UInt8](repeating: 0, count: 32)
        crypto_generichash(&row, row.count, id, UInt64(id.count), naming.start, Secret.count)
        return row
    }

    /// Opens what is sealed for the learner of that row; `nil` where there is no key, or no longer.
    ///
    /// A key that was read is kept while the ring's file stays as it was: one that another process destroys is gone here at
    /// once.
    func vault(of row: [UInt8]) throws(AffettoError) -> Vault? {
        let stamp = FileStamp(of: path)
        if stamp != known.stamp { known = (stamp, [:], [:]) }
        lookedAt = Self.coarseMilliseconds
        if let vault = known.vaults[row] { return vault }
        let wrapped = try database.rows("SELECT wrapped FROM key WHERE learner = ?", .blob(row)) {
            found throws(AffettoError) in found.blob(0)
        }
        guard let wrapped = wrapped.first else { return nil }
        guard var key = wrapping.open(wrapped, in: Self.cell(row)) else {
            try requireSameKey()
            throw AffettoError(.storeCorrupt, "the key ring is damaged: a wrapped key does not open")
        }
        defer { sodium_memzero(&key, key.count) }
        let vault = Vault(key: try Secret.copy(of: key))
        if stamp.isSettled {
            if known.vaults.count >= Self.vaultsKept { (known.vaults, known.named) = ([:], [:]) }
            known.vaults[row] = vault
        }
        return vault
    }

    /// As `vault(of: row(of: learner))`, but content with a look at the file some milliseconds ago: for reading items of
    /// sessions, which go with their learner's row.
    func recentVault(of learner: String) throws(AffettoError) -> Vault? {
        if Self.coarseMilliseconds - lookedAt < 50, let vault = known.named[learner] { return vault }
        let row = row(of: learner)
        let vault = try vault(of: row)
        if known.vaults[row] != nil { known.named[learner] = vault }
        return vault
    }

    /// A fresh data key for the learner of that row.
    func makeVault(of row: [UInt8]) throws(AffettoError) -> Vault {
        let key = try Secret.random()
        let wrapped = wrapping.seal(UnsafeBufferPointer(start: key.start, count: Secret.count), in: Self.cell(row))
        try database.transaction { () throws(AffettoError) in
            try requireSameKey()
            try database.run("INSERT INTO key VALUES (?, ?)", .blob(row), .blob(wrapped))
        }
        return Vault(key: key)
    }

    /// - Throws: `.key` where another process has changed the engine key since this ring was opened.
    private func requireSameKey() throws(AffettoError) {
        let check = try database.first("SELECT sealed_check FROM ring") { row throws(AffettoError) in row.blob(0) }
        guard check == sealedCheck else {
            throw AffettoError(
                .key, "another process has changed the engine key: open the store again, with the new one")
        }
    }

    func hasKey(of row: [UInt8]) throws(AffettoError) -> Bool {
        try database.integer("SELECT count(*) FROM key WHERE learner = ?", .blob(row)) > 0
    }

    /// Destroys the key, and notes that the rows are still to be swept, in one stroke.
    func destroyKey(of row: [UInt8]) throws(AffettoError) {
        (known.vaults, known.named) = ([:], [:])
        try database.transaction { () throws(AffettoError) in
            try database.run("DELETE FROM key WHERE learner = ?", .blob(row))
            try database.run("INSERT OR IGNORE INTO erasure VALUES (?)", .blob(row))
        }
    }

    /// Rows of destroyed keys that are still to be swept.
    func unswept() throws(AffettoError) -> [[UInt8]] {
        try database.rows("SELECT learner FROM erasure") { row throws(AffettoError) in row.blob(0) }
    }

    func noteSwept(_ row: [UInt8]) throws(AffettoError) {
        try database.run("DELETE FROM erasure WHERE learner = ?", .blob(row))
    }

    func holdsKeys() throws(AffettoError) -> Bool { try database.integer("SELECT count(*) FROM key") > 0 }

    private static func cell(_ row: [UInt8]) -> Cell { Cell("key", hex(row), "wrapped") }
}

/// Tells a file that has changed from one that has not, without opening it: to close a descriptor of ours would drop the
/// locks that SQLite holds on the file.
private struct FileStamp: Equatable {
    private var inode: UInt64 = 0
    private var size: Int64 = 0
    private var modified: Int64 = 0
    /// A later change will show: the clock that stamps files has moved on since the last one. Always so in memory.
    private(set) var isSettled = true

    init(of path: String?) {
        guard let path else { return }
        var status = stat()
        guard stat(path, &status) == 0 else {
            isSettled = false
            return
        }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - modified
        isSettled = age > 100_000_000
    }

    static func == (a: FileStamp, b: FileStamp) -> Bool {
        a.inode == b.inode && a.size == b.size && a.modified == b.modified
    }
}
