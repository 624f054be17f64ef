import AffettoCore

/// One thing that happened in a session and is kept.
public enum SessionItem: Sendable {
    case event(SessionEvent)
    case state(AffectState)
    case decision(Decision)
    case outcome(Outcome)
    case prompt(Prompt)
}

/// Writes one session, many items to a transaction. Whenever the process is killed, at most the group in flight is
/// lost: fewer than 64 items, none that has waited for 50 ms when `append` or `commitIfDue` is called.
///
/// May be shared by threads. When a commit fails, its items stay in memory, in order, and go with the next one.
public final class SessionLog: Sendable {
    /// As many waiting items are committed at once.
    public static let groupSize = 64
    /// An item that has waited this long is due.
    public static let groupDelay: Microseconds = 50_000
    /// So many items may wait while commits fail.
    public static let capacity = 4096

    /// 32 hex digits.
    public let id: String

    typealias Numbered = (seq: Int64, item: SessionItem)
    typealias Write = @Sendable ([Numbered]) throws(AffettoError) -> Void

    private struct Group {
        var items: [Numbered] = []
        /// When the oldest item came, or when the last commit failed.
        var since: Microseconds = 0
        var seq: Int64 = 0
        var isEnded = false

        func isDue(_ now: Microseconds) -> Bool {
            guard !items.isEmpty else { return false }
            let (waited, overflow) = now.subtractingReportingOverflow(since)
            return overflow || waited >= SessionLog.groupDelay
        }
    }

    private let group = Guarded(Group())
    private let write: Write

    init(id: String, write: @escaping Write) {
        self.id = id
        self.write = write
    }

    /// Takes the item; commits when 64 are waiting or the oldest is due. When that commit fails the item is kept, and
    /// must not be appended again.
    /// - Throws: `.storeFull` when 4096 items wait already (this one is then not taken); `.closed` after `end`; the
    ///   store's errors.
    public func append(_ item: SessionItem, at now: Microseconds) throws(AffettoError) {
        try group.withLock { group throws(AffettoError) in
            guard !group.isEnded else { throw AffettoError(.closed, "the session has ended") }
            guard group.items.count < Self.capacity else {
                throw AffettoError(.storeFull, "\(Self.capacity) items wait for a store that cannot be written")
            }
            if group.items.isEmpty { group.since = now }
            group.seq += 1
            group.items.append((group.seq, item))
            // A store that fails is tried again once a group, not at each item.
            if group.items.count % Self.groupSize == 0 || group.isDue(now) { try commit(&group, now) }
        }
    }

    /// Commits when the oldest item has waited for 50 ms.
    public func commitIfDue(now: Microseconds) throws(AffettoError) {
        try group.withLock { group throws(AffettoError) in
            if group.isDue(now) { try commit(&group, now) }
        }
    }

    /// Commits what is waiting, now: what must be on file before the call returns, such as a decision.
    public func commit() throws(AffettoError) {
        try group.withLock { group throws(AffettoError) in try commit(&group, nil) }
    }

    /// Commits and takes nothing more. Twice is fine. When the commit fails, `commit` may be tried again.
    public func end() throws(AffettoError) {
        try group.withLock { group throws(AffettoError) in
            group.isEnded = true
            try commit(&group, nil)
        }
    }

    private func commit(_ group: inout Group, _ now: Microseconds?) throws(AffettoError) {
        guard !group.items.isEmpty else { return }
        do { try write(group.items) } catch {
            if error.code == .notFound {
                // The learner was erased meanwhile: nothing of them may stay, here neither.
                group.items = []
                group.isEnded = true
            }
            if let now { group.since = now }
            throw error
        }
        group.items.removeAll(keepingCapacity: true)
    }
}
