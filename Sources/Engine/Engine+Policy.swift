import AffettoCore
import AffettoPolicy

/// What may be sensed and read, by preset, the host's changes, and consents.
extension Engine {
    /// What preset (the engine's own by default) and consents say about one use.
    public func verdict(
        modality: DataKind, purpose: Purpose, learner: String, preset name: String? = nil
    ) throws(AffettoError) -> Verdict {
        Self.verdict(
            name.map { Preset.named($0) } ?? preset, modality, purpose, try store.assessment(of: learner),
            try store.consents(of: learner))
    }

    /// The one rule of every push: the learner's own declaration first, then preset and consents, now.
    static func verdict(
        _ preset: Preset, _ kind: DataKind, _ purpose: Purpose, _ assessment: Assessment, _ consents: [Consent]
    ) -> Verdict {
        let isUnreadable =
            switch kind {
            case .voice: assessment.voiceNotReadable == true
            case .face: assessment.faceNotReadable == true
            case .text, .activity, .selfReport, .typingRhythm, .singing: false
            }
        guard !isUnreadable else {
            return .forbidden(
                rule: "the learner declared that their \(kind.name) cannot be read", citation: "assessment")
        }
        return Policy.verdict(preset: preset, modality: kind, purpose: purpose, consents: consents, at: unixNow)
    }

    /// The one rule of every read of a single learner. A refusal goes into the audit log.
    func require(_ access: Access, to learner: String, held: [DataKind]) throws(AffettoError) {
        let verdict = Policy.verdict(
            preset: preset, access: access, held: held, consents: try store.consents(of: learner), at: Self.unixNow)
        guard let refusal = AffettoError(verdict) else { return }
        try note(.readRefused, of: learner)
        // A read for a purpose that was not consented to is against the policy, too.
        throw AffettoError(.policy, refusal.message)
    }

    /// A preset with its rules and what they rest on; `nil` = the engine's own, with the host's changes.
    public func describePolicy(_ name: String? = nil) throws(AffettoError) -> PolicyText {
        PolicyText(name.map { Preset.named($0) } ?? preset)
    }

    /// Changes rules of the preset, for this engine, from now on. What is looser than the preset needs an attestation, which
    /// goes on file; live sessions go by it at once.
    public func amendPolicy(_ json: [UInt8]) throws(AffettoError) {
        let amendment = try JSON.decode(Amendment.self, from: json, what: "the amendment")
        try amending.withLock { _ throws(AffettoError) in
            let (amended, loosened) = try preset.amended(by: amendment)
            // On file before it holds.
            let record = loosened.isEmpty ? nil : try JSON.encode(FiledAttestation(preset, amendment, loosened))
            if !store.isReadOnly || record != nil {
                try store.attest(record, loosened: loosened.count, at: Self.unixNow)
            }
            policy.withLock { $0 = amended }
        }
        // From memory alone: a store that cannot be read now must not leave a session under the old rules.
        let amended = preset
        for session in openSessions() { session.adopt(amended) }
    }

    /// What hosts have attested in this store, oldest first.
    public func attestations() throws(AffettoError) -> [FiledAttestation] {
        try store.attestations().map { at, json throws(AffettoError) in
            var filed = try JSON.decode(FiledAttestation.self, from: json, what: "an attestation")
            filed.at = at
            return filed
        }
    }
}

/// A loosening as it is on file.
public struct FiledAttestation: Codable, Sendable, Equatable {
    /// Seconds since 1970.
    public var at: Int64?
    public var preset: String
    public var version: Int
    public var loosened: [DataKind]
    public var rules: [Amendment.Change]
    public var attestation: Amendment.Attestation?

    init(_ preset: Preset, _ amendment: Amendment, _ loosened: [DataKind]) {
        self.preset = preset.name
        version = preset.version
        self.loosened = loosened
        rules = amendment.rules
        attestation = amendment.attestation
    }
}
