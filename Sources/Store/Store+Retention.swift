import AffettoCore

/// How long things are kept, in days from the beginning of their session; 0 = for as long as the learner is on file.
public struct Retention: Codable, Sendable, Equatable {
    /// Events, states and prompts: what happened moment by moment.
    public var momentsDays: Int
    /// Whole sessions, with their decisions and outcomes.
    public var sessionsDays: Int

    public init(momentsDays: Int = 30, sessionsDays: Int = 365) {
        self.momentsDays = momentsDays
        self.sessionsDays = sessionsDays
    }
}

extension Store {
    public func retention() throws(AffettoError) -> Retention {
        try use { files throws(AffettoError) in try files.retention() }
    }

    /// - Parameter at: seconds since 1970, for the audit log.
    /// - Throws: `.range` unless both are 0…36500 and moments are not kept longer than their sessions.
    public func setRetention(_ retention: Retention, at: Int64) throws(AffettoError) {
        let days = 0...36_500
        guard days.contains(retention.momentsDays), days.contains(retention.sessionsDays) else {
            throw AffettoError(.range, "what is kept is kept for 0…36500 days, 0 for ever")
        }
        let sessions = retention.sessionsDays
        guard sessions == 0 || (1...sessions).contains(retention.momentsDays) else {
            throw AffettoError(.range, "moments cannot be kept longer than their sessions")
        }
        try use { files throws(AffettoError) in
            try files.logged(.retentionSet, subject: [], detail: Int64(sessions), at: at) { () throws(AffettoError) in
                try files.set("moments_days", Int64(retention.momentsDays))
                try files.set("sessions_days", Int64(sessions))
            }
        }
    }

    /// Deletes what has been kept long enough, but of sessions that are open.
    ///
    /// A clock that stands more than a week after the last pass, or that no pass has seen yet, is not believed at once: such a
    /// pass deletes nothing and only notes the time; one an hour or more later, if the clock still says so, does.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970. - isOpen: whether a session, by its id, is going on.
    /// - Returns: what was deleted, or would be; `nil` where the clock is not believed yet.
    public func retain(
        now: Int64, isDryRun: Bool = false, isOpen: (String) -> Bool = { _ in false }
    ) throws(AffettoError) -> Forgotten? {
        guard (0...(1 << 40)).contains(now) else { throw AffettoError(.range, "the clock makes no sense") }
        return try use { files throws(AffettoError) in
            let retention = try files.retention()
            if !isDryRun, try !files.believes(now) { return nil }
            var whole: [(owner: Files.Owner, session: Files.Held)] = []
            var parts: [(owner: Files.Owner, session: Files.Held)] = []
            for owner in try files.owners() {
                // One learner's damage must not keep everybody's data for ever.
                guard let headers = try? files.headers(of: owner) else { continue }
                for (id, header) in headers where !isOpen(id) {
                    func isOlder(than days: Int) -> Bool { days > 0 && header.started < now - Int64(days) * 86_400 }
                    if isOlder(than: retention.sessionsDays) {
                        // What cannot be read any more goes, too.
                        let all = try? files.held(id, of: owner, isMoment: false)
                        whole.append((owner, all ?? Files.Held(session: id, items: [], isWhole: true)))
                    } else if isOlder(than: retention.momentsDays), header.momentsGone != true {
                        guard let moments = try? files.held(id, of: owner, isMoment: true) else { continue }
                        parts.append((owner, moments))
                    }
                }
            }
            let all = whole + parts
            guard !isDryRun, !all.isEmpty else { return files.count(all.map(\.session)) }
            let detail = Int64(retention.sessionsDays)
            try files.logged(.retained, subject: [], detail: detail, at: now) { () throws(AffettoError) in
                for (owner, session) in all { try files.delete(session, of: owner) }
                for (owner, session) in parts { try files.noteMomentsGone(session.session, of: owner) }
            }
            try files.clean()
            return files.count(all.map(\.session))
        }
    }
}

extension Store.Files {
    fileprivate func retention() throws(AffettoError) -> Retention {
        let usual = Retention()
        let moments = try setting("moments_days", within: 0...36_500).map { Int($0) }
        let sessions = try setting("sessions_days", within: 0...36_500).map { Int($0) }
        return Retention(
            momentsDays: moments ?? usual.momentsDays, sessionsDays: sessions ?? usual.sessionsDays)
    }

    private func setting(_ name: String, within range: ClosedRange<Int64>) throws(AffettoError) -> Int64? {
        let value = try database.first("SELECT value FROM setting WHERE name = ?", .text(name)) {
            row throws(AffettoError) in row.integer(0)
        }
        guard let value else { return nil }
        // Anybody may have edited the file.
        guard range.contains(value) else { throw Database.unbelievable }
        return value
    }

    fileprivate func set(_ name: String, _ value: Int64) throws(AffettoError) {
        try database.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", .text(name), .integer(value))
    }

    fileprivate func believes(_ now: Int64) throws(AffettoError) -> Bool {
        let last = try setting("retention_pass", within: 0...(1 << 40))
        let doubted = try setting("retention_doubt", within: 0...(1 << 40)) ?? 0
        // The first look of all, at sessions that are there already, has nothing to compare the clock with.
        let hasSessions = try database.integer("SELECT count(*) FROM session LIMIT 1") > 0
        let isFar = last.map { now > $0 + 7 * 86_400 } ?? hasSessions
        if isFar {
            // Seen an hour ago or more, and not taken back since.
            let isConfirmed = doubted > 0 && now >= doubted + 3600
            guard isConfirmed else {
                if doubted == 0 || now < doubted { try set("retention_doubt", now) }
                return false
            }
        }
        try set("retention_pass", now)
        try set("retention_doubt", 0)
        return true
    }
}
