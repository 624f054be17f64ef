import AffettoCore
import AffettoMusic
import AffettoStore

/// The tracks a host has given, in memory for decisions and in the store for next time.
public final class MusicLibrary: Sendable {
    private let tracks = Guarded<[String: Track]>([:])
    private let store: Store

    public init(store: Store) throws(AffettoError) {
        self.store = store
        let stored = try store.tracks()
        tracks.withLock { known in for track in stored { known[track.id] = track } }
    }

    /// All tracks, by id.
    public var all: [Track] { tracks.withLock { Array($0.values) }.sorted { $0.id < $1.id } }

    public subscript(id: String) -> Track? { tracks.withLock { $0[id] } }

    /// Adds tracks, or replaces those with the same ids.
    public func put(_ new: [Track]) throws(AffettoError) {
        for track in new { try check(track) }
        try store.putTracks(new)
        tracks.withLock { known in for track in new { known[track.id] = track } }
    }

    /// Analyses audio and labels it; the label says that a model made it.
    public static func analyze(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int, id: String
    ) throws(AffettoError) -> Track {
        let features = try MusicAnalyzer.analyze(samples, rate: rate, channels: channels)
        let affect = PerceivedAffect.estimate(features)
        return Track(
            id: id, title: id, valence: affect.valence, arousal: affect.arousal, labelSource: .model, features: features)
    }

    public struct Query: Sendable {
        public var centre: AffectPoint?
        public var radius: Float?
        public var style: String?
        public var instrumentalOnly = false

        public init() {}
    }

    /// Tracks that fit, nearest to the centre first, then by id.
    public func find(_ query: Query) -> [Track] {
        let fitting = all.filter { track in
            if let style = query.style, track.style != style { return false }
            if query.instrumentalOnly, track.hasLyrics { return false }
            if let centre = query.centre, let radius = query.radius { return track.point.distance(to: centre) <= radius }
            return true
        }
        guard let centre = query.centre else { return fitting }
        return fitting.sorted { a, b in
            let (x, y) = (a.point.distance(to: centre), b.point.distance(to: centre))
            return x != y ? x < y : a.id < b.id
        }
    }

    private func check(_ track: Track) throws(AffettoError) {
        guard !track.id.isEmpty, track.id.utf8.count < 64 else {
            throw AffettoError(.argument, "a track needs an id of 1…63 bytes")
        }
        try requireInRange(track.valence.mean, -1...1, "the track's valence")
        try requireInRange(track.arousal.mean, -1...1, "the track's arousal")
        try requireInRange(track.valence.sd, 0...2, "the track's valence_sd")
        try requireInRange(track.arousal.sd, 0...2, "the track's arousal_sd")
    }
}
