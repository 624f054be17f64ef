import AffettoCore

/// What a host changes in a preset. What is stricter is taken as it is; what is looser only with an attestation, and never
/// where the law itself forbids.
public struct Amendment: Codable, Sendable, Equatable {
    public struct Change: Codable, Sendable, Equatable {
        public var data: DataKind
        /// "forbidden", "consent" (of those in `from`) or "allowed".
        public var stance: String
        public var from: [GrantorRole]?
        public var needsEvidence: Bool?

        public init(data: DataKind, stance: String, from: [GrantorRole]? = nil, needsEvidence: Bool? = nil) {
            self.data = data
            self.stance = stance
            self.from = from
            self.needsEvidence = needsEvidence
        }

        public init(from decoder: any Decoder) throws {
            try JSON.requireFields(["data", "stance", "from", "needsEvidence"], of: decoder)
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            data = try fields.decode(DataKind.self, forKey: .data)
            stance = try fields.decode(String.self, forKey: .stance)
            from = try fields.decodeIfPresent([GrantorRole].self, forKey: .from)
            needsEvidence = try fields.decodeIfPresent(Bool.self, forKey: .needsEvidence)
        }
    }

    /// Who answers for loosening a rule, and on what ground.
    public struct Attestation: Codable, Sendable, Equatable {
        /// The person or office that answers for it.
        public var by: String
        public var reason: String
        /// Fingerprint of the document it rests on.
        public var documentSha256: String

        public init(by: String, reason: String, documentSha256: String) {
            self.by = by
            self.reason = reason
            self.documentSha256 = documentSha256
        }
    }

    public var rules: [Change]
    public var attestation: Attestation?

    public init(rules: [Change], attestation: Attestation? = nil) {
        self.rules = rules
        self.attestation = attestation
    }

    public init(from decoder: any Decoder) throws {
        try JSON.requireFields(["rules", "attestation"], of: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        rules = try fields.decode([Change].self, forKey: .rules)
        attestation = try fields.decodeIfPresent(Attestation.self, forKey: .attestation)
    }
}

extension Preset {
    /// This preset with a host's changes.
    ///
    /// - Returns: the changed preset, and the kinds of data whose rule became looser than the preset's own.
    /// - Throws: `.argument` (no stance of ours, an attestation without its parts), `.policy` (looser without attestation, or
    ///   against the law).
    public func amended(by amendment: Amendment) throws(AffettoError) -> (preset: Preset, loosened: [DataKind]) {
        var out = self
        var loosened: [DataKind] = []
        // What an earlier amendment tightened may go back to what the preset says.
        let original = Preset.named(name)
        for change in amendment.rules {
            let base = original.rule(for: change.data)
            let stance = try change.wanted()
            let needsEvidence = change.needsEvidence ?? base.needsEvidence
            let isLooser = !stance.isWithin(base.stance) || (base.needsEvidence && !needsEvidence)
            if isLooser {
                guard !base.isStatutory else {
                    throw AffettoError(.policy, "\(name): \(base.text); no attestation changes that [\(base.citation)]")
                }
                guard let attestation = amendment.attestation else {
                    throw AffettoError(
                        .policy,
                        "\(name): a looser rule for \(change.data.name) needs an attestation [\(base.citation)]")
                }
                try attestation.require()
                loosened.append(change.data)
            }
            let words =
                isLooser ? "\(base.text); loosened by the host's attestation" : "\(base.text); tightened by the host"
            out.rules[change.data] = Rule(
                stance, needsEvidence: needsEvidence, isStatutory: base.isStatutory,
                stance == base.stance && needsEvidence == base.needsEvidence ? base.text : words,
                citation: base.citation)
            out.amended.insert(change.data)
        }
        return (out, loosened)
    }
}

extension Amendment.Change {
    fileprivate func wanted() throws(AffettoError) -> Rule.Stance {
        switch (stance, from) {
        case ("forbidden", nil): return .forbidden
        case ("allowed", nil): return .allowed
        case ("consent", let roles?) where !roles.isEmpty: return .consent(from: roles)
        case ("consent", _): throw AffettoError(.argument, "a rule by consent names in 'from' whose consent it is")
        case ("forbidden", _), ("allowed", _):
            throw AffettoError(.argument, "'from' goes with the stance 'consent' alone")
        default: throw AffettoError(.argument, "a stance is forbidden, consent or allowed")
        }
    }
}

extension Amendment.Attestation {
    fileprivate func require() throws(AffettoError) {
        guard !by.isEmpty, !reason.isEmpty, by.utf8.count <= 1000, reason.utf8.count <= 10_000 else {
            throw AffettoError(.argument, "an attestation says who answers for it, and why")
        }
        guard documentSha256.utf8.count == 64, documentSha256.allSatisfy(\.isHexDigit) else {
            throw AffettoError(.argument, "document_sha256 has 64 hex digits")
        }
    }
}

extension Rule.Stance {
    /// Whether this lets through nothing that `other` does not.
    fileprivate func isWithin(_ other: Rule.Stance) -> Bool {
        switch (self, other) {
        case (.forbidden, _), (_, .allowed): true
        case (_, .forbidden), (.allowed, _): false
        case (.consent(let mine), .consent(let others)): Set(mine).isSubset(of: others)
        }
    }
}
