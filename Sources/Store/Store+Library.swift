import AffettoCore

/// What of a track is searched for; a million of these fit into memory.
public struct TrackRow: Sendable {
    public var number: Int64
    public var valence: Float
    public var arousal: Float
    public var duration: Float
    /// Beats per minute; 0 = none.
    public var tempo: Float
    /// 0 = C major … 11 = B major, 12 = C minor …
    public var key: UInt8
    public var hasLyrics: Bool
    public var isExplicit: Bool
    public var minimumAge: UInt8
    public var review: ReviewStatus
    public var style: String
    /// Empty where the audio was not analysed.
    public var profile: [Int8]
    public var fingerprint: [UInt64]
}

/// The music library. Tracks are not personal, and lie in the file in the clear.
extension Store {
    /// Adds tracks, or replaces those with the same id; all of them or none. Ratings stay, and details where none are given.
    /// - Parameter details: by track id.
    /// - Returns: the row of each.
    @discardableResult
    public func putTracks(
        _ tracks: [Track], details: [String: TrackDetail] = [:]
    ) throws(AffettoError) -> [TrackRow] {
        try use { files throws(AffettoError) in
            try files.database.transaction { () throws(AffettoError) in
                var rows: [TrackRow] = []
                for track in tracks { rows.append(try Self.write(track, details[track.id], files.database)) }
                return rows
            }
        }
    }

    private static func write(
        _ track: Track, _ detail: TrackDetail?, _ database: Database
    ) throws(AffettoError) -> TrackRow {
        let json = SQLValue.text(try JSON.text(track))
        let print = Fingerprint.words(track.fingerprint).flatMap { word in
            (0..<8).map { UInt8(word >> ($0 * 8) & 0xFF) }
        }
        let key = Int64(track.features.key) + (track.features.isMinor ? 12 : 0)
        let flags: Int64 = (track.hasLyrics ? 1 : 0) + (track.isExplicit ? 2 : 0)
        try database.run(
            """
            INSERT INTO track (id, uri, valence, arousal, duration, tempo, key, flags, minimum_age, review, style, profile,
                fingerprint, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO UPDATE SET uri = ?2, valence = ?3, arousal = ?4, duration = ?5, tempo = ?6, key = ?7,
                flags = ?8, minimum_age = ?9, review = ?10, style = ?11, profile = ?12, fingerprint = ?13, json = ?14
            """,
            .text(track.id), .text(track.uri), .real(Double(track.valence.mean)), .real(Double(track.arousal.mean)),
            .real(track.features.duration), .real(Double(track.features.tempo)), .integer(key), .integer(flags),
            .integer(Int64(track.minimumAge)), .integer(Int64(track.review.rawValue)), .text(track.style),
            .blob(track.profile.map { UInt8(bitPattern: $0) }), .blob(print), json)
        let found = try database.first(
            "SELECT \(rowColumns) FROM track WHERE id = ?", .text(track.id)
        ) { row throws(AffettoError) in Self.row(row) }
        guard let found, let found else { throw damaged }
        let words = ([track.title, track.artist, track.style] + track.tags).joined(separator: "\n")
        try database.run("DELETE FROM track_text WHERE rowid = ?", .integer(found.number))
        try database.run("INSERT INTO track_text (rowid, words) VALUES (?, ?)", .integer(found.number), .text(words))
        if let detail {
            try database.run(
                "INSERT OR REPLACE INTO track_detail VALUES (?, ?)", .integer(found.number),
                .text(try JSON.text(detail)))
        }
        return found
    }

    private static let rowColumns =
        "number, valence, arousal, duration, tempo, key, flags, minimum_age, review, style, profile, fingerprint"

