import AffettoCore

/// A learner as a study has them: under a pseudonym, with the sessions that they gave for research.
public struct Participant: Sendable {
    /// Holds within one study.
    public var pseudonym: String
    /// Days by which all dates of this learner are moved; secret.
    public var shiftDays: Int64
    public var ageBand: String?
    public var language: String?
    public var sessions: [SessionRecord]

    public init(
        pseudonym: String, shiftDays: Int64, ageBand: String?, language: String?, sessions: [SessionRecord]
    ) {
        self.pseudonym = pseudonym
        self.shiftDays = shiftDays
        self.ageBand = ageBand
        self.language = language
        self.sessions = sessions
    }
}
