import AffettoCore
import AffettoLibrary
import AffettoStore

func sample(_ id: String, _ valence: Float = 0, _ arousal: Float = 0, source: LabelSource = .host) -> Track {
    Track(
        id: id, title: "Title of \(id)", valence: Estimate(valence, sd: 0.2), arousal: Estimate(arousal, sd: 0.2),
        labelSource: source,
        features: MusicFeatures(
            duration: 60, tempo: 90, pulseClarity: 0.5, key: 2, isMinor: false, keyClarity: 0.5, majorness: 0.1,
            loudness: -20, energy: -22, brightness: 1200, flux: 1, onsetRate: 2))
}

func shelf(_ tracks: [Track] = []) throws -> MusicLibrary {
    let library = try MusicLibrary(store: Store(path: nil, key: nil))
    try library.put(tracks)
    return library
}
