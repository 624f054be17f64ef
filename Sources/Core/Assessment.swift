/// The short initial assessment: every field may be missing, and becomes a prior, never a verdict.
public struct Assessment: Codable, Sendable, Equatable {
    /// "under_13", "13_15", "16_17", "adult".
    public var ageBand: String?
    /// BCP 47, best first.
    public var languages: [String]?
    /// How the learner usually feels, each in −1…1.
    public var typicalValence: Float?
    public var typicalArousal: Float?
    public var goals: [Goal]?
    /// Styles liked and disliked, as the library's style tags spell them.
    public var likedStyles: [String]?
    public var dislikedStyles: [String]?
    /// Ids of tracks, or names of artists and styles, that must never play.
    public var neverPlay: [String]?
    /// May sung music play while resting or doing numbers? Verbal tasks never get lyrics.
    public var lyricsWelcome: Bool?
    /// "After music when I am down I usually feel worse": turns sad matching off.
    public var feelsWorseAfterSadMusic: Bool?
    /// Declared by the learner; their face or voice is then not read at all.
    public var faceNotReadable: Bool?
    public var voiceNotReadable: Bool?

    public static let ageBands = ["under_13", "13_15", "16_17", "adult"]

    public init() {}

    /// Only an adult's own word may unlock what is withheld from minors; no age means minor.
    public var isMinor: Bool { ageBand != "adult" }
}
