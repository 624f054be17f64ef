import AffettoCore
import AffettoEngine
import CAffetto

// Header sections: session, fuse; session, decide, guide, learn.

extension affetto_state: Sized {}
extension affetto_decision: Sized {}
extension affetto_feedback: Sized {}

@_cdecl("affetto_state_init") @implementation
public func affetto_state_init(_ state: UnsafeMutablePointer<affetto_state>?, _ size: UInt32) {
    var defaults = affetto_state()
    defaults.emotion = -1
    defaults.abstain = AbstainReason.noEvidence.rawValue
    initialise(state, size, defaults)
}

@_cdecl("affetto_session_advance") @implementation
public func affetto_session_advance(_ session: OpaquePointer?, _ now: affetto_time) -> affetto_status {
    guarded { () throws(AffettoError) in
        // Told with the handle free: a handler may even destroy it.
        for notice in try withSession(session, { $0.overdue(at: now) }) { notice.deliver() }
        try withSession(session) { session throws(AffettoError) in try session.work(to: now) }
    }
}

/// A state that `poll` copies: its two lists go straight to the struct.
func copied(
    _ poll: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) throws(AffettoError) -> StateSnapshot
) throws(AffettoError) -> affetto_state {
    var out = affetto_state()
    let s = try withUnsafeMutableBytes(of: &out) { raw throws(AffettoError) -> StateSnapshot? in
        guard let start = raw.baseAddress, let floats = MemoryLayout<affetto_state>.offset(of: \.probability),
            let shares = MemoryLayout<affetto_state>.offset(of: \.evidence)
        else { return nil }
        return try poll(
            (start + floats).assumingMemoryBound(to: Float.self), (start + shares).assumingMemoryBound(to: Float.self))
    }
    guard let s else { throw AffettoError(.internal, "no memory for a state") }
    out.time = s.time
    out.emotion = s.emotion
    (out.valence, out.valence_sd) = (s.valence.mean, s.valence.sd)
    (out.arousal, out.arousal_sd) = (s.arousal.mean, s.arousal.sd)
    (out.control, out.control_sd) = (s.control.mean, s.control.sd)
    out.confidence = s.confidence
    out.abstain = s.abstain
    out.generation = s.generation
    return out
}

@_cdecl("affetto_session_poll") @implementation
public func affetto_session_poll(
    _ session: OpaquePointer?, _ out_state: UnsafeMutablePointer<affetto_state>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            try write(try copied { session.poll(probability: $0, evidence: $1) }, to: out_state, "out_state")
        }
    }
}

@_cdecl("affetto_session_dropped") @implementation
public func affetto_session_dropped(
    _ session: OpaquePointer?, _ out_frames: UnsafeMutablePointer<UInt64>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_frames else { throw AffettoError(.argument, "out_frames is NULL") }
        out_frames.pointee = try withSession(session) { $0.droppedAudioFrames }
    }
}

@_cdecl("affetto_session_explain") @implementation
public func affetto_session_explain(
    _ session: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let json = try withSession(session) { session throws(AffettoError) in try session.explain() }
        try give(json, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_decision_init") @implementation
public func affetto_decision_init(_ decision: UnsafeMutablePointer<affetto_decision>?, _ size: UInt32) {
    var defaults = affetto_decision()
    defaults.action = Action.wait.rawValue
    initialise(decision, size, defaults)
}

@_cdecl("affetto_session_decide") @implementation
public func affetto_session_decide(
    _ session: OpaquePointer?, _ now: affetto_time, _ goal: Int32,
    _ out_decision: UnsafeMutablePointer<affetto_decision>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let goal = try word(Goal.self, goal, "goal")
        // The caller's struct is checked first: a decision that cannot be handed out must not be made.
        try write(affetto_decision(), to: out_decision, "out_decision")
        let decision = try withSession(session) { session throws(AffettoError) in
            try session.decide(goal: goal, at: now)
        }
        var out = affetto_decision()
        out.action = decision.action.rawValue
        out.id = decision.id
        out.gate = decision.gate.rawValue
        out.strategy = decision.strategy.rawValue
        out.goal = decision.goal.rawValue
        fill(&out.track, with: decision.track ?? "")
        out.propensity = decision.propensity
        out.expected_benefit = decision.expectedBenefit
        out.expected_liking = decision.expectedLiking
        out.target_valence = decision.target.valence
        out.target_arousal = decision.target.arousal
        out.path_progress = decision.pathProgress
        try write(out, to: out_decision, "out_decision")
    }
}

@_cdecl("affetto_session_why") @implementation
public func affetto_session_why(
    _ session: OpaquePointer?, _ decision: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let json = try withSession(session) { session throws(AffettoError) in
            try JSON.text(try session.why(decision), pretty: true)
        }
        try give(json, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_session_prompt") @implementation
public func affetto_session_prompt(
    _ session: OpaquePointer?, _ now: affetto_time, _ language: UnsafePointer<CChar>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let language = try optionalText(language, "language") ?? "en"
        try withSession(session) { session throws(AffettoError) in
            // A prompt counts as said only once the caller has it.
            try give(
                try JSON.text(try session.prompt(at: now, language: language, peek: true)), buffer, capacity, out_length
            )
            if buffer != nil { _ = try session.prompt(at: now, language: language) }
        }
    }
}

@_cdecl("affetto_feedback_init") @implementation
public func affetto_feedback_init(_ feedback: UnsafeMutablePointer<affetto_feedback>?, _ size: UInt32) {
    var defaults = affetto_feedback()
    defaults.liking = .nan
    defaults.benefit = .nan
    defaults.listened_seconds = .nan
    initialise(feedback, size, defaults)
}

@_cdecl("affetto_session_feedback") @implementation
public func affetto_session_feedback(
    _ session: OpaquePointer?, _ now: affetto_time, _ decision: UInt64, _ feedback: UnsafePointer<affetto_feedback>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let c = try read(feedback, "feedback")
        if let listened = given(c.listened_seconds) { try requireInRange(listened, 0...86_400, "listened_seconds") }
        try withSession(session) { session throws(AffettoError) in
            try session.feedback(
                on: decision, liking: given(c.liking), benefit: given(c.benefit), skipped: c.skipped != 0, at: now)
        }
    }
}

@_cdecl("affetto_session_stop_now") @implementation
public func affetto_session_stop_now(_ session: OpaquePointer?) -> affetto_status {
    guarded { () throws(AffettoError) in try withSession(session) { $0.stopNow() } }
}

@_cdecl("affetto_session_pause") @implementation
public func affetto_session_pause(_ session: OpaquePointer?, _ now: affetto_time) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in try session.pause(at: now) }
    }
}

@_cdecl("affetto_session_resume") @implementation
public func affetto_session_resume(_ session: OpaquePointer?, _ now: affetto_time) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in try session.resume(at: now) }
    }
}

@_cdecl("affetto_session_veto") @implementation
public func affetto_session_veto(
    _ session: OpaquePointer?, _ now: affetto_time, _ track: UnsafePointer<CChar>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let track = try text(track, "track")
        try withSession(session) { session throws(AffettoError) in try session.veto(track, at: now) }
    }
}

@_cdecl("affetto_session_set_task") @implementation
public func affetto_session_set_task(_ session: OpaquePointer?, _ now: affetto_time, _ task: Int32) -> affetto_status {
    guarded { () throws(AffettoError) in
        let task = try word(TaskKind.self, task, "task")
        try withSession(session) { session throws(AffettoError) in try session.setTask(task, at: now) }
    }
}
