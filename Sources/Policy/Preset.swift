import AffettoCore

/// What a preset says about one kind of data. A valid consent for the purpose is always needed besides; a rule only says
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
    /// The law itself forbids it: a host cannot loosen it, whatever it attests.
    public var isStatutory: Bool
    /// One line for people.
    public var text: String
    /// Where the rule comes from, in the maintainers' reading.
    public var citation: String

    public init(
        _ stance: Stance, needsEvidence: Bool = false, isStatutory: Bool = false, _ text: String, citation: String
    ) {
        self.stance = stance
        self.needsEvidence = needsEvidence
        self.isStatutory = isStatutory
        self.text = text
        self.citation = citation
    }
}

/// Who besides the learner and the guardian may look at one learner, and not only at groups.
public struct ViewRule: Sendable, Equatable {
    public var roles: [GrantorRole]
    public var text: String
    public var citation: String

    public init(_ roles: [GrantorRole], _ text: String, citation: String) {
        self.roles = roles
        self.text = text
        self.citation = citation
    }
}

/// Whether music may begin by itself. For the host to follow: the engine only ever proposes.
public enum PlayMode: String, Sendable, Codable {
    case suggest, automatic
}

/// A named set of rules, one for each kind of data. Presets are the maintainers' reading of the law, not legal advice.
public struct Preset: Sendable, Equatable {
    public var name: String
    /// Grows with every change of a rule.
    public var version: Int
    var rules: [DataKind: Rule]
    public var view: ViewRule
    public var play: PlayMode
    /// After so many hours of use in one day the learner is to be reminded of it; 0 = never. For the host to follow.
    public var reminderHours: Int
    /// For schools or people under age: an engine must know whom to turn to when words are grave.
    public var isForMinors = false
    /// What a host has changed, if anything.
    public internal(set) var amended: Set<DataKind> = []

    init(
        _ name: String, version: Int, rules: [DataKind: Rule], view: ViewRule, play: PlayMode = .suggest,
        reminderHours: Int = 0
    ) {
        self.name = name
        self.version = version
        self.rules = rules
        self.view = view
        self.play = play
        self.reminderHours = reminderHours
    }

    /// What a preset does not speak of is forbidden.
    public func rule(for kind: DataKind) -> Rule {
        rules[kind]
            ?? Rule(.forbidden, "\(kind.name) is not spoken of, so it is not read", citation: "Affetto's default")
    }
}
