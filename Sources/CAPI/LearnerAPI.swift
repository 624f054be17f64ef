import AffettoCore
import AffettoEngine
import CAffetto

// Header section: learner.

extension affetto_consent: Sized {}

@_cdecl("affetto_consent_init") @implementation
public func affetto_consent_init(_ consent: UnsafeMutablePointer<affetto_consent>?, _ size: UInt32) {
    var defaults = affetto_consent()
    defaults.modality = Modality.selfReport.rawValue
    initialise(consent, size, defaults)
}

@_cdecl("affetto_learner_create") @implementation
public func affetto_learner_create(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ assessment_json: UnsafePointer<CChar>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        let json = try optionalText(assessment_json, "assessment_json")
        try withEngine(engine) { engine throws(AffettoError) in
            try engine.createLearner(learner, assessment: json.map { Array($0.utf8) })
        }
    }
}

@_cdecl("affetto_learner_grant") @implementation
public func affetto_learner_grant(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ consent: UnsafePointer<affetto_consent>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        let c = try read(consent, "consent")
        guard c.granted_unix_s >= 0, c.expires_unix_s >= 0, c.granted_unix_s < 1 << 40, c.expires_unix_s < 1 << 40
        else {
            throw AffettoError(.range, "a consent's times are seconds since 1970")
        }
        let granted = c.granted_unix_s > 0 ? c.granted_unix_s : Engine.unixNow
        let grant = Consent(
            modality: try word(DataKind.self, c.modality, "modality"),
            purpose: try word(Purpose.self, c.purpose, "purpose"),
            grantor: try word(GrantorRole.self, c.grantor, "grantor"), granted: granted,
            expires: c.expires_unix_s > 0 ? c.expires_unix_s : granted + 365 * 86_400,
            method: try optionalText(c.method, "method") ?? "in-app",
            evidenceSha256: try optionalText(c.evidence_sha256, "evidence_sha256"))
        try withEngine(engine) { engine throws(AffettoError) in try engine.grant(grant, to: learner) }
    }
}

@_cdecl("affetto_learner_revoke") @implementation
public func affetto_learner_revoke(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ modality: Int32, _ purpose: Int32
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        let modality = try word(DataKind.self, modality, "modality")
        let purpose = try word(Purpose.self, purpose, "purpose")
        try withEngine(engine) { engine throws(AffettoError) in
            try engine.revoke(modality: modality, purpose: purpose, of: learner)
        }
    }
}

@_cdecl("affetto_learner_export") @implementation
public func affetto_learner_export(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        try handOut(engine, learner, .exported, buffer, capacity, out_length) { engine throws(AffettoError) in
            try engine.export(learner, logs: false)
        }
    }
}

@_cdecl("affetto_learner_export_to") @implementation
public func affetto_learner_export_to(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ folder: UnsafePointer<CChar>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        let folder = try text(folder, "folder")
        try withEngine(engine) { engine throws(AffettoError) in try engine.export(learner, to: folder) }
    }
}

@_cdecl("affetto_learner_consents") @implementation
public func affetto_learner_consents(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        let json = try withEngine(engine) { engine throws(AffettoError) in
            try JSON.text(try engine.consents(of: learner))
        }
        try give(json, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_learner_adaptation") @implementation
public func affetto_learner_adaptation(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        try handOut(engine, learner, .exported, buffer, capacity, out_length) { engine throws(AffettoError) in
            try JSON.text(try engine.adaptation(of: learner))
        }
    }
}

@_cdecl("affetto_learner_restore") @implementation
public func affetto_learner_restore(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ reports: Int64
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        guard (0...1_000_000).contains(reports) else { throw AffettoError(.range, "reports must be 0…1000000") }
        try withEngine(engine) { engine throws(AffettoError) in
            try engine.restoreAdaptation(of: learner, to: Int(reports))
        }
    }
}

@_cdecl("affetto_learner_erase") @implementation
public func affetto_learner_erase(_ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        try withEngine(engine) { engine throws(AffettoError) in try engine.erase(learner) }
    }
}

/// Gives a text about a learner; what was given, and not only measured, goes into the audit log.
func handOut(
    _ engine: OpaquePointer?, _ learner: String, _ action: AuditAction, _ buffer: UnsafeMutablePointer<CChar>?,
    _ capacity: Int, _ length: UnsafeMutablePointer<Int>?, _ make: (Engine) throws(AffettoError) -> String
) throws(AffettoError) {
    try withEngine(engine) { engine throws(AffettoError) in
        let text = try make(engine)
        // Logged first: what cannot be logged is not handed out.
        if buffer != nil, capacity > text.utf8.count { try engine.note(action, of: learner) }
        try give(text, buffer, capacity, length)
    }
}
