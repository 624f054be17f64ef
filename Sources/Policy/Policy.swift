import AffettoCore

/// Policy and consent together: may this modality be used for this purpose, now?
public enum Policy {
    /// `unixSeconds`: seconds since 1970. Pure: the same arguments give the same verdict. `consents` are all of one
    /// learner's; one that is valid, for this modality and purpose and from the right grantor, is enough.
    public static func verdict(
        preset: Preset, modality: Modality, purpose: Purpose, consents: [Consent], at unixSeconds: Int64
    ) -> Verdict {
        let rule = preset.rule(for: modality)
        guard rule.stance != .forbidden else {
            return .forbidden(rule: "\(preset.name): \(rule.text)", citation: rule.citation)
        }
        let named = consents.filter { $0.modality == modality && $0.purpose == purpose }
        let valid = named.filter { $0.isValid(at: unixSeconds) }
        let fitting = valid.filter { rule.accepts($0.grantor) }
        guard !fitting.contains(where: { !rule.needsEvidence || $0.evidenceSha256?.isEmpty == false }) else {
            return .allowed
        }

        let lack =
            if !fitting.isEmpty {
                "the consent on file names no form or protocol (evidence_sha256)"
            } else if !valid.isEmpty {
                "the consent on file is not from the right person"
            } else if !named.isEmpty {
                "the consent on file is revoked or not in force at this time"
            } else {
                "no consent for \(modality.name) and \(purpose.name) is on file"
            }
        return .needsConsent(rule: "\(preset.name): \(rule.text); \(lack) [\(rule.citation)]")
    }
}

extension Rule {
    fileprivate func accepts(_ grantor: GrantorRole) -> Bool {
        switch stance {
        case .forbidden: false
        case .allowed: true
        case .consent(let roles): roles.contains(grantor)
        }
    }
}
