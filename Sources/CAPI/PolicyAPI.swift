import AffettoCore
import AffettoEngine
import AffettoPolicy
import CAffetto

// Header section: policy.

@_cdecl("affetto_policy_check") @implementation
public func affetto_policy_check(
    _ engine: OpaquePointer?, _ preset: UnsafePointer<CChar>?, _ learner: UnsafePointer<CChar>?, _ modality: Int32,
    _ purpose: Int32
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let preset = try optionalText(preset, "preset")
        let learner = try text(learner, "learner")
        let modality = try word(DataKind.self, modality, "modality")
        let purpose = try word(Purpose.self, purpose, "purpose")
        let verdict = try withEngine(engine) { engine throws(AffettoError) in
            try engine.verdict(modality: modality, purpose: purpose, learner: learner, preset: preset)
        }
        if let refusal = AffettoError(verdict) { throw refusal }
    }
}

@_cdecl("affetto_policy_describe") @implementation
public func affetto_policy_describe(
    _ engine: OpaquePointer?, _ preset: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let preset = try optionalText(preset, "preset")
        let described = try withEngine(engine) { engine throws(AffettoError) in try engine.describePolicy(preset) }
        try give(try JSON.text(described), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_policy_amend") @implementation
public func affetto_policy_amend(_ engine: OpaquePointer?, _ json: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let json = try text(json, "json")
        try withEngine(engine) { engine throws(AffettoError) in try engine.amendPolicy(Array(json.utf8)) }
    }
}

@_cdecl("affetto_policy_attestations") @implementation
public func affetto_policy_attestations(
    _ engine: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let filed = try withEngine(engine) { engine throws(AffettoError) in try engine.attestations() }
        try give(try JSON.text(filed), buffer, capacity, out_length)
    }
}
