import AffettoCore
import AffettoEngine
import AffettoFace
import CAffetto

// Header sections: sense, the face; research, a face without a session (its recordings: FaceRecordingAPI.swift).

extension affetto_face_frame: Sized {}
extension affetto_face_signals: Sized {}

// MARK: Names

@_cdecl("affetto_blendshape_count") @implementation
public func affetto_blendshape_count() -> Int32 { Int32(Blendshapes.count) }

private let blendshapeNames = Blendshapes.names.map { ConstantText($0) }
private let expressionNames = FaceModel.labels.map { ConstantText($0) }

private func entry(_ names: [ConstantText], _ index: Int32) -> UnsafePointer<CChar>? {
    names.indices.contains(Int(index)) ? names[Int(index)].pointer : nil
}

@_cdecl("affetto_blendshape_name") @implementation
public func affetto_blendshape_name(_ index: Int32) -> UnsafePointer<CChar>? { entry(blendshapeNames, index) }

@_cdecl("affetto_blendshape_index") @implementation
public func affetto_blendshape_index(_ name: UnsafePointer<CChar>?) -> Int32 {
    guard let name = try? text(name, "name", limit: 64) else { return -1 }
    return Blendshapes.index(of: name).map(Int32.init) ?? -1
}

@_cdecl("affetto_action_unit_count") @implementation
public func affetto_action_unit_count() -> Int32 { Int32(ActionUnits.count) }

@_cdecl("affetto_action_unit_number") @implementation
public func affetto_action_unit_number(_ index: Int32) -> Int32 {
    ActionUnits.numbers.indices.contains(Int(index)) ? Int32(ActionUnits.numbers[Int(index)]) : 0
}

@_cdecl("affetto_expression_count") @implementation
public func affetto_expression_count() -> Int32 { Int32(FaceModel.labels.count) }

@_cdecl("affetto_expression_name") @implementation
public func affetto_expression_name(_ index: Int32) -> UnsafePointer<CChar>? { entry(expressionNames, index) }

// MARK: Frames

/// Sets the first numbers of a C struct's fixed array.
func set<Lanes>(_ lanes: inout Lanes, _ count: Int, _ value: (Int) -> Float) {
    withUnsafeMutableBytes(of: &lanes) { raw in
        let to = raw.bindMemory(to: Float.self)
        for i in 0..<min(count, to.count) { to[i] = value(i) }
    }
}

func emptyFaceFrame() -> affetto_face_frame {
    var frame = affetto_face_frame()
    frame.tracking = 1
    set(&frame.blendshape, Blendshapes.count) { _ in .nan }
    set(&frame.action_unit, ActionUnits.count) { _ in .nan }
    (frame.yaw, frame.pitch, frame.roll, frame.gaze_x, frame.gaze_y) = (.nan, .nan, .nan, .nan, .nan)
    return frame
}

@_cdecl("affetto_face_frame_init") @implementation
public func affetto_face_frame_init(_ frame: UnsafeMutablePointer<affetto_face_frame>?, _ size: UInt32) {
    initialise(frame, size, emptyFaceFrame())
}

@_cdecl("affetto_face_frame_set") @implementation
public func affetto_face_frame_set(
    _ frame: UnsafeMutablePointer<affetto_face_frame>?, _ name: UnsafePointer<CChar>?, _ value: Float
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let frame else { throw AffettoError(.argument, "frame is NULL") }
        _ = try read(frame, "frame")
        let name = try text(name, "name", limit: 64)
        if name == "_neutral" { return }
        guard let place = FaceFrame.place(of: name) else {
            throw AffettoError(.notFound, "'\(name)' is no blendshape, action unit or angle of ours")
        }
        let (shapes, units) = (FaceFrame.blendshapes, FaceFrame.actionUnits)
        if shapes.contains(place) {
            withUnsafeMutableBytes(of: &frame.pointee.blendshape) { $0.bindMemory(to: Float.self)[place] = value }
        } else if units.contains(place) {
            withUnsafeMutableBytes(of: &frame.pointee.action_unit) {
                $0.bindMemory(to: Float.self)[place - units.lowerBound] = value
            }
        } else {
            switch place - FaceFrame.head.lowerBound {
            case 0: frame.pointee.yaw = value
            case 1: frame.pointee.pitch = value
            case 2: frame.pointee.roll = value
            case 3: frame.pointee.gaze_x = value
            default: frame.pointee.gaze_y = value
            }
        }
    }
}

extension FaceFrame {
    /// Puts a caller's frame into an empty one.
    fileprivate mutating func take(_ c: inout affetto_face_frame) throws(AffettoError) {
        tracking = c.tracking
        withUnsafeBytes(of: &c.blendshape) {
            set(FaceFrame.blendshapes, from: $0.bindMemory(to: Float.self).baseAddress)
        }
        withUnsafeBytes(of: &c.action_unit) {
            set(FaceFrame.actionUnits, from: $0.bindMemory(to: Float.self).baseAddress)
        }
        set(head: c.yaw, c.pitch, c.roll)
        set(gaze: c.gaze_x, c.gaze_y)
        guard c.point_layout != 0 || c.point_count != 0 else { return }
        guard let layout = FacePoints.Layout(rawValue: c.point_layout) else {
            throw AffettoError(.range, "point_layout is \(c.point_layout); it must be 0…2")
        }
        guard let points = c.points else { throw AffettoError(.argument, "points is NULL") }
        try setPoints(points, count: Int(c.point_count), layout: layout)
    }
}

