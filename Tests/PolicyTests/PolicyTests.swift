import AffettoCore
import AffettoPolicy
import Testing

/// Whose consent unlocks what, written a second time and independently of the presets: empty = nobody's.
private func grantors(_ preset: String, _ modality: DataKind) -> Set<GrantorRole> {
    let everyone = Set(GrantorRole.allCases)
    let isBiometric = [.voice, .face, .typingRhythm].contains(modality)
    switch (preset, isBiometric) {
    case ("strict", true), ("eu_school", true), ("uk_school", true): return []
    case ("us_under13", _) where modality == .typingRhythm: return []
    case ("cn_minor", _) where modality == .typingRhythm, ("cn_under14", _) where modality == .typingRhythm: return []
    case ("cn_minor", _), ("cn_under14", _), ("us_under13", true): return [.guardian]
    case ("eu_home", true), ("us_teen", true), ("us_il_bipa", true), ("research_irb", true):
        return [.learner, .guardian]
    case ("eu_medical", true): return [.learner, .guardian, .clinician]
    default: return everyone
    }
}

private let now: Int64 = 1_800_000_000

private func consent(_ modality: DataKind, _ purpose: Purpose, _ grantor: GrantorRole) -> Consent {
    Consent(
        modality: modality, purpose: purpose, grantor: grantor, granted: now - 100, expires: now + 100,
        method: "paper form", evidenceSha256: String(repeating: "ab", count: 32))
}

private func verdict(
    _ preset: Preset, _ modality: DataKind, _ purpose: Purpose, _ consents: [Consent], at time: Int64 = now
) -> Verdict {
    Policy.verdict(preset: preset, modality: modality, purpose: purpose, consents: consents, at: time)
}

private func needsConsent(_ verdict: Verdict) -> Bool {
    if case .needsConsent = verdict { true } else { false }
}

@Suite struct PolicyTests {
    @Test(arguments: Preset.all, DataKind.allCases)
    func everyCombination(_ preset: Preset, _ modality: DataKind) {
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
                for other in DataKind.allCases where other != modality {
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

    @Test(arguments: DataKind.allCases)
    func researchNeedsTheProtocolsFingerprint(_ modality: DataKind) {
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

/// Reads by somebody: preset × role × purpose × what is held × consent.
@Suite struct AccessTests {
    /// Who besides learner and guardian may look at one learner, written a second time.
    private static let viewers: [String: GrantorRole] = [
        "eu_medical": .clinician, "us_under13": .school, "research_irb": .researcher,
    ]

    @Test(arguments: Preset.all)
    func everyCombination(_ preset: Preset) {
        let held: [DataKind] = [.text, .selfReport]
        for role in GrantorRole.allCases {
            for purpose in Purpose.allCases {
                func read(_ consents: [Consent], _ kinds: [DataKind]) -> Verdict {
                    Policy.verdict(
                        preset: preset, access: Access(purpose: purpose, role: role), held: kinds, consents: consents,
                        at: now)
                }
                let both = held.map { consent($0, purpose, .guardian) }
                if role == .learner || role == .guardian {
                    #expect(read([], held) == .allowed)
                    continue
                }
                guard Self.viewers[preset.name] == role else {
                    guard case .forbidden(let rule, let citation) = read(both, held) else {
                        Issue.record("\(preset.name) lets in the \(role)")
                        continue
                    }
                    #expect(rule.contains(role.name) && !citation.isEmpty)
                    continue
                }
                #expect(read(both, held) == .allowed)
                #expect(read(both, []) == .allowed)
                #expect(needsConsent(read([], [])))
                // One kind of evidence without consent is enough to refuse the whole.
                #expect(needsConsent(read([both[0]], held)))
                #expect(read(both, held + [.activity]) != .allowed)
                for other in Purpose.allCases where other != purpose {
                    #expect(needsConsent(read(held.map { consent($0, other, .guardian) }, held)))
                }
                var revoked = both
                revoked[1].revoked = now - 1
                #expect(needsConsent(read(revoked, held)))
            }
        }
    }
}

@Suite struct AmendmentTests {
    private let attestation = Amendment.Attestation(
        by: "officer", reason: "trial", documentSha256: String(repeating: "ab", count: 32))

    private static let stances: [(String, [GrantorRole]?)] = [
        ("forbidden", nil), ("allowed", nil), ("consent", [.guardian]), ("consent", [.learner, .guardian]),
        ("consent", [.school]),
    ]

    /// A change without attestation never lets through what the preset does not; with one, never what the law forbids.
    @Test(arguments: Preset.all, DataKind.allCases)
    func neverLooserWithoutAttestation(_ preset: Preset, _ kind: DataKind) throws {
        func unlocked(_ preset: Preset) -> Set<String> {
            var out: Set<String> = []
            for role in GrantorRole.allCases {
                for evidence in [nil, "ab12"] {
                    var one = consent(kind, .skill, role)
                    one.evidenceSha256 = evidence
                    if verdict(preset, kind, .skill, [one]) == .allowed { out.insert("\(role) \(evidence ?? "-")") }
                }
            }
            return out
        }
        for (stance, roles) in Self.stances {
            for needsEvidence in [nil, false, true] {
                let change = Amendment.Change(data: kind, stance: stance, from: roles, needsEvidence: needsEvidence)
                if let (changed, loosened) = try? preset.amended(by: Amendment(rules: [change])) {
                    #expect(unlocked(changed).isSubset(of: unlocked(preset)))
                    #expect(loosened.isEmpty && changed.amended == [kind])
                }
                let attested = Amendment(rules: [change], attestation: attestation)
                if preset.rule(for: kind).isStatutory {
                    let changed = try? preset.amended(by: attested).preset
                    #expect(changed.map(unlocked) ?? [] == [])
                } else {
                    let (changed, loosened) = try preset.amended(by: attested)
                    // What lets through more than the preset is named as loosened.
                    #expect(!loosened.isEmpty || unlocked(changed).isSubset(of: unlocked(preset)))
                    // And back again, without one.
                    let back = Amendment.Change(data: kind, stance: "forbidden")
                    #expect(unlocked(try changed.amended(by: Amendment(rules: [back])).preset) == [])
                }
            }
        }
    }

    @Test func schoolsInTheEUStayShut() {
        for kind in [.voice, .face, .typingRhythm] as [DataKind] {
            #expect(Preset.euSchool.rule(for: kind).isStatutory)
            for (stance, roles) in Self.stances where stance != "forbidden" {
                let change = Amendment.Change(data: kind, stance: stance, from: roles)
                #expect(throws: AffettoError.self) {
                    try Preset.euSchool.amended(by: Amendment(rules: [change], attestation: attestation))
                }
            }
        }
    }
}
