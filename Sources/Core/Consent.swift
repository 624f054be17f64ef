/// One leave: who allowed which kind of data for which purpose, until when, and on what evidence.
public struct Consent: Codable, Sendable, Equatable {
    public var modality: DataKind
    public var purpose: Purpose
    public var grantor: GrantorRole
    /// Seconds since 1970.
    public var granted: Int64
    /// Seconds since 1970; the leave ends at this second.
    public var expires: Int64
    public var revoked: Int64?
    /// How it was given, in the host's words: "paper form", "in-app".
    public var method: String
    /// Fingerprint of the signed form, where there is one.
    public var evidenceSha256: String?

    public init(
        modality: DataKind, purpose: Purpose, grantor: GrantorRole, granted: Int64, expires: Int64, method: String,
        evidenceSha256: String? = nil
    ) {
        self.modality = modality
        self.purpose = purpose
        self.grantor = grantor
        self.granted = granted
        self.expires = expires
        self.method = method
        self.evidenceSha256 = evidenceSha256
    }

    public func isValid(at unixSeconds: Int64) -> Bool {
        revoked == nil && granted <= unixSeconds && unixSeconds < expires
    }
}

/// What policy and consent together say about one use of data.
public enum Verdict: Sendable, Equatable {
    case allowed
    /// The preset forbids it, whatever anyone consents to.
    case forbidden(rule: String, citation: String)
    /// The preset would allow it, but no valid consent is on file.
    case needsConsent(rule: String)
}

/// Who wants to read what is kept of a learner, and what for.
public struct Access: Sendable, Equatable {
    public var purpose: Purpose
    public var role: GrantorRole

    public init(purpose: Purpose, role: GrantorRole) {
        self.purpose = purpose
        self.role = role
    }

    /// The learner, about themselves.
    public static let own = Access(purpose: .intervention, role: .learner)
}
