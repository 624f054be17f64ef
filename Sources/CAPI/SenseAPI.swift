import AffettoActivity
import AffettoCore
import AffettoEngine
import AffettoSelfReport
import CAffetto

// Header section: session, sense.

extension affetto_session_options: Sized {}
extension affetto_activity_event: Sized {}
extension affetto_self_report: Sized {}

@_cdecl("affetto_session_options_init") @implementation
public func affetto_session_options_init(_ options: UnsafeMutablePointer<affetto_session_options>?, _ size: UInt32) {
    var defaults = affetto_session_options()
    defaults.audio_rate_hz = 16_000
    defaults.audio_channels = 1
    initialise(options, size, defaults)
}

@_cdecl("affetto_session_create") @implementation
public func affetto_session_create(
    _ engine: OpaquePointer?, _ learner: UnsafePointer<CChar>?, _ options: UnsafePointer<affetto_session_options>?,
    _ out_session: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_session else { throw AffettoError(.argument, "out_session is NULL") }
        out_session.pointee = nil
        let learner = try text(learner, "learner")
        let c = try read(options, "options")
        var sitting = SessionOptions()
        sitting.task = try word(TaskKind.self, c.task, "task")
        sitting.purpose = try word(Purpose.self, c.purpose, "purpose")
        sitting.playback = try word(PlaybackScope.self, c.playback, "playback")
        sitting.audioRate = Double(c.audio_rate_hz)
        sitting.audioChannels = Int(c.audio_channels)
        guard (0..<1 << 40).contains(c.started_unix_s) else {
            throw AffettoError(.range, "started_unix_s makes no sense")
        }
        sitting.started = c.started_unix_s
        let session = try withEngine(engine) { engine throws(AffettoError) in
            try engine.startSession(learner: learner, options: sitting)
        }
        out_session.pointee = try HandleTable.shared.insert(session, kind: .session)
    }
}

@_cdecl("affetto_session_destroy") @implementation
public func affetto_session_destroy(_ session: OpaquePointer?) {
    (HandleTable.shared.remove(session, .session) as? Session)?.end()
}

@_cdecl("affetto_session_id") @implementation
public func affetto_session_id(
    _ session: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let id = try withSession(session) { $0.id }
        try give(id, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_session_push_audio") @implementation
public func affetto_session_push_audio(
    _ session: OpaquePointer?, _ now: affetto_time, _ samples: UnsafePointer<Float>?, _ frames: Int
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            if frames == 0 { return }
            guard let samples else { throw AffettoError(.argument, "samples is NULL") }
            try session.pushAudio(samples, frames: frames, at: now)
        }
    }
}

@_cdecl("affetto_session_push_text") @implementation
public func affetto_session_push_text(
    _ session: OpaquePointer?, _ now: affetto_time, _ utf8: UnsafePointer<CChar>?, _ length: Int
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let notice = try withSession(session) { session throws(AffettoError) in
            // Before the text is even read: a refusal must not have looked at it.
            try session.checkLeave(for: .text)
            guard length >= -1, length <= 1 << 20 else { throw AffettoError(.range, "length is \(length)") }
            guard let utf8 else { throw AffettoError(.argument, "utf8 is NULL") }
            let message = length == -1 ? try text(utf8, "the text") : try text(utf8, length, "the text")
            return try session.take(message, at: now)
        }
        // The handle is free again: a handler may even destroy it.
        notice?.deliver()
    }
}

@_cdecl("affetto_activity_event_init") @implementation
public func affetto_activity_event_init(_ event: UnsafeMutablePointer<affetto_activity_event>?, _ size: UInt32) {
    var defaults = affetto_activity_event()
    defaults.correct = -1
    defaults.attempts = 1
    defaults.seconds = .nan
    defaults.difficulty = .nan
    initialise(event, size, defaults)
}

@_cdecl("affetto_session_push_activity") @implementation
public func affetto_session_push_activity(
    _ session: OpaquePointer?, _ now: affetto_time, _ event: UnsafePointer<affetto_activity_event>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            try session.checkLeave(for: .activity)
            let c = try read(event, "event")
            guard (-1...1).contains(c.correct) else {
                throw AffettoError(.range, "correct is \(c.correct); it must be -1, 0 or 1")
            }
            let event = ActivityEvent(
                kind: try word(ActivityKind.self, c.kind, "kind"), correct: c.correct < 0 ? nil : c.correct == 1,
                attempt: Int(c.attempts), seconds: given(c.seconds), difficulty: given(c.difficulty))
            try session.pushActivity(event, at: now)
        }
    }
}

@_cdecl("affetto_self_report_init") @implementation
public func affetto_self_report_init(_ report: UnsafeMutablePointer<affetto_self_report>?, _ size: UInt32) {
    var defaults = affetto_self_report()
    defaults.emotion = -1
    defaults.valence = .nan
    defaults.arousal = .nan
    defaults.control = .nan
    initialise(report, size, defaults)
}

@_cdecl("affetto_session_push_self_report") @implementation
public func affetto_session_push_self_report(
    _ session: OpaquePointer?, _ now: affetto_time, _ report: UnsafePointer<affetto_self_report>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            try session.checkLeave(for: .selfReport)
            let c = try read(report, "report")
            let emotion = c.emotion == -1 ? nil : try word(Emotion.self, c.emotion, "emotion")
            let (valence, arousal, control) = (given(c.valence), given(c.arousal), given(c.control))
            let said =
                if let finer = try optionalText(c.word, "word") {
                    try SelfReport(word: finer, valence: valence, arousal: arousal, control: control)
                } else {
                    SelfReport(emotion: emotion, valence: valence, arousal: arousal, control: control)
                }
            try session.pushSelfReport(said, at: now)
        }
    }
}
