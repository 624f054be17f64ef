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
        guard (1...128).contains(id.utf8.count) else {
            throw AffettoError(.argument, "a learner's id has 1…128 bytes, not \(id.utf8.count)")
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
        for session in openSessions(of: learner) { try session.consentChanged() }
    }

    /// Revokes; live sessions refuse the next push, and what they hold of that modality is zeroed before this returns.
    public func revoke(modality: Modality, purpose: Purpose, of learner: String) throws(AffettoError) {
        let now = Self.unixNow
        var failure: AffettoError?
        do { try store.revoke(modality: modality, purpose: purpose, of: learner, at: now) } catch { failure = error }
        // Also where the store could not be written: what is open here is shut.
        for session in openSessions(of: learner) { session.revoke(modality, purpose, at: now) }
        if let failure { throw failure }
    }

    /// Writes to the audit log.
    public func note(_ action: AuditAction, of learner: String? = nil) throws(AffettoError) {
        try store.audit(action, of: learner, at: Self.unixNow)
    }

    /// What preset (the engine's own by default) and consents say about one use.
    public func verdict(
        modality: Modality, purpose: Purpose, learner: String, preset name: String? = nil
    ) throws(AffettoError) -> Verdict {
        Self.verdict(
            name.map { Preset.named($0) } ?? preset, modality, purpose, try store.assessment(of: learner),
            try store.consents(of: learner))
    }

    /// The one rule of every push: the learner's own declaration first, then preset and consents, now.
    static func verdict(
        _ preset: Preset, _ modality: Modality, _ purpose: Purpose, _ assessment: Assessment, _ consents: [Consent]
    ) -> Verdict {
        let isUnreadable =
            switch modality {
            case .voice: assessment.voiceNotReadable == true
            case .face: assessment.faceNotReadable == true
            case .text, .activity, .selfReport: false
            }
        guard !isUnreadable else {
            return .forbidden(
                rule: "the learner declared that their \(modality.name) cannot be read", citation: "assessment")
        }
        return Policy.verdict(
            preset: preset, modality: modality, purpose: purpose, consents: consents, at: unixNow)
    }

    /// Everything held about the learner, as JSON.
    ///
    /// - Parameter logs: whether it goes into the audit log; not where only its size is asked.
    public func export(_ learner: String, logs: Bool = true) throws(AffettoError) -> String {
        for session in openSessions(of: learner) { try session.commit() }
        var records: [SessionRecord] = []
        for summary in try store.sessions(of: learner) {
            records.append(try store.readSession(summary.id, of: learner))
        }
        if logs { try note(.exported, of: learner) }
        return try JSON.text(
            LearnerExport(
                learner: learner, assessment: try store.assessment(of: learner),
                consents: try store.consents(of: learner),
                model: try learnerModel(of: learner), sessions: records), pretty: true)
    }

    /// Destroys the learner's key and rows. Live sessions of the learner are ended.
    public func erase(_ learner: String) throws(AffettoError) {
        for session in openSessions(of: learner) { session.end() }
        // Those that began meanwhile, too; and after `.busy`, as the key is gone.
        defer { for session in openSessions(of: learner) { session.end() } }
        try store.erase(learner, at: Self.unixNow)
    }

    /// One session as it is kept.
    public func session(_ id: String, of learner: String, logs: Bool = true) throws(AffettoError) -> SessionRecord {
        let record = try record(id, of: learner)
        if logs { try note(.sessionRead, of: learner) }
        return record
    }

    private func record(_ id: String, of learner: String) throws(AffettoError) -> SessionRecord {
        for session in openSessions(of: learner) { try session.commit() }
        return try store.readSession(id, of: learner)
    }

    /// One session as a self-contained HTML page.
    public func report(_ id: String, of learner: String, logs: Bool = true) throws(AffettoError) -> String {
        let tracks = Dictionary(library.all.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        let page = try SessionReport.html(record(id, of: learner), tracks: tracks)
        if logs { try note(.reportMade, of: learner) }
        return page
    }

    func learnerModel(of learner: String) throws(AffettoError) -> LearnerModel {
        guard let bytes = try store.model(of: learner) else { return LearnerModel() }
        return try JSON.decode(LearnerModel.self, from: bytes, what: "the learner's model")
    }

    func keep(_ model: LearnerModel, of learner: String) throws(AffettoError) {
        try store.putModel(try JSON.encode(model), of: learner)
    }
}
