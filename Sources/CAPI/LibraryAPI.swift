import AffettoCore
import AffettoEngine
import AffettoGraphics
import AffettoLibrary
import AffettoMusic
import CAffetto

// Header section: music, library.

extension affetto_query: Sized {}

@_cdecl("affetto_query_init") @implementation
public func affetto_query_init(_ query: UnsafeMutablePointer<affetto_query>?, _ size: UInt32) {
    var defaults = affetto_query()
    (defaults.valence, defaults.arousal, defaults.radius) = (.nan, .nan, .nan)
    (defaults.tempo_min, defaults.tempo_max) = (.nan, .nan)
    (defaults.key, defaults.mode, defaults.age) = (-1, -1, -1)
    initialise(query, size, defaults)
}

@_cdecl("affetto_library_analyze") @implementation
public func affetto_library_analyze(
    _ engine: OpaquePointer?, _ audio: UnsafePointer<affetto_audio>?, _ out_track: UnsafeMutablePointer<affetto_track>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withEngine(engine) { _ in }
        var out = try read(UnsafePointer(out_track), "out_track")
        out.adoptNumbers(of: Track(id: "", heard: try analysed(audio).analysis()))
        try write(out, to: out_track, "out_track")
    }
}

@_cdecl("affetto_library_put") @implementation
public func affetto_library_put(_ engine: OpaquePointer?, _ track: UnsafePointer<affetto_track>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let track = try Track(read(track, "track"))
        try withEngine(engine) { engine throws(AffettoError) in try engine.library.put([track], isPartial: true) }
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
        wanted.text = try optionalText(c.text, "text")
        wanted.like = try optionalText(c.like, "like")
        let (slowest, fastest) = (given(c.tempo_min) ?? 0, given(c.tempo_max) ?? 1000)
        if given(c.tempo_min) != nil || given(c.tempo_max) != nil {
            try requireInRange(slowest, 0...1000, "tempo_min")
            try requireInRange(fastest, slowest...1000, "tempo_max")
            wanted.tempo = slowest...fastest
        }
        guard (-1...11).contains(c.key) else { throw AffettoError(.range, "key is \(c.key); it must be -1…11") }
        guard (-1...1).contains(c.mode) else { throw AffettoError(.range, "mode is \(c.mode); it must be -1, 0 or 1") }
        if c.key >= 0 { wanted.key = c.key }
        if c.mode >= 0 { wanted.isMinor = c.mode == 1 }
        if c.age >= 0 { wanted.age = c.age }
        wanted.cleanOnly = c.clean_only != 0
        wanted.needsReview = c.needs_review != 0
        wanted.includesRejected = c.with_rejected != 0
        let found = try withEngine(engine) { engine throws(AffettoError) in
            try engine.library.find(wanted, limit: out == nil ? 0 : capacity)
        }
        out_count.pointee = found.total
        if out == nil { return }
        for (i, track) in found.tracks.enumerated() {
            guard let slot = out.map({ $0 + i }) else { break }
            if slot.pointee.struct_size == 0 { slot.pointee.struct_size = UInt32(MemoryLayout<affetto_track>.size) }
            try write(affetto_track(track), to: slot, "out[\(i)]")
        }
        guard found.total <= capacity else {
            throw AffettoError(.bufferTooSmall, "\(found.total) tracks fit; there is room for \(capacity)")
        }
    }
}

@_cdecl("affetto_library_add") @implementation
public func affetto_library_add(
    _ engine: OpaquePointer?, _ music: OpaquePointer?, _ about: UnsafePointer<affetto_track>?,
    _ out_track: UnsafeMutablePointer<affetto_track>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let analysis = try withPiece(music) { piece throws(AffettoError) in try piece.analysis() }
        var c = try read(about, "about")
        // Its numbers may be anything: what was measured takes their place.
        c.adoptNumbers(of: Track(id: "", heard: analysis), keepsLabel: true)
        let track = try Track(c)
        let kept = try withEngine(engine) { engine throws(AffettoError) in
            let id = try engine.library.add(analysis, track).id
            return try engine.library.track(id)
        }
        guard out_track != nil, let kept else { return }
        try write(affetto_track(kept), to: out_track, "out_track")
    }
}

@_cdecl("affetto_library_remove") @implementation
public func affetto_library_remove(_ engine: OpaquePointer?, _ id: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let id = try text(id, "id")
        try withEngine(engine) { engine throws(AffettoError) in try engine.library.remove(id) }
    }
}

