import AffettoCore
import AffettoMusic
import AffettoStore

extension MusicLibrary {
    /// What to look for; what is not set fits every track.
    public struct Query: Sendable {
        public var centre: AffectPoint?
        /// Distance from the centre in valence–arousal; means nothing without one.
        public var radius: Float?
        public var style: String?
        public var instrumentalOnly = false
        /// Letters in a row of title, artist, style or tags, whatever their case.
        public var text: String?
        /// Beats per minute; tracks without a pulse do not fit.
        public var tempo: ClosedRange<Float>?
        /// 0 = C … 11 = B.
        public var key: Int32?
        public var isMinor: Bool?
        /// The age of the youngest listener, years.
        public var age: Int32?
        public var cleanOnly = false
        public var needsReview = false
        /// Tracks that a person has rejected are left out unless asked for.
        public var includesRejected = false
        /// The nearest in the style space to this track, which is left out.
        public var like: String?

        public init() {}
    }

    public struct Found: Sendable {
        public var tracks: [Track]
        /// How many fit, whatever the limit.
        public var total: Int
    }

    /// Tracks that fit: nearest in style to `like` first where that is given, else nearest to the centre, else in the order
    /// in which they came. A centre or radius that is no number fits none.
    /// - Throws: `.notFound` (`like` names no track), `.state` (it was not analysed), what reading the store throws.
    public func find(_ query: Query, limit: Int = .max) throws(AffettoError) -> Found {
        var model: Track?
        if let like = query.like {
            guard let track = try track(like) else {
                throw AffettoError(.notFound, "there is no track '\(like)' in the library")
            }
            guard track.profile.count == StyleSpace.dimensions else {
                throw AffettoError(.state, "the audio of '\(like)' was not analysed: nothing is known of its style")
            }
            model = track
        }
        let modelNumber = try model.flatMap { track throws(AffettoError) in try store.trackNumber(track.id) }
        let worded = try query.text.flatMap { text throws(AffettoError) in
            text.isEmpty ? nil : try store.trackNumbers(containing: text)
        }
        let (nearest, total) = withIndex { index in
            let style = query.style.map { index.number(ofKnownStyle: $0.lowercased()) ?? -1 }
            var nearest = Nearest(limit: limit)
            var total = 0
            for place in 0..<index.count where fits(query, index, place, style) {
                let number = index.numbers[place]
                if let worded, !worded.contains(number) { continue }
                var distance: Float = 0
                if let centre = query.centre {
                    let point = AffectPoint(valence: index.valence[place], arousal: index.arousal[place])
                    distance = point.distance(to: centre)
                    // Numbers only, so that the order is a strict one.
                    guard distance <= query.radius ?? .greatestFiniteMagnitude else { continue }
                }
                if let model {
                    guard number != modelNumber, let squared = index.styleDistance(at: place, from: model.profile)
                    else { continue }
                    distance = Float(squared)
                }
                total += 1
                nearest.add(number, distance)
            }
            return (nearest.numbers, total)
        }
        return Found(tracks: try store.tracks(numbers: nearest), total: total)
    }

    /// The so many with the least distance, of any number; those as near as another come in the order of their numbers.
    private struct Nearest {
        let limit: Int
        private var kept: [(number: Int64, distance: Float)] = []
        private var farthest = Float.infinity

        init(limit: Int) { self.limit = max(limit, 0) }

        mutating func add(_ number: Int64, _ distance: Float) {
            guard distance < farthest || (kept.count < limit && farthest == .infinity) else { return }
            kept.append((number, distance))
            // Sorted now and then, so that each track costs little.
            if kept.count > limit, kept.count - limit >= limit + 256 { trim() }
        }

        private mutating func trim() {
            kept.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.number < $1.number }
            kept.removeLast(max(kept.count - limit, 0))
            if let last = kept.last, kept.count == limit { farthest = last.distance }
        }

        var numbers: [Int64] {
            var done = self
            done.trim()
            return done.kept.map(\.number)
        }
    }

    private func fits(_ query: Query, _ index: TrackIndex, _ place: Int, _ style: Int32?) -> Bool {
        let flags = index.flags[place]
        if flags & TrackIndex.isRejected != 0, !query.includesRejected { return false }
        if query.instrumentalOnly, flags & TrackIndex.hasLyrics != 0 { return false }
        if query.cleanOnly, flags & TrackIndex.isExplicit != 0 { return false }
        if query.needsReview, flags & TrackIndex.needsReview == 0 { return false }
        if let style, index.style[place] != style { return false }
        if let age = query.age, Int32(index.minimumAge[place]) > age { return false }
        if let tempo = query.tempo, !tempo.contains(index.tempo[place]) || index.tempo[place] == 0 { return false }
        if let key = query.key, Int32(index.key[place] % 12) != key { return false }
        if let isMinor = query.isMinor, (index.key[place] >= 12) != isMinor { return false }
        return true
    }

    /// The tracks that a decision may choose from: all where they are few, else the nearest to each of these points.
    public func candidates(near points: [AffectPoint]) throws(AffettoError) -> [Track] {
        if count <= Self.few { return try all().filter { $0.review != .rejected } }
        var found: [String: Track] = [:]
        for point in points {
            var query = Query()
            query.centre = point
            for track in try find(query, limit: 256).tracks { found[track.id] = track }
        }
        return found.values.sorted { $0.id < $1.id }
    }
}
