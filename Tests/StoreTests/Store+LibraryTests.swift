import AffettoCore
import AffettoStore
import Testing

@Suite struct StoreLibraryTests {
    @Test func tracksComeBackByID() throws {
        let store = try Store(path: nil, key: nil)
        #expect(try store.tracks().isEmpty)
        try store.putTracks([sampleTrack(2), sampleTrack(1), sampleTrack(3)])
        #expect(try store.tracks() == [1, 2, 3].map(sampleTrack))
        #expect(try store.trackCount() == 3)
    }

    @Test func sameIDReplaces() throws {
        let store = try Store(path: nil, key: nil)
        var track = sampleTrack(1)
        try store.putTracks([track])
        track.title = "Another"
        try store.putTracks([track])
        #expect(try store.tracks() == [track])
    }

    @Test func nothingToPut() throws {
        let store = try Store(path: nil, key: nil)
        try store.putTracks([])
        #expect(try store.trackCount() == 0)
    }

    @Test func damagedTrackIsSaid() throws {
        let folder = try Folder()
        let store = try Store(path: folder.store, key: key)
        try store.putTracks([sampleTrack(1)])
        store.close()
        #expect(RawDatabase(folder.store).run("UPDATE track SET json = '{}'") == 0)
        let again = try Store(path: folder.store, key: key)
        #expect(code { _ = try again.tracks() } == .storeCorrupt)
    }

    /// Tracks of the third schema, which had an id and a text, come forward with all they had.
    @Test func olderTracksAreBroughtForward() throws {
        let folder = try Folder()
        try Store(path: folder.store, key: key).close()
        let text = """
            {"artist":"Someone","arousal":{"mean":-0.2,"sd":0.3},"features":{"brightness":1800,"duration":180.5,"energy":-18,\
            "flux":0.4,"is_minor":true,"key":9,"key_clarity":0.2,"loudness":-14.2,"majorness":-0.3,"onset_rate":2.5,\
            "pulse_clarity":0.5,"tempo":92.3},"id":"track-1","is_explicit":false,"label_source":"host","licence":"",\
            "lyrics_language":"pt","style":"folk","title":"Estudo n.º 1","uri":"file:a/b.flac","valence":{"mean":0.1,"sd":0.3}}
            """
        let back = """
            DROP VIEW holdings; DROP VIEW track_labels; \(backToThirdLibrary)
            CREATE VIEW holdings AS SELECT count(*) FROM track; CREATE VIEW track_labels AS SELECT id FROM track;
            INSERT INTO track VALUES ('track-1', CAST('\(text)' AS BLOB));
            PRAGMA user_version = 3;
            """
        #expect(RawDatabase(folder.store).run(back) == 0)
        let store = try Store(path: folder.store, key: key)
        var expected = sampleTrack(1)
        (expected.style, expected.lyricsLanguage, expected.labelSource) = ("folk", "pt", .host)
        #expect(try store.tracks() == [expected])
        #expect(try store.trackNumbers(containing: "estudo") == [1])
        var rows: [TrackRow] = []
        #expect(try store.eachTrackRow { rows.append($0) } == 0)
        #expect(rows.count == 1 && rows[0].key == 21 && rows[0].hasLyrics && rows[0].style == "folk")
        #expect(abs(rows[0].tempo - 92.3) < 1e-4 && rows[0].valence == 0.1)
    }

    @Test func ratingsFollowTheirTrack() throws {
        let store = try Store(path: nil, key: nil)
        try store.putTracks([sampleTrack(1), sampleTrack(2)])
        let rating = TrackRating(track: "track-1", rater: "a", source: .crowd, valence: 0.5, arousal: -0.5, time: 7)
        try store.putRatings([rating])
        var later = rating
        later.valence = -0.25
        try store.putRatings([later])
        #expect(try store.ratings() == [later], "the later one counts")
        try store.putTracks([sampleTrack(1)])
        #expect(try store.ratings(of: "track-1") == [later], "replacing a track keeps its ratings")
        var lost = rating
        lost.track = "gone"
        #expect(code { try store.putRatings([rating, lost]) } == .notFound)
        #expect(try store.ratings() == [later], "all or none")
        #expect(try store.removeTrack("track-1") && !store.removeTrack("track-1"))
        #expect(try store.ratings().isEmpty)
    }

    @Test func anyLettersAreFound() throws {
        let store = try Store(path: nil, key: nil)
        var tracks = (1...3).map(sampleTrack)
        tracks[0].title = "Morning \"Mist\" AND Rain"
        tracks[1].title = "雨の朝の歌"
        tracks[2].tags = ["piano solo"]
        try store.putTracks(tracks)
        for (words, found) in [
            ("mist", [1]), ("\"mist\"", [1]), ("AND", [1]), ("朝の歌", [2]), ("雨", [2]), ("solo", [3]),
            ("someone", [1, 2, 3]),
            ("O SOLO", [3]), ("zzz", []), ("*", []), ("\"", [1]),
        ] { #expect(try store.trackNumbers(containing: words) == Set(found.map(Int64.init)), "\(words)") }
        tracks[0].title = "Evening"
        try store.putTracks([tracks[0]])
        #expect(try store.trackNumbers(containing: "mist").isEmpty, "the old title is forgotten")
    }

    /// A track that somebody has spoilt must not keep learners from their data.
    @Test func aSpoiltTrackIsPassedOver() throws {
        for change in ["key = 99", "review = 77", "valence = 1e300", "duration = 1e300", "arousal = -7"] {
            let folder = try Folder()
            let store = try Store(path: folder.store, key: key)
            try store.putTracks([sampleTrack(1), sampleTrack(2)])
            store.close()
            #expect(RawDatabase(folder.store).run("UPDATE track SET \(change) WHERE id = 'track-1'") == 0)
            let again = try Store(path: folder.store, key: key)
            var rows: [TrackRow] = []
            #expect(try again.eachTrackRow { rows.append($0) } == 1 && rows.count == 1)
        }
    }
}
