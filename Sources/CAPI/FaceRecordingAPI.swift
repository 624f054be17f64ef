import AffettoCore
import AffettoFace
import CAffetto

// Header section: research, a face without a session: trackers' recordings.

extension affetto_face_recording_options: Sized {}
extension affetto_face_recording_summary: Sized {}

/// A recording with its points where C can see them.
private final class LiveRecording: @unchecked Sendable {  // never written after init
    let recording: FaceRecording
    private let points: UnsafeMutablePointer<Float>

    init(_ recording: FaceRecording) {
        self.recording = recording
        let width = FaceFrame.points.count
        let count = recording.has(FaceFrame.points) ? recording.count : 0
        points = .allocate(capacity: count * width)
        var frame = FaceFrame()
        for i in 0..<count {
            recording.read(i, into: &frame)
            for (k, value) in frame[FaceFrame.points].enumerated() { (points + i * width + k).initialize(to: value) }
        }
    }

    deinit { points.deallocate() }

    func frame(_ index: Int) -> affetto_face_frame {
        var out = emptyFaceFrame()
        let frame = recording[index]
        out.tracking = frame.tracking
        let (shapes, units) = (frame[FaceFrame.blendshapes], frame[FaceFrame.actionUnits])
        set(&out.blendshape, shapes.count) { shapes[shapes.startIndex + $0] }
        set(&out.action_unit, units.count) { units[units.startIndex + $0] }
        let angles = Array(frame[FaceFrame.head]) + Array(frame[FaceFrame.gaze])
        (out.yaw, out.pitch, out.roll, out.gaze_x, out.gaze_y) = (angles[0], angles[1], angles[2], angles[3], angles[4])
        if let first = frame[FaceFrame.points].first, !first.isNaN {
            out.point_layout = Int32(AFFETTO_POINTS_IBUG68.rawValue)
            out.point_count = UInt32(FacePoints.count)
            out.points = UnsafePointer(points + index * FaceFrame.points.count)
        }
        return out
    }
}

private func withRecording<Result>(
    _ handle: OpaquePointer?, _ body: (LiveRecording) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .faceRecording, as: LiveRecording.self, body)
}

@_cdecl("affetto_face_recording_options_init") @implementation
public func affetto_face_recording_options_init(
    _ options: UnsafeMutablePointer<affetto_face_recording_options>?, _ size: UInt32
) {
    var defaults = affetto_face_recording_options()
    defaults.face = -1
    initialise(options, size, defaults)
}

@_cdecl("affetto_face_recording_read") @implementation
public func affetto_face_recording_read(
    _ bytes: UnsafePointer<CChar>?, _ length: Int, _ options: UnsafePointer<affetto_face_recording_options>?,
    _ out_recording: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_recording else { throw AffettoError(.argument, "out_recording is NULL") }
        out_recording.pointee = nil
        guard let bytes else { throw AffettoError(.argument, "bytes is NULL") }
        guard length >= 0, length <= 1 << 31 else { throw AffettoError(.range, "length must be 0…2^31") }
        var wanted = FaceRecording.Options()
        if options != nil {
            let c = try read(options, "options")
            guard c.face >= -1 else { throw AffettoError(.range, "face is \(c.face); it must be -1 or an id") }
            if c.face >= 0 { wanted.face = Int(c.face) }
            if c.frames_per_s != 0 { wanted.framesPerSecond = c.frames_per_s }
            if c.image_aspect != 0 { wanted.aspect = c.image_aspect }
        }
        let copy = bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
            Array(UnsafeBufferPointer(start: $0, count: length))
        }
        let recording = try FaceRecording(bytes: copy, options: wanted)
        out_recording.pointee = try HandleTable.shared.insert(LiveRecording(recording), kind: .faceRecording)
    }
}

@_cdecl("affetto_face_recording_destroy") @implementation
public func affetto_face_recording_destroy(_ recording: OpaquePointer?) {
    _ = HandleTable.shared.remove(recording, .faceRecording)
}

@_cdecl("affetto_face_recording_summary_init") @implementation
public func affetto_face_recording_summary_init(
    _ summary: UnsafeMutablePointer<affetto_face_recording_summary>?, _ size: UInt32
) {
    initialise(summary, size, affetto_face_recording_summary())
}

@_cdecl("affetto_face_recording_summarize") @implementation
public func affetto_face_recording_summarize(
    _ recording: OpaquePointer?, _ out_summary: UnsafeMutablePointer<affetto_face_recording_summary>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let recording = try withRecording(recording) { $0.recording }
        var c = affetto_face_recording_summary()
        c.format = recording.format.rawValue
        c.is_cut = recording.isCut ? 1 : 0
        c.has_blendshapes = recording.has(FaceFrame.blendshapes) ? 1 : 0
        c.has_action_units = recording.has(FaceFrame.actionUnits) ? 1 : 0
        c.has_points = recording.has(FaceFrame.points) ? 1 : 0
        c.has_head = recording.has(FaceFrame.head) ? 1 : 0
        c.frames = UInt64(recording.count)
        c.faces = UInt64(recording.faceCount)
        c.duration_s = recording.duration
        try write(c, to: out_summary, "out_summary")
    }
}

@_cdecl("affetto_face_recording_frame") @implementation
public func affetto_face_recording_frame(
    _ recording: OpaquePointer?, _ index: UInt64, _ out_time: UnsafeMutablePointer<affetto_time>?,
    _ out_frame: UnsafeMutablePointer<affetto_face_frame>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_time else { throw AffettoError(.argument, "out_time is NULL") }
        try withRecording(recording) { held throws(AffettoError) in
            guard index < held.recording.count else {
                throw AffettoError(.range, "frame \(index) of \(held.recording.count)")
            }
            try write(held.frame(Int(index)), to: out_frame, "out_frame")
            out_time.pointee = held.recording.times[Int(index)]
        }
    }
}
