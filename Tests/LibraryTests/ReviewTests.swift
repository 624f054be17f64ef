import AffettoCore
import AffettoLibrary
import Testing

/// Ratings, agreement, corrections and the review queue.
@Suite struct ReviewTests {
    private func rating(_ rater: String, _ valence: Float, _ arousal: Float, _ source: LabelSource = .crowd)
        -> TrackRating
    {
        TrackRating(track: "a", rater: rater, source: source, valence: valence, arousal: arousal, time: 1)
    }

    // MARK: Agreement

    /// The worked example of Krippendorff (2011), four observers and twelve units: interval alpha 0.849.
    @Test func alphaOfThePublishedExample() throws {
        let observers: [[Double?]] = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, nil, nil, nil],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nil, 3],
            [nil, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nil],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nil],
        ]
        let units = (0..<12).map { unit in observers.compactMap { $0[unit] } }
        #expect(abs(try #require(Krippendorff.alpha(units)) - 0.849) < 0.0005)
        #expect(Krippendorff.alpha([[1, 1], [2, 2], [3, 3]]) == 1)
        #expect(Krippendorff.alpha([[1], [2]]) == nil && Krippendorff.alpha([]) == nil)
        #expect(Krippendorff.alpha([[1, 1], [1, 1]]) == nil, "without difference nothing can be told")
        #expect(try #require(Krippendorff.alpha([[0, 1], [1, 0], [0, 1], [1, 0]])) < 0, "worse than chance")
    }

    @Test func agreementCountsWhatWasRatedTwice() throws {
        let library = try shelf([sample("a"), sample("b")])
        #expect(try library.agreement().valence == nil && library.agreement().ratings == 0)
        var other = rating("x", 0.8, 0.1)
        other.track = "b"
        try library.rate([rating("x", -0.5, 0.5), rating("y", -0.4, 0.5), other])
        let agreement = try library.agreement()
        #expect(agreement.ratings == 3 && agreement.raters == 2 && agreement.tracks == 1)
    }

    // MARK: Ratings

    @Test func theLabelIsTheMeanOfExpertsElseOfTheCrowd() throws {
        let library = try shelf([sample("a", 0.9, 0.9, source: .model)])
        try library.rate([rating("x", 0.2, -0.2), rating("y", 0.4, -0.4)])
        var track = try #require(try library.track("a"))
        #expect(abs(track.valence.mean - 0.3) < 1e-6 && abs(track.arousal.mean + 0.3) < 1e-6)
        #expect(track.labelSource == .crowd && track.raters == 2 && track.valence.sd == 0.25)
        try library.rate([rating("x", 0.6, -0.4)])
        #expect(abs(try #require(try library.track("a")).valence.mean - 0.5) < 1e-6, "x rated again")
        try library.rate([rating("e", -0.5, 0, .expert)])
        track = try #require(try library.track("a"))
        #expect(track.valence.mean == -0.5 && track.labelSource == .expert && track.raters == 1)
        try library.put([sample("a", 0.9, 0.9, source: .model)])
        #expect(try library.track("a")?.valence.mean == -0.5, "a model does not overrule people")
        #expect(try library.track("a")?.labelSource == .expert)
    }

    @Test func badRatingsAreRefusedAndNoneIsTaken() throws {
        let library = try shelf([sample("a")])
        for bad in [
            rating("", 0, 0), rating("x", 1.1, 0), rating("x", 0, .nan), rating("x", 0, 0, .model),
            rating("x", 0, 0, .host),
        ] { #expect(throws: AffettoError.self) { try library.rate([rating("ok", 0, 0), bad]) } }
        var lost = rating("x", 0, 0)
        lost.track = "nowhere"
        #expect(throws: AffettoError.self) { try library.rate([lost]) }
        #expect(try library.agreement().ratings == 0)
    }

    // MARK: Corrections

    @Test func whatAPersonCorrectedStays() throws {
        let library = try shelf([sample("a", 0.1, 0.1, source: .model)])
        try library.correct("a", ["valence": "-0.4", "key": "F# minor", "tempo_bpm": "84", "tags": "Guitar; calm"])
        var track = try #require(try library.track("a"))
        #expect(track.valence == Estimate(-0.4, sd: 0.2) && track.labelSource == .host)
        #expect(track.features.key == 6 && track.features.isMinor && track.features.tempo == 84)
        #expect(track.tags == ["guitar", "calm"] && track.corrected == ["key", "tags", "tempo_bpm", "valence"])
        var again = sample("a", 0.9, 0.3, source: .model)
        again.title = "New title"
        again.features.key = 2
        try library.put([again])
        track = try #require(try library.track("a"))
        #expect(track.title == "New title" && track.valence.mean == -0.4 && track.features.key == 6)
        try library.rate([rating("x", 0.9, 0.9, .expert)])
        #expect(try library.track("a")?.valence.mean == -0.4, "ratings do not overrule a correction")
        let report = try library.importCSV(Array("id,valence,title\na,0.7,Third\n".utf8))
        #expect(report.updated == 1)
        #expect(try library.track("a")?.valence.mean == -0.4 && library.track("a")?.title == "Third")
    }

    @Test func badCorrectionsChangeNothing() throws {
        let library = try shelf([sample("a")])
        let before = try library.track("a")
        for fields in [
            ["valence": "2"], ["valence": "nan"], ["key": "H dur"], ["tempo_bpm": "-1"], ["colour": "red"],
            ["isrc": "12"],
            ["minimum_age": "99"], ["is_explicit": "perhaps"], ["label_source": "me"],
            ["title": "x", "valence": "much"],
        ] { #expect(throws: AffettoError.self) { try library.correct("a", fields) } }
        #expect(try library.track("a") == before)
        #expect(throws: AffettoError.self) { try library.correct("b", ["title": "x"]) }
    }

    // MARK: Review

    @Test func contradictionsWaitForAPerson() throws {
        var odd = sample("odd", 0.9, 0.8, source: .expert)
        (odd.measuredValence, odd.measuredArousal) = (Estimate(-0.6, sd: 0.5), Estimate(0.7, sd: 0.4))
        var sung = sample("sung")
        sung.features.vocalActivity = 0.99
        let library = try shelf([sample("plain"), odd, sung])
        let queue = try library.reviewQueue()
        #expect(queue.tracks.map(\.id) == ["odd", "sung"] && queue.total == 2)
        #expect(queue.tracks[0].reviewReasons.count == 1 && queue.tracks[0].reviewReasons[0].contains("valence 0.90"))
        try library.settle("odd", .accepted)
        try library.settle("sung", .rejected)
        #expect(try library.reviewQueue().total == 0)
        try library.put([odd])
        #expect(try library.reviewQueue().total == 0, "it was looked at already")
        #expect(try library.find(.init()).tracks.map(\.id) == ["plain", "odd"], "a rejected track is not offered")
        #expect(try library.candidates(near: []).map(\.id) == ["odd", "plain"])
        try library.settle("odd", .none)
        try library.correct("odd", ["valence": "0.85"])
        #expect(try library.reviewQueue().total == 1, "left to the rules again")
    }

    @Test func ratersWhoDisagreeAreSaid() throws {
        let library = try shelf([sample("a")])
        try library.rate([rating("x", -0.9, 0), rating("y", 0.9, 0), rating("z", 0.8, 0.1)])
        #expect(try library.reviewQueue().tracks.first?.reviewReasons.first?.contains("disagree on valence") == true)
    }

    /// Numbers that stand in an edited file, or in JSON, must not be reckoned with.
    @Test func absurdNumbersAreRefusedNotReckonedWith() throws {
        var absurd = sample("a", 0.5, 0.5, source: .expert)
        for change: (inout Track) -> Void in [
            { $0.measuredValence = Estimate(1e20, sd: 0.1) }, { $0.measuredArousal = Estimate(0, sd: -1) },
            { $0.features.duration = 1e30 }, { $0.features.duration = 1e300 }, { $0.features.loudness = 1e30 },
            { $0.raters = -1 }, { $0.profile = [1] }, { $0.fingerprint = "+" + String(repeating: "f", count: 63) },
            { $0.title = String(repeating: "x", count: 5000) }, { $0.tags = Array(repeating: "x", count: 300) },
        ] {
            absurd = sample("a", 0.5, 0.5, source: .expert)
            (absurd.measuredValence, absurd.measuredArousal) = (Estimate(0, sd: 0.1), Estimate(0, sd: 0.1))
            change(&absurd)
            let library = try shelf()
            #expect(throws: AffettoError.self) { try library.put([absurd]) }
            let json = Array(try JSON.text([sample("fine"), absurd]).utf8)
            let report = try library.importJSON(json)
            #expect(report.added == 1 && report.errors.map(\.line) == [1], "the fine one is taken")
        }
    }

    @Test func eachDimensionIsCorrectedByItself() throws {
        let library = try shelf([sample("a")])
        try library.correct("a", ["arousal": "0.9"])
        try library.rate([rating("x", -0.5, -0.5)])
        var track = try #require(try library.track("a"))
        #expect(track.valence.mean == -0.5 && track.arousal.mean == 0.9 && track.labelSource == .host)
        try library.correct("a", ["valence": "0.1", "arousal": "0.1", "label_source": "expert"])
        track = try #require(try library.track("a"))
        #expect(track.labelSource == .expert && track.raters == 0)
    }

    @Test func aQuarrelStaysInTheQueueWhateverElseIsWritten() throws {
        let library = try shelf([sample("a")])
        try library.rate([rating("x", -0.9, 0), rating("y", 0.9, 0), rating("z", 0.8, 0.1)])
        try library.correct("a", ["title": "Another"])
        _ = try library.importCSV(Array("id,licence\na,CC0-1.0\n".utf8))
        try library.put([try #require(try library.track("a"))])
        #expect(try library.reviewQueue().total == 1)
        try library.settle("a", .accepted)
        #expect(try library.reviewQueue().total == 0)
        try library.settle("a", .none)
        #expect(try library.reviewQueue().total == 1, "left to the rules again")
    }
}
