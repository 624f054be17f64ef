import AffettoCore

/// What is written to the audit log. Numbers are never renumbered.
public enum AuditAction: Int64, Codable, Sendable, CaseIterable {
    case learnerCreated = 1
    case assessmentChanged = 2
    case consentGranted = 3
    case consentRevoked = 4
    case sessionBegan = 5
    case sessionRead = 6
    case exported = 7
    case reportMade = 8
    case erased = 9
    case backedUp = 10
    case rekeyed = 11
    case modelLoaded = 12
    case forgotten = 13
    case retained = 14
    case imported = 15
    case policyChanged = 16
    case readRefused = 17
    case retentionSet = 18
    case studyMade = 19
    case studyExported = 20
    case studyAnswered = 21
    case crisisNoticed = 22
    case crisisAcknowledged = 23
    case crisisResolved = 24
    case adaptationRestored = 25

    /// Of a consent.
    static func detail(_ modality: DataKind, _ purpose: Purpose) -> Int64 {
        Int64(modality.rawValue) * 16 + Int64(purpose.rawValue)
    }

    public var name: String { "\(self)".reduce("") { $0 + ($1.isUppercase ? "_" + $1.lowercased() : String($1)) } }
}

/// One line of the audit log: that something was done, never what it was about.
public struct AuditEntry: Codable, Sendable, Equatable {
    public var seq: Int64
    /// Seconds since 1970.
    public var at: Int64
    public var action: String
    /// Of a consent: modality · 16 + purpose; of `retained` and `retention_set`: days; of `policy_changed`: how many rules
    /// became looser than the preset; of `study_answered`: millionths of epsilon; else 0.
    public var detail: Int64
    /// Tells entries of one learner from those of others, until the learner is erased; "" for none.
    public var subject: String
}

/// What came of verifying the log.
public struct AuditVerdict: Codable, Sendable, Equatable {
    public var entries: Int64
    public var isIntact: Bool
    /// Number of the first entry that is missing, out of place or not as it was written; `nil` where all is well.
    public var firstBad: Int64?
    /// One line for people.
    public var finding: String
}

/// The audit log: each entry is marked by a keyed hash over itself and the mark before, and the key ring holds the last mark. So
/// an entry that was edited, moved or taken out is found, at the end of the log too.
extension Store {
    /// Appends an entry. - Parameter at: seconds since 1970.
    public func audit(
        _ action: AuditAction, of learner: String? = nil, detail: Int64 = 0, at: Int64
    ) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let subject = try learner.map { id throws(AffettoError) in try files.subject(id) } ?? []
            try files.logged(action, subject: subject, detail: detail, at: at) { () throws(AffettoError) in }
        }
    }

    /// The log, oldest first.
    public func auditEntries() throws(AffettoError) -> [AuditEntry] {
        try use { files throws(AffettoError) in
            try files.database.rows("SELECT seq, at, action, detail, subject FROM audit ORDER BY seq") {
                row throws(AffettoError) in
                AuditEntry(
                    seq: row.integer(0), at: row.integer(1),
                    action: AuditAction(rawValue: row.integer(2))?.name ?? "unknown", detail: row.integer(3),
                    subject: hex(Array(row.blob(4).prefix(8))))
            }
        }
    }

    /// Walks the chain from its beginning to the mark in the key ring.
    public func verifyAudit() throws(AffettoError) -> AuditVerdict {
        try use { files throws(AffettoError) in try files.verifyAudit() }
    }
}

extension Store.Files {
    /// A learner's mark in the log: a hash under the learner's own key, which nobody can make again once that is destroyed.
    func subject(_ learner: String) throws(AffettoError) -> [UInt8] {
        let row = ring.row(of: learner)
        guard let vault = try ring.vault(of: row) else { return [] }
        return vault.key.mac(Array("audit".utf8) + row)
    }

    /// Does `body` and puts it in the log, both or neither.
    func logged<Result>(
        _ action: AuditAction, subject: [UInt8], detail: Int64 = 0, at: Int64,
        _ body: () throws(AffettoError) -> Result
    ) throws(AffettoError) -> Result {
        let (result, seq, mac) = try database.transaction(isDurable: true) { () throws(AffettoError) in
            let result = try body()
            let last = try database.rows("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1") {
                row throws(AffettoError) in (seq: row.integer(0), mac: row.blob(1))
            }.first
            guard (0...(1 << 60)).contains(last?.seq ?? 0) else { throw Database.unbelievable }
            let seq = (last?.seq ?? 0) + 1
            let mac = mark(after: last?.mac ?? ring.id, seq, at, action.rawValue, detail, subject)
            try database.run(
                "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", .integer(seq), .integer(at), .integer(action.rawValue),
                .integer(detail), .blob(subject), .blob(mac))
            return (result, seq, mac)
        }
        // It is done and logged; an anchor that lags behind loses nothing.
        try? ring.setAnchor(seq: seq, mac: mac)
        return result
    }

    private func mark(
        after previous: [UInt8], _ seq: Int64, _ at: Int64, _ action: Int64, _ detail: Int64, _ subject: [UInt8]
    ) -> [UInt8] {
        var bytes = previous
        for number in [seq, at, action, detail, Int64(subject.count)] {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        return ring.auditing.mac(bytes + subject)
    }

    func verifyAudit() throws(AffettoError) -> AuditVerdict {
        let anchor = try ring.anchor()
        var previous = ring.id
        var count: Int64 = 0
        var firstBad: Int64?
        var isAnchored = anchor == nil
        _ = try database.rows("SELECT seq, at, action, detail, subject, mac FROM audit ORDER BY seq") {
            row throws(AffettoError) in
            count += 1
            let mac = row.blob(5)
            let expected = mark(
                after: previous, count, row.integer(1), row.integer(2), row.integer(3), row.blob(4))
            if firstBad == nil, row.integer(0) != count || mac != expected { firstBad = count }
            if let anchor, count == anchor.seq {
                isAnchored = true
                if firstBad == nil, mac != anchor.mac { firstBad = count }
            }
            previous = mac
        }
        if firstBad == nil, !isAnchored { firstBad = count + 1 }
        let finding =
            switch firstBad {
            case nil: "the chain of \(count) entries is whole"
            case count + 1:
                "the last entries are missing: \(count) are here and there were \(anchor?.seq ?? 0); an older copy of the store?"
            case let bad?: "entry \(bad) is missing, out of place or not as it was written"
            }
        return AuditVerdict(entries: count, isIntact: firstBad == nil, firstBad: firstBad, finding: finding)
    }
}
