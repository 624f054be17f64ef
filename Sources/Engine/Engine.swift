import AffettoCore
import AffettoGuidance
import AffettoIntervention
import AffettoLearning
import AffettoLibrary
import AffettoPolicy
import AffettoSelfReport
import AffettoStore
import Glibc

public typealias CrisisWords = AffettoGuidance.CrisisWords
public typealias KeySource = AffettoStore.KeySource
public typealias AuditAction = AffettoStore.AuditAction
public typealias Forgotten = AffettoStore.Forgotten
public typealias Retention = AffettoStore.Retention

/// How an engine is opened.
public struct EngineOptions: Sendable {
    /// File of the store; `nil` keeps everything in memory.
    public var storePath: String?
    /// Name of the policy preset; unknown or `nil` = strict.
    public var preset: String?
    public var key: KeySource?
    /// An existing store, for reports: nothing is written, the audit log neither, and what would write is refused.
    public var isReadOnly = false
    public var seed: UInt64 = 1
    /// Gets lines about the library's own work, without personal data.
    public var log: (@Sendable (LogLevel, String) -> Void)?
    /// A preset for schools or minors asks for a handler and for resources.
    public var crisis = CrisisOptions()

    public enum LogLevel: Int32, Sendable {
        case error = 0
        case warning, information
    }

    public init() {}
}

/// Models, library, store and policy: one a process, shared by threads. Learners' sittings are `Session`s.
public final class Engine: Sendable {
    /// The preset with what the host has changed in it.
    public var preset: Preset { policy.withLock { $0 } }
    let policy: Guarded<Preset>
    /// One change at a time.
    let amending = Guarded(())
    public let library: MusicLibrary
    let store: Store
    let seed: UInt64
    let decider = Decider()
    let crisisOptions: CrisisOptions
    let crises = CrisisBoard()
    private let models: Guarded<Models>
    private let sessions = Guarded<[ObjectIdentifier: WeakSession]>([:])
    /// Unix seconds of the last look at what was kept long enough.
    private let lastRetention = Guarded<Int64?>(nil)
    private let log: (@Sendable (EngineOptions.LogLevel, String) -> Void)?

    func logLine(_ level: EngineOptions.LogLevel, _ line: String) { log?(level, line) }

    private struct WeakSession {
        weak var session: Session?
    }

    public init(_ options: EngineOptions) throws(AffettoError) {
        let preset = Preset.named(options.preset)
        if preset.isForMinors, !options.isReadOnly, let missing = options.crisis.missing {
            throw AffettoError(
                .policy, "the preset \(preset.name) needs \(missing): whom to turn to when a learner's words are grave")
        }
        crisisOptions = options.crisis
        policy = Guarded(preset)
        log = options.log
        seed = options.seed
        models = Guarded(try Models.embedded())
        store = try Store(path: options.storePath, key: options.key, isReadOnly: options.isReadOnly)
        library = try MusicLibrary(store: store)
        if library.damaged > 0 {
            log?(.warning, "\(library.damaged) tracks of the library make no sense and are passed over")
        }
        if let name = options.preset, name != preset.name {
            log?(.warning, "unknown policy preset '\(name)': using \(preset.name)")
        }
        log?(.information, "engine open: preset \(preset.name) version \(preset.version), \(library.count) tracks")
    }

    /// Replaces the embedded model of the pack's task, for sessions that begin from now on.
    public func loadModel(path: String) throws(AffettoError) {
        let pack = try ModelPack(copying: PackFile.read(path))
        try models.withLock { models throws(AffettoError) in try models.adopt(pack) }
        try note(.modelLoaded)
        if pack.header.settings["research.only"] == 1 {
            log?(.warning, "the \(pack.header.task) model was trained on data that may not be used commercially")
        }
    }

    var currentModels: Models { models.withLock { $0 } }

    /// Ends every open session and closes the store. Further calls fail with `.closed`.
    public func close() {
        // Nobody will look at the clock any more.
        for notice in overdue(at: .max) { notice.deliver() }
        for session in openSessions() { session.end() }
        store.close()
        // Those that began meanwhile.
        for session in openSessions() { session.end() }
    }

    deinit { store.close() }

    /// Turns to the second handler where a crisis waits too long. Commits what sessions have gathered; at the first call,
    /// and then once an hour, deletes what was kept long enough.
    public func maintain(now: Microseconds) throws(AffettoError) {
        for notice in overdue(at: now) { notice.deliver() }
        try upkeep(now: now)
    }

    /// As `maintain`, without a look at crises, which are the caller's to tell (`overdueCrises`).
    public func upkeep(now: Microseconds) throws(AffettoError) {
        guard !store.isReadOnly else { return }
        var failure: AffettoError?
        for session in openSessions() {
            do { try session.commit() } catch { failure = failure ?? error }
        }
        let unixNow = Self.unixNow
        if lastRetention.withLock({ $0.map { abs(unixNow - $0) >= 3600 } ?? true }) {
            do { _ = try retain() } catch {
                // Somebody reads or writes just now: the next call tries again.
                if error.code != .busy { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
    }

    /// Deletes what was kept long enough; `nil` where the clock is not believed yet.
    public func retain() throws(AffettoError) -> Forgotten? {
        let unixNow = Self.unixNow
        let open = Set(openSessions().map(\.id))
        let gone = try store.retain(now: unixNow, isOpen: { open.contains($0) })
        lastRetention.withLock { $0 = unixNow }
        if let gone, gone != Forgotten() {
            log?(.information, "kept long enough: \(gone.sessions) sessions, \(gone.items) items")
        } else if gone == nil {
            log?(.warning, "nobody has seen this clock before: nothing is deleted for its age before it is confirmed")
        }
        return gone
    }

    // MARK: Sessions

    public func startSession(learner: String, options: SessionOptions) throws(AffettoError) -> Session {
        let session = try Session(engine: self, learner: learner, options: options)
        sessions.withLock { $0[ObjectIdentifier(session)] = WeakSession(session: session) }
        // Only now that every change reaches it: a consent revoked while it was being made counts.
        try session.consentChanged()
        session.crisisChanged()
        return session
    }

    func forget(_ id: ObjectIdentifier) { sessions.withLock { $0[id] = nil } }

    func openSessions(of learner: String? = nil) -> [Session] {
        sessions.withLock { $0.values.compactMap(\.session) }.filter { learner == nil || $0.learner == learner }
    }

    /// The wall clock, seconds since 1970: for consents and records, never for decisions.
    public static var unixNow: Int64 { Int64(time(nil)) }
}
