/// A piece of music in the library: what it is, what may be done with it, and how it feels.
public struct Track: Codable, Sendable, Equatable {
    public var id: String
    public var title: String
    public var artist: String
    /// Where the host finds the audio: a path or URI.
    public var uri: String
    /// International Standard Recording Code, 12 letters and digits; empty = unknown.
    public var isrc = ""
    /// SPDX identifier or the host's words; empty = unknown.
    public var licence: String
    public var rightsHolder = ""
    /// What the licence allows, in the host's words: "classroom", "any", "streaming until 2027".
    public var permittedUse = ""
    /// Genre or style tag, lower case; empty = none.
    public var style: String
    /// Further tags of genre, style or content, lower case.
    public var tags: [String] = []
    /// BCP 47 language of the lyrics; empty = instrumental; "und" = sung, language unknown.
    public var lyricsLanguage: String
    public var isExplicit: Bool
    /// From which age on, years; 0 = all.
    public var minimumAge: Int32 = 0
    /// Perceived valence and arousal, with doubt, and who said so.
    public var valence: Estimate
    public var arousal: Estimate
    public var labelSource: LabelSource
    /// How the label was made, in the host's words: "affect grid, class 7b".
    public var labelMethod = ""
    /// How many people the label rests on; 0 where the host or a model gave it.
    public var raters: Int32 = 0
    /// What analysis of the audio alone would say; `nil` where none was made.
    public var measuredValence: Estimate?
    public var measuredArousal: Estimate?
    public var review = ReviewStatus.none
    /// Why somebody should look.
    public var reviewReasons: [String] = []
    /// Names of the fields that a person has set: no import changes them again.
    public var corrected: [String] = []
    public var features: MusicFeatures
    /// The place in the style space, each number times 127; empty where not analysed.
    public var profile: [Int8] = []
    /// Of the audio, 64 hexadecimal digits; empty where not analysed.
    public var fingerprint = ""
    /// Of the file, by which an import sees that nothing changed: size and time.
    public var fileStamp = ""

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

/// What analysis found in a piece beside single numbers; kept apart from the track, and read when asked for.
public struct TrackDetail: Codable, Sendable, Equatable {
    /// Seconds from the beginning.
    public var beats: [Float] = []
    /// Which of `beats` begin a bar.
    public var downbeats: [Int] = []
    /// Where sections begin, s.
    public var sections: [Float] = []
    public var chroma: [Float] = []
    public var mfcc: [Float] = []
    public var mfccDeviation: [Float] = []

    public init() {}
}

/// How one person called a track.
public struct TrackRating: Codable, Sendable, Equatable {
    public var track: String
    /// A name of the host's for the person; no learner's.
    public var rater: String
    /// `.crowd` or `.expert`.
    public var source: LabelSource
    /// −1…1.
    public var valence: Float
    public var arousal: Float
    /// Unix seconds.
    public var time: Int64

    public init(track: String, rater: String, source: LabelSource, valence: Float, arousal: Float, time: Int64) {
        self.track = track
        self.rater = rater
        self.source = source
        self.valence = valence
        self.arousal = arousal
        self.time = time
    }
}
