import AffettoCore
import AffettoEngine
import AffettoLibrary
import CAffetto

// Header section: music library.

extension affetto_audio: Sized {}
extension affetto_track: Sized {}
extension affetto_query: Sized {}

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
    return defaults
}

@_cdecl("affetto_track_init") @implementation
public func affetto_track_init(_ track: UnsafeMutablePointer<affetto_track>?, _ size: UInt32) {
    initialise(track, size, trackDefaults())
}

@_cdecl("affetto_query_init") @implementation
public func affetto_query_init(_ query: UnsafeMutablePointer<affetto_query>?, _ size: UInt32) {
    var defaults = affetto_query()
    (defaults.valence, defaults.arousal, defaults.radius) = (.nan, .nan, .nan)
    initialise(query, size, defaults)
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

@_cdecl("affetto_library_analyze") @implementation
public func affetto_library_analyze(
    _ engine: OpaquePointer?, _ audio: UnsafePointer<affetto_audio>?, _ out_track: UnsafeMutablePointer<affetto_track>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withEngine(engine) { _ in }
        var out = try read(UnsafePointer(out_track), "out_track")
        let (samples, rate, channels) = try samples(audio)
        let track = try MusicLibrary.analyze(samples, rate: rate, channels: channels, id: "")
        out.adoptNumbers(of: track)
        try write(out, to: out_track, "out_track")
    }
}

@_cdecl("affetto_library_put") @implementation
public func affetto_library_put(_ engine: OpaquePointer?, _ track: UnsafePointer<affetto_track>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let track = try Track(read(track, "track"))
        try withEngine(engine) { engine throws(AffettoError) in try engine.library.put([track]) }
    }
}

@_cdecl("affetto_library_find") @implementation
public func affetto_library_find(
    _ engine: OpaquePointer?, _ query: UnsafePointer<affetto_query>?, _ out: UnsafeMutablePointer<affetto_track>?,
    _ capacity: Int, _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_count else { throw AffettoError(.argument, "out_count is NULL") }
        guard capacity >= 0, capacity == 0 || out != nil else {
            throw AffettoError(.argument, "out is NULL or capacity negative")
        }
        let c = try read(query, "query")
        var wanted = MusicLibrary.Query()
        wanted.instrumentalOnly = c.instrumental_only != 0
        wanted.style = try optionalText(c.style, "style")
        let (valence, arousal) = (given(c.valence), given(c.arousal))
        if let valence { try requireInRange(valence, -1...1, "valence") }
        if let arousal { try requireInRange(arousal, -1...1, "arousal") }
        guard (valence == nil) == (arousal == nil) else {
            throw AffettoError(.argument, "give the query valence and arousal, or neither")
        }
        if let valence, let arousal { wanted.centre = AffectPoint(valence: valence, arousal: arousal) }
        if let radius = given(c.radius) {
            try requireInRange(radius, 0...4, "radius")
            wanted.radius = radius
        }
        let found = try withEngine(engine) { $0.library.find(wanted) }
        out_count.pointee = found.count
        if out == nil { return }
        for (i, track) in found.prefix(capacity).enumerated() {
            guard let slot = out.map({ $0 + i }) else { break }
            if slot.pointee.struct_size == 0 { slot.pointee.struct_size = UInt32(MemoryLayout<affetto_track>.size) }
            try write(affetto_track(track), to: slot, "out[\(i)]")
        }
        guard found.count <= capacity else {
            throw AffettoError(.bufferTooSmall, "\(found.count) tracks fit; there is room for \(capacity)")
        }
    }
}
