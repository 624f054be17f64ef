import AffettoCore
import AffettoEngine
import CAffetto

// Header section: engine.

extension affetto_engine_options: Sized {}

@_cdecl("affetto_engine_options_init") @implementation
public func affetto_engine_options_init(_ options: UnsafeMutablePointer<affetto_engine_options>?, _ size: UInt32) {
    var defaults = affetto_engine_options()
    defaults.seed = 1
    initialise(options, size, defaults)
}

/// The host's own pointer, which only the host's own callback reads.
struct HostContext: @unchecked Sendable { let pointer: UnsafeMutableRawPointer? }

@_cdecl("affetto_engine_create") @implementation
public func affetto_engine_create(
    _ options: UnsafePointer<affetto_engine_options>?, _ out_engine: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_engine else { throw AffettoError(.argument, "out_engine is NULL") }
        out_engine.pointee = nil
        let c = try read(options, "options")
        var engine = EngineOptions()
        engine.storePath = try optionalText(c.store_path, "store_path")
        engine.preset = try optionalText(c.policy_preset, "policy_preset")
        engine.seed = c.seed
        engine.isReadOnly = c.read_only != 0
        engine.key = try keySource(c)
        engine.crisis = try crisisOptions(c)
        if let log = c.log {
            let context = HostContext(pointer: c.log_context)
            engine.log = { level, line in line.withCString { log(context.pointer, level.rawValue, $0) } }
        }
        out_engine.pointee = try HandleTable.shared.insert(try Engine(engine), kind: .engine)
    }
}

private func keySource(_ c: affetto_engine_options) throws(AffettoError) -> KeySource? {
    if let ask = c.key {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard ask(c.key_context, &bytes) == 0 else { throw AffettoError(.key, "the host's key callback gave no key") }
        return .bytes(bytes)
    }
    if let path = try optionalText(c.key_path, "key_path") { return .file(path) }
    return try optionalText(c.passphrase, "passphrase").map { .passphrase($0) }
}

@_cdecl("affetto_engine_destroy") @implementation
public func affetto_engine_destroy(_ engine: OpaquePointer?) {
    (HandleTable.shared.remove(engine, .engine) as? Engine)?.close()
}

@_cdecl("affetto_engine_maintain") @implementation
public func affetto_engine_maintain(_ engine: OpaquePointer?, _ now: affetto_time) -> affetto_status {
    guarded { () throws(AffettoError) in
        for notice in try withEngine(engine, { $0.overdueCrises(at: now) }) { notice.deliver() }
        try withEngine(engine) { engine throws(AffettoError) in try engine.upkeep(now: now) }
    }
}

@_cdecl("affetto_engine_load_model") @implementation
public func affetto_engine_load_model(_ engine: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let path = try text(path, "path")
        try withEngine(engine) { engine throws(AffettoError) in try engine.loadModel(path: path) }
    }
}
