import AffettoCore

/// Policy and consent together. Pure: the same arguments give the same verdict.
public enum Policy {
    /// May this kind of data be used for this purpose, now?
    ///
    /// `unixSeconds`: seconds since 1970. `consents` are all of one learner's; one that is valid, for this kind and purpose
    /// and from the right grantor, is enough.
    public static func verdict(
        preset: Preset, modality: DataKind, purpose: Purpose, consents: [Consent], at unixSeconds: Int64
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

    /// May somebody read what is kept of one learner, drawn from these kinds of data?
    ///
    /// The learner and the guardian read what is theirs (GDPR Art. 15). Anybody else must be let in by the preset, and the
    /// purpose must be one that was consented to for each of the kinds: what was given for one purpose is not read
    /// for another.
    public static func verdict(
        preset: Preset, access: Access, held kinds: [DataKind], consents: [Consent], at unixSeconds: Int64
    ) -> Verdict {
        guard access.role != .learner, access.role != .guardian else { return .allowed }
        guard preset.view.roles.contains(access.role) else {
            return .forbidden(
                rule: "\(preset.name): \(preset.view.text), and this is the \(access.role.name)",
                citation: preset.view.citation)
        }
        for kind in kinds {
            let verdict = verdict(
                preset: preset, modality: kind, purpose: access.purpose, consents: consents, at: unixSeconds)
            guard verdict == .allowed else { return verdict }
        }
        // Where nothing is known of what it rests on, some kind at least must be given for this purpose.
        let isGiven =
            !kinds.isEmpty
            || DataKind.allCases.contains { kind in
                verdict(
                    preset: preset, modality: kind, purpose: access.purpose, consents: consents, at: unixSeconds)
                    == .allowed
            }
        guard isGiven else {
            return .needsConsent(rule: "\(preset.name): no consent for \(access.purpose.name) is in force")
        }
        return .allowed
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
