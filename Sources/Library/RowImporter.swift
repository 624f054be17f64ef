import AffettoCore

/// Takes the rows of a table one by one and writes them some hundred at a time: what is written stays, should the process
/// end in between.
struct RowImporter {
    private static let batch = 500
    private let library: MusicLibrary
    /// By the bytes of their ids: to Swift, texts of other bytes can be equal.
    private var tracks: [[UInt8]: Track] = [:]
    private var ratings: [TrackRating] = []
    private(set) var report = MusicLibrary.ImportReport()

    init(library: MusicLibrary) { self.library = library }

    mutating func take(_ fields: [String: String], line: Int) throws(AffettoError) {
        do { try add(fields) } catch {
            guard error.code != .store, error.code != .storeCorrupt else { throw error }
            refuse(line, error.message)
        }
        if tracks.count >= Self.batch || ratings.count >= Self.batch { try flush() }
    }

    mutating func take(whole track: Track, line: Int) throws(AffettoError) {
        do {
            try track.check()
            var old = tracks[Array(track.id.utf8)]
            if old == nil { old = try library.track(track.id) }
            keep(track, old: old)
        } catch {
            guard error.code != .store, error.code != .storeCorrupt else { throw error }
            refuse(line, error.message)
        }
        if tracks.count >= Self.batch { try flush() }
    }

    /// A row is left out; the message without what would swell in JSON, and at most 200 bytes of it.
    mutating func refuse(_ line: Int, _ message: String) {
        let plain = message.utf8.prefix(200).map { byte -> UInt8 in
            byte < 0x20 ? 0x20 : byte == 0x22 ? 0x27 : byte == 0x5C ? 0x2F : byte
        }
        report.errors.append(.init(line: line, message: String(decoding: plain, as: UTF8.self)))
    }

    private mutating func add(_ fields: [String: String]) throws(AffettoError) {
        let old = try known(fields)
        guard let id = old?.id ?? fields["id"] ?? fields["uri"].map(MusicLibrary.id(ofFile:)) else {
            throw AffettoError(.argument, "it has neither id nor uri")
        }
        let key = Array(id.utf8)
        var track =
            tracks[key] ?? old
            ?? Track(
                id: id, title: id, valence: Estimate(0, sd: 0.6), arousal: Estimate(0, sd: 0.6), labelSource: .host,
                features: MusicFeatures())
        let rater = fields["rater"]
        for field in TrackField.allCases {
            guard let text = fields[field.rawValue] else { continue }
            if rater != nil, [.valence, .arousal, .valenceSd, .arousalSd, .labelSource].contains(field) { continue }
            if old?.corrected.contains(field.rawValue) == true { continue }
            try field.set(text, in: &track)
        }
        let corrected = old?.corrected ?? []
        let isLabel =
            (fields["valence"] != nil && !corrected.contains("valence"))
            || (fields["arousal"] != nil && !corrected.contains("arousal"))
        if rater == nil, isLabel {
            if fields["label_source"] == nil { track.labelSource = .host }
            if fields["valence_sd"] == nil, fields["valence"] != nil { track.valence.sd = 0.3 }
            if fields["arousal_sd"] == nil, fields["arousal"] != nil { track.arousal.sd = 0.3 }
        }
        try track.check()
        // Read before anything is kept: the row is taken as a whole or not at all.
        if let rater { ratings.append(try rating(id, rater, fields)) }
        keep(track, old: tracks[key] ?? old)
    }

    private func known(_ fields: [String: String]) throws(AffettoError) -> Track? {
        if let id = fields["id"] {
            if let track = tracks[Array(id.utf8)] { return track }
            return try library.track(id)
        }
        guard let uri = fields["uri"] else { return nil }
        if let track = tracks.values.first(where: { $0.uri == uri }) { return track }
        return try library.store.track(uri: uri)
    }

    private func rating(
        _ id: String, _ rater: String, _ fields: [String: String]
    ) throws(AffettoError) -> TrackRating {
        guard let valence = fields["valence"].flatMap({ Float(trimmed($0)) }),
            let arousal = fields["arousal"].flatMap({ Float(trimmed($0)) })
        else { throw AffettoError(.argument, "a rating needs valence and arousal") }
        try requireInRange(valence, -1...1, "valence")
        try requireInRange(arousal, -1...1, "arousal")
        let source = try fields["label_source"].map { name throws(AffettoError) in
            guard let source = LabelSource(name: name), source == .crowd || source == .expert else {
                throw AffettoError(.argument, "a rating's label_source is crowd or expert")
            }
            return source
        }
        guard !trimmed(rater).isEmpty, rater.utf8.count < 64 else {
            throw AffettoError(.argument, "rater must have 1…63 bytes")
        }
        return TrackRating(
            track: id, rater: rater, source: source ?? .crowd, valence: valence, arousal: arousal, time: 0)
    }

