import AffettoCore
import AffettoLibrary
import AffettoMusic
import AffettoStore
import Foundation
import Testing

/// Tables, analysed pieces, moved files and searches.
@Suite struct ImportTests {
    private func csv(_ library: MusicLibrary, _ text: String) throws -> MusicLibrary.ImportReport {
        try library.importCSV(Array(text.utf8))
    }

    // MARK: CSV

    @Test func aTableOfLabels() throws {
        let library = try shelf()
        let report = try csv(
            library,
            """
            \u{FEFF}id,title,uri,isrc,licence,rights_holder,permitted_use,tags,lyrics_language,is_explicit,minimum_age,valence,arousal,key\r
            a,"One, ""two"" x",file:a,US-RC1-76-07839,CC0-1.0,Someone,any,"Piano; Calm",en,true,12,0.4,-0.2,Bb minor\r
            b,"Two
            lines",,,,,,,,,,,,
            """)
        #expect(report.added == 2 && report.updated == 0 && report.ratings == 0 && report.errors.isEmpty)
        let a = try #require(try library.track("a"))
        #expect(a.title == "One, \"two\" x" && a.isrc == "USRC17607839" && a.rightsHolder == "Someone")
        #expect(a.permittedUse == "any" && a.tags == ["piano", "calm"] && a.isExplicit && a.minimumAge == 12)
        #expect(
            a.valence == Estimate(0.4, sd: 0.3) && a.labelSource == .host && a.features.key == 10 && a.features.isMinor)
        #expect(try library.track("b")?.title == "Two\nlines" && library.track("b")?.valence.sd == 0.6)
    }

    @Test func faultsHaveTheirLinesAndTheRestIsTaken() throws {
        let library = try shelf()
        let report = try csv(
            library, "id,valence,arousal\na,0.1,0.1\nb,2,0\n\n\"c\nd\",x,0\ne,0.3,0.3,9\n,0.1,0.1\nf,-1,1\n")
        #expect(report.added == 2 && report.errors.map(\.line) == [3, 5, 7, 8])
        #expect(report.errors[0].message.contains("valence") && report.errors[2].message.contains("4 cells"))
        #expect(report.errors[3].message.contains("neither id nor uri"))
        #expect(library.count == 2)
    }

    @Test(arguments: [
        "", "title,valence\n", "id,colour\na,b\n", "id,id\n", "id,valence,valence\n",
    ])
    func headersThatSayNothingAreRefused(text: String) throws {
        #expect(throws: AffettoError.self) { _ = try csv(try shelf(), text) }
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let library = try shelf()
        for bad: [UInt8] in [[0x69, 0x64, 0x0A, 0xFF], [0xFF, 0xFE]] {
            #expect(throws: AffettoError.self) { _ = try library.importCSV(bad) }
            #expect(throws: AffettoError.self) { _ = try library.importJSON(bad) }
        }
    }

    @Test func againUpdatesAndNeverDoubles() throws {
        let library = try shelf()
        let text = "uri,title,valence,arousal\nmusic/a.mp3,A,0.1,0.2\nmusic/b.mp3,B,0.1,0.2\n"
        #expect(try csv(library, text).added == 2)
        let again = try csv(library, text)
        #expect(again.added == 0 && again.unchanged == 2)
        let changed = try csv(library, "uri,title\nmusic/a.mp3,New\n")
        #expect(changed.updated == 1 && library.count == 2)
        let a = try #require(try library.track(uri: "music/a.mp3"))
        #expect(
            a.id == "a" && a.title == "New" && abs(a.valence.mean - 0.1) < 1e-6, "empty and absent cells say nothing")
    }

    @Test func ratingsComeInTables() throws {
        let library = try shelf([sample("a")])
        let report = try csv(
            library,
            "id,rater,valence,arousal,label_source\na,x,0.5,0.1,expert\na,y,0.7,0.3,expert\nb,x,0,0,\na,z,,1,\n")
        #expect(report.ratings == 3 && report.added == 1 && report.errors.map(\.line) == [5])
        let a = try #require(try library.track("a"))
        #expect(abs(a.valence.mean - 0.6) < 1e-6 && a.labelSource == .expert && a.raters == 2)
    }

    @Test func aBadRatingLeavesTheRestAlone() throws {
        let library = try shelf([sample("a")])
        let long = String(repeating: "x", count: 70)
        let report = try csv(library, "id,rater,valence,arousal\n\(long),x,0,0\na,\(long),0,0\na,y,0.5,0.5\n")
        #expect(report.ratings == 1 && report.errors.map(\.line) == [2, 3] && library.count == 1)
    }

    @Test func quotesWithMarksAndIdsOfOtherBytes() throws {
        let library = try shelf()
        var track = sample("a")
        track.title = "x\"\u{301},y"
        try library.put([track])
        var query = MusicLibrary.Query()
        query.text = "x\"\u{301},"
        #expect(try library.find(query).total == 1)
        let other = try shelf()
        #expect(try other.importCSV(Array(try library.exportCSV().utf8)).added == 1)
        #expect(try other.track("a")?.title == track.title)
        // Composed and decomposed: equal to Swift, two ids to everybody else.
        #expect(try csv(other, "id,title\né,1\ne\u{301},2\n").added == 2)
        #expect(other.count == 3)
        query.text = "Ä"
        track = sample("umlaut")
        track.title = "ärger"
        try library.put([track])
        #expect(try library.find(query).tracks.map(\.id) == ["umlaut"])
    }

    // MARK: JSON

    @Test func whatIsExportedComesBack() throws {
        var track = sample("é", 0.3, -0.1, source: .expert)
        track.tags = ["a", "b"]
        (track.measuredValence, track.measuredArousal) = (Estimate(0.1, sd: 0.5), Estimate(0, sd: 0.4))
        track.profile = [Int8](repeating: -7, count: 24)
        track.fingerprint = String(repeating: "0f", count: 32)
        let library = try shelf([track, sample("b")])
        let other = try shelf()
        let report = try other.importJSON(Array(try library.exportJSON().utf8))
        #expect(report.added == 2 && report.errors.isEmpty)
        #expect(try other.all() == library.all())
        let table = try shelf()
        let text = try library.exportCSV()
        #expect(text.hasPrefix("id,title,artist"))
        #expect(try csv(table, text).added == 2, "measured columns are passed over")
        #expect(try table.track("é")?.tags == ["a", "b"] && table.track("é")?.labelSource == .expert)
    }

    @Test func looseObjectsAndTheirFaults() throws {
        let library = try shelf()
        let report = try library.importJSON(
            Array(
                """
                [
                  {"id": "a", "title": "A [", "valence": 0.25, "is_explicit": true, "tags": ["x", "y"], "licence": null},
                  {"id": "b", "colour": 1},
                  {"title": "no id"}, 7,

                  {"id": "c", "valence": "much"}, {"id": "d", "minimum_age": 6}
                ]
                """.utf8))
        #expect(report.added == 2 && report.errors.map(\.line) == [3, 4, 4, 6])
        #expect(try library.track("a")?.tags == ["x", "y"] && library.track("a")?.isExplicit == true)
        #expect(try library.track("d")?.minimumAge == 6)
        for bad in ["", "{}", "[", "[{}", "[1]]", "7", "[{\"id\": \"x\"},,]", "[[[", "]"] {
            #expect(throws: AffettoError.self) { _ = try library.importJSON(Array(bad.utf8)) }
        }
        #expect(try library.importJSON(Array("[]".utf8)).added == 0)
    }

    // MARK: Analysed pieces

    private func piece(_ seed: UInt64, seconds: Int = 20) throws -> MusicAnalysis {
        var random = SeededRandom(seed: seed)
        let pitches = (0..<(seconds * 2)).map { _ in 48 + random.below(30) }
        let samples = (0..<(22_050 * seconds)).map { i -> Float in
            let t = Double(i) / 22_050
            let pitch = pitches[Int(t * 2)]
            return Float(
                0.2 * sin(2 * .pi * 440 * exp2(Double(pitch - 69) / 12) * t)
                    * exp(-3 * (t * 2).truncatingRemainder(dividingBy: 1)))
        }
        return try samples.withUnsafeBufferPointer { try MusicAnalyzer.analyze($0, rate: 22_050, channels: 1) }
    }

    @Test func theSameFileIsTheSameTrackAndAMovedOneToo() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("affetto-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (here, there) = (folder.appendingPathComponent("a.wav").path, folder.appendingPathComponent("b.wav").path)
        try Data().write(to: URL(fileURLWithPath: here))
        let library = try shelf()
        let heard = try piece(1)
        func add(_ uri: String, _ analysis: MusicAnalysis) throws -> (id: String, outcome: MusicLibrary.Outcome) {
            var about = Track(id: MusicLibrary.id(ofFile: uri), heard: analysis)
            about.uri = uri
            return try library.add(analysis, about)
        }
        #expect(try add(here, heard) == ("a", .added))
        try library.correct("a", ["valence": "0.5"])
        #expect(try add(here, heard) == ("a", .updated))
        #expect(try library.detail("a")?.beats == heard.beats)
        // A copy beside the original is a track of its own; an original that is gone has moved.
        #expect(try add(there, heard) == ("b", .added))
        try library.remove("b")
        try FileManager.default.removeItem(atPath: here)
        #expect(try add(there, heard) == ("a", .moved))
        let track = try #require(try library.track("a"))
        #expect(track.uri == there && track.valence.mean == 0.5 && library.count == 1)
        // Short pieces have too little to be told apart by, and names that are no paths say nothing of files.
        let (short, tiny) = (try piece(7, seconds: 3), try piece(8, seconds: 3))
        #expect(try add(folder.appendingPathComponent("one.wav").path, short).outcome == .added)
        #expect(try add(folder.appendingPathComponent("two.wav").path, tiny).outcome == .added)
        #expect(try add("spotify:track:1", piece(5)).outcome == .added)
        #expect(try add("spotify:track:2", piece(5)).outcome == .added)
        // Another piece at a new place, though the old one's file is gone.
        #expect(try add(folder.appendingPathComponent("sub/a.wav").path, piece(2)) == ("a-2", .added))
        try library.correct("a", ["uri": "https://example.org/a.wav"])
        #expect(try add(there, heard).outcome == .added, "what lies elsewhere is taken to be there")
    }

    @Test func labelsOfPeopleOutlastAnalysis() throws {
        let library = try shelf([sample("a", -0.8, -0.8, source: .expert)])
        let heard = try piece(3)
        try library.add(heard, Track(id: "a", heard: heard))
        let track = try #require(try library.track("a"))
        #expect(track.valence.mean == -0.8 && track.labelSource == .expert && track.measuredValence == heard.valence)
        #expect(track.features == heard.features && track.profile.count == StyleSpace.dimensions)
    }

    // MARK: Searches

    @Test func manyWaysToNarrow() throws {
        var tracks = (0..<6).map { sample("t\($0)", Float($0) / 10, 0) }
        for (i, tempo) in [0, 60, 80, 100, 120, 140].enumerated() { tracks[i].features.tempo = Float(tempo) }
        tracks[1].features.isMinor = true
        tracks[2].minimumAge = 16
        tracks[3].isExplicit = true
        tracks[4].artist = "Ana Souza"
        tracks[5].features.key = 9
        let library = try shelf(tracks)
        func ids(_ change: (inout MusicLibrary.Query) -> Void, limit: Int = .max) throws -> [String] {
            var query = MusicLibrary.Query()
            change(&query)
            return try library.find(query, limit: limit).tracks.map(\.id)
        }
        #expect(try ids { $0.tempo = 70...130 } == ["t2", "t3", "t4"])
        #expect(try ids { $0.tempo = 0...1000 } == ["t1", "t2", "t3", "t4", "t5"], "no pulse, no tempo")
        #expect(try ids { $0.isMinor = true } == ["t1"])
        #expect(try ids { $0.key = 9 } == ["t5"])
        #expect(try ids { $0.age = 12 } == ["t0", "t1", "t3", "t4", "t5"])
        #expect(try ids { $0.cleanOnly = true }.contains("t3") == false)
        #expect(try ids { $0.text = "souza" } == ["t4"] && ids { $0.text = "" }.count == 6)
        #expect(try ids({ $0.centre = AffectPoint(valence: 0.5, arousal: 0) }, limit: 2) == ["t5", "t4"])
        #expect(try library.find(.init(), limit: 2).total == 6)
        #expect(try ids({ _ in }, limit: -3).isEmpty)
    }

    @Test func theNearestInStyleComeFirst() throws {
        var tracks = (0..<4).map { sample("t\($0)") }
        for (i, value) in [0, 30, 10, 120].enumerated() {
            tracks[i].profile = [Int8](repeating: Int8(value), count: 24)
        }
        let library = try shelf(tracks + [sample("unheard")])
        var query = MusicLibrary.Query()
        query.like = "t0"
        #expect(try library.find(query).tracks.map(\.id) == ["t2", "t1", "t3"])
        query.like = "unheard"
        #expect(throws: AffettoError.self) { _ = try library.find(query) }
        query.like = "nowhere"
        #expect(throws: AffettoError.self) { _ = try library.find(query) }
    }

    @Test func ofALargeLibraryDecisionsSeeWhatLiesNear() throws {
        let library = try shelf()
        let tracks = (0..<5000).map { sample("t\($0)", Float($0 % 100) / 50 - 1, Float($0 / 100) / 25 - 1) }
        try library.put(tracks)
        let (here, goal) = (AffectPoint(valence: -0.6, arousal: 0.6), AffectPoint(valence: 0.5, arousal: -0.4))
        let seen = try library.candidates(near: [here, goal])
        #expect(seen.count > 400 && seen.count <= 512)
        #expect(seen.allSatisfy { min($0.point.distance(to: here), $0.point.distance(to: goal)) < 0.45 })
        try library.remove("t17")
        #expect(try library.count == 4999 && library.track("t17") == nil)
    }
}
