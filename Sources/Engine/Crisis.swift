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

/// Open crises, one a learner, from the words until a person resolves them or the engine closes.
final class CrisisBoard: Sendable {
    private let open = Guarded<[String: CrisisReport]>([:])

    subscript(learner: String) -> CrisisReport? { open.withLock { $0[learner] } }

    /// Puts it on the board unless what is there is as grave and not yet looked at.
    /// - Returns: whether it is news.
    func put(_ report: CrisisReport) -> Bool {
        open.withLock { open in
            if let old = open[report.learner], !old.isAcknowledged, old.tier >= report.tier { return false }
            open[report.learner] = report
            return true
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

    /// Puts grave words on the board and turns to the handler. No lock may be held.
    func deliver(_ report: CrisisReport) {
        guard crises.put(report) else { return }
        for session in openSessions(of: report.learner) { session.crisisChanged() }
        do { try note(.crisisNoticed, of: report.learner) } catch { logLine(.error, "a crisis could not be audited") }
        crisisOptions.handler?(report)
    }

    /// Turns to the second handler where nobody has acknowledged in time.
    func escalate(at now: Microseconds, of learner: String? = nil) {
        for report in crises.overdue(at: now, of: learner) {
            for session in openSessions(of: report.learner) { session.crisisChanged() }
            var late = report
            late.isEscalated = true
            logLine(.warning, "a crisis was not acknowledged in time")
            crisisOptions.second?(late)
        }
    }

    /// How grave the words of a message are: none of it is kept, and nobody is called.
    public func crisisTier(of text: String) -> CrisisTier {
        max(currentModels.text.crisis(text), crisisOptions.classifier?(text) ?? .none)
    }
}

extension Session {
    /// The open crisis of this learner, if any.
    public var crisis: CrisisReport? { engine.crises[learner] }

    /// Someone has taken it on: the second handler will not be called. The session stays as it is.
    /// - Throws: `.state` where no crisis is open.
    public func acknowledgeCrisis(at now: Microseconds) throws(AffettoError) {
        guard let report = engine.crises.acknowledge(learner) else { throw Self.noCrisis }
        engine.openSessions(of: learner).forEach { $0.crisisChanged() }
        try noteCrisis("crisis_acknowledged", ["after_s": "\(Int(max(now - report.time, 0).seconds))"], at: now)
        try engine.note(.crisisAcknowledged, of: learner)
    }

    /// A person says that the learner's sessions may go on.
    /// - Throws: `.state` where no crisis is open.
    public func resolveCrisis(at now: Microseconds) throws(AffettoError) {
        guard engine.crises.resolve(learner) != nil else { throw Self.noCrisis }
        engine.openSessions(of: learner).forEach { $0.crisisChanged() }
        try noteCrisis("crisis_resolved", [:], at: now)
        try engine.note(.crisisResolved, of: learner)
    }

    private static let noCrisis = AffettoError(.state, "no crisis of this learner is open")
}
