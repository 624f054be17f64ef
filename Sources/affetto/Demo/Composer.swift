import AffettoAudioFiles
import AffettoCore

/// One piece of the demo's library: what to play and how it is meant to feel.
struct PieceSpec: Sendable {
    var id: String
    var title: String
    /// Lower-case style tag.
    var style: String
    var mood: Mood
    /// Beats per minute.
    var tempo: Double
    /// Pitch class of the tonic, 0 = C … 11 = B.
    var tonic: Int
    var scale: Scale
    var beatsPerBar = 4
    /// Scale degrees of one chord a bar, 0 = tonic; repeated to the end.
    var progression: [Int]
    var sevenths = false
    /// Share of a beat by which every second half-beat comes late.
    var swing = 0.0
    /// Root mean square level of the finished piece, dB re full scale.
    var level: Double
    /// How much the treble is lifted: 1 doubles it.
    var brightness: Float = 0
    /// Share of reverberation, 0…1, and its decay to −60 dB, seconds.
    var reverb = (wet: 0.2, decay: 1.6)
    var layers: [Layer]

    /// The quadrant of valence and arousal that the piece aims at.
    enum Mood: String, Sendable, CaseIterable {
        case calm, lively, sad, tense

        var isPleasant: Bool { self == .calm || self == .lively }
        var isAroused: Bool { self == .lively || self == .tense }
    }
}

/// A rendered piece.
struct ComposedPiece: Sendable {
    var id: String
    var title: String
    var style: String
    var mood: String
    /// Stereo, 44.1 kHz, within ±0.95.
    var clip: AudioClip
}

/// Composes short instrumental pieces; pure functions of the specification, so each run gives the same music.
enum Composer {
    static let rate = 44_100.0
    /// About how long each piece is, seconds.
    private static let length = 23.0

    static func render(_ spec: PieceSpec) -> ComposedPiece {
        var seed: UInt64 = 0
        for byte in spec.id.utf8 { seed = seed &* 31 &+ UInt64(byte) }
        var random = SeededRandom(seed: seed)
        let bars = barCount(spec)
        let seconds = Double(bars * spec.beatsPerBar) * 60 / spec.tempo + 3
        var mixer = Mixer(seconds: seconds, rate: rate)
        let score = Score(spec, bars: bars)
        for layer in spec.layers { layer.play(score, on: &mixer, random: &random) }
        mixer.reverberate(wet: spec.reverb.wet, decay: spec.reverb.decay)
        mixer.brighten(spec.brightness)
        let isSlow = !spec.mood.isAroused
        mixer.finish(level: spec.level, fadeIn: isSlow ? 0.8 : 0.02, fadeOut: isSlow ? 4 : 2.5)
        let clip = AudioClip(rate: rate, channels: 2, samples: mixer.interleaved)
        return ComposedPiece(id: spec.id, title: spec.title, style: spec.style, mood: spec.mood.rawValue, clip: clip)
    }

    /// Whole progressions, halves allowed, nearest to the wanted length, and one bar more for the last chord.
    private static func barCount(_ spec: PieceSpec) -> Int {
        let bar = Double(spec.beatsPerBar) * 60 / spec.tempo
        let unit = max(1, spec.progression.count / 2)
        return max(1, Int((length / bar / Double(unit)).rounded())) * unit + 1
    }
}
