import AffettoCore
import AffettoLibrary
import AffettoMusic
import CAffetto

// Header section: music, analysis.

extension affetto_audio: Sized {}
extension affetto_track: Sized {}

@_cdecl("affetto_audio_init") @implementation
public func affetto_audio_init(_ audio: UnsafeMutablePointer<affetto_audio>?, _ size: UInt32) {
    var defaults = affetto_audio()
    defaults.rate_hz = 16_000
    defaults.channels = 1
    initialise(audio, size, defaults)
}

private func trackDefaults() -> affetto_track {
    var defaults = affetto_track()
    defaults.label_source = LabelSource.host.rawValue
    defaults.valence_sd = 0.3
    defaults.arousal_sd = 0.3
    (defaults.measured_valence, defaults.measured_arousal) = (.nan, .nan)
    return defaults
}

@_cdecl("affetto_track_init") @implementation
public func affetto_track_init(_ track: UnsafeMutablePointer<affetto_track>?, _ size: UInt32) {
    initialise(track, size, trackDefaults())
}

/// The caller's audio, checked.
func samples(
    _ audio: UnsafePointer<affetto_audio>?
) throws(AffettoError) -> (UnsafeBufferPointer<Float>, rate: Double, channels: Int) {
    let c = try read(audio, "audio")
    guard (8000...96_000).contains(c.rate_hz) else {
        throw AffettoError(.range, "rate_hz is \(c.rate_hz); it must be 8000…96000")
    }
    guard (1...8).contains(c.channels) else { throw AffettoError(.range, "channels is \(c.channels); it must be 1…8") }
    let (count, overflow) = c.frames.multipliedReportingOverflow(by: Int(c.channels))
    guard c.frames >= 0, !overflow, count <= 1 << 36 else { throw AffettoError(.range, "frames is \(c.frames)") }
    guard let start = c.samples else { throw AffettoError(.argument, "samples is NULL") }
    return (UnsafeBufferPointer(start: start, count: count), Double(c.rate_hz), Int(c.channels))
}

/// An analyser that any thread may use, and what it found.
final class LivePiece: Sendable {
    private struct State {
        let analyzer: MusicAnalyzer
        let channels: Int
        /// What was found, or why nothing can be.
        var outcome: Result<MusicAnalysis, AffettoError>?
    }

    private let state: Guarded<State>

    init(rate: Double, channels: Int) throws(AffettoError) {
        state = Guarded(State(analyzer: try MusicAnalyzer(rate: rate, channels: channels), channels: channels))
    }

    func push(_ samples: UnsafePointer<Float>, _ frames: Int) throws(AffettoError) {
        try state.withLock { state throws(AffettoError) in
            guard state.outcome == nil else { throw AffettoError(.state, "the piece is finished") }
            guard frames <= (1 << 36) / state.channels else { throw AffettoError(.range, "frames is \(frames)") }
            state.analyzer.push(samples, frames: frames)
        }
    }

    func finish() throws(AffettoError) -> MusicAnalysis {
        try state.withLock { state throws(AffettoError) in
            if let outcome = state.outcome { return try outcome.get() }
            let outcome = Result { () throws(AffettoError) in try state.analyzer.finish() }
            state.outcome = outcome
            return try outcome.get()
        }
    }

    func analysis() throws(AffettoError) -> MusicAnalysis {
        guard let outcome = state.withLock({ $0.outcome }) else {
            throw AffettoError(.state, "the piece is not finished: call affetto_music_finish")
        }
        return try outcome.get()
    }
}

func withPiece<Result>(
    _ handle: OpaquePointer?, _ body: (LivePiece) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .music, as: LivePiece.self, body)
}

@_cdecl("affetto_music_create") @implementation
public func affetto_music_create(
    _ rate_hz: UInt32, _ channels: UInt32, _ out_music: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_music else { throw AffettoError(.argument, "out_music is NULL") }
        out_music.pointee = nil
        let piece = try LivePiece(rate: Double(rate_hz), channels: Int(channels))
        out_music.pointee = try HandleTable.shared.insert(piece, kind: .music)
    }
}

@_cdecl("affetto_music_destroy") @implementation
public func affetto_music_destroy(_ music: OpaquePointer?) { _ = HandleTable.shared.remove(music, .music) }

@_cdecl("affetto_music_push") @implementation
public func affetto_music_push(
    _ music: OpaquePointer?, _ samples: UnsafePointer<Float>?, _ frames: Int
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard frames >= 0 else { throw AffettoError(.range, "frames is \(frames)") }
        try withPiece(music) { piece throws(AffettoError) in
            if frames == 0 { return }
            guard let samples else { throw AffettoError(.argument, "samples is NULL") }
            try piece.push(samples, frames)
        }
    }
}

@_cdecl("affetto_music_finish") @implementation
public func affetto_music_finish(
    _ music: OpaquePointer?, _ out_track: UnsafeMutablePointer<affetto_track>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let analysis = try withPiece(music) { piece throws(AffettoError) in try piece.finish() }
        guard out_track != nil else { return }
        var out = try read(UnsafePointer(out_track), "out_track")
        out.adoptNumbers(of: Track(id: "", heard: analysis))
        try write(out, to: out_track, "out_track")
    }
}

@_cdecl("affetto_music_json") @implementation
public func affetto_music_json(
    _ music: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let analysis = try withPiece(music) { piece throws(AffettoError) in try piece.analysis() }
        try give(analysis.json, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_music_analyze") @implementation
public func affetto_music_analyze(
    _ audio: UnsafePointer<affetto_audio>?, _ out_music: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_music else { throw AffettoError(.argument, "out_music is NULL") }
        out_music.pointee = nil
        out_music.pointee = try HandleTable.shared.insert(analysed(audio), kind: .music)
    }
}

/// A finished piece.
func analysed(_ audio: UnsafePointer<affetto_audio>?) throws(AffettoError) -> LivePiece {
    let (samples, rate, channels) = try samples(audio)
    let piece = try LivePiece(rate: rate, channels: channels)
    if let base = samples.baseAddress { try piece.push(base, samples.count / channels) }
    _ = try piece.finish()
    return piece
}

// MARK: Style space

private let styleNames = StyleSpace.names.map { ConstantText($0) }

@_cdecl("affetto_style_dimensions") @implementation
public func affetto_style_dimensions() -> Int32 { Int32(StyleSpace.dimensions) }

@_cdecl("affetto_style_version") @implementation
public func affetto_style_version() -> Int32 { Int32(StyleSpace.version) }

@_cdecl("affetto_style_name") @implementation
public func affetto_style_name(_ index: Int32) -> UnsafePointer<CChar>? {
    styleNames.indices.contains(Int(index)) ? styleNames[Int(index)].pointer : nil
}
