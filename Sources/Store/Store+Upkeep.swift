import AffettoCore
import Glibc

/// What a check of the store found.
public struct StoreReport: Codable, Sendable, Equatable {
    public var isSound: Bool
    /// One line each, of what is wrong.
    public var findings: [String]
    public var schema: Int
    public var bytes: Int64
    public var learners: Int64
    public var consents: Int64
    public var sessions: Int64
    public var items: Int64
    public var tracks: Int64
    public var audit: AuditVerdict
}

/// Check, backup, change of the engine key.
extension Store {
    /// Looks at every page, every reference and every sealed field, and verifies the audit log. Reads the whole file.
    public func check() throws(AffettoError) -> StoreReport {
        try use { files throws(AffettoError) in
            let database = files.database
            var findings = try database.rows("PRAGMA integrity_check(20)") { row throws(AffettoError) in row.text(0) }
                .filter { $0 != "ok" }
            let orphans = try database.rows("PRAGMA foreign_key_check") { row throws(AffettoError) in row.text(0) }
            let strays = try database.integer(
                "SELECT count(*) FROM item WHERE place >> 32 NOT IN (SELECT number FROM session)")
            if !orphans.isEmpty || strays > 0 {
                findings.append("\(Int64(orphans.count) + strays) rows belong to nobody")
            }
            findings += try files.unreadable()
            let answered = try database.integer("SELECT coalesce(sum(epsilon), 0) FROM answer")
            let logged = try database.integer(
                "SELECT coalesce(sum(detail), 0) FROM audit WHERE action = ?",
                .integer(AuditAction.studyAnswered.rawValue))
            if answered != logged { findings.append("the ledger of studies is not what the audit log says was spent") }
            let budgets = try database.integer("SELECT coalesce(sum(budget), 0) FROM study")
            let made = try database.integer(
                "SELECT coalesce(sum(detail), 0) FROM audit WHERE action = ?", .integer(AuditAction.studyMade.rawValue))
            if budgets != made { findings.append("the budgets of studies are not what the audit log says was given") }
            let audit = try files.verifyAudit()
            if !audit.isIntact { findings.append("audit log: \(audit.finding)") }
            func count(_ table: String) throws(AffettoError) -> Int64 {
                try database.integer("SELECT count(*) FROM \(table)")
            }
            return StoreReport(
                isSound: findings.isEmpty, findings: findings, schema: Int(try database.integer("PRAGMA user_version")),
                bytes: try database.integer("PRAGMA page_count") * database.integer("PRAGMA page_size"),
                learners: try count("learner"), consents: try count("consent"), sessions: try count("session"),
                items: try database.integer("SELECT coalesce(sum(count), 0) FROM item"), tracks: try count("track"),
                audit: audit)
        }
    }

    /// Writes a copy of the store as it is now to a new file (mode 0600), while it is in use. The key ring is not in it: an
    /// erased learner must not live on in backups. To restore, put the copy in the store's place beside its key ring.
    /// - Throws: `.argument` (in memory; the file is there already), `.store`, `.storeFull`.
    public func backup(to path: String) throws(AffettoError) {
        guard let own = self.path else { throw AffettoError(.argument, "a store in memory has no backup") }
        guard !path.isEmpty, access(path, F_OK) != 0 else {
            throw AffettoError(.argument, "'\(path)' is there already; a backup never overwrites")
        }
        // A connection of its own, so that nobody waits for the copy.
        let source = isReadOnly ? try Database(reading: own) : try Database(path: own)
        do {
            // Makes the file for its owner alone; SQLite takes an empty file as its target.
            _ = try Database(path: path)
            try source.run("VACUUM INTO ?", .text(path))
            try Self.reachDisk(path)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func reachDisk(_ path: String) throws(AffettoError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { Glibc.close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw AffettoError(.store, "the backup did not reach the disk: \(String(cString: strerror(errno)))")
        }
    }

    /// Locks all keys by another engine key from now on; the learners' own keys, and so all sealed fields, stay as they are.
    /// The old engine key opens nothing afterwards. All or nothing, also when the process is killed.
    /// - Throws: `.argument` in memory; `.key` (not usable, or its file cannot be made).
    public func rekey(to key: KeySource) throws(AffettoError) {
        guard let path else { throw AffettoError(.argument, "a store in memory has no key to change") }
        guard !isReadOnly else { throw Database.readOnly }
        try files.withLock { files throws(AffettoError) in
            guard let open = files else { throw AffettoError(.closed, "the store is closed") }
            try open.ring.rewrap(by: key)
            files = Files(
                database: open.database, ring: try KeyRing(path: path + "-keys", source: key, mayCreate: false))
        }
    }
}

extension Store.Files {
    /// Learners' rows that do not open although their key is there, and rows without a key.
    fileprivate func unreadable() throws(AffettoError) -> [String] {
        var damaged = 0
        var locked = 0
        for row in try database.rows("SELECT key FROM learner", read: { row throws(AffettoError) in row.blob(0) }) {
            let vault: Vault?
            do throws(AffettoError) { vault = try ring.vault(of: row) } catch  where error.code == .storeCorrupt {
                damaged += 1
                continue
            }
            guard let vault else {
                locked += 1
                continue
            }
            damaged += try damagedCells(of: Owner(row: row, vault: vault))
        }
        var findings: [String] = []
        if damaged > 0 { findings.append("\(damaged) sealed fields do not open: damaged or exchanged") }
        if locked > 0 { findings.append("\(locked) learners have no key: erased after this copy was made") }
        return findings
    }

    private func damagedCells(of owner: Owner) throws(AffettoError) -> Int {
        var damaged = 0
        func look(_ sealed: [UInt8], _ cell: Cell) { if owner.vault.open(sealed, in: cell) == nil { damaged += 1 } }
        _ = try database.rows(
            "SELECT sealed_id, sealed_assessment, sealed_model FROM learner WHERE key = ?", .blob(owner.row)
        ) { row throws(AffettoError) in
            look(row.blob(0), owner.cell("id"))
            look(row.blob(1), owner.cell("assessment"))
            if !row.isNull(2) { look(row.blob(2), owner.cell("model")) }
        }
        _ = try database.rows("SELECT seq, sealed_consent FROM consent WHERE learner = ?", .blob(owner.row)) {
            row throws(AffettoError) in look(row.blob(1), owner.consentCell(row.integer(0)))
        }
        _ = try database.rows("SELECT id, sealed_header FROM session WHERE learner = ?", .blob(owner.row)) {
            row throws(AffettoError) in look(row.blob(1), sessionCell(row.text(0)))
        }
        damaged += try damagedItems(of: owner)
        return damaged
    }
}
