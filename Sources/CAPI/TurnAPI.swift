import AffettoCore
import AffettoEngine
import CAffetto

// Header section: session, conversation.

extension affetto_turn_reading: Sized {}

@_cdecl("affetto_turn_reading_init") @implementation
public func affetto_turn_reading_init(_ reading: UnsafeMutablePointer<affetto_turn_reading>?, _ size: UInt32) {
    initialise(reading, size, affetto_turn_reading())
}

@_cdecl("affetto_session_add_party") @implementation
public func affetto_session_add_party(
    _ session: OpaquePointer?, _ role: Int32, _ has_consented: Int32, _ out_party: UnsafeMutablePointer<Int32>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_party else { throw AffettoError(.argument, "out_party is NULL") }
        let role = try word(PartyRole.self, role, "role")
        out_party.pointee = try withSession(session) { session throws(AffettoError) in
            Int32(try session.addParty(role, hasConsented: has_consented != 0))
        }
    }
}

@_cdecl("affetto_session_set_party_consent") @implementation
public func affetto_session_set_party_consent(
    _ session: OpaquePointer?, _ party: Int32, _ has_consented: Int32
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            try session.setPartyConsent(Int(party), has_consented != 0)
        }
    }
}

@_cdecl("affetto_session_begin_turn") @implementation
public func affetto_session_begin_turn(
    _ session: OpaquePointer?, _ now: affetto_time, _ party: Int32
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in try session.beginTurn(of: Int(party), at: now) }
    }
}

@_cdecl("affetto_session_end_turn") @implementation
public func affetto_session_end_turn(
    _ session: OpaquePointer?, _ now: affetto_time, _ out_reading: UnsafeMutablePointer<affetto_turn_reading>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        // A struct that cannot be written must not cost the turn.
        if out_reading != nil { _ = try read(UnsafePointer(out_reading), "out_reading") }
        let reading = try withSession(session) { session throws(AffettoError) in try session.endTurn(at: now) }
        guard out_reading != nil else { return }
        var out = affetto_turn_reading()
        out.party = Int32(reading.party)
        out.seconds = Float(reading.seconds)
        out.has_probability = reading.probability.isEmpty ? 0 : 1
        withUnsafeMutableBytes(of: &out.has_evidence) { raw in
            let has = raw.assumingMemoryBound(to: Int32.self)
            for (i, numbers) in reading.evidence.enumerated() { has[i] = numbers == nil ? 0 : 1 }
        }
        let width = Int(AFFETTO_TURN_EVIDENCE_COUNT)
        withUnsafeMutableBytes(of: &out.evidence) { raw in
            let all = raw.assumingMemoryBound(to: Float.self)
            for i in 0..<all.count { all[i] = reading.evidence[i / width]?[i % width] ?? .nan }
        }
        withUnsafeMutableBytes(of: &out.probability) { raw in
            let all = raw.assumingMemoryBound(to: Float.self)
            for i in 0..<all.count { all[i] = reading.probability.isEmpty ? .nan : reading.probability[i] }
        }
        try write(out, to: out_reading, "out_reading")
    }
}

@_cdecl("affetto_session_party_state") @implementation
public func affetto_session_party_state(
    _ session: OpaquePointer?, _ now: affetto_time, _ party: Int32, _ out_state: UnsafeMutablePointer<affetto_state>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            let state = try copied { probability, evidence throws(AffettoError) in
                try session.poll(party: Int(party), at: now, probability: probability, evidence: evidence)
            }
            try write(state, to: out_state, "out_state")
        }
    }
}
