import AffettoCore
import AffettoMusic
import AffettoStore

/// The tracks a host has given, in memory for decisions and in the store for next time. May be shared by threads.
public final class MusicLibrary: Sendable {
    private struct Shelf {
        var byId: [String: Track]
        /// All tracks by id; made anew when asked for after a change.
        var sorted: [Track]?

        mutating func put(_ tracks: [Track]) {
            for track in tracks { byId[track.id] = track }
            sorted = nil
        }

        mutating func inOrder() -> [Track] {
            if let sorted { return sorted }
            let fresh = byId.values.sorted { $0.id < $1.id }
            sorted = fresh
            return fresh
        }
    }

    private let shelf: Guarded<Shelf>
    /// Writers take turns, so that memory and store agree about who was last.
    private let writing = Guarded<Void>(())
    private let store: Store

    /// - Throws: what reading the store throws.
    public init(store: Store) throws(AffettoError) {
        self.store = store
        var shelf = Shelf(byId: [:])
        shelf.put(try store.tracks())
        self.shelf = Guarded(shelf)
    }

    /// All tracks, by id.
    public var all: [Track] { shelf.withLock { $0.inOrder() } }

    public subscript(id: String) -> Track? { shelf.withLock { $0.byId[id] } }

    /// Adds tracks, or replaces those with the same ids; all of them or none.
    /// - Throws: `.argument` for an id that is empty, over 63 bytes or holds control characters, `.range` for a number
    ///   that makes no sense, and what writing to the store throws.
    public func put(_ new: [Track]) throws(AffettoError) {
        for track in new { try Self.check(track) }
        try writing.withLock { _ throws(AffettoError) in
            try store.putTracks(new)
            shelf.withLock { $0.put(new) }
        }
    }

    /// Analyses audio and labels it; the label says that a model made it.
    ///
    /// - Parameters:
    ///   - samples: interleaved, −1…1. - rate: Hz. - id: the track's, and for now its title.
    /// - Throws: what `MusicAnalyzer.analyze` throws.
    public static func analyze(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int, id: String
    ) throws(AffettoError) -> Track {
        let heard = try MusicAnalyzer.analyze(samples, rate: rate, channels: channels)
        return Track(
            id: id, title: id, valence: heard.valence, arousal: heard.arousal, labelSource: .model,
            features: heard.features)
    }

    /// What to look for; what is not set fits every track.
    public struct Query: Sendable {
        public var centre: AffectPoint?
        /// Distance from the centre in valence–arousal; means nothing without one.
        public var radius: Float?
        public var style: String?
        public var instrumentalOnly = false

        public init() {}
    }

    /// Tracks that fit, nearest to the centre first, then by id. A centre or radius that is no number fits none.
    public func find(_ query: Query) -> [Track] {
        let fitting = all.filter { track in
            if let style = query.style, track.style != style { return false }
            return !(query.instrumentalOnly && track.hasLyrics)
        }
        guard let centre = query.centre else { return fitting }
        let radius = query.radius ?? .greatestFiniteMagnitude
        var near: [(track: Track, distance: Float)] = []
        for track in fitting {
            // Numbers only, so that the order is a strict one.
            let distance = track.point.distance(to: centre)
            if distance <= radius { near.append((track, distance)) }
        }
        near.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.track.id < $1.track.id }
        return near.map(\.track)
    }

    private static func check(_ track: Track) throws(AffettoError) {
        guard !track.id.isEmpty, track.id.utf8.count < 64, !track.id.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw AffettoError(.argument, "a track needs an id of 1…63 bytes without control characters") }
        try requireInRange(track.valence.mean, -1...1, "the track's valence")
        try requireInRange(track.arousal.mean, -1...1, "the track's arousal")
        try requireInRange(track.valence.sd, 0...2, "the track's valence_sd")
        try requireInRange(track.arousal.sd, 0...2, "the track's arousal_sd")
        let f = track.features
        guard (0...11).contains(f.key) else {
            throw AffettoError(.range, "the track's key is \(f.key); it must be 0…11")
        }
        try requireInRange(f.tempo, 0...1000, "the track's tempo")
        let rest = [
            Float(f.duration), f.pulseClarity, f.keyClarity, f.majorness, f.loudness, f.energy, f.brightness, f.flux,
            f.onsetRate,
        ]
        guard rest.allSatisfy(\.isFinite) else {
            throw AffettoError(.range, "a number of the track's analysis is not finite")
        }
    }
}
