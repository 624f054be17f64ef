import AffettoCore

/// What a preset says about one modality. A valid consent for the purpose is always needed besides; a rule only says
/// whose, or that nobody's will do.
public struct Rule: Sendable, Equatable {
    public enum Stance: Sendable, Equatable {
        /// No consent unlocks it.
        case forbidden
        /// Anyone's valid consent will do.
        case allowed
        /// Only the consent of one of these will do.
        case consent(from: [GrantorRole])
    }

    public var stance: Stance
    /// The consent must carry the fingerprint of the form or protocol it rests on.
    public var needsEvidence: Bool
    /// One line for people.
    public var text: String
    /// Where the rule comes from, in the maintainers' reading.
    public var citation: String

    public init(_ stance: Stance, needsEvidence: Bool = false, _ text: String, citation: String) {
        self.stance = stance
        self.needsEvidence = needsEvidence
        self.text = text
        self.citation = citation
    }
}

/// A named set of rules, one for each modality. Presets are the maintainers' reading of the law, not legal advice.
public struct Preset: Sendable, Equatable {
    public var name: String
    /// Grows with every change of a rule.
    public var version: Int
    public var voice: Rule
    public var face: Rule
    public var text: Rule
    public var activity: Rule
    public var selfReport: Rule

    public init(
        _ name: String, version: Int, voice: Rule, face: Rule, text: Rule, activity: Rule, selfReport: Rule
    ) {
        self.name = name
        self.version = version
        self.voice = voice
        self.face = face
        self.text = text
        self.activity = activity
        self.selfReport = selfReport
    }

    public func rule(for modality: Modality) -> Rule {
        switch modality {
        case .voice: voice
        case .face: face
        case .text: text
        case .activity: activity
        case .selfReport: selfReport
        }
    }
}
