import AffettoCore
import AffettoPolicy
import Testing

/// Whose consent unlocks what, written a second time and independently of the presets: empty = nobody's.
private func grantors(_ preset: String, _ modality: Modality) -> Set<GrantorRole> {
    let everyone = Set(GrantorRole.allCases)
    let isBiometric = modality == .voice || modality == .face
    switch (preset, isBiometric) {
    case ("strict", true), ("eu_school", true), ("uk_school", true): return []
    case ("cn_minor", _), ("us_under13", true): return [.guardian]
    case ("eu_home", true), ("us_teen", true), ("research_irb", true): return [.learner, .guardian]
    case ("eu_medical", true): return [.learner, .guardian, .clinician]
    default: return everyone
    }
}

private let now: Int64 = 1_800_000_000

private func consent(_ modality: Modality, _ purpose: Purpose, _ grantor: GrantorRole) -> Consent {
    Consent(
        modality: modality, purpose: purpose, grantor: grantor, granted: now - 100, expires: now + 100,
        method: "paper form", evidenceSha256: String(repeating: "ab", count: 32))
}

private func verdict(
    _ preset: Preset, _ modality: Modality, _ purpose: Purpose, _ consents: [Consent], at time: Int64 = now
) -> Verdict {
    Policy.verdict(preset: preset, modality: modality, purpose: purpose, consents: consents, at: time)
}

private func needsConsent(_ verdict: Verdict) -> Bool {
    if case .needsConsent = verdict { true } else { false }
}

@Suite struct PolicyTests {
    @Test(arguments: Preset.all, Modality.allCases)
    func everyCombination(_ preset: Preset, _ modality: Modality) {
        let unlocking = grantors(preset.name, modality)
        for purpose in Purpose.allCases {
            guard !unlocking.isEmpty else {
                for role in GrantorRole.allCases {
                    let rule = preset.rule(for: modality)
                    #expect(
                        verdict(preset, modality, purpose, [consent(modality, purpose, role)])
                            == .forbidden(rule: "\(preset.name): \(rule.text)", citation: rule.citation))
                }
                continue
            }
            #expect(needsConsent(verdict(preset, modality, purpose, [])))
            for role in GrantorRole.allCases {
                let valid = consent(modality, purpose, role)
                guard unlocking.contains(role) else {
                    #expect(needsConsent(verdict(preset, modality, purpose, [valid])))
                    continue
                }
                #expect(verdict(preset, modality, purpose, [valid]) == .allowed)
                var revoked = valid
                revoked.revoked = now - 1
                #expect(needsConsent(verdict(preset, modality, purpose, [revoked])))
                #expect(needsConsent(verdict(preset, modality, purpose, [valid], at: valid.expires)))
                #expect(needsConsent(verdict(preset, modality, purpose, [valid], at: valid.granted - 1)))
                for other in Purpose.allCases where other != purpose {
                    #expect(needsConsent(verdict(preset, modality, other, [valid])))
                }
                for other in Modality.allCases where other != modality {
                    #expect(verdict(preset, other, purpose, [valid]) != .allowed)
                }
                // A good one among bad ones is found, wherever it stands.
                #expect(verdict(preset, modality, purpose, [revoked, valid]) == .allowed)
                #expect(verdict(preset, modality, purpose, [valid, revoked]) == .allowed)
            }
        }
    }

    @Test func consentHoldsFromItsFirstToBeforeItsLastSecond() {
        let valid = consent(.text, .feedback, .learner)
        #expect(verdict(.strict, .text, .feedback, [valid], at: valid.granted) == .allowed)
        #expect(verdict(.strict, .text, .feedback, [valid], at: valid.expires - 1) == .allowed)
        #expect(needsConsent(verdict(.strict, .text, .feedback, [valid], at: .max)))
        #expect(needsConsent(verdict(.strict, .text, .feedback, [valid], at: .min)))
    }

    @Test(arguments: Modality.allCases)
    func researchNeedsTheProtocolsFingerprint(_ modality: Modality) {
        var bare = consent(modality, .research, .learner)
        #expect(verdict(.researchIRB, modality, .research, [bare]) == .allowed)
        for missing in [nil, ""] {
            bare.evidenceSha256 = missing
            #expect(needsConsent(verdict(.researchIRB, modality, .research, [bare])))
        }
    }

    @Test func refusalSaysWhatIsMissing() {
        func words(_ consents: [Consent], _ preset: Preset = .cnMinor) -> String {
            if case .needsConsent(let rule) = verdict(preset, .text, .feedback, consents) { rule } else { "" }
        }
        var revoked = consent(.text, .feedback, .guardian)
        revoked.revoked = now - 1
        #expect(words([]).contains("no consent for text and feedback"))
        #expect(words([consent(.text, .feedback, .learner)]).contains("right person"))
        #expect(words([revoked]).contains("revoked"))
        #expect(words([revoked]).hasPrefix("cn_minor: "))
        #expect(words([revoked]).contains("PIPL"))
        var bare = consent(.text, .feedback, .guardian)
        bare.evidenceSha256 = nil
        #expect(words([bare], .researchIRB).contains("evidence_sha256"))
    }
}
