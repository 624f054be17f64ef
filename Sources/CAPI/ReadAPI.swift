import AffettoCore
import AffettoEngine
import CAffetto

// Header section: read back.

extension affetto_access: Sized {}

@_cdecl("affetto_access_init") @implementation
public func affetto_access_init(_ access: UnsafeMutablePointer<affetto_access>?, _ size: UInt32) {
    initialise(access, size, affetto_access())
}

private func reader(_ access: UnsafePointer<affetto_access>?) throws(AffettoError) -> Access {
    let c = try read(access, "access")
    return Access(
        purpose: try word(Purpose.self, c.purpose, "purpose"), role: try word(GrantorRole.self, c.role, "role"))
}

@_cdecl("affetto_learner_sessions") @implementation
public func affetto_learner_sessions(
    _ engine: OpaquePointer?, _ access: UnsafePointer<affetto_access>?, _ learner: UnsafePointer<CChar>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let access = try reader(access)
        let learner = try text(learner, "learner")
        let json = try withEngine(engine) { engine throws(AffettoError) in
            try JSON.text(try engine.sessions(of: learner, for: access))
        }
        try give(json, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_session_read") @implementation
public func affetto_session_read(
    _ engine: OpaquePointer?, _ access: UnsafePointer<affetto_access>?, _ learner: UnsafePointer<CChar>?,
    _ session_id: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    giveSession(engine, access, learner, session_id, .sessionRead, buffer, capacity, out_length) {
        engine, id, learner, access throws(AffettoError) in
        try JSON.text(try engine.session(id, of: learner, for: access, logs: false), pretty: true)
    }
}

@_cdecl("affetto_report_html") @implementation
public func affetto_report_html(
    _ engine: OpaquePointer?, _ access: UnsafePointer<affetto_access>?, _ learner: UnsafePointer<CChar>?,
    _ session_id: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    giveSession(engine, access, learner, session_id, .reportMade, buffer, capacity, out_length) {
        engine, id, learner, access throws(AffettoError) in
        try engine.report(id, of: learner, for: access, logs: false)
    }
}

/// Gives one session to a reader, in the form that `make` has for it.
private func giveSession(
    _ engine: OpaquePointer?, _ access: UnsafePointer<affetto_access>?, _ learner: UnsafePointer<CChar>?,
    _ session_id: UnsafePointer<CChar>?, _ action: AuditAction, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ length: UnsafeMutablePointer<Int>?,
    _ make: (Engine, _ id: String, _ learner: String, Access) throws(AffettoError) -> String
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let access = try reader(access)
        let learner = try text(learner, "learner")
        let id = try text(session_id, "session_id")
        try handOut(engine, learner, action, buffer, capacity, length) { engine throws(AffettoError) in
            try make(engine, id, learner, access)
        }
    }
}
