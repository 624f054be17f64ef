import AffettoCore
import AffettoMusic
import AffettoStore
import Glibc

extension MusicLibrary {
    /// What an import made of its input.
    public struct ImportReport: Codable, Sendable, Equatable {
        public struct Flaw: Codable, Sendable, Equatable {
            /// From 1; 0 where the fault lies in no line.
            public var line: Int
            public var message: String
        }
        public var added = 0
        public var updated = 0
        public var unchanged = 0
        public var ratings = 0
        public var errors: [Flaw] = []
    }

    public enum Outcome: Sendable, Equatable {
        case added, updated
        /// The audio is that of a track whose file is gone: it is the same track in a new place.
        case moved
    }

    /// Keeps a piece that was analysed. A track whose audio lies at the same URI is updated; else one with the same audio
    /// whose file is no longer there has moved; else it is new.
    ///
    /// - Parameter about: title, artist, URI and the rest; its id is that of a new track, and gets a number where it is taken.
    /// - Returns: the id under which it is kept, and what that means.
    @discardableResult
    public func add(
        _ heard: MusicAnalysis, _ about: Track
    ) throws(AffettoError) -> (id: String, outcome: Outcome) {
        var new = about
        new.features = heard.features
        (new.measuredValence, new.measuredArousal) = (heard.valence, heard.arousal)
        if new.labelSource == .model { (new.valence, new.arousal) = (heard.valence, heard.arousal) }
        new.profile = heard.style.map { Int8(($0 * 127).rounded()) }
        new.fingerprint = Fingerprint.text(heard.fingerprint)
        return try writeNext { () throws(AffettoError) in
            var old: Track?
            var outcome = Outcome.added
            if !new.uri.isEmpty { old = try store.track(uri: new.uri) }
            if old != nil { outcome = .updated }
            if old == nil, !new.uri.isEmpty, let gone = try copies(of: heard).first(where: { Self.isGone($0.uri) }) {
                old = gone
                outcome = .moved
            }
            if old == nil, new.uri.isEmpty, let same = try store.track(id: new.id) {
                old = same
                outcome = .updated
            }
            if let old { new.id = old.id } else { new.id = try freeId(new.id) }
            let kept = new.keeping(from: old)
            try write(
                [Review.judged(kept, ratings: try store.ratings(of: kept.id))], [kept.id: TrackDetail(heard)])
            return (kept.id, outcome)
        }
    }

    /// The tracks of which this audio is a copy, the nearest first.
    public func copies(of heard: MusicAnalysis) throws(AffettoError) -> [Track] {
        let duration = Float(heard.features.duration)
        return try store.tracks(numbers: withIndex { $0.copies(of: heard.fingerprint, duration: duration) })
    }

    /// A whole path, or a URI of a file, at which nothing lies. What lies elsewhere, or may not be looked at, is taken to be
    /// there.
    private static func isGone(_ uri: String) -> Bool {
        let path = uri.hasPrefix("file:///") ? unescaped(uri.dropFirst(7)) : uri
        return path.hasPrefix("/") && access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The id itself, or with the first number that makes it a new one.
    private func freeId(_ wanted: String) throws(AffettoError) -> String {
        guard try store.trackNumber(wanted) != nil else { return wanted }
        var number = 2
        while true {
            var stem = wanted
            while stem.utf8.count + "-\(number)".utf8.count > 63 { stem.removeLast() }
            let id = "\(stem)-\(number)"
            if try store.trackNumber(id) == nil { return id }
            number += 1
        }
    }

    // MARK: Corrections

    /// What a person says of a track; no import changes these fields again.
    /// - Throws: `.notFound`, `.argument` (an unknown field, or one that does not say such a thing), `.range`.
    public func correct(_ id: String, _ fields: [String: String]) throws(AffettoError) {
        try change(id) { track throws(AffettoError) in
            for (name, text) in fields.sorted(by: { $0.key < $1.key }) {
                let field = try Self.field(name)
                try field.set(text, in: &track)
                track.corrected = Array(Set(track.corrected + [field.rawValue])).sorted()
            }
            guard fields["valence"] != nil || fields["arousal"] != nil else { return }
            if fields["valence"] != nil, fields["valence_sd"] == nil { track.valence.sd = 0.2 }
            if fields["arousal"] != nil, fields["arousal_sd"] == nil { track.arousal.sd = 0.2 }
            if fields["label_source"] == nil { track.labelSource = .host }
            if fields["label_method"] == nil { track.labelMethod = "" }
            track.raters = 0
        }
    }

    /// As `correct`, with a JSON object of texts, numbers and truths.
    public func correct(_ id: String, json: [UInt8]) throws(AffettoError) {
        try correct(id, try JSON.decode(LooseObject.self, from: json, what: "the correction").fields)
    }

    private static func field(_ name: String) throws(AffettoError) -> TrackField {
        guard let field = TrackField(rawValue: name) else {
            let known = TrackField.allCases.map(\.rawValue).joined(separator: ", ")
            throw AffettoError(.argument, "'\(name.prefix(40))' is none of: \(known)")
        }
        return field
    }

    // MARK: Tables

    /// Reads a CSV table with a header line: `id` or `uri` and any of `TrackField`; with a column `rater`, valence and
    /// arousal are that person's rating (`label_source` crowd or expert). Empty cells say nothing. A row with a fault is
    /// left out and reported with its line; the others are taken.
    /// - Throws: `.argument` where the header cannot be read, `.store`.
    public func importCSV(_ bytes: [UInt8]) throws(AffettoError) -> ImportReport {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw AffettoError(.encoding, "the table is not UTF-8")
        }
        var reader = CSV.Reader(bytes)
        guard let header = reader.next() else { throw AffettoError(.argument, "the table is empty") }
        let names = header.cells.map { trimmed($0).lowercased() }
        guard names.contains("id") || names.contains("uri") else {
            throw AffettoError(.argument, "line \(header.line): the table needs a column 'id' or 'uri'")
        }
        for name in names where !["id", "rater"].contains(name) && !Self.measuredColumns.contains(name) {
            do { _ = try Self.field(name) } catch {
                throw AffettoError(.argument, "line \(header.line): \(error.message)")
            }
        }
        guard Set(names).count == names.count else {
            throw AffettoError(.argument, "line \(header.line): a column stands there twice")
        }
        var importer = RowImporter(library: self)
        while let record = reader.next() {
            guard record.cells.count <= names.count else {
                importer.refuse(record.line, "\(record.cells.count) cells under \(names.count) columns")
                continue
            }
            let cells = zip(names, record.cells).filter {
                !trimmed($0.1).isEmpty && !Self.measuredColumns.contains($0.0)
            }
            try importer.take(Dictionary(uniqueKeysWithValues: cells.map { ($0.0, $0.1) }), line: record.line)
        }
        return try importer.finish()
    }

