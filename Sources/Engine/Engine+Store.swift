import AffettoCore
import AffettoStore

/// The store's upkeep: check, backup, change of key, audit log.
extension Engine {
    /// Reads the whole store and says what is wrong with it, as JSON.
    public func checkStore() throws(AffettoError) -> StoreReport {
        for session in openSessions() { try session.commit() }
        return try store.check()
    }

    /// Copies the store, without its keys, to a new file, while it is in use.
    public func backupStore(to path: String) throws(AffettoError) {
        for session in openSessions() { try session.commit() }
        try store.backup(to: path)
        try note(.backedUp)
    }

    /// Locks all keys by another engine key from now on.
    public func rekeyStore(to key: KeySource) throws(AffettoError) {
        try store.rekey(to: key)
        try note(.rekeyed)
    }

    /// What was done, and whether the log is whole.
    public func auditLog() throws(AffettoError) -> AuditLog {
        AuditLog(verdict: try store.verifyAudit(), entries: try store.auditEntries())
    }
}

/// The audit log as it is handed out.
public struct AuditLog: Codable, Sendable {
    public var verdict: AuditVerdict
    public var entries: [AuditEntry]
}