/// A track and what is seldom asked for.
private struct WholeTrack: Encodable {
    var track: Track
    var detail: TrackDetail?
}

@_cdecl("affetto_library_get") @implementation
public func affetto_library_get(
    _ engine: OpaquePointer?, _ id: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let id = try text(id, "id")
        let whole = try withEngine(engine) { engine throws(AffettoError) in
            guard let track = try engine.library.track(id) else {
                throw AffettoError(.notFound, "there is no track '\(id)' in the library")
            }
            return WholeTrack(track: track, detail: try engine.library.detail(id))
        }
        try give(JSON.text(whole), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_library_correct") @implementation
public func affetto_library_correct(
    _ engine: OpaquePointer?, _ id: UnsafePointer<CChar>?, _ json: UnsafePointer<CChar>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let id = try text(id, "id")
        let json = try text(json, "json")
        try withEngine(engine) { engine throws(AffettoError) in
            try engine.library.correct(id, json: Array(json.utf8))
        }
    }
}

@_cdecl("affetto_library_rate") @implementation
public func affetto_library_rate(
    _ engine: OpaquePointer?, _ id: UnsafePointer<CChar>?, _ rater: UnsafePointer<CChar>?, _ source: Int32,
    _ valence: Float, _ arousal: Float, _ now: Int64
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let rating = TrackRating(
            track: try text(id, "id"), rater: try text(rater, "rater"),
            source: try word(LabelSource.self, source, "source"), valence: valence, arousal: arousal, time: now)
        try withEngine(engine) { engine throws(AffettoError) in try engine.library.rate([rating]) }
    }
}

@_cdecl("affetto_library_settle") @implementation
public func affetto_library_settle(
    _ engine: OpaquePointer?, _ id: UnsafePointer<CChar>?, _ review: Int32
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let id = try text(id, "id")
        let status = try word(ReviewStatus.self, review, "review")
        try withEngine(engine) { engine throws(AffettoError) in try engine.library.settle(id, status) }
    }
}

@_cdecl("affetto_library_agreement") @implementation
public func affetto_library_agreement(
    _ engine: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let agreement = try withEngine(engine) { engine throws(AffettoError) in try engine.library.agreement() }
        try give(JSON.text(agreement), buffer, capacity, out_length)
    }
}

private enum TableFormat: Int32 { case csv, json }

private func format(_ number: Int32) throws(AffettoError) -> TableFormat {
    guard let format = TableFormat(rawValue: number) else {
        throw AffettoError(.argument, "format is \(number); it must be 0 (CSV) or 1 (JSON)")
    }
    return format
}

@_cdecl("affetto_library_import") @implementation
public func affetto_library_import(
    _ engine: OpaquePointer?, _ format: Int32, _ text: UnsafePointer<CChar>?, _ length: Int,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let format = try AffettoCAPI.format(format)
        let table = try tableBytes(text, length)
        try giveOnce(reportBytes, buffer, capacity, out_length) { () throws(AffettoError) in
            try withEngine(engine) { engine throws(AffettoError) in
                var report =
                    format == .csv ? try engine.library.importCSV(table) : try engine.library.importJSON(table)
                report.errors.removeLast(max(report.errors.count - 100, 0))
                return report
            }
        }
    }
}

private let reportBytes = 32 << 10

private func tableBytes(_ text: UnsafePointer<CChar>?, _ length: Int) throws(AffettoError) -> [UInt8] {
    guard let text else { throw AffettoError(.argument, "text is NULL") }
    guard length >= 0, length <= 1 << 30 else { throw AffettoError(.range, "a table has at most 2^30 bytes") }
    return [UInt8](UnsafeRawBufferPointer(start: text, count: length))
}

@_cdecl("affetto_library_export") @implementation
public func affetto_library_export(
    _ engine: OpaquePointer?, _ format: Int32, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let format = try AffettoCAPI.format(format)
        let table = try withEngine(engine) { engine throws(AffettoError) in
            format == .csv ? try engine.library.exportCSV() : try engine.library.exportJSON()
        }
        try give(table, buffer, capacity, out_length)
    }
}

@_cdecl("affetto_library_map") @implementation
public func affetto_library_map(
    _ engine: OpaquePointer?, _ side: Double, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard side.isFinite, (240...2000).contains(side) else {
            throw AffettoError(.range, "side is \(side); it must be 240…2000")
        }
        let tracks = try withEngine(engine) { engine throws(AffettoError) in try engine.library.all() }
        try give(LibraryMap(tracks).svg(side: side), buffer, capacity, out_length)
    }
}