    /// `nil` where a number makes no sense: anybody may have edited the file.
    private static func row(_ row: SQLRow) -> TrackRow? {
        let numbers = (1...4).map { Float(row.real(Int32($0))) }
        let key = row.integer(5)
        let review = ReviewStatus(rawValue: Int32(truncatingIfNeeded: row.integer(8)))
        guard numbers.allSatisfy(\.isFinite), abs(numbers[0]) <= 1, abs(numbers[1]) <= 1, (0..<24).contains(key),
            let review
        else { return nil }
        let print = row.withBlob(11) { bytes -> [UInt64] in
            guard bytes.count == 32 else { return [] }
            return (0..<4).map { word in (0..<8).reduce(0) { $0 | UInt64(bytes[word * 8 + $1]) << UInt64($1 * 8) } }
        }
        return TrackRow(
            number: row.integer(0), valence: numbers[0], arousal: numbers[1], duration: numbers[2], tempo: numbers[3],
            key: UInt8(key), hasLyrics: row.integer(6) & 1 != 0, isExplicit: row.integer(6) & 2 != 0,
            minimumAge: UInt8(min(max(row.integer(7), 0), 255)), review: review, style: row.text(9),
            profile: row.withBlob(10) { $0.map { Int8(bitPattern: $0) } }, fingerprint: print)
    }

    private static let damaged = AffettoError(.storeCorrupt, "the store is damaged: a track cannot be read")

    /// Gives every track's row, in the order in which they came. A damaged track must not keep learners from their data: it
    /// is passed over.
    /// - Returns: how many were.
    public func eachTrackRow(_ body: (TrackRow) -> Void) throws(AffettoError) -> Int {
        try use { files throws(AffettoError) in
            var damaged = 0
            _ = try files.database.rows("SELECT \(Self.rowColumns) FROM track ORDER BY number") {
                row throws(AffettoError) in
                if let row = Self.row(row) { body(row) } else { damaged += 1 }
            }
            return damaged
        }
    }

    /// The tracks of these numbers, in this order; numbers that are gone are passed over.
    public func tracks(numbers: [Int64]) throws(AffettoError) -> [Track] {
        let texts = try use { files throws(AffettoError) in
            var texts: [[UInt8]] = []
            for number in numbers {
                let text = try files.database.first("SELECT json FROM track WHERE number = ?", .integer(number)) {
                    row throws(AffettoError) in row.blob(0)
                }
                if let text { texts.append(text) }
            }
            return texts
        }
        return try Self.decode(texts)
    }

    /// All tracks, by id.
    public func tracks() throws(AffettoError) -> [Track] {
        try Self.decode(
            try use { files throws(AffettoError) in
                try files.database.rows("SELECT json FROM track ORDER BY id") { row throws(AffettoError) in row.blob(0)
                }
            })
    }

    public func track(id: String) throws(AffettoError) -> Track? {
        try track(where: "id", id)
    }

    /// The track whose audio is said to lie there.
    public func track(uri: String) throws(AffettoError) -> Track? {
        try track(where: "uri", uri)
    }

    private func track(where column: String, _ value: String) throws(AffettoError) -> Track? {
        let text = try use { files throws(AffettoError) in
            try files.database.first("SELECT json FROM track WHERE \(column) = ? ORDER BY number", .text(value)) {
                row throws(AffettoError) in row.blob(0)
            }
        }
        return try text.map { text throws(AffettoError) in try Self.decode([text])[0] }
    }

    private static func decode(_ texts: [[UInt8]]) throws(AffettoError) -> [Track] {
        // One array, decoded at once: a decoder for each track would take several times as long.
        let list = [UInt8(ascii: "[")] + texts.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
        let tracks: [Track]
        do { tracks = try JSON.decode([Track].self, from: list, what: "track") } catch { throw damaged }
        guard tracks.count == texts.count else { throw damaged }
        return tracks
    }

    public func trackNumber(_ id: String) throws(AffettoError) -> Int64? {
        try use { files throws(AffettoError) in
            try files.database.first("SELECT number FROM track WHERE id = ?", .text(id)) {
                row throws(AffettoError) in row.integer(0)
            }
        }
    }

    public func trackDetail(_ id: String) throws(AffettoError) -> TrackDetail? {
        let text = try use { files throws(AffettoError) in
            try files.database.first(
                "SELECT track_detail.json FROM track_detail JOIN track ON number = track WHERE id = ?", .text(id)
            ) { row throws(AffettoError) in row.blob(0) }
        }
        return try text.map { text throws(AffettoError) in
            do { return try JSON.decode(TrackDetail.self, from: text, what: "track") } catch { throw Self.damaged }
        }
    }

