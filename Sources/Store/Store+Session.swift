import AffettoCore

/// A session as a list shows it.
public struct SessionSummary: Codable, Sendable, Equatable {
    /// 32 hex digits.
    public var id: String
    /// Seconds since 1970.
    public var started: Int64
    public var task: TaskKind
    /// How many decisions were made.
    public var decisions: Int

    public init(id: String, started: Int64, task: TaskKind, decisions: Int) {
        self.id = id
        self.started = started
        self.task = task
        self.decisions = decisions
    }
}

extension Store {
    /// Begins a session of a learner who exists; it is on file when this returns. `started`: seconds since 1970.
    /// - Throws: `.notFound` when there is no such learner.
    public func beginSession(
        learner: String, started: Int64, task: TaskKind, purpose: Purpose, preset: String
    ) throws(AffettoError) -> SessionLog {
        let id = try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let id = hex(randomBytes(16))
            let header = SessionHeader(started: started, task: task, purpose: purpose, preset: preset)
            try files.logged(.sessionBegan, subject: files.subject(learner), at: started) { () throws(AffettoError) in
                try files.database.run(
                    "INSERT INTO session (id, learner, sealed_header) VALUES (?, ?, ?)", .text(id), .blob(owner.row),
                    .blob(try owner.vault.seal(json: header, in: sessionCell(id))))
            }
            return id
        }
        return SessionLog(id: id) { [self] items throws(AffettoError) in
            try write(items, to: id, of: learner)
        }
    }

    /// The learner's sessions in the order in which they began.
    /// - Throws: `.notFound` when there is no such learner.
    public func sessions(of learner: String) throws(AffettoError) -> [SessionSummary] {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            return try files.database.rows(
                """
                SELECT id, sealed_header, (SELECT count(*) FROM item WHERE session = id AND kind = ?)
                FROM session WHERE learner = ? ORDER BY number
                """, .integer(Kind.decision.rawValue), .blob(owner.row)
            ) { row throws(AffettoError) in
                let id = row.text(0)
                let header = try owner.vault.open(SessionHeader.self, row.blob(1), in: sessionCell(id))
                return SessionSummary(
                    id: id, started: header.started, task: header.task, decisions: Int(row.integer(2)))
            }
        }
    }

    /// All that is kept of one session.
    /// - Throws: `.notFound` when there is no such learner, or the learner has no such session; `.storeCorrupt` when a
    ///   part of it is missing or damaged.
    public func readSession(_ id: String, of learner: String) throws(AffettoError) -> SessionRecord {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let sealed = try files.database.rows(
                "SELECT sealed_header FROM session WHERE id = ? AND learner = ?", .text(id), .blob(owner.row)
            ) { row throws(AffettoError) in row.blob(0) }
            guard let sealed = sealed.first else { throw Self.noSession }
            let header = try owner.vault.open(SessionHeader.self, sealed, in: sessionCell(id))
            var record = SessionRecord(
                id: id, learner: learner, started: header.started, task: header.task, purpose: header.purpose,
                preset: header.preset)
            var count: Int64 = 0
            _ = try files.database.rows(
                "SELECT seq, kind, sealed_payload FROM item WHERE session = ? ORDER BY seq", .text(id)
            ) { row throws(AffettoError) in
                count += 1
                while let gap = header.gaps?.first(where: { $0.count == 2 && $0[0] <= count && count <= $0[1] }) {
                    count = gap[1] + 1
                }
                guard row.integer(0) == count, let kind = Kind(rawValue: row.integer(1)) else {
                    throw AffettoError(.storeCorrupt, "the store is damaged: a part of the session is missing")
                }
                let cell = itemCell(id, count, kind)
                do throws(AffettoError) {
                    record.add(try SessionItem(kind, owner.vault.opened(row.blob(2), in: cell)))
                } catch { throw Vault.damaged(cell) }
            }
            return record
        }
    }

    /// One decision, by the number that `SessionLog.append` gave it.
    /// - Throws: `.notFound` where it is not on file, or is no decision; `.storeCorrupt`.
    public func decision(_ seq: Int64, of session: String, learner: String) throws(AffettoError) -> Decision {
        guard case .decision(let decision) = try item(seq, of: session, learner: learner) else {
            throw AffettoError(.notFound, "there is no such decision")
        }
        return decision
    }

    /// One item, by the number that `SessionLog.append` gave it.
    /// - Throws: `.notFound`, `.storeCorrupt`.
    public func item(_ seq: Int64, of session: String, learner: String) throws(AffettoError) -> SessionItem {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let found = try files.database.rows(
                "SELECT kind, sealed_payload FROM item WHERE session = ? AND seq = ?", .text(session), .integer(seq)
            ) { row throws(AffettoError) in (kind: Kind(rawValue: row.integer(0)), sealed: row.blob(1)) }
            guard let item = found.first, let kind = item.kind else { throw Self.noSession }
            // Another learner's session does not open with this one's key.
            return try SessionItem(kind, owner.vault.opened(item.sealed, in: itemCell(session, seq, kind)))
        }
    }

    private func write(
        _ items: [SessionLog.Numbered], to session: String, of learner: String
    ) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            // A decision and its chance are on the disk before the track starts.
            let isDurable = items.contains { $0.item.kind == .decision }
            try files.database.transaction(isDurable: isDurable) { () throws(AffettoError) in
                let isThere = try files.database.integer(
                    "SELECT count(*) FROM session WHERE id = ? AND learner = ?", .text(session), .blob(owner.row))
                guard isThere == 1 else { throw Self.noSession }
                try files.put(items, in: session, of: owner)
            }
        }
    }

    static let noSession = AffettoError(.notFound, "the learner has no such session")
}

