import AffettoCore

/// A preset as it is handed out: every rule with what it rests on.
public struct PolicyText: Codable, Sendable, Equatable {
    public struct Line: Codable, Sendable, Equatable {
        public var data: DataKind
        public var stance: String
        /// Whose consent will do; empty where anybody's will, or nobody's.
        public var from: [GrantorRole]
        public var needsEvidence: Bool
        public var isStatutory: Bool
        public var isAmended: Bool
        public var text: String
        public var citation: String
    }

    public struct View: Codable, Sendable, Equatable {
        public var roles: [GrantorRole]
        public var text: String
        public var citation: String
    }

    public var preset: String
    public var version: Int
    public var rules: [Line]
    public var view: View
    public var play: PlayMode
    public var reminderHours: Int
    public var changes: [String]

    public init(_ preset: Preset) {
        self.preset = preset.name
        version = preset.version
        rules = DataKind.allCases.map { kind in
            let rule = preset.rule(for: kind)
            let (stance, roles): (String, [GrantorRole]) =
                switch rule.stance {
                case .forbidden: ("forbidden", [])
                case .allowed: ("allowed", [])
                case .consent(let roles): ("consent", roles)
                }
            return Line(
                data: kind, stance: stance, from: roles, needsEvidence: rule.needsEvidence,
                isStatutory: rule.isStatutory,
                isAmended: preset.amended.contains(kind), text: rule.text, citation: rule.citation)
        }
        view = View(roles: preset.view.roles, text: preset.view.text, citation: preset.view.citation)
        play = preset.play
        reminderHours = preset.reminderHours
        changes = Preset.changes
    }
}