    /// Numbers of the tracks whose title, artist, style or tags contain `words`, whatever their case.
    public func trackNumbers(containing words: String) throws(AffettoError) -> Set<Int64> {
        // The index knows groups of three letters; for fewer, every text is looked through in three spellings, for SQLite
        // knows the case of ASCII alone.
        if words.unicodeScalars.count < 3 {
            return Set(
                try use { files throws(AffettoError) in
                    try files.database.rows(
                        "SELECT rowid FROM track_text WHERE instr(words, ?1) OR instr(words, ?2) OR instr(words, ?3)",
                        .text(words), .text(words.lowercased()), .text(words.uppercased())
                    ) { row throws(AffettoError) in row.integer(0) }
                })
        }
        // A phrase in quotes, those inside doubled.
        let phrase = words.unicodeScalars.reduce(into: String.UnicodeScalarView()) { out, scalar in
            if scalar == "\"" { out.append(scalar) }
            out.append(scalar)
        }
        return Set(
            try use { files throws(AffettoError) in
                try files.database.rows(
                    "SELECT rowid FROM track_text WHERE track_text MATCH ?", .text("\"\(String(phrase))\"")
                ) { row throws(AffettoError) in row.integer(0) }
            })
    }

    public func removeTrack(_ id: String) throws(AffettoError) -> Bool {
        try use { files throws(AffettoError) in
            try files.database.transaction { () throws(AffettoError) in
                guard
                    let number = try files.database.first(
                        "SELECT number FROM track WHERE id = ?", .text(id),
                        read: { row throws(AffettoError) in row.integer(0) })
                else { return false }
                try files.database.run("DELETE FROM track_text WHERE rowid = ?", .integer(number))
                try files.database.run("DELETE FROM track WHERE number = ?", .integer(number))
                return true
            }
        }
    }

    public func trackCount() throws(AffettoError) -> Int {
        try use { files throws(AffettoError) in Int(try files.database.integer("SELECT count(*) FROM track")) }
    }

    // MARK: Ratings

    /// Keeps ratings; a rater's later one replaces the earlier. All of them or none.
    /// - Throws: `.notFound` for a track that is not in the library.
    public func putRatings(_ ratings: [TrackRating]) throws(AffettoError) {
        try use { files throws(AffettoError) in
            try files.database.transaction { () throws(AffettoError) in
                for rating in ratings {
                    let number = try files.database.first(
                        "SELECT number FROM track WHERE id = ?", .text(rating.track)
                    ) { row throws(AffettoError) in row.integer(0) }
                    guard let number else {
                        throw AffettoError(.notFound, "there is no track '\(rating.track)' in the library")
                    }
                    try files.database.run(
                        "INSERT OR REPLACE INTO rating VALUES (?, ?, ?, ?, ?, ?)", .integer(number),
                        .text(rating.rater),
                        .integer(Int64(rating.source.rawValue)), .real(Double(rating.valence)),
                        .real(Double(rating.arousal)), .integer(rating.time))
                }
            }
        }
    }

    /// The ratings of one track, or of all, by track and rater.
    public func ratings(of track: String? = nil) throws(AffettoError) -> [TrackRating] {
        let columns =
            "SELECT id, rater, source, rating.valence, rating.arousal, at FROM rating JOIN track ON number = track"
        func read(_ row: SQLRow) throws(AffettoError) -> TrackRating {
            let (valence, arousal) = (Float(row.real(3)), Float(row.real(4)))
            guard let source = LabelSource(rawValue: Int32(truncatingIfNeeded: row.integer(2))),
                (-1...1).contains(valence), (-1...1).contains(arousal)
            else { throw Self.damaged }
            return TrackRating(
                track: row.text(0), rater: row.text(1), source: source, valence: valence, arousal: arousal,
                time: row.integer(5))
        }
        return try use { files throws(AffettoError) in
            if let track {
                return try files.database.rows("\(columns) WHERE id = ? ORDER BY rater", .text(track), read: read)
            }
            return try files.database.rows("\(columns) ORDER BY id, rater", read: read)
        }
    }
}
