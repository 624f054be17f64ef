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
        #expect(RawDatabase(folder.store).run("UPDATE track SET json = x'7b7d'") == 0)
        let again = try Store(path: folder.store, key: key)
        #expect(code { _ = try again.tracks() } == .storeCorrupt)
    }
}
