import AffettoCore
import AffettoPolicy

/// Every preset × modality × purpose × consent × expiry × role × evidence, against what must hold whatever the presets say.
enum PolicyCases {
    static func run() -> (checked: Int, wrong: Int) {
        var checked = 0
        var wrong = 0
        let now: Int64 = 1_000_000
        let names = [
            "strict", "eu_school", "eu_home", "eu_medical", "us_under13", "us_teen", "us_il_bipa", "uk_school",
            "cn_minor",
            "cn_under14", "research_irb", "nobody-knows-this",
        ]
        /// Granted, expires, revoked: in force, expired, not yet, revoked.
        let spans: [(Int64, Int64, Int64?, Bool)] = [
            (0, now + 10, nil, true), (0, now, nil, false), (now + 1, now + 10, nil, false),
            (0, now + 10, now - 5, false),
        ]
        for name in names {
            let preset = Preset.named(name)
            for modality in DataKind.allCases {
                for purpose in Purpose.allCases {
                    for role in GrantorRole.allCases {
                        for (granted, expires, revoked, isInForce) in spans {
                            for evidence in [nil, "ab12"] {
                                for other in [false, true] {
                                    var consent = Consent(
                                        modality: modality, purpose: purpose, grantor: role, granted: granted,
                                        expires: expires, method: "form", evidenceSha256: evidence)
                                    consent.revoked = revoked
                                    if other {
                                        // For something else: must never count.
                                        consent.purpose = Purpose.allCases.first { $0 != purpose } ?? purpose
                                    }
                                    let verdict = Policy.verdict(
                                        preset: preset, modality: modality, purpose: purpose, consents: [consent],
                                        at: now)
                                    checked += 1
                                    if !holds(preset, name, modality, verdict, isInForce && !other) { wrong += 1 }
                                }
                            }
                        }
                    }
                    for role in GrantorRole.allCases {
                        let access = Access(purpose: purpose, role: role)
                        let consent = Consent(
                            modality: modality, purpose: purpose, grantor: .guardian, granted: 0, expires: now + 10,
                            method: "form", evidenceSha256: "ab12")
                        for consents in [[], [consent]] {
                            let verdict = Policy.verdict(
                                preset: preset, access: access, held: [modality], consents: consents, at: now)
                            checked += 1
                            if !mayStand(name, role, verdict, !consents.isEmpty) { wrong += 1 }
                        }
                    }
                    let none = Policy.verdict(
                        preset: preset, modality: modality, purpose: purpose, consents: [], at: now)
                    checked += 1
                    if none == .allowed { wrong += 1 }
                }
            }
        }
        return (checked, wrong)
    }

    /// Learner and guardian always read; anybody else nowhere but in three presets, and never without a consent.
    private static func mayStand(_ name: String, _ role: GrantorRole, _ verdict: Verdict, _ isGiven: Bool) -> Bool {
        if role == .learner || role == .guardian { return verdict == .allowed }
        let viewers: [String: GrantorRole] = [
            "eu_medical": .clinician, "us_under13": .school, "research_irb": .researcher,
        ]
        return verdict != .allowed || (isGiven && viewers[name] == role)
    }

    private static func holds(
        _ preset: Preset, _ name: String, _ modality: DataKind, _ verdict: Verdict, _ isInForce: Bool
    ) -> Bool {
        // Nothing without a consent in force for this very purpose.
        if verdict == .allowed, !isInForce { return false }
        // Schools in the EU, the strict preset and presets that nobody knows: no consent unlocks voice, face or typing.
        let isLocked =
            [.voice, .face, .typingRhythm].contains(modality)
            && ["strict", "eu_school", "nobody-knows-this"].contains(name)
        if isLocked {
            guard case .forbidden(let rule, let citation) = verdict else { return false }
            return !rule.isEmpty && !citation.isEmpty
        }
        if case .forbidden = verdict { return preset.rule(for: modality).stance == .forbidden }
        return true
    }
}
