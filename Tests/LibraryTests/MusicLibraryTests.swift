import AffettoCore
import AffettoLibrary
import AffettoMusic
import AffettoStore
import Foundation
import Testing

private func track(
    _ id: String, _ valence: Float = 0, _ arousal: Float = 0, style: String = "", lyrics: String = ""
) -> Track {
    Track(
        id: id, title: "Title of \(id)", style: style, lyricsLanguage: lyrics, valence: Estimate(valence, sd: 0.2),
        arousal: Estimate(arousal, sd: 0.2), labelSource: .host,
        features: MusicFeatures(
            duration: 60, tempo: 90, pulseClarity: 0.5, key: 2, isMinor: false, keyClarity: 0.5, majorness: 0.1,
            loudness: -20, energy: -22, brightness: 1200, flux: 1, onsetRate: 2))
}

private func code(_ body: () throws -> Void) -> AffettoError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? AffettoError)?.code }
}

private func inMemory(_ tracks: [Track] = []) throws -> MusicLibrary {
    let library = try MusicLibrary(store: Store(path: nil, key: nil))
    try library.put(tracks)
    return library
}

@Suite struct MusicLibraryTests {
    // MARK: Put

    @Test func putFindsReplacesAndKeepsOrder() throws {
        let library = try inMemory()
        #expect(try library.all().isEmpty && library.track("a") == nil)
        try library.put([track("c"), track("a"), track("b")])
        #expect(try library.all().map(\.id) == ["a", "b", "c"] && library.track("b") == track("b"))
        try library.put([track("b", 0.7), track("d"), track("d", 0.1)])
        #expect(try library.all().map(\.id) == ["a", "b", "c", "d"])
        #expect(
            try library.track("b")?.valence.mean == 0.7 && library.track("d")?.valence.mean == 0.1,
            "the last one counts")
        try library.put([])
        #expect(try library.all().count == 4)
    }

    @Test func idsAreChecked() throws {
        let library = try inMemory()
        let longest = String(repeating: "x", count: 63)
        for id in ["", longest + "x", String(repeating: "é", count: 32), "a\u{0}b", "a\nb", "\u{1B}[2J"] {
            #expect(code { try library.put([track(id)]) } == .argument)
        }
        try library.put([track(longest), track("é 😀/..%s'\"")])
        #expect(try library.all().count == 2)
    }

    @Test func numbersAreChecked() throws {
        let library = try inMemory()
        for wild: Float in [.nan, .infinity, -.infinity, 1.01, -1.01] {
            #expect(code { try library.put([track("x", wild)]) } == .range)
            #expect(code { try library.put([track("x", 0, wild)]) } == .range)
        }
        let changes: [(inout Track) -> Void] = [
            { $0.valence.sd = -0.1 }, { $0.valence.sd = .nan }, { $0.arousal.sd = 2.1 }, { $0.features.key = 12 },
            { $0.features.key = -1 }, { $0.features.tempo = .nan }, { $0.features.tempo = -1 },
            { $0.features.loudness = -.infinity }, { $0.features.duration = .nan },
            { $0.features.brightness = .infinity },
        ]
        for change in changes {
            var odd = track("x")
            change(&odd)
            #expect(code { try library.put([odd]) } == .range)
        }
        try library.put([track("x", 1, -1)])
    }

    @Test func oneBadTrackAndNoneIsTaken() throws {
        let library = try inMemory([track("a")])
        #expect(code { try library.put([track("b"), track("a", 0.9), track("c", .nan)]) } == .range)
        #expect(try library.all() == [track("a")])
    }

    @Test func aClosedStoreIsSaidAndNothingChanges() throws {
        let store = try Store(path: nil, key: nil)
        let library = try MusicLibrary(store: store)
        try library.put([track("a")])
        store.close()
        #expect(code { try library.put([track("b")]) } == .closed)
        #expect(library.count == 1, "memory says no more than the store")
        #expect(code { _ = try MusicLibrary(store: store) } == .closed)
    }

    @Test func theNextLibraryOfTheStoreHasTheTracks() throws {
        let store = try Store(path: nil, key: nil)
        let first = try MusicLibrary(store: store)
        var odd = track("é", -0.123_456_7, 0.987_654_3, style: "lo_fi", lyrics: "pt-BR")
        odd.isExplicit = true
        odd.labelSource = .expert
        try first.put([odd, track("b")])
        try first.put([track("b", 0.5)])
        #expect(try MusicLibrary(store: store).all() == first.all())
        #expect(try MusicLibrary(store: store).track("é") == odd)
    }

    @Test func threadsMayPutAndReadTogether() throws {
        let store = try Store(path: nil, key: nil)
        let library = try MusicLibrary(store: store)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for n in 0..<25 {
                // All threads write "shared"; each has tracks of its own.
                try? library.put([track("shared", Float(thread) / 10, Float(n) / 100), track("t\(thread)-\(n)")])
                let ids = ((try? library.all()) ?? []).map(\.id)
                if ids != ids.sorted() { Issue.record("out of order") }
            }
        }
        #expect(try library.all().count == 201)
        #expect(try MusicLibrary(store: store).all() == library.all(), "memory and store agree about who was last")
    }

    // MARK: Find

    @Test func nearestFirstThenAsTheyCame() throws {
        let library = try inMemory([
            track("far", -0.9, -0.9), track("b", 0.5, 0.5), track("a", 0.5, 0.5), track("near", 0.45, 0.5),
        ])
        var query = MusicLibrary.Query()
        #expect(try library.find(query).tracks.map(\.id) == ["far", "b", "a", "near"], "as they came")
        query.centre = AffectPoint(valence: 0.5, arousal: 0.5)
        #expect(try library.find(query).tracks.map(\.id) == ["b", "a", "near", "far"])
        query.radius = 0.1
        #expect(try library.find(query).tracks.map(\.id) == ["b", "a", "near"])
        query.radius = 0
        #expect(try library.find(query).tracks.map(\.id) == ["b", "a"])
    }

    @Test func theRadiusIsInclusiveAndMeansNothingWithoutACentre() throws {
        let library = try inMemory([track("edge", 0.5, 0), track("in", 0.25, 0)])
        var query = MusicLibrary.Query()
        query.radius = 0.5
        #expect(try library.find(query).tracks.count == 2)
        query.centre = AffectPoint(valence: 0, arousal: 0)
        #expect(try library.find(query).tracks.map(\.id) == ["in", "edge"])
        query.radius = 0.499
        #expect(try library.find(query).tracks.map(\.id) == ["in"])
    }

    @Test func styleAndLyricsNarrow() throws {
        let library = try inMemory([
            track("a", style: "piano"), track("b", style: "piano", lyrics: "en"),
            track("c", style: "folk", lyrics: "und"),
            track("d"),
        ])
        var query = MusicLibrary.Query()
        query.style = "piano"
        #expect(try library.find(query).tracks.map(\.id) == ["a", "b"])
        query.instrumentalOnly = true
        #expect(try library.find(query).tracks.map(\.id) == ["a"])
        query.style = nil
        #expect(try library.find(query).tracks.map(\.id) == ["a", "d"])
        query.style = "Piano"
        #expect(try library.find(query).tracks.map(\.id) == ["a"], "styles know no case")
        query.style = ""
        #expect(try library.find(query).tracks.map(\.id) == ["d"], "tracks without a style")
    }

    @Test func queriesThatAreNoNumbersFitNothing() throws {
        let library = try inMemory([track("a"), track("b")])
        for wild: Float in [.nan, .infinity] {
            var query = MusicLibrary.Query()
            query.centre = AffectPoint(valence: wild, arousal: 0)
            #expect(try library.find(query).tracks.isEmpty)
            query.centre = AffectPoint(valence: 0, arousal: 0)
            query.radius = .nan
            #expect(try library.find(query).tracks.isEmpty)
            query.radius = -1
            #expect(try library.find(query).tracks.isEmpty)
        }
    }

    // MARK: Analyze

    @Test func analysedTracksCanBePutAndSayThatAModelMadeTheLabel() throws {
        let rate = 22_050.0
        let tone = (0..<Int(rate * 6)).map { n -> Float in
            let t = Double(n) / rate
            return Float(0.2 * sin(2 * .pi * 261.6 * t) * exp(-4 * t.truncatingRemainder(dividingBy: 0.5)))
        }
        let found = try tone.withUnsafeBufferPointer { samples in
            Track(id: "tone", heard: try MusicAnalyzer.analyze(samples, rate: rate, channels: 1))
        }
        #expect(found.id == "tone" && found.labelSource == .model && abs(found.features.duration - 6) < 0.1)
        #expect(abs(found.valence.mean) <= 1 && found.valence.sd > 0 && found.arousal.sd > 0)
        let library = try inMemory([found])
        #expect(try library.track("tone") == found)
    }
}
