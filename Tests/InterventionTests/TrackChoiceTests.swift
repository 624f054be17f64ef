import AffettoCore
import AffettoIntervention
import Testing

/// Tracks of several styles with one and the same mood, so that only taste parts them.
private func alike(_ styles: [String], each: Int = 6) -> [Track] {
    styles.flatMap { style in (0..<each).map { track("\(style)\($0)", style: style, valence: 0.3, arousal: 0.1) } }
}

private func fan(of style: String, _ liking: Float, times: Int, _ tracks: [Track]) -> LearnerModel {
    var model = LearnerModel()
    for n in 0..<times {
        let own = tracks.filter { $0.style == style }
        model.hear(own[n % own.count], liking: liking)
    }
    return model
}

@Suite struct TrackChoiceTests {
    // MARK: The paper's rule

    @Test(arguments: ["piano", "folk", "dance"])
    func aLikedStylesShareRisesAndADislikedOnesFalls(_ style: String) {
        for seed in 0..<UInt64(40) {
            let tracks = library(9 + Int(seed) * 2, seed: seed)
            let base = context(tracks)
            let before = share(of: style, base)
            for track in tracks.filter({ $0.style == style }).prefix(3) {
                var glad = base
                glad.model.hear(track, liking: 0.8)
                var sour = base
                sour.model.hear(track, liking: -0.8)
                let (more, less) = (share(of: style, glad), share(of: style, sour))
                // Unless it is at its cap, or so far from the mood that it is not among the best eight.
                #expect(more > before || before > 0.59 || (before == 0 && more == 0), "\(before) → \(more)")
                #expect(
                    less < before || before == 0 || (before > 0.59 && less < before + 1e-9), "\(before) → \(less)")
            }
        }
    }

    @Test func twoPoorResponsesInARowRestTheStyleForFiveChoices() {
        let tracks = alike(["piano", "folk"])
        var c = context(tracks)
        c.model.hear(tracks[0], liking: -0.5)
        #expect(share(of: "piano", c) > 0, "once is not enough")
        c.model.hear(tracks[1], liking: -0.5)
        for choice in 0..<5 {
            #expect(share(of: "piano", c) == 0 && share(of: "folk", c) > 0.99, "choice \(choice)")
            c.model.noteChoice()
        }
        #expect(share(of: "piano", c) > 0 && c.model.resting.isEmpty && c.model.poor.isEmpty)
    }

    @Test func aGoodResponseBetweenTwoPoorOnesKeepsTheStyleAwake() {
        let tracks = alike(["piano", "folk"])
        var c = context(tracks)
        for liking: Float in [-0.5, 0.1, -0.5] { c.model.hear(tracks[0], liking: liking) }
        #expect(c.model.resting.isEmpty && share(of: "piano", c) > 0)
    }

    @Test func aLibraryOfOneStyleOrNoneIsNotSilencedForGood() {
        for style in ["piano", ""] {
            let tracks = alike([style])
            var c = context(tracks)
            for _ in 0..<4 { c.model.hear(tracks[0], liking: -1) }
            #expect(decision(.compensatory, c)?.action == .play, "'\(style)'")
        }
    }

    // MARK: The cap

    @Test(arguments: [2, 3, 5, 12])
    func likingNeverLiftsAStyleAboveSixtyPerCent(_ each: Int) {
        let tracks = alike(["piano", "folk", "dance"], each: each)
        for times in [1, 5, 50] {
            let model = fan(of: "folk", 1, times: times, tracks)
            for strategy in [Strategy.compensatory, .steady, .iso, .selfChoice] {
                let share = share(of: "folk", by: strategy, context(tracks) { $0.model = model })
                #expect(share <= 0.6 + 1e-9, "\(share)")
                #expect(times < 5 || share > 0.5, "the favourite leads: \(share)")
            }
        }
    }

    @Test func theCapHoldsInRandomLibraries() {
        var bound = 0
        for seed in 0..<UInt64(300) {
            let tracks = library(6 + Int(seed % 50), seed: seed)
            let model = fan(of: "dance", 1, times: 20, tracks)
            let free = share(of: "dance", context(tracks))
            let liked = share(of: "dance", context(tracks) { $0.model = model })
            let styles = Dictionary(uniqueKeysWithValues: tracks.map { ($0.id, $0) })
            guard let found = decision(.compensatory, context(tracks) { $0.model = model }) else { continue }
            // Where another style has a track as near the mood, no liking lifts the favourite above its share.
            func nearest(_ own: Bool) -> Float {
                found.candidates.compactMap { styles[$0.track] }.filter { ($0.style == "dance") == own }
                    .map { $0.point.distance(to: found.target) }.min() ?? .infinity
            }
            if nearest(false) <= nearest(true) { #expect(liked <= 0.6 + 1e-9, "\(free) → \(liked)") }
            if abs(liked - 0.6) < 1e-9 { bound += 1 }
        }
        #expect(bound > 30, "the cap was reached")
    }

    @Test func whereThereIsOneStyleThereIsNoCap() {
        let tracks = alike(["piano"])
        #expect(abs(share(of: "piano", context(tracks)) - 1) < 1e-9)
        // No style is no style: tracks without one are not held down together.
        #expect(share(of: "", context(alike([""], each: 7) + [track("jazz", style: "jazz", valence: 0.3)])) > 0.6)
    }

    @Test func oneOtherTrackIsEnoughForTheCap() {
        let tracks = alike(["piano"], each: 12) + alike(["folk"], each: 1)
        #expect(abs(share(of: "piano", context(tracks)) - 0.6) < 1e-9)
    }

    @Test func aStyleThatAloneFitsTheMoodMayHaveMore() {
        let fitting = (0..<6).map { track("p\($0)", style: "piano", valence: 0.25, arousal: 0.1) }
        let off = (0..<6).map { track("d\($0)", style: "dance", valence: 0.2, arousal: 0.95) }
        #expect(share(of: "piano", context(fitting + off)) > 0.8)
        let model = fan(of: "piano", 1, times: 20, fitting)
        let liked = share(of: "piano", context(fitting + off) { $0.model = model })
        #expect(liked <= share(of: "piano", context(fitting + off)) + 0.01, "but not because it is liked")
    }

    @Test func theFavouriteDoesNotFillTheShortlist() throws {
        let tracks = alike(["piano", "folk"], each: 20)
        let model = fan(of: "piano", 1, times: 50, tracks)
        let found = try #require(decision(.compensatory, context(tracks) { $0.model = model }))
        let own = found.candidates.count { $0.track.hasPrefix("piano") }
        #expect(found.candidates.count == 8 && own == 5)
    }

    // MARK: Scores

    @Test func theMoodNearestTheTargetIsLikeliest() throws {
        let tracks = library(40)
        let found = try #require(decision(.compensatory, context(tracks)))
        let byId = Dictionary(uniqueKeysWithValues: tracks.map { ($0.id, $0) })
        let best = try #require(found.candidates.max { $0.probability < $1.probability })
        let distances = tracks.map { $0.point.distance(to: found.target) }.sorted()
        #expect(try #require(byId[best.track]).point.distance(to: found.target) <= distances[3])
    }

    @Test func aLeapInTempoAndTheSameArtistAgainCostSomething() {
        let last = track("last", style: "x", tempo: 80, artist: "Ana")
        func chance(_ odd: Track) -> Double {
            let plain = track("b", style: "y", tempo: 84)
            let c = context([odd, plain]) { $0.played = [last] }
            return decision(.compensatory, c)?.candidates.first { $0.track == "a" }?.probability ?? .nan
        }
        let even = chance(track("a", style: "z", tempo: 84))
        #expect(abs(even - 0.5) < 1e-6)
        #expect(chance(track("a", style: "z", tempo: 160)) < even - 0.1)
        #expect(chance(track("a", style: "z", tempo: 84, artist: "Ana")) < even - 0.1)
        #expect(abs(chance(track("a", style: "z", tempo: 0)) - even) < 1e-6, "no pulse is no leap")
    }
}