    private mutating func keep(_ track: Track, old: Track?) {
        if old == nil { report.added += 1 } else if old == track { report.unchanged += 1 } else { report.updated += 1 }
        if old != track { tracks[Array(track.id.utf8)] = track }
    }

    private mutating func flush() throws(AffettoError) {
        try library.put(tracks.values.sorted { $0.id < $1.id })
        try library.rate(ratings)
        report.ratings += ratings.count
        tracks.removeAll(keepingCapacity: true)
        ratings.removeAll(keepingCapacity: true)
    }

    mutating func finish() throws(AffettoError) -> MusicLibrary.ImportReport {
        try flush()
        return report
    }

}

extension MusicLibrary {
    /// A file's name without folder and ending, at most 63 bytes: an id for a track that has none.
    public static func id(ofFile uri: String) -> String {
        let name = uri.split(separator: "/").last.map(String.init) ?? uri
        let stem = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? String(name[..<$0]) : nil } ?? name
        var out = ""
        for character in stem where out.utf8.count + character.utf8.count <= 63 {
            if !character.unicodeScalars.contains(where: { $0.value < 0x20 }) { out.append(character) }
        }
        return out
    }
}

/// An object whose values are texts, numbers, truths or lists of texts, all taken as text.
struct LooseObject: Decodable {
    let fields: [String: String]

    private enum Value: Decodable {
        case text(String)
        case absent

        init(from decoder: any Decoder) throws {
            let box = try decoder.singleValueContainer()
            if box.decodeNil() {
                self = .absent
            } else if let truth = try? box.decode(Bool.self) {
                self = .text(truth ? "true" : "false")
            } else if let number = try? box.decode(Double.self) {
                let whole = number.rounded() == number && abs(number) < 1e15
                self = .text(whole ? "\(Int64(number))" : "\(number)")
            } else if let list = try? box.decode([String].self) {
                self = .text(list.joined(separator: "; "))
            } else {
                self = .text(try box.decode(String.self))
            }
        }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.singleValueContainer().decode([String: Value].self)
        var fields: [String: String] = [:]
        for (name, value) in values {
            guard name == "id" || name == "rater" || TrackField(rawValue: name) != nil else {
                throw AffettoError(.argument, "'\(name.prefix(40))' is no field of a track")
            }
            if case .text(let text) = value { fields[name] = text }
        }
        self.fields = fields
    }
}

/// The elements of a JSON array with the lines on which they begin, so that faults can be named by line.
enum JSONElements {
    /// Whether an element looks like what `exportJSON` writes.
    static func isWholeTrack(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("\"features\"")
    }

    static func split(_ bytes: [UInt8]) throws(AffettoError) -> [(line: Int, bytes: ArraySlice<UInt8>)] {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw AffettoError(.encoding, "the JSON is not UTF-8")
        }
        var found: [(line: Int, bytes: ArraySlice<UInt8>)] = []
        var line = 1
        var depth = 0
        var inText = false
        var start: (at: Int, line: Int)?
        var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var isClosed = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x0A { line += 1 }
            if inText {
                if byte == UInt8(ascii: "\\") { at += 1 } else if byte == UInt8(ascii: "\"") { inText = false }
            } else {
                let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
                switch byte {
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    if depth == 0, byte != UInt8(ascii: "[") || isClosed { throw noArray(line) }
                    if depth == 1, start == nil { start = (at, line) }
                    depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    depth -= 1
                    guard depth >= 0 else { throw noArray(line) }
                    if depth == 0 {
                        if let begun = start { found.append((begun.line, bytes[begun.at..<at])) }
                        start = nil
                        isClosed = true
                    }
                case UInt8(ascii: ",") where depth == 1:
                    guard let begun = start else {
                        throw AffettoError(.argument, "line \(line): an element is missing")
                    }
                    found.append((begun.line, bytes[begun.at..<at]))
                    start = nil
                default:
                    if !isSpace {
                        if depth == 0 { throw noArray(line) }
                        if depth == 1, start == nil { start = (at, line) }
                        if byte == UInt8(ascii: "\"") { inText = true }
                    }
                }
            }
            at += 1
        }
        guard isClosed, depth == 0 else { throw AffettoError(.argument, "line \(line): the array does not end") }
        return found
    }

    private static func noArray(_ line: Int) -> AffettoError {
        AffettoError(.argument, "line \(line): the JSON must be one array of tracks")
    }
}
