import AffettoCore
import AffettoEngine
import CAffetto

// Header section: store.

@_cdecl("affetto_store_check") @implementation
public func affetto_store_check(
    _ engine: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let report = try withEngine(engine) { engine throws(AffettoError) in try engine.checkStore() }
        try give(try JSON.text(report), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_store_backup") @implementation
public func affetto_store_backup(_ engine: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let path = try text(path, "path")
        try withEngine(engine) { engine throws(AffettoError) in try engine.backupStore(to: path) }
    }
}

@_cdecl("affetto_store_rekey") @implementation
public func affetto_store_rekey(
    _ engine: OpaquePointer?, _ key_path: UnsafePointer<CChar>?, _ passphrase: UnsafePointer<CChar>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let key: KeySource
        switch (try optionalText(key_path, "key_path"), try optionalText(passphrase, "passphrase")) {
        case (let path?, nil): key = .file(path)
        case (nil, let words?): key = .passphrase(words)
        default: throw AffettoError(.argument, "give key_path or passphrase, and the other as NULL")
        }
        try withEngine(engine) { engine throws(AffettoError) in try engine.rekeyStore(to: key) }
    }
}

@_cdecl("affetto_store_audit") @implementation
public func affetto_store_audit(
    _ engine: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let log = try withEngine(engine) { engine throws(AffettoError) in try engine.auditLog() }
        try give(try JSON.text(log), buffer, capacity, out_length)
    }
}