@_cdecl("affetto_session_push_face") @implementation
public func affetto_session_push_face(
    _ session: OpaquePointer?, _ now: affetto_time, _ frame: UnsafePointer<affetto_face_frame>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in
            try session.checkLeave(for: .face)
            var c = try read(frame, "frame")
            try session.pushFace(at: now) { into throws(AffettoError) in try into.take(&c) }
        }
    }
}

// MARK: Signals

@_cdecl("affetto_face_signals_init") @implementation
public func affetto_face_signals_init(_ signals: UnsafeMutablePointer<affetto_face_signals>?, _ size: UInt32) {
    initialise(signals, size, affetto_face_signals())
}

extension affetto_face_signals {
    fileprivate init(_ s: FaceSignals) {
        self.init()
        is_valid = s.isValid ? 1 : 0
        time = s.time
        basis = Int32(FaceModel.Basis.allCases.firstIndex(of: s.basis) ?? 0)
        quality = s.quality
        set(&action_unit, ActionUnits.count) { s.actionUnits[$0] }
        (smile, frown, brow_raise, brow_lower) = (s.smile, s.frown, s.browRaise, s.browLower)
        (smile_genuineness, eye_closure) = (s.smileGenuineness, s.eyeClosure)
        (blink_rate, eyes_closed_share) = (s.blinkRate, s.eyesClosedShare)
        (gaze_away, head_motion) = (s.gazeAway, s.headMotion)
        (smile_mean, smile_sd, smile_peak) = (s.smileSummary.mean, s.smileSummary.sd, s.smileSummary.peak)
        (frown_mean, frown_sd, frown_peak) = (s.frownSummary.mean, s.frownSummary.sd, s.frownSummary.peak)
        (brow_raise_mean, brow_raise_sd, brow_raise_peak) = (
            s.browRaiseSummary.mean, s.browRaiseSummary.sd, s.browRaiseSummary.peak
        )
        (brow_lower_mean, brow_lower_sd, brow_lower_peak) = (
            s.browLowerSummary.mean, s.browLowerSummary.sd, s.browLowerSummary.peak
        )
        (eye_closure_mean, eye_closure_sd, eye_closure_peak) = (
            s.eyeClosureSummary.mean, s.eyeClosureSummary.sd, s.eyeClosureSummary.peak
        )
        set(&expression, FaceModel.labels.count) { s.expression[$0] }
        (valence, arousal) = (s.valence, s.arousal)
        (confusion, frustration) = (s.learning.confusion, s.learning.frustration)
        (boredom, engagement) = (s.learning.boredom, s.learning.engagement)
        learning_sd = LearningIndicators.sd
    }
}

@_cdecl("affetto_session_face") @implementation
public func affetto_session_face(
    _ session: OpaquePointer?, _ out_signals: UnsafeMutablePointer<affetto_face_signals>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let signals = try withSession(session) { session throws(AffettoError) in try session.faceSignals() }
        try write(affetto_face_signals(signals), to: out_signals, "out_signals")
    }
}

// MARK: Stream

/// A stream with the memory for a frame, for one thread at a time: a second one waits.
private final class LiveFace: Sendable {
    private struct Parts {
        var stream: FaceStream
        var frame = FaceFrame()
    }

    private let parts: Guarded<Parts>

    init(_ model: FaceModel) { parts = Guarded(Parts(stream: FaceStream(model: model))) }

    func push(_ c: inout affetto_face_frame, at time: Microseconds) throws(AffettoError) {
        try parts.withLock { parts throws(AffettoError) in
            parts.frame.clear()
            try parts.frame.take(&c)
            try parts.frame.check()
            _ = parts.stream.push(parts.frame, at: time)
        }
    }

    var signals: FaceSignals { parts.withLock { $0.stream.signals } }

    func wipe() {
        parts.withLock {
            $0.stream.wipe()
            $0.frame.clear()
        }
    }
}

private func withFace<Result>(
    _ handle: OpaquePointer?, _ body: (LiveFace) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .face, as: LiveFace.self, body)
}

@_cdecl("affetto_face_create") @implementation
public func affetto_face_create(_ out_face: UnsafeMutablePointer<OpaquePointer?>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_face else { throw AffettoError(.argument, "out_face is NULL") }
        out_face.pointee = nil
        out_face.pointee = try HandleTable.shared.insert(LiveFace(try embeddedFaceModel()), kind: .face)
    }
}

@_cdecl("affetto_face_destroy") @implementation
public func affetto_face_destroy(_ face: OpaquePointer?) {
    (HandleTable.shared.remove(face, .face) as? LiveFace)?.wipe()
}

@_cdecl("affetto_face_push") @implementation
public func affetto_face_push(
    _ face: OpaquePointer?, _ time: affetto_time, _ frame: UnsafePointer<affetto_face_frame>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        var c = try read(frame, "frame")
        guard time > -(1 << 60), time < 1 << 60 else { throw AffettoError(.range, "the time \(time) makes no sense") }
        try withFace(face) { face throws(AffettoError) in try face.push(&c, at: time) }
    }
}

@_cdecl("affetto_face_poll") @implementation
public func affetto_face_poll(
    _ face: OpaquePointer?, _ out_signals: UnsafeMutablePointer<affetto_face_signals>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let signals = try withFace(face) { $0.signals }
        try write(affetto_face_signals(signals), to: out_signals, "out_signals")
    }
}
