import AffettoCore
import AffettoStore

/// The store's upkeep: check, backup, change of key, audit log.
extension Engine {
    /// Reads the whole store and says what is wrong with it, as JSON.
    public func checkStore() throws(AffettoError) -> StoreReport {
        try commitSessions()
        return try store.check()
    }

    /// Copies the store, without its keys, to a new file, while it is in use.
    public func backupStore(to path: String) throws(AffettoError) {
        try commitSessions()
        try store.backup(to: path)
        try note(.backedUp)
    }

    /// Locks all keys by another engine key from now on.
    public func rekeyStore(to key: KeySource) throws(AffettoError) {
        try store.rekey(to: key)
        try note(.rekeyed)
    }

    /// Deletes what is kept of a stretch of a learner's time, seconds since 1970, or only counts it.
    public func forget(_ span: Range<Int64>, of learner: String, isDryRun: Bool) throws(AffettoError) -> Forgotten {
        try commitSessions(of: learner)
        let open = Set(openSessions(of: learner).map(\.id))
        return try store.forget(span, of: learner, at: Self.unixNow, isDryRun: isDryRun) { open.contains($0) }
    }

    /// Deletes every session that began more than so many days ago, or only counts them; not those that are open here.
    public func retain(days: Int, isDryRun: Bool) throws(AffettoError) -> Forgotten {
        let open = Set(openSessions().map(\.id))
        return try store.retain(days: days, now: Self.unixNow, isDryRun: isDryRun) { open.contains($0) }
    }

    /// How long things are kept, and what `maintain` would delete now.
    public func retention() throws(AffettoError) -> (retention: Retention, due: Forgotten) {
        let open = Set(openSessions().map(\.id))
        let due = try store.retain(now: Self.unixNow, isDryRun: true) { open.contains($0) }
        return (try store.retention(), due ?? Forgotten())
    }

    public func setRetention(_ retention: Retention) throws(AffettoError) {
        try store.setRetention(retention, at: Self.unixNow)
    }

    /// Takes a learner in as `export` gave them out; where it fails nothing stays. Not one transaction: a kill in the middle
    /// leaves a part.
    /// - Throws: `.argument` (not an export of ours), `.state` (a learner of this id is there).
    public func importLearner(_ json: [UInt8]) throws(AffettoError) {
        let all = try JSON.decode(LearnerExport.self, from: json, what: "the export")
        guard all.format == 1 else { throw AffettoError(.argument, "the export has format \(all.format), not 1") }
        for session in all.sessions { try ImportCheck.require(session) }
        guard try !store.hasLearner(all.learner) else {
            throw AffettoError(.state, "a learner of this id is there already")
        }
        try store.putLearner(all.learner, assessment: all.assessment, at: Self.unixNow)
        do {
            for consent in all.consents { try store.grant(consent, to: all.learner, at: Self.unixNow) }
            try keep(all.model, of: all.learner)
            for session in all.sessions { try store.importSession(session, of: all.learner) }
            try note(.imported, of: all.learner)
        } catch {
            try? store.erase(all.learner, at: Self.unixNow)
            throw error
        }
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
