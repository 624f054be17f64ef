import AffettoCore
import CAffetto
import Glibc

// Track ↔ affetto_track.

/// Writes text into a fixed C array, cut at a whole scalar, NUL-terminated.
func fill<Characters>(_ array: inout Characters, with text: String) {
    withUnsafeMutableBytes(of: &array) { raw in
        var count = 0
        for scalar in text.unicodeScalars {
            guard count + UTF8.width(scalar) < raw.count else { break }
            for unit in UTF8.encode(scalar).map(Array.init) ?? [] {
                raw[count] = unit
                count += 1
            }
        }
        for i in count..<raw.count { raw[i] = 0 }
    }
}

/// Reads text from a fixed C array.
private func text<Characters>(in array: Characters, _ what: String) throws(AffettoError) -> String {
    let bytes = withUnsafeBytes(of: array) { Array($0.prefix { $0 != 0 }) }
    guard bytes.count < MemoryLayout<Characters>.size else {
        throw AffettoError(.argument, "the track's \(what) has no closing NUL")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw AffettoError(.encoding, "the track's \(what) is not UTF-8")
    }
    return text
}

extension Track {
    init(_ c: affetto_track) throws(AffettoError) {
        let numbers: [(Float, ClosedRange<Float>, String)] = [
            (c.duration_s, 0...864_000, "duration_s"), (c.tempo_bpm, 0...1000, "tempo_bpm"),
            (c.pulse_clarity, 0...1, "pulse_clarity"), (c.key_clarity, 0...1, "key_clarity"),
            (c.majorness, -2...2, "majorness"),
            (c.loudness_lufs, -200...50, "loudness_lufs"), (c.energy_db, -200...50, "energy_db"),
            (c.brightness_hz, 0...48_000, "brightness_hz"), (c.flux, 0...1e6, "flux"),
            (c.onset_rate, 0...1000, "onset_rate"), (c.tempo_stability, 0...1, "tempo_stability"),
            (c.loudness_range_lu, 0...200, "loudness_range_lu"), (c.true_peak_db, -200...100, "true_peak_db"),
            (c.crest_db, 0...300, "crest_db"), (c.attack_db, 0...60, "attack_db"),
            (c.percussiveness, 0...1, "percussiveness"), (c.roughness, 0...1e6, "roughness"),
            (c.vocal_activity, 0...1, "vocal_activity"),
        ]
        for (value, range, name) in numbers { try requireInRange(value, range, "the track's \(name)") }
        guard (0...11).contains(c.key) else {
            throw AffettoError(.range, "the track's key is \(c.key); it must be 0…11")
        }
        self.init(
            id: try text(in: c.id, "id"), title: try text(in: c.title, "title"),
            artist: try text(in: c.artist, "artist"),
            uri: try text(in: c.uri, "uri"), licence: try text(in: c.licence, "licence"),
            style: try text(in: c.style, "style"),
            lyricsLanguage: try text(in: c.lyrics_language, "lyrics_language"), isExplicit: c.is_explicit != 0,
            valence: Estimate(c.valence, sd: c.valence_sd), arousal: Estimate(c.arousal, sd: c.arousal_sd),
            labelSource: try word(LabelSource.self, c.label_source, "label_source"),
            features: MusicFeatures(
                duration: Double(c.duration_s), tempo: c.tempo_bpm, pulseClarity: c.pulse_clarity, key: c.key,
                isMinor: c.is_minor != 0, keyClarity: c.key_clarity, majorness: c.majorness, loudness: c.loudness_lufs,
                energy: c.energy_db, brightness: c.brightness_hz, flux: c.flux, onsetRate: c.onset_rate))
        review = try word(ReviewStatus.self, c.review, "review")
        minimumAge = c.minimum_age
        raters = max(c.raters, 0)
        features.beatsPerBar = c.beats_per_bar
        features.tempoStability = c.tempo_stability
        features.loudnessRange = c.loudness_range_lu
        features.truePeak = c.true_peak_db
        features.crest = c.crest_db
        features.attack = c.attack_db
        features.percussiveness = c.percussiveness
        features.roughness = c.roughness
        features.vocalActivity = c.vocal_activity
    }
}

extension affetto_track {
    init(_ track: Track) {
        self.init()
        fill(&id, with: track.id)
        fill(&title, with: track.title)
        fill(&artist, with: track.artist)
        fill(&uri, with: track.uri)
        fill(&licence, with: track.licence)
        fill(&style, with: track.style)
        fill(&lyrics_language, with: track.lyricsLanguage)
        is_explicit = track.isExplicit ? 1 : 0
        (review, minimum_age, raters) = (track.review.rawValue, track.minimumAge, track.raters)
        adoptNumbers(of: track)
    }

    /// - Parameter keepsLabel: what the host says of valence and arousal stays.
    mutating func adoptNumbers(of track: Track, keepsLabel: Bool = false) {
        let f = track.features
        if !keepsLabel {
            label_source = track.labelSource.rawValue
            (valence, valence_sd) = (track.valence.mean, track.valence.sd)
            (arousal, arousal_sd) = (track.arousal.mean, track.arousal.sd)
        }
        key = f.key
        is_minor = f.isMinor ? 1 : 0
        duration_s = Float(f.duration)
        tempo_bpm = f.tempo
        pulse_clarity = f.pulseClarity
        key_clarity = f.keyClarity
        majorness = f.majorness
        loudness_lufs = f.loudness
        energy_db = f.energy
        brightness_hz = f.brightness
        flux = f.flux
        onset_rate = f.onsetRate
        beats_per_bar = f.beatsPerBar
        tempo_stability = f.tempoStability
        loudness_range_lu = f.loudnessRange
        true_peak_db = f.truePeak
        crest_db = f.crest
        attack_db = f.attack
        percussiveness = f.percussiveness
        roughness = f.roughness
        vocal_activity = f.vocalActivity
        measured_valence = track.measuredValence?.mean ?? .nan
        measured_arousal = track.measuredArousal?.mean ?? .nan
    }
}
