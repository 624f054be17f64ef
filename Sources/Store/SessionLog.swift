import AffettoCore

/// Gathers what happens in one session and writes it, many items to a transaction. `append` only remembers; the disk is
/// waited for in `commit` and `commitIfDue` alone. Whenever the process is killed, what was appended since the last of
/// those is lost, and nothing more.
///
/// May be shared by threads; `append` does not wait for a commit that another thread has under way. When a commit fails,
/// its items stay in memory, in order, and go with the next one.
public final class SessionLog: Sendable {
    /// As many waiting items are due at once.
    public static let groupSize = 64
    /// An item that has waited this long is due.
    public static let groupDelay: Microseconds = 50_000
    /// With so many items waiting there is no room for evidence: somebody has to commit.
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
        var hasFailed = false

        func isDue(_ now: Microseconds) -> Bool {
            guard !items.isEmpty else { return false }
            let (waited, overflow) = now.subtractingReportingOverflow(since)
            return overflow || waited >= SessionLog.groupDelay || (items.count >= SessionLog.groupSize && !hasFailed)
        }
    }

    private let group = Guarded(Group())
    /// One commit at a time, so that items reach the file in order.
    private let writing = Guarded(())
    private let write: Write

    init(id: String, write: @escaping Write) {
        self.id = id
        self.write = write
    }

    /// Whether evidence may be taken: fewer than 4096 items wait.
    public var hasRoom: Bool { group.withLock { $0.items.count < Self.capacity } }

    /// Takes the item, into memory alone. - Returns: its number in the session, from 1.
    /// - Throws: `.storeFull` when twice 4096 items wait (this one is then not taken); `.closed` after `end`.
    @discardableResult
    public func append(_ item: SessionItem, at now: Microseconds) throws(AffettoError) -> Int64 {
        try group.withLock { group throws(AffettoError) in
            guard !group.isEnded else { throw AffettoError(.closed, "the session has ended") }
            // Half of the room is for what evidence brings about.
            guard group.items.count < 2 * Self.capacity else {
                throw AffettoError(.storeFull, "\(2 * Self.capacity) items wait for a store that cannot be written")
            }
            if group.items.isEmpty { group.since = now }
            group.seq += 1
            group.items.append((group.seq, item))
            return group.seq
        }
    }

    /// Commits when 64 items wait, or the oldest has waited for 50 ms.
    public func commitIfDue(now: Microseconds) throws(AffettoError) {
        guard group.withLock({ $0.isDue(now) }) else { return }
        try commit(now)
    }

    /// Commits what is waiting, now: what must be on file before the call returns, such as a decision.
    public func commit() throws(AffettoError) { try commit(nil) }

    /// Commits and takes nothing more. Twice is fine. When the commit fails, `commit` may be tried again.
    public func end() throws(AffettoError) {
        group.withLock { $0.isEnded = true }
        try commit(nil)
    }

    private func commit(_ now: Microseconds?) throws(AffettoError) {
        try writing.withLock { _ throws(AffettoError) in
            let items = group.withLock { $0.items }
            guard !items.isEmpty else { return }
            do throws(AffettoError) { try write(items) } catch {
                let isErased = error.code == .notFound
                group.withLock { group in
                    if isErased {
                        // Nothing of an erased learner may stay, here neither.
                        group.items = []
                        group.isEnded = true
                    }
                    // A store that fails is tried again after another 50 ms.
                    group.since = now ?? group.since
                    group.hasFailed = true
                }
                throw error
            }
            group.withLock { group in
                group.items.removeFirst(items.count)
                group.hasFailed = false
            }
        }
    }
}
