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

/// What was deleted, to a buffer that is looked at before anything is.
private func giveForgotten(
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ length: UnsafeMutablePointer<Int>?,
    _ delete: () throws(AffettoError) -> Forgotten
) throws(AffettoError) {
    guard let length else { throw AffettoError(.argument, "out_length is NULL") }
    guard buffer != nil, capacity >= 64 else {
        length.pointee = 64
        throw AffettoError(.bufferTooSmall, "the buffer needs 64 bytes; it has \(buffer == nil ? 0 : max(capacity, 0))")
    }
    try give(try JSON.text(try delete()), buffer, capacity, length)
}

@_cdecl("affetto_store_retain") @implementation
public func affetto_store_retain(
    _ engine: OpaquePointer?, _ days: Int32, _ dry_run: Int32, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try giveForgotten(buffer, capacity, out_length) { () throws(AffettoError) in
            try withEngine(engine) { engine throws(AffettoError) in
                try engine.retain(days: Int(days), isDryRun: dry_run != 0)
            }
        }
    }
}

@_cdecl("affetto_learner_forget") @implementation
public func affetto_learner_forget(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ from_unix_s: Int64, _ to_unix_s: Int64,
    _ dry_run: Int32, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let learner = try text(learner, "learner")
        guard from_unix_s <= to_unix_s else { throw AffettoError(.range, "the stretch of time ends before it begins") }
        try giveForgotten(buffer, capacity, out_length) { () throws(AffettoError) in
            try withEngine(engine) { engine throws(AffettoError) in
                try engine.forget(from_unix_s..<to_unix_s, of: learner, isDryRun: dry_run != 0)
            }
        }
    }
}

@_cdecl("affetto_learner_import") @implementation
public func affetto_learner_import(
    _ engine: OpaquePointer?, _ json: UnsafePointer<CChar>?, _ length: Int
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let json else { throw AffettoError(.argument, "json is NULL") }
        let limit = 256 << 20
        guard length >= -1, length <= limit else { throw AffettoError(.range, "an import has at most \(limit) bytes") }
        let words = length == -1 ? try text(json, "json", limit: limit) : try text(json, length, "json")
        try withEngine(engine) { engine throws(AffettoError) in try engine.importLearner(Array(words.utf8)) }
    }
}
