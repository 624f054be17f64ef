import AffettoCore
import AffettoIntervention
import Testing

/// A rule written again, independently, so that a slip in one of the two shows.
private func breaks(_ track: Track, _ c: DecisionContext) -> String? {
    for name in c.assessment.neverPlay ?? [] where !name.isEmpty {
        if [track.id, track.artist, track.style].contains(where: { $0.lowercased() == name.lowercased() }) {
            return "never"
        }
    }
    if c.model.vetoed.contains(track.id) { return "veto" }
    if c.played.contains(where: { $0.id == track.id }) { return "repetition" }
    if track.hasLyrics, c.task == .verbal || c.assessment.lyricsWelcome == false { return "lyrics" }
    if track.isExplicit, c.assessment.ageBand != "adult" || c.playback == .shared { return "explicit" }
    if track.valence.mean < -0.2 {
        if c.assessment.feelsWorseAfterSadMusic == true { return "sad music harms" }
        if c.playback == .shared { return "shared" }
        if c.played.count >= 2, c.played.suffix(2).allSatisfy({ $0.valence.mean < -0.2 }) { return "enough" }
    }
    return nil
}

private func randomContext(_ seed: UInt64) -> DecisionContext {
    var random = SeededRandom(seed: seed, stream: 5)
    func pick<T>(_ values: [T]) -> T { values[random.below(values.count)] }
    let styles = ["piano", "folk", "dance", "", "lo_fi"]
    let tracks = (0..<random.below(25)).map { n in
        track(
            "t\(n)", style: pick(styles), valence: Float(random.uniform() * 2 - 1),
            arousal: Float(random.uniform() * 2 - 1),
            tempo: pick([0, 60, 120]), artist: pick(["", "Ana", "Bo"]), lyrics: pick(["", "", "en", "und"]),
            isExplicit: random.uniform() < 0.2)
    }
    return context(tracks, seed: seed) {
        $0.goal = pick(Goal.allCases)
        $0.task = pick([.verbal, .numeric, .motor, .creative, .rest])
        $0.playback = pick(PlaybackScope.allCases)
        $0.state = state(pick([.sad, .anxious, .angry, .frustrated, .bored, .tired, .excited]))
        $0.assessment.ageBand = pick([nil, "13_15", "adult"])
        $0.assessment.neverPlay = pick([nil, [], [""], ["ana"], ["PIANO", ""], ["t1", "t2", "Bo"]])
        $0.assessment.lyricsWelcome = pick([nil, true, false])
        $0.assessment.feelsWorseAfterSadMusic = pick([nil, true, false])
        $0.model.vetoed = tracks.filter { _ in random.uniform() < 0.1 }.map(\.id)
        $0.played = tracks.filter { _ in random.uniform() < 0.2 }
        for style in styles where random.uniform() < 0.2 { $0.model.resting[style] = pick([-1, 0, 1, 5]) }
    }
}

@Suite struct TrackRulesTests {
    @Test func noRuleIsEverBroken() {
        var played = 0
        var silent = 0
        for seed in 0..<UInt64(5000) {
            let context = randomContext(seed)
            let decision = Decider().decide(context).decision
            let byId = Dictionary(uniqueKeysWithValues: context.library.map { ($0.id, $0) })
            let open = context.library.filter { breaks($0, context) == nil }
            for candidate in decision.candidates {
                let broken = byId[candidate.track].flatMap { breaks($0, context) }
                #expect(broken == nil, "\(broken ?? "") in \(seed)")
                // A style that rests is heard only where no other may play.
                let rests = { (track: Track) in (context.model.resting[track.style] ?? 0) > 0 }
                if let track = byId[candidate.track], rests(track) { #expect(open.allSatisfy(rests)) }
            }
            #expect((decision.gate == .noTrack) == open.isEmpty, "what may play can play")
            if decision.action == .play { played += 1 } else { silent += 1 }
            if decision.action == .play { #expect(decision.candidates.contains { $0.track == decision.track }) }
        }
        #expect(played > 1500 && silent > 500)
    }

    @Test func neverMoreThanTwoSadTracksInARow() {
        for seed in 0..<UInt64(40) {
            var context = context(library(60, seed: seed, valences: -0.9...0.3), seed: seed)
            context.goal = .express
            for id in 1...80 {
                context.id = UInt64(id)
                let (decision, path, step) = Decider().decide(context)
                (context.path, context.step) = (path, step)
                context.played += context.library.filter { $0.id == decision.track }
            }
            let low = context.played.map { $0.valence.mean < -0.2 }
            #expect(low.contains(true) && low.contains(false))
            for n in 2..<max(low.count, 2) { #expect(!(low[n] && low[n - 1] && low[n - 2])) }
            #expect(Set(context.played.map(\.id)).count == context.played.count, "nothing twice")
        }
    }

    @Test func anEmptyNameForbidsNothing() {
        let decision = Decider().decide(context([track("a", style: "", artist: "")]) { $0.assessment.neverPlay = [""] })
        #expect(decision.decision.gate == .none)
    }

    @Test func tracksWithoutANumberForAMoodNeverPlay() {
        for wild: Float in [.nan, .infinity, -.infinity] {
            for odd in [track("a", valence: wild), track("a", arousal: wild)] {
                #expect(Decider().decide(context([odd])).decision.gate == .noTrack)
                for seed in 0..<UInt64(50) {
                    let candidates = Decider().decide(context([odd, track("b")], seed: seed)).decision.candidates
                    #expect(!candidates.contains { $0.track == "a" })
                }
            }
        }
    }
}
