import AffettoCore

/// All that was heard in one piece. How each number is computed: `Sources/Music/MUSIC.md`.
public struct MusicAnalysis: Sendable, Equatable {
    public var features: MusicFeatures
    /// How most listeners would call it, −1…1.
    public var valence: Estimate
    public var arousal: Estimate
    /// Seconds from the beginning, ascending; empty without a pulse.
    public var beats: [Float]
    /// Which of `beats` begin a bar; empty where that is unclear.
    public var downbeats: [Int]
    /// Where sections begin, s; the first at 0.
    public var sections: [Float]
    /// Share of each pitch class, C to B, largest 1; zeros for silence.
    public var chroma: [Float]
    /// 13 mel-frequency cepstral coefficients from the first on (that of level is left out): mean and standard deviation.
    public var mfcc: [Float]
    public var mfccDeviation: [Float]
    /// The place in the style space, `StyleSpace.dimensions` numbers in −1…1.
    public var style: [Float]
    /// 256 bits that a copy of the piece shares; `Fingerprint.distance`.
    public var fingerprint: [UInt64]

    /// Thayer's axes: valence and arousal turned by 45 degrees, −√2…√2.
    public var energy: Float { (valence.mean + arousal.mean) / Float(2).squareRoot() }
    public var tension: Float { (arousal.mean - valence.mean) / Float(2).squareRoot() }
}
