import AffettoCore
import AffettoGuidance
import AffettoText

/// Whom the engine turns to when a learner's words are grave. It notices words and hands over; a person decides.
public struct CrisisOptions: Sendable {
    /// Called on the thread of the push that brought the words, with no lock held.
    public var handler: (@Sendable (CrisisReport) -> Void)?
    /// Called where nobody has acknowledged by the deadline.
    public var second: (@Sendable (CrisisReport) -> Void)?
    /// The host's own reading of a message, heard besides the engine's: the graver counts.
    public var classifier: (@Sendable (String) -> CrisisTier)?
    /// Whom a learner can reach, by language.
    public var words = CrisisWords()
    /// Seconds until the second handler is called.
    public var deadline = 120.0

    public init() {}

    /// What is missing for a preset for minors; `nil` = nothing.
    var missing: String? {
        if handler == nil { return "a crisis handler" }
        return words.languages.isEmpty ? "crisis resources" : nil
    }
}

/// Grave words of a learner, without the words.
public struct CrisisReport: Sendable, Equatable {
    public var learner: String
    /// Id of the session in which they were written.
    public var session: String
    public var tier: CrisisTier
    public var source: CrisisSource
    public var time: Microseconds
    public var deadline: Microseconds
    public var isAcknowledged = false
    /// The second handler was called.
    public var isEscalated = false
}

/// A report that is due to a handler, which may do what it likes: deliver it with no lock held and no handle in use.
public struct CrisisNotice: Sendable {
    let report: CrisisReport
    let handler: (@Sendable (CrisisReport) -> Void)?

    public func deliver() { handler?(report) }
}

/// Open crises, one a learner, from the words until a person resolves them or the engine closes.
final class CrisisBoard: Sendable {
    private let open = Guarded<[String: CrisisReport]>([:])

    subscript(learner: String) -> CrisisReport? { open.withLock { $0[learner] } }

    /// Puts it on the board unless what is there is as grave. What is graver takes its place; the earlier deadline stays while
    /// nobody has acknowledged.
    /// - Returns: what there is news of; `nil` = none.
    func put(_ report: CrisisReport) -> CrisisReport? {
        open.withLock { open in
            var news = report
            if let old = open[report.learner] {
                if old.tier >= report.tier { return nil }
                if !old.isAcknowledged {
                    news.deadline = min(old.deadline, report.deadline)
                    news.isEscalated = old.isEscalated
                }
            }
            open[report.learner] = news
            return news
        }
    }

    /// - Returns: what it is now; `nil` where nothing is open.
    func acknowledge(_ learner: String) -> CrisisReport? {
        open.withLock { open in
            open[learner]?.isAcknowledged = true
            return open[learner]
        }
    }

    /// - Returns: what was open.
    func resolve(_ learner: String) -> CrisisReport? { open.withLock { $0.removeValue(forKey: learner) } }

    /// Those that nobody acknowledged in time, each once; `nil`: of every learner.
    func overdue(at now: Microseconds, of learner: String? = nil) -> [CrisisReport] {
        open.withLock { open in
            var late: [CrisisReport] = []
            for (id, report) in open where learner == nil || id == learner {
                guard !report.isAcknowledged, !report.isEscalated, now >= report.deadline else { continue }
                open[id]?.isEscalated = true
                late.append(report)
            }
            return late
        }
    }
}

extension Engine {
    /// How grave a message is, by patterns and model and by the host's classifier.
    func crisis(in text: String, reading: CrisisTier) -> (tier: CrisisTier, source: CrisisSource)? {
        let host = crisisOptions.classifier?(text) ?? .none
        let tier = max(reading, host)
        guard tier > .none else { return nil }
        return (tier, host == .none ? .engine : reading == .none ? .host : .both)
    }

    /// Puts grave words on the board: from here on every sitting of the learner stands still.
    /// - Returns: whom to turn to; `nil` where that was done before.
    func noticed(_ report: CrisisReport) -> CrisisNotice? {
        guard let news = crises.put(report) else { return nil }
        for session in openSessions(of: report.learner) { session.crisisChanged() }
        do { try note(.crisisNoticed, of: report.learner) } catch { logLine(.error, "a crisis could not be audited") }
        if crisisOptions.handler == nil { logLine(.warning, "grave words, and no handler that could be told") }
        return CrisisNotice(report: news, handler: crisisOptions.handler)
    }

    /// Crises that nobody acknowledged in time, for the caller to tell.
    public func overdueCrises(at now: Microseconds) -> [CrisisNotice] { now == .max ? [] : overdue(at: now) }

    /// Whom to turn to where nobody has acknowledged in time.
    func overdue(at now: Microseconds, of learner: String? = nil) -> [CrisisNotice] {
        // A time that makes no sense is no deadline passed.
        guard now < 1 << 60 || now == .max else { return [] }
        return crises.overdue(at: now, of: learner).map { report in
            var late = report
            late.isEscalated = true
            logLine(.warning, "a crisis was not acknowledged in time")
            return CrisisNotice(report: late, handler: crisisOptions.second)
        }
    }
}

extension Session {
    /// The open crisis of this learner, if any.
    public var crisis: CrisisReport? { engine.crises[learner] }

    /// Someone has taken it on: the second handler will not be called. The session stays as it is.
    /// - Throws: `.state` where no crisis is open or time runs backwards; what the store says, when it holds but is not on file.
    public func acknowledgeCrisis(at now: Microseconds) throws(AffettoError) {
        guard engine.crises[learner] != nil else { throw Self.noCrisis }
        try checkTime(now)
        guard let report = engine.crises.acknowledge(learner) else { throw Self.noCrisis }
        noteCrisis("crisis_acknowledged", ["after_s": "\(Int(max(now.seconds - report.time.seconds, 0)))"], at: now)
        try engine.note(.crisisAcknowledged, of: learner)
    }

    /// A person says that the learner's sessions may go on.
    /// - Throws: `.state` where no crisis is open.
    public func resolveCrisis(at now: Microseconds) throws(AffettoError) {
        guard engine.crises[learner] != nil else { throw Self.noCrisis }
        try checkTime(now)
        guard engine.crises.resolve(learner) != nil else { throw Self.noCrisis }
        engine.openSessions(of: learner).forEach { $0.crisisChanged() }
        noteCrisis("crisis_resolved", [:], at: now)
        try engine.note(.crisisResolved, of: learner)
    }

    private static let noCrisis = AffettoError(.state, "no crisis of this learner is open")
}
