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

/// What came of an act that cannot be taken back, to a buffer that is looked at before it is done.
func giveOnce(
    _ need: Int, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ length: UnsafeMutablePointer<Int>?,
    _ act: () throws(AffettoError) -> some Encodable
) throws(AffettoError) {
    guard let length else { throw AffettoError(.argument, "out_length is NULL") }
    guard buffer != nil, capacity >= need else {
        length.pointee = need
        throw AffettoError(
            .bufferTooSmall, "the buffer needs \(need) bytes; it has \(buffer == nil ? 0 : max(capacity, 0))")
    }
    try give(try JSON.text(try act()), buffer, capacity, length)
}

@_cdecl("affetto_store_set_retention") @implementation
public func affetto_store_set_retention(
    _ engine: OpaquePointer?, _ moments_days: Int32, _ sessions_days: Int32
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let retention = Retention(momentsDays: Int(moments_days), sessionsDays: Int(sessions_days))
        try withEngine(engine) { engine throws(AffettoError) in try engine.setRetention(retention) }
    }
}

@_cdecl("affetto_store_retention") @implementation
public func affetto_store_retention(
    _ engine: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        struct Answer: Encodable {
            var momentsDays: Int
            var sessionsDays: Int
            var due: Forgotten
        }
        let (retention, due) = try withEngine(engine) { engine throws(AffettoError) in try engine.retention() }
        let answer = Answer(momentsDays: retention.momentsDays, sessionsDays: retention.sessionsDays, due: due)
        try give(try JSON.text(answer), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_store_retain") @implementation
public func affetto_store_retain(
    _ engine: OpaquePointer?, _ days: Int32, _ dry_run: Int32, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try giveOnce(64, buffer, capacity, out_length) { () throws(AffettoError) in
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
        try giveOnce(64, buffer, capacity, out_length) { () throws(AffettoError) in
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
