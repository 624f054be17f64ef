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
                SELECT id, sealed_header, (
                    SELECT count(*) FROM item
                    WHERE kind = ? AND place BETWEEN number << 32 AND (number + 1 << 32) - 1
                )
                FROM session WHERE learner = ? ORDER BY number
                """, .integer(ItemKind.decision.rawValue), .blob(owner.row)
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
            record.clock = header.clock
            record.kinds = header.kinds
            var count: Int64 = 0
            try files.eachItem(of: id, owner) { seq, kind, plain throws(AffettoError) in
                count += 1
                while let gap = header.gaps?.first(where: { $0.count == 2 && $0[0] <= count && count <= $0[1] }) {
                    count = gap[1] + 1
                }
                guard seq == count else {
                    throw AffettoError(.storeCorrupt, "the store is damaged: a part of the session is missing")
                }
                record.add(try SessionItem(kind, plain))
            }
            return record
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

    /// Adds to a session's header which items were forgotten; and, before they are, what can be told from them alone.
    func note(
        gaps seqs: [Int64], clock: Microseconds?, kinds: Set<DataKind>, in session: String, of owner: Owner
    ) throws(AffettoError) {
        guard var header = try header(of: session, owner) else { return }
        header.clock = header.clock ?? clock
        let rested = kinds.union(header.kinds ?? [])
        header.kinds = rested.isEmpty ? nil : DataKind.allCases.filter { rested.contains($0) }
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
        try put(header, of: session, owner)
    }

    func noteMomentsGone(_ session: String, of owner: Owner) throws(AffettoError) {
        guard var header = try header(of: session, owner) else { return }
        header.momentsGone = true
        try put(header, of: session, owner)
    }

    private func header(of session: String, _ owner: Owner) throws(AffettoError) -> SessionHeader? {
        try database.first("SELECT sealed_header FROM session WHERE id = ?", .text(session)) {
            row throws(AffettoError) in
            try owner.vault.open(SessionHeader.self, row.blob(0), in: sessionCell(session))
        }
    }

    private func put(_ header: SessionHeader, of session: String, _ owner: Owner) throws(AffettoError) {
        try database.run(
            "UPDATE session SET sealed_header = ? WHERE id = ?",
            .blob(try owner.vault.seal(json: header, in: sessionCell(session))), .text(session))
    }

    func insert(_ record: SessionRecord, _ items: [SessionItem], of owner: Owner) throws(AffettoError) {
        var header = SessionHeader(
            started: record.started, task: record.task, purpose: record.purpose, preset: record.preset)
        header.clock = record.clock
        header.kinds = record.kinds
        try database.run(
            "INSERT INTO session (id, learner, sealed_header) VALUES (?, ?, ?)", .text(record.id), .blob(owner.row),
            .blob(try owner.vault.seal(json: header, in: sessionCell(record.id))))
        try put(items.enumerated().map { (Int64($0.offset) + 1, $0.element) }, in: record.id, of: owner)
    }
}

struct SessionHeader: Codable {
    var started: Int64
    var task: TaskKind
    var purpose: Purpose
    var preset: String
    /// Numbers of items that were forgotten, as pairs of first and last; `nil` = none.
    var gaps: [[Int64]]?
    /// Session time at `started`; noted before the first item goes, whose time that is until then.
    var clock: Microseconds?
    /// What the session rested on; noted before its events go.
    var kinds: [DataKind]?
    /// Events, states and prompts were kept long enough and are gone; `nil` = not yet.
    var momentsGone: Bool?
}

func sessionCell(_ session: String) -> Cell { Cell("session", session, "header") }

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
