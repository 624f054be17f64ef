import AffettoCore

/// All that was heard in one piece. How each number is computed: `bindings/python/MUSIC.md`.
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

extension MusicAnalysis {
    /// Every number under its name, and every list, as one JSON object.
    public var json: String {
        var numbers = features.named
        numbers += [
            ("valence", Double(valence.mean)), ("valence_sd", Double(valence.sd)), ("arousal", Double(arousal.mean)),
            ("arousal_sd", Double(arousal.sd)), ("energy", Double(energy)), ("tension", Double(tension)),
        ]
        var fields = numbers.map { "\"\($0.name)\":\($0.value.isFinite ? "\(Float($0.value))" : "null")" }
        let lists = [
            ("beats", beats), ("sections", sections), ("chroma", chroma), ("mfcc", mfcc), ("mfcc_sd", mfccDeviation),
            ("style", style),
        ]
        fields += lists.map { name, values in "\"\(name)\":[\(values.map { "\($0)" }.joined(separator: ","))]" }
        fields.append("\"downbeats\":[\(downbeats.map(String.init).joined(separator: ","))]")
        fields.append("\"fingerprint\":\"\(Fingerprint.text(fingerprint))\"")
        return "{\(fields.joined(separator: ","))}"
    }
}
