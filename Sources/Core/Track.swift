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
