/// What audio analysis found in one piece; units per field.
public struct MusicFeatures: Codable, Sendable, Equatable {
    /// Seconds.
    public var duration: Double
    /// Beats per minute; 0 where no pulse was found.
    public var tempo: Float
    /// 0…1: how clear the pulse is.
    public var pulseClarity: Float
    /// Pitch class of the tonic, 0 = C … 11 = B.
    public var key: Int32
    public var isMinor: Bool
    /// 0…1: how far the best key beats the others.
    public var keyClarity: Float
    /// Correlation of the chroma with the best major profile minus that with the best minor one; −1…1.
    public var majorness: Float
    /// Integrated loudness, LUFS (ITU-R BS.1770-4).
    public var loudness: Float
    /// Root mean square level, dB re full scale.
    public var energy: Float
    /// Spectral centroid, Hz.
    public var brightness: Float
    /// Mean spectral flux of the log-compressed mel spectrum, per frame.
    public var flux: Float
    /// Onsets per second.
    public var onsetRate: Float

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

/// A piece of music in the library: what it is, what may be done with it, and how it feels.
public struct Track: Codable, Sendable, Equatable {
    public var id: String
    public var title: String
    public var artist: String
    /// Where the host finds the audio: a path or URI.
    public var uri: String
    /// SPDX identifier or the host's words; empty = unknown.
    public var licence: String
    /// Genre or style tag, lower case; empty = none.
    public var style: String
    /// BCP 47 language of the lyrics; empty = instrumental; "und" = sung, language unknown.
    public var lyricsLanguage: String
    public var isExplicit: Bool
    /// Perceived valence and arousal, with doubt, and who said so.
    public var valence: Estimate
    public var arousal: Estimate
    public var labelSource: LabelSource
    public var features: MusicFeatures

    public init(
        id: String, title: String, artist: String = "", uri: String = "", licence: String = "", style: String = "",
        lyricsLanguage: String = "", isExplicit: Bool = false, valence: Estimate, arousal: Estimate,
        labelSource: LabelSource, features: MusicFeatures
    ) {
        self.id = id
        self.title = title
        self.artist = artist
        self.uri = uri
        self.licence = licence
        self.style = style
        self.lyricsLanguage = lyricsLanguage
        self.isExplicit = isExplicit
        self.valence = valence
        self.arousal = arousal
        self.labelSource = labelSource
        self.features = features
    }

    public var point: AffectPoint { AffectPoint(valence: valence.mean, arousal: arousal.mean) }
    public var hasLyrics: Bool { !lyricsLanguage.isEmpty }
}
