/// What audio analysis found in one piece, a number each. How each is computed: `bindings/python/MUSIC.md`.
public struct MusicFeatures: Codable, Sendable, Equatable {
    /// Seconds.
    public var duration = 0.0
    /// Beats per minute; 0 where no pulse was found.
    public var tempo: Float = 0
    /// 0…1: how clear the pulse is.
    public var pulseClarity: Float = 0
    /// 0…1: the share of beats that follow the one before at the piece's own distance, within 4 %.
    public var tempoStability: Float = 0
    /// The next best tempi, which listeners may tap as well; 0 = none.
    public var secondTempo: Float = 0
    public var thirdTempo: Float = 0
    /// How well they fit, relative to `tempo`; 0…1.
    public var secondTempoFit: Float = 0
    public var thirdTempoFit: Float = 0
    /// 3 or 4 where downbeats stand out, else 0.
    public var beatsPerBar: Int32 = 0
    /// Pitch class of the tonic, 0 = C … 11 = B.
    public var key: Int32 = 0
    public var isMinor = false
    /// 0…1: how far the best key beats the others.
    public var keyClarity: Float = 0
    /// Correlation of the chroma with the best major profile minus that with the best minor one; −1…1.
    public var majorness: Float = 0
    /// Deviation from A4 = 440 Hz, −50…50 cents.
    public var tuning: Float = 0
    /// Integrated loudness, LUFS (ITU-R BS.1770-4); −70 for silence.
    public var loudness: Float = -70
    /// Loudness range, LU (EBU Tech 3342).
    public var loudnessRange: Float = 0
    /// The loudest 400 ms, LUFS.
    public var maxMomentary: Float = -70
    /// Highest peak between the samples, dB re full scale (BS.1770-4 Annex 2); −120 for silence.
    public var truePeak: Float = -120
    /// Root mean square level, dB re full scale.
    public var energy: Float = -120
    /// True peak over root mean square level, dB.
    public var crest: Float = 0
    /// The sharpest rise of level within 50 ms that ends within 20 dB of the loudest moment so far, dB, 0…60.
    public var attack: Float = 0
    /// Spectral centroid, Hz.
    public var brightness: Float = 0
    /// 85 % of the power lies below, mean over time, Hz.
    public var rolloff: Float = 0
    /// Geometric over arithmetic mean of the power in 40 mel bands, 0 (one tone) … 1 (even noise).
    public var flatness: Float = 0
    /// Mean spectral flux of the log-compressed mel spectrum, per frame.
    public var flux: Float = 0
    /// Onsets per second.
    public var onsetRate: Float = 0
    /// Mean height of those onsets.
    public var onsetStrength: Float = 0
    /// Share of the power that comes in strokes rather than in lines, 0…1.
    public var percussiveness: Float = 0
    /// Mean sensory roughness of the partials, 0 (a pure tone) upwards.
    public var roughness: Float = 0
    /// How much the partials glide as in a voice, 0…1: a rule of thumb.
    public var vocalActivity: Float = 0

    public init() {}

    public init(
        duration: Double, tempo: Float, pulseClarity: Float, key: Int32, isMinor: Bool, keyClarity: Float,
        majorness: Float, loudness: Float, energy: Float, brightness: Float, flux: Float, onsetRate: Float
    ) {
        self.duration = duration
        self.tempo = tempo
        self.pulseClarity = pulseClarity
        self.key = key
        self.isMinor = isMinor
        self.keyClarity = keyClarity
        self.majorness = majorness
        self.loudness = loudness
        self.energy = energy
        self.brightness = brightness
        self.flux = flux
        self.onsetRate = onsetRate
    }
}

extension MusicFeatures {
    /// Every number under its name in tables, with its unit.
    public var named: [(name: String, value: Double)] {
        [
            ("duration_s", duration), ("tempo_bpm", Double(tempo)), ("pulse_clarity", Double(pulseClarity)),
            ("tempo_stability", Double(tempoStability)), ("second_tempo_bpm", Double(secondTempo)),
            ("second_tempo_fit", Double(secondTempoFit)), ("third_tempo_bpm", Double(thirdTempo)),
            ("third_tempo_fit", Double(thirdTempoFit)), ("beats_per_bar", Double(beatsPerBar)), ("key", Double(key)),
            ("is_minor", isMinor ? 1 : 0), ("key_clarity", Double(keyClarity)), ("majorness", Double(majorness)),
            ("tuning_cents", Double(tuning)), ("loudness_lufs", Double(loudness)),
            ("loudness_range_lu", Double(loudnessRange)), ("max_momentary_lufs", Double(maxMomentary)),
            ("true_peak_db", Double(truePeak)), ("energy_db", Double(energy)), ("crest_db", Double(crest)),
            ("attack_db", Double(attack)), ("brightness_hz", Double(brightness)), ("rolloff_hz", Double(rolloff)),
            ("flatness", Double(flatness)), ("flux", Double(flux)), ("onset_rate", Double(onsetRate)),
            ("onset_strength", Double(onsetStrength)), ("percussiveness", Double(percussiveness)),
            ("roughness", Double(roughness)), ("vocal_activity", Double(vocalActivity)),
        ]
    }
}
