import AffettoCore

/// Which tracks may play now: the learner's own noes, what fits the task and the room, and how much sad music is enough.
struct TrackRules {
    private let context: DecisionContext
    private let settings: InterventionSettings
    /// In lower case: a forgotten capital must not let through what the learner never wants to hear.
    private let never: Set<String>
    private let vetoed: Set<String>
    private let played: Set<String>
    private let hadEnoughSadMusic: Bool

    init(_ context: DecisionContext, _ settings: InterventionSettings) {
        self.context = context
        self.settings = settings
        never = Set((context.assessment.neverPlay ?? []).map { $0.lowercased() }).subtracting([""])
        vetoed = Set(context.model.vetoed)
        played = Set(context.played.map(\.id))
        let lately = context.played.suffix(settings.sadTracks)
        hadEnoughSadMusic =
            lately.count == settings.sadTracks && lately.allSatisfy { !($0.valence.mean >= settings.sadValence) }
    }

    /// The tracks that may play. A style that rests does so only while there is another.
    func open(_ library: [Track]) -> [Track] {
        let allowed = library.filter { forbids($0) == nil }
        let awake = allowed.filter { (context.model.resting[$0.style] ?? 0) <= 0 }
        return awake.isEmpty ? allowed : awake
    }

    /// The rule that forbids the track, or `nil`.
    func forbids(_ track: Track) -> String? {
        guard track.valence.mean.isFinite, track.arousal.mean.isFinite else { return "no_label" }
        if !never.isEmpty, [track.id, track.artist, track.style].contains(where: { never.contains($0.lowercased()) }) {
            return "never_play"
        }
        if vetoed.contains(track.id) { return "vetoed" }
        if played.contains(track.id) { return "repetition" }
        if track.isExplicit, context.assessment.isMinor || context.playback == .shared { return "explicit" }
        if track.hasLyrics {
            if context.task == .verbal { return "lyrics_in_verbal_task" }
            if context.assessment.lyricsWelcome == false { return "lyrics_unwelcome" }
        }
        if track.valence.mean < settings.sadValence {
            if context.assessment.feelsWorseAfterSadMusic == true { return "sad_music_harms" }
            if hadEnoughSadMusic { return "enough_sad_music" }
            if context.playback == .shared { return "shared_loudspeaker" }
        }
        return nil
    }
}
