import AffettoCore

/// The music library. Tracks are not personal, and lie in the file in the clear.
extension Store {
    /// Adds tracks, or replaces those with the same id; all of them or none.
    public func putTracks(_ tracks: [Track]) throws(AffettoError) {
        try use { files throws(AffettoError) in
            try files.database.transaction { () throws(AffettoError) in
                for track in tracks {
                    try files.database.run(
                        "INSERT OR REPLACE INTO track VALUES (?, ?)", .text(track.id), .blob(try JSON.encode(track)))
                }
            }
        }
    }

    /// All tracks, by id.
    public func tracks() throws(AffettoError) -> [Track] {
        let rows = try use { files throws(AffettoError) in
            try files.database.rows("SELECT json FROM track ORDER BY id") { row throws(AffettoError) in row.blob(0) }
        }
        // One array, decoded at once: a decoder for each track would take several times as long.
        let list = [UInt8(ascii: "[")] + rows.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
        do { return try JSON.decode([Track].self, from: list, what: "track") } catch {
            throw AffettoError(.storeCorrupt, "the store is damaged: a track cannot be read")
        }
    }

    public func trackCount() throws(AffettoError) -> Int {
        try use { files throws(AffettoError) in Int(try files.database.integer("SELECT count(*) FROM track")) }
    }
}
