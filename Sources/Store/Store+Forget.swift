import AffettoCore

/// What was deleted, or would be.
public struct Forgotten: Codable, Sendable, Equatable {
    public var sessions = 0
    public var items = 0

    public init() {}
}

/// Deleting less than a learner: a stretch of time, or what is older than may be kept; and taking a learner in from an export.
extension Store {
    /// Deletes what a learner's sessions hold of a stretch of time, seconds since 1970; sessions that then hold nothing go
    /// too. What was learned from it stays, and earlier backups keep it until they are gone: only `erase` reaches those.
    ///
    /// - Parameters:
    ///   - at: seconds since 1970, for the audit log. - isDryRun: only count.
    ///   - isOpen: whether a session, by its id, is going on.
    public func forget(
        _ span: Range<Int64>, of learner: String, at: Int64, isDryRun: Bool = false,
        isOpen: (String) -> Bool = { _ in false }
    ) throws(AffettoError) -> Forgotten {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let found = try files.held(span, of: owner).map { held in
                // A session that goes on keeps its place.
                isOpen(held.session) ? Files.Held(session: held.session, items: held.items, isWhole: false) : held
            }
            guard !isDryRun else { return files.count(found) }
            try files.logged(.forgotten, subject: files.subject(learner), at: at) { () throws(AffettoError) in
                for session in found { try files.delete(session, of: owner) }
            }
            try files.clean()
            return files.count(found)
        }
    }

    /// Deletes every session that began more than so many days ago, of all learners, but those that are open.
    public func retain(
        days: Int, now: Int64, isDryRun: Bool = false, isOpen: (String) -> Bool = { _ in false }
    ) throws(AffettoError) -> Forgotten {
        guard (1...36_500).contains(days) else { throw AffettoError(.range, "days is \(days); it must be 1…36500") }
        guard (0...(1 << 40)).contains(now) else { throw AffettoError(.range, "the clock makes no sense") }
        return try use { files throws(AffettoError) in
            var all: [(owner: Files.Owner, session: Files.Held)] = []
            for owner in try files.owners() {
                for (id, header) in try files.headers(of: owner)
                where header.started < now - Int64(days) * 86_400 && !isOpen(id) {
                    all.append((owner, try files.held(id, of: owner, isMoment: false)))
                }
            }
            guard !isDryRun, !all.isEmpty else { return files.count(all.map(\.session)) }
            try files.logged(.retained, subject: [], detail: Int64(days), at: now) { () throws(AffettoError) in
                for (owner, session) in all { try files.delete(session, of: owner) }
            }
            try files.clean()
            return files.count(all.map(\.session))
        }
    }

    /// Puts a session on file as an export has it.
    /// - Throws: `.state` where a session of this id is on file already.
    public func importSession(_ record: SessionRecord, of learner: String) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            guard try files.database.integer("SELECT count(*) FROM session WHERE id = ?", .text(record.id)) == 0 else {
                throw AffettoError(.state, "a session of this id is on file already")
            }
            let items: [SessionItem] =
                record.events.map { .event($0) } + record.states.map { .state($0) }
                + record.decisions.map { .decision($0) } + record.outcomes.map { .outcome($0) }
                + record.prompts.map { .prompt($0) }
            try files.database.transaction { () throws(AffettoError) in try files.insert(record, items, of: owner) }
        }
    }
}

extension Store.Files {
    /// A session with the numbers of the items that are to go; `isWhole` = all of it.
    struct Held {
        var session: String
        var items: [Int64]
        var isWhole: Bool
    }

    func count(_ found: [Held]) -> Forgotten {
        var out = Forgotten()
        out.sessions = found.count(where: \.isWhole)
        out.items = found.reduce(0) { $0 + $1.items.count }
        return out
    }

    fileprivate func held(_ span: Range<Int64>, of owner: Owner) throws(AffettoError) -> [Held] {
        var out: [Held] = []
        for (session, header) in try headers(of: owner) {
            var items: [(seq: Int64, time: Microseconds)] = []
            try eachItem(of: session, owner) { seq, _, plain throws(AffettoError) in
                items.append((seq, try ItemCoding.time(plain)))
            }
            guard let first = items.first?.time else {
                if span.contains(header.started) { out.append(Held(session: session, items: [], isWhole: true)) }
                continue
            }
            let clock = header.clock ?? first
            let gone = items.filter { span.contains(header.started + ($0.time - clock) / 1_000_000) }.map(\.seq)
            if !gone.isEmpty { out.append(Held(session: session, items: gone, isWhole: gone.count == items.count)) }
        }
        return out
    }

    /// A session's items: all of them, or the moments alone (events, states, prompts).
    func held(_ session: String, of owner: Owner, isMoment: Bool) throws(AffettoError) -> Held {
        var items: [Int64] = []
        try eachItem(of: session, owner) { seq, kind, _ throws(AffettoError) in
            if !isMoment || kind.isMoment { items.append(seq) }
        }
        return Held(session: session, items: items, isWhole: !isMoment)
    }

    func delete(_ held: Held, of owner: Owner) throws(AffettoError) {
        guard !held.isWhole else {
            return try database.run("DELETE FROM session WHERE id = ?", .text(held.session))
        }
        guard !held.items.isEmpty else { return }
        let gone = Set(held.items)
        var left: [Plain] = []
        var clock: Microseconds?
        var kinds: Set<DataKind> = []
        try eachItem(of: held.session, owner) { seq, kind, plain throws(AffettoError) in
            if clock == nil { clock = try ItemCoding.time(plain) }
            if kind == .event, let data = DataKind(name: try ItemCoding.event(plain).kind) { kinds.insert(data) }
            if !gone.contains(seq) { left.append((seq, kind, plain)) }
        }
        try dropItems(of: held.session)
        try put(left, in: held.session, of: owner)
        // The gap is noted under seal, so that a gap that nobody noted still shows as damage.
        try note(gaps: held.items, clock: clock, kinds: kinds, in: held.session, of: owner)
    }

    /// Freed pages are overwritten as they are freed; this empties the write-ahead log, too.
    func clean() throws(AffettoError) {
        guard try database.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else {
            throw AffettoError(.busy, "deleted, but another process still reads an earlier copy of the file")
        }
    }
}
