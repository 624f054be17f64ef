import AffettoCore
import AffettoGuidance
import AffettoIntervention
import AffettoPolicy
import AffettoSelfReport
import AffettoStore

/// Everything held about a learner, as it is handed out.
public struct LearnerExport: Codable, Sendable {
    public var format = 1
    public var learner: String
    public var assessment: Assessment
    public var consents: [Consent]
    public var model: LearnerModel
    public var sessions: [SessionRecord]
}

extension Engine {
    /// Creates a learner, or gives an existing one a new assessment and keeps everything else.
    ///
    /// - Parameters:
    ///   - id: the host's, 1…128 bytes. - assessment: JSON; `nil` = nothing is known.
    public func createLearner(_ id: String, assessment json: [UInt8]?) throws(AffettoError) {
        guard (1...128).contains(id.utf8.count), !id.utf8.contains(0) else {
            throw AffettoError(.argument, "a learner's id has 1…128 bytes, none of them 0; not \(id.utf8.count)")
        }
        let assessment =
            try json.map { bytes throws(AffettoError) in try AssessmentReader.read(json: bytes) } ?? Assessment()
        try store.putLearner(id, assessment: assessment, at: Self.unixNow)
        var model = try learnerModel(of: id)
        model.adopt(assessment)
        try keep(model, of: id)
        for session in openSessions(of: id) { session.adopt(assessment) }
    }

    /// Puts a consent on file; live sessions go by it from now on.
    public func grant(_ consent: Consent, to learner: String) throws(AffettoError) {
        guard consent.expires > consent.granted else {
            throw AffettoError(.range, "a consent must expire after it was granted")
        }
        try store.grant(consent, to: learner, at: Self.unixNow)
        var failure: AffettoError?
        for session in openSessions(of: learner) {
            do { try session.consentChanged() } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Revokes; live sessions refuse the next push, and what they hold of that modality is zeroed before this returns.
    public func revoke(modality: DataKind, purpose: Purpose, of learner: String) throws(AffettoError) {
        let now = Self.unixNow
        var failure: AffettoError?
        do { try store.revoke(modality: modality, purpose: purpose, of: learner, at: now) } catch { failure = error }
        // Also where the store could not be written: what is open here is shut.
        for session in openSessions(of: learner) { session.revoke(modality, purpose, at: now) }
        if let failure { throw failure }
    }

    /// Writes to the audit log; not where nothing may be written.
    public func note(_ action: AuditAction, of learner: String? = nil) throws(AffettoError) {
        guard !store.isReadOnly else { return }
        try store.audit(action, of: learner, at: Self.unixNow)
    }

    /// All consents ever given, oldest first, the expired and the revoked among them.
    public func consents(of learner: String) throws(AffettoError) -> [Consent] { try store.consents(of: learner) }

    /// Everything held about the learner, as JSON.
    ///
    /// - Parameter logs: whether it goes into the audit log; not where only its size is asked.
    public func export(_ learner: String, logs: Bool = true) throws(AffettoError) -> String {
        let all = try gather(learner)
        if logs { try note(.exported, of: learner) }
        return try JSON.text(all, pretty: true)
    }

    /// Everything held about the learner.
    func gather(_ learner: String) throws(AffettoError) -> LearnerExport {
        try commitSessions(of: learner)
        var records: [SessionRecord] = []
        for summary in try store.sessions(of: learner) {
            records.append(try store.readSession(summary.id, of: learner))
        }
        return LearnerExport(
            learner: learner, assessment: try store.assessment(of: learner), consents: try store.consents(of: learner),
            model: try learnerModel(of: learner), sessions: records)
    }

    func commitSessions(of learner: String? = nil) throws(AffettoError) {
        for session in openSessions(of: learner) { try session.commit() }
    }

    // MARK: Adaptation

    /// What the learner's own reports have taught about their senses, whether it helps, and what can be gone back to.
    public func adaptation(of learner: String) throws(AffettoError) -> Adaptation {
        Adaptation(try currentModel(of: learner))
    }

    /// Forgets what was learned about the learner's senses since `reports` reports; 0 = all of it. What was learned about
    /// music stays.
    /// - Throws: `.notFound` where that state was not kept.
    public func restoreAdaptation(of learner: String, to reports: Int) throws(AffettoError) {
        var model = try currentModel(of: learner)
        guard let senses = model.senseHistory.restore(to: reports) else {
            throw AffettoError(.notFound, "what had been learned after \(reports) reports was not kept")
        }
        model.senses = senses
        try keep(model, of: learner)
        for session in openSessions(of: learner) { session.adoptSenses(of: model) }
        try note(.adaptationRestored, of: learner)
    }

    /// An open sitting may know more than what is on file.
    private func currentModel(of learner: String) throws(AffettoError) -> LearnerModel {
        let filed = try learnerModel(of: learner)
        let open = openSessions(of: learner).compactMap(\.learnedModel)
        return open.max { $0.senseHistory.reports < $1.senseHistory.reports } ?? filed
    }

    /// Destroys the learner's key and rows. Live sessions of the learner are ended.
    public func erase(_ learner: String) throws(AffettoError) {
        for session in openSessions(of: learner) { session.end() }
        // Those that began meanwhile, too; and after `.busy`, as the key is gone.
        defer { for session in openSessions(of: learner) { session.end() } }
        try store.erase(learner, at: Self.unixNow)
        _ = crises.resolve(learner)
    }

    func learnerModel(of learner: String) throws(AffettoError) -> LearnerModel {
        guard let bytes = try store.model(of: learner) else { return LearnerModel() }
        return try JSON.decode(LearnerModel.self, from: bytes, what: "the learner's model")
    }

    func keep(_ model: LearnerModel, of learner: String) throws(AffettoError) {
        try store.putModel(try JSON.encode(model), of: learner)
    }
}