    /// Reads a JSON array of objects with the same fields, or of whole tracks as `exportJSON` writes them.
    /// - Throws: `.argument` where it is no array, `.store`.
    public func importJSON(_ bytes: [UInt8]) throws(AffettoError) -> ImportReport {
        let elements = try JSONElements.split(bytes)
        var importer = RowImporter(library: self)
        for element in elements {
            do {
                if JSONElements.isWholeTrack(element.bytes) {
                    let track = try JSON.decode(Track.self, from: element.bytes, what: "the track")
                    try importer.take(whole: track, line: element.line)
                    continue
                }
                try importer.take(
                    try JSON.decode(LooseObject.self, from: element.bytes, what: "the track").fields, line: element.line
                )
            } catch {
                guard error.code != .store, error.code != .storeCorrupt else { throw error }
                importer.refuse(element.line, error.message)
            }
        }
        return try importer.finish()
    }

    /// Every track, as `importJSON` reads it.
    public func exportJSON() throws(AffettoError) -> String { try JSON.text(try all(), pretty: true) }

    private static let numberColumns = MusicFeatures().named.map(\.name).filter {
        !["tempo_bpm", "key", "is_minor"].contains($0)
    }

    /// Columns of an export that an import passes over.
    private static let measuredColumns =
        ["measured_valence", "measured_arousal", "raters", "review", "review_reasons", "corrected"] + numberColumns

    /// Every track: id, the fields that people fill in, and what analysis measured.
    public func exportCSV() throws(AffettoError) -> String {
        var out = CSV.line(["id"] + TrackField.allCases.map(\.rawValue) + Self.measuredColumns)
        for track in try all() {
            let numbers = Dictionary(uniqueKeysWithValues: track.features.named.map { ($0.name, $0.value) })
            out += CSV.line(
                [track.id] + TrackField.allCases.map { $0.text(of: track) } + [
                    track.measuredValence.map { "\($0.mean)" } ?? "", track.measuredArousal.map { "\($0.mean)" } ?? "",
                    "\(track.raters)", track.review.name, track.reviewReasons.joined(separator: "; "),
                    track.corrected.joined(separator: "; "),
                ] + Self.numberColumns.map { numbers[$0].map { "\(Float($0))" } ?? "" })
        }
        return out
    }
}

extension Track {
    /// A piece that was analysed, labelled by what was heard.
    public init(id: String, title: String? = nil, heard: MusicAnalysis) {
        self.init(
            id: id, title: title ?? id, valence: heard.valence, arousal: heard.arousal, labelSource: .model,
            features: heard.features)
        (measuredValence, measuredArousal) = (heard.valence, heard.arousal)
    }
}

extension TrackDetail {
    init(_ heard: MusicAnalysis) {
        self.init()
        (beats, downbeats, sections) = (heard.beats, heard.downbeats, heard.sections)
        (chroma, mfcc, mfccDeviation) = (heard.chroma, heard.mfcc, heard.mfccDeviation)
    }
}