extension Store.Files {
    func headers(of owner: Owner) throws(AffettoError) -> [(session: String, header: SessionHeader)] {
        try database.rows("SELECT id, sealed_header FROM session WHERE learner = ? ORDER BY number", .blob(owner.row)) {
            row throws(AffettoError) in
            let id = row.text(0)
            return (id, try owner.vault.open(SessionHeader.self, row.blob(1), in: sessionCell(id)))
        }
    }

    /// Number and time of each item of a session, in order.
    func times(of session: String, _ owner: Owner) throws(AffettoError) -> [(seq: Int64, time: Microseconds)] {
        try database.rows(
            "SELECT seq, kind, sealed_payload FROM item WHERE session = ? ORDER BY seq", .text(session)
        ) {
            row throws(AffettoError) in
            guard let cell = sessionItemCell(session, row.integer(0), row.integer(1)) else {
                throw AffettoError(.storeCorrupt, "the store is damaged: an item of no known kind")
            }
            return (row.integer(0), try ItemCoding.time(owner.vault.opened(row.blob(2), in: cell)))
        }
    }

    /// Adds to a session's header which items were forgotten.
    func note(gaps seqs: [Int64], in session: String, of owner: Owner) throws(AffettoError) {
        guard var header = try headers(of: owner).first(where: { $0.session == session })?.header else { return }
        var all = Set(seqs)
        for gap in header.gaps ?? [] where gap.count == 2 && gap[0] <= gap[1] { all.formUnion(gap[0]...gap[1]) }
        var gaps: [[Int64]] = []
        for seq in all.sorted() {
            if let last = gaps.last, last[1] == seq - 1 {
                gaps[gaps.count - 1][1] = seq
            } else {
                gaps.append([seq, seq])
            }
        }
        header.gaps = gaps
        try database.run(
            "UPDATE session SET sealed_header = ? WHERE id = ?",
            .blob(try owner.vault.seal(json: header, in: sessionCell(session))), .text(session))
    }

    func insert(_ record: SessionRecord, _ items: [SessionItem], of owner: Owner) throws(AffettoError) {
        let header = SessionHeader(
            started: record.started, task: record.task, purpose: record.purpose, preset: record.preset)
        try database.run(
            "INSERT INTO session (id, learner, sealed_header) VALUES (?, ?, ?)", .text(record.id), .blob(owner.row),
            .blob(try owner.vault.seal(json: header, in: sessionCell(record.id))))
        try put(items.enumerated().map { (Int64($0.offset) + 1, $0.element) }, in: record.id, of: owner)
    }

    /// Seals items and writes them. One already there is replaced: a group whose commit seemed to fail may be written twice.
    fileprivate func put(
        _ items: [SessionLog.Numbered], in session: String, of owner: Owner
    ) throws(AffettoError) {
        var plain: [UInt8] = []
        var sealed: [UInt8] = []
        let nonces = randomBytes(items.count * Vault.nonceBytes)
        try database.batch("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)") { row throws(AffettoError) in
            try row.keep(.text(session), at: 1)
            for (index, (seq, item)) in items.enumerated() {
                plain.removeAll(keepingCapacity: true)
                try ItemCoding.encode(item, into: &plain)
                let nonce = nonces[(index * Vault.nonceBytes)..<((index + 1) * Vault.nonceBytes)]
                owner.vault.seal(plain, place: itemCell(session, seq, item.kind).bytes, nonce: nonce, into: &sealed)
                row.integer(seq, at: 2)
                row.integer(item.kind.rawValue, at: 3)
                try row.step(blob: sealed, at: 4)
            }
        }
    }
}

// MARK: Items as rows

/// Numbers of the column `item.kind`; never renumbered.
private enum Kind: Int64 {
    case event = 0
    case state = 1
    case decision = 2
    case outcome = 3
    case prompt = 4
}

struct SessionHeader: Codable {
    var started: Int64
    var task: TaskKind
    var purpose: Purpose
    var preset: String
    /// Numbers of items that were forgotten, as pairs of first and last; `nil` = none.
    var gaps: [[Int64]]?
}

func sessionCell(_ session: String) -> Cell { Cell("session", session, "header") }

/// `nil` for a kind that is none of ours.
func sessionItemCell(_ session: String, _ seq: Int64, _ kind: Int64) -> Cell? {
    Kind(rawValue: kind).map { itemCell(session, seq, $0) }
}

private func itemCell(_ session: String, _ seq: Int64, _ kind: Kind) -> Cell {
    Cell("item", "\(session)/\(seq)", "\(kind)")
}

extension SessionItem {
    fileprivate var kind: Kind {
        switch self {
        case .event: .event
        case .state: .state
        case .decision: .decision
        case .outcome: .outcome
        case .prompt: .prompt
        }
    }
}

extension SessionItem {
    fileprivate init(_ kind: Kind, _ plain: [UInt8]) throws(AffettoError) {
        self =
            switch kind {
            case .event: .event(try ItemCoding.event(plain))
            case .state: .state(try ItemCoding.state(plain))
            case .decision: .decision(try JSON.decode(Decision.self, from: plain, what: "decision"))
            case .outcome: .outcome(try JSON.decode(Outcome.self, from: plain, what: "outcome"))
            case .prompt: .prompt(try JSON.decode(Prompt.self, from: plain, what: "prompt"))
            }
    }
}

extension SessionRecord {
    fileprivate mutating func add(_ item: SessionItem) {
        switch item {
        case .event(let event): events.append(event)
        case .state(let state): states.append(state)
        case .decision(let decision): decisions.append(decision)
        case .outcome(let outcome): outcomes.append(outcome)
        case .prompt(let prompt): prompts.append(prompt)
        }
    }
}
