import AffettoCore
import AffettoStore

extension MusicLibrary {
    /// Keeps ratings, and labels their tracks by them: the mean of experts where there are any, else of the crowd.
    /// - Throws: `.argument` (no rater, or a source that is neither crowd nor expert), `.range`, `.notFound`, `.store`.
    public func rate(_ ratings: [TrackRating]) throws(AffettoError) {
        for rating in ratings {
            guard !rating.rater.isEmpty, rating.rater.utf8.count < 64 else {
                throw AffettoError(.argument, "a rating needs a rater, a name of 1…63 bytes")
            }
            guard rating.source == .crowd || rating.source == .expert else {
                throw AffettoError(.argument, "a rating's source is crowd or expert")
            }
            try requireInRange(rating.valence, -1...1, "the rating's valence")
            try requireInRange(rating.arousal, -1...1, "the rating's arousal")
        }
        try writeNext { () throws(AffettoError) in
            try store.putRatings(ratings)
            var judged: [Track] = []
            for id in Set(ratings.map(\.track)).sorted() {
                guard let track = try store.track(id: id) else { continue }
                judged.append(Review.judged(track, ratings: try store.ratings(of: id)))
            }
            try write(judged, [:])
        }
    }

    /// The tracks that wait for a person, in the order in which they came.
    public func reviewQueue(limit: Int = .max) throws(AffettoError) -> Found {
        var query = Query()
        query.needsReview = true
        return try find(query, limit: limit)
    }

    /// What a person decided of a track in the queue. A rejected one is not played.
    public func settle(_ id: String, _ status: ReviewStatus) throws(AffettoError) {
        guard status != .needed else {
            throw AffettoError(.argument, "a review is settled as accepted, rejected or none")
        }
        try change(id) { track in track.review = status }
    }

    /// How far raters agree.
    public struct Agreement: Codable, Sendable, Equatable {
        /// Krippendorff's alpha, interval; `nil` where nobody rated what another rated.
        public var valence: Double?
        public var arousal: Double?
        public var ratings: Int
        public var raters: Int
        /// Tracks with two ratings or more: the ones that count.
        public var tracks: Int
    }

    public func agreement() throws(AffettoError) -> Agreement {
        let ratings = try store.ratings()
        let units = Dictionary(grouping: ratings, by: \.track).sorted { $0.key < $1.key }.map(\.value)
        return Agreement(
            valence: Krippendorff.alpha(units.map { $0.map { Double($0.valence) } }),
            arousal: Krippendorff.alpha(units.map { $0.map { Double($0.arousal) } }), ratings: ratings.count,
            raters: Set(ratings.map(\.rater)).count, tracks: units.count { $0.count > 1 })
    }
}
