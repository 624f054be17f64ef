import AffettoCore
import AffettoMusic
import AffettoStore

/// The tracks a host has given: in the store, and what is searched for in memory. May be shared by threads.
public final class MusicLibrary: Sendable {
    /// Up to so many tracks are kept whole in memory; of a larger library each decision sees those near its way.
    static let few = 4096

    private struct Shelf {
        var index = TrackIndex()
        /// All tracks by id, where they are few; made anew when asked for after a change.
        var whole: [Track]?
    }

    private let shelf: Guarded<Shelf>
    /// Writers take turns, so that memory and store agree about who was last.
    private let writing = Guarded<Void>(())
    let store: Store
    /// Tracks in the file that make no sense and are passed over.
    public let damaged: Int

    /// - Throws: what reading the store throws.
    public init(store: Store) throws(AffettoError) {
        self.store = store
        var shelf = Shelf()
        damaged = try store.eachTrackRow { shelf.index.put($0) }
        self.shelf = Guarded(shelf)
    }

    public var count: Int { shelf.withLock { $0.index.count } }

    /// Every track, by id. Reads the store where there are more than a few thousand.
    public func all() throws(AffettoError) -> [Track] {
        if let whole = shelf.withLock({ $0.whole }) { return whole }
        return try writing.withLock { _ throws(AffettoError) in
            let tracks = try store.tracks()
            if tracks.count <= Self.few { shelf.withLock { $0.whole = tracks } }
            return tracks
        }
    }

    public func track(_ id: String) throws(AffettoError) -> Track? { try store.track(id: id) }

    public func track(uri: String) throws(AffettoError) -> Track? { try store.track(uri: uri) }

    public func detail(_ id: String) throws(AffettoError) -> TrackDetail? { try store.trackDetail(id) }

    // MARK: Writing

    /// Adds tracks, or replaces those with the same ids; all of them or none. What a person has corrected stays corrected,
    /// a label by people is not replaced by a model's, and what contradicts itself goes to the review queue.
    /// - Throws: `.argument` for an id that is empty, over 63 bytes or holds control characters, `.range` for a number
    ///   that makes no sense, and what writing to the store throws.
    ///
    /// - Parameter isPartial: the tracks come from a form that lacks the less common fields, which stay as they were.
    public func put(
        _ new: [Track], details: [String: TrackDetail] = [:], isPartial: Bool = false
    ) throws(AffettoError) {
        for track in new { try track.check() }
        try writing.withLock { _ throws(AffettoError) in
            var merged: [Track] = []
            // By the bytes of the ids: to Swift, texts of other bytes can be equal.
            var places: [[UInt8]: Int] = [:]
            for track in new {
                let key = Array(track.id.utf8)
                // The same id twice in one list: the last one counts, on top of the one before.
                var before = places[key].map { merged[$0] }
                if before == nil { before = try store.track(id: track.id) }
                let whole = isPartial ? before.map(track.completed) ?? track : track
                places[key] = merged.count
                merged.append(Review.judged(whole.keeping(from: before), ratings: try store.ratings(of: track.id)))
            }
            try write(merged, details)
        }
    }

    /// Changes one track under the writers' lock.
    func change(_ id: String, _ body: (inout Track) throws(AffettoError) -> Void) throws(AffettoError) {
        try writing.withLock { _ throws(AffettoError) in
            guard var track = try store.track(id: id) else {
                throw AffettoError(.notFound, "there is no track '\(id)' in the library")
            }
            try body(&track)
            try track.check()
            try write([Review.judged(track, ratings: try store.ratings(of: id))], [:])
        }
    }

    func writeNext<Result>(_ body: () throws(AffettoError) -> Result) throws(AffettoError) -> Result {
        try writing.withLock { _ throws(AffettoError) in try body() }
    }

    /// To the store and to memory; the caller holds the writers' lock.
    func write(_ tracks: [Track], _ details: [String: TrackDetail]) throws(AffettoError) {
        guard !tracks.isEmpty else { return }
        // Whatever stood in the file before: nothing absurd is written, and nothing absurd is reckoned with.
        for track in tracks { try track.check() }
        let rows = try store.putTracks(tracks, details: details)
        shelf.withLock { shelf in
            for row in rows { shelf.index.put(row) }
            shelf.whole = nil
        }
    }

    /// - Throws: `.notFound`.
    public func remove(_ id: String) throws(AffettoError) {
        try writing.withLock { _ throws(AffettoError) in
            let number = try store.trackNumber(id)
            guard let number, try store.removeTrack(id) else {
                throw AffettoError(.notFound, "there is no track '\(id)' in the library")
            }
            shelf.withLock { shelf in
                shelf.index.remove(number)
                shelf.whole = nil
            }
        }
    }

    func withIndex<Result>(_ body: (TrackIndex) -> Result) -> Result { shelf.withLock { body($0.index) } }
}

extension Track {
    /// This track as it may replace an older one of its id.
    func keeping(from old: Track?) -> Track {
        var new = self
        new.style = style.lowercased()
        guard let old else { return new }
        for field in old.corrected { TrackField(rawValue: field)?.copy(from: old, to: &new) }
        new.corrected = Array(Set(corrected + old.corrected)).sorted()
        if labelSource == .model, old.labelSource != .model { new.adoptLabel(of: old) }
        if new.measuredValence == nil, features.isAnalysis(of: old.features) {
            new.features = old.features
            (new.measuredValence, new.measuredArousal) = (old.measuredValence, old.measuredArousal)
            (new.profile, new.fingerprint, new.fileStamp) = (old.profile, old.fingerprint, old.fileStamp)
        }
        if review == .none, old.review == .accepted || old.review == .rejected {
            (new.review, new.reviewReasons) = (old.review, old.reviewReasons)
        }
        return new
    }

    /// With the older track's less common fields.
    fileprivate func completed(by old: Track) -> Track {
        var new = self
        (new.isrc, new.rightsHolder, new.permittedUse, new.tags) = (
            old.isrc, old.rightsHolder, old.permittedUse, old.tags
        )
        new.labelMethod = old.labelMethod
        new.raters = old.raters
        return new
    }

    mutating func adoptLabel(of other: Track) {
        (valence, arousal, labelSource) = (other.valence, other.arousal, other.labelSource)
        (labelMethod, raters) = (other.labelMethod, other.raters)
    }
}

extension MusicFeatures {
    /// Whether these are the common numbers of that analysis.
    fileprivate func isAnalysis(of other: MusicFeatures) -> Bool {
        tempo == other.tempo && key == other.key && isMinor == other.isMinor && loudness == other.loudness
            && abs(duration - other.duration) < 0.01 && brightness == other.brightness && flux == other.flux
    }
}
