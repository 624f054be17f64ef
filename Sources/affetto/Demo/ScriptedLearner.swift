import AffettoCore
import AffettoFace

/// The demo's learner: a made-up person with a hidden mood, tastes, a voice and a face. What the engine learns about
/// her it learns from the evidence she gives off, as with anybody.
struct ScriptedLearner {
    let name = "mia"
    /// How she really feels; the engine never sees this.
    private(set) var mood = AffectPoint(valence: -0.1, arousal: 0.1)
    private var random = SeededRandom(seed: 2026)

    static let assessment = """
        {"age_band": "16_17", "languages": ["en"], "typical_valence": 0.15, "typical_arousal": 0.0,
         "goals": ["focus", "calm"], "liked_styles": ["piano"], "lyrics_welcome": true}
        """

    /// How much she likes a style, −1…1.
    func taste(_ style: String) -> Float {
        switch style {
        case "piano": 0.8
        case "ambient": 0.5
        case "folk", "strings", "lofi": 0.3
        case "dance", "chiptune": -0.7
        default: 0
        }
    }

    /// Something happens and moves the mood `share` of the way to `point`.
    mutating func feel(_ point: AffectPoint, share: Float) { mood = mood.moved(toward: point, share: share) }

    /// Music moves her towards itself, more so when she likes it; what she dislikes costs a little valence.
    mutating func listen(to track: Track) {
        let liking = taste(track.style)
        mood = mood.moved(toward: track.point, share: 0.3 + 0.2 * max(liking, 0))
        mood.valence = min(max(mood.valence + 0.12 * liking, -1), 1)
    }

    /// What she would say her valence and arousal are: honest, to the nearest tenth.
    var report: AffectPoint {
        func tenth(_ x: Float) -> Float { (x * 10).rounded() / 10 }
        return AffectPoint(valence: tenth(mood.valence), arousal: tenth(mood.arousal))
    }

    /// The emotion whose usual place is nearest to the mood.
    var emotion: Emotion {
        [.anxious, .frustrated, .calm, .happy, .bored, .engaged, .sad, .tired, .excited]
            .min { $0.point.distance(to: mood) < $1.point.distance(to: mood) } ?? .neutral
    }

    /// One video frame of her face: smile and frown follow valence, wide eyes and open brows arousal.
    mutating func face() -> [Float] {
        var out = [Float](repeating: 0.02, count: Blendshapes.count)
        func set(_ value: Float, _ names: String...) {
            for name in names {
                if let i = Blendshapes.index(of: name) { out[i] = min(max(value, 0), 1) }
            }
        }
        set(0.9 * mood.valence, "mouthSmileLeft", "mouthSmileRight")
        set(0.4 * mood.valence, "eyeSquintLeft", "eyeSquintRight")
        set(-0.5 * mood.valence, "browDownLeft", "browDownRight", "mouthFrownLeft", "mouthFrownRight")
        set(0.5 * mood.arousal - 0.3 * mood.valence, "browInnerUp")
        set(0.35 * mood.arousal, "eyeWideLeft", "eyeWideRight")
        set(0.15 * (1 - mood.arousal), "eyeBlinkLeft", "eyeBlinkRight")
        set(-0.4 * mood.valence, "mouthPressLeft", "mouthPressRight")
        for i in out.indices { out[i] = min(max(out[i] + Float(random.uniform() - 0.5) * 0.04, 0), 1) }
        return out
    }

    /// Seconds of her voice at 16 kHz: pitch, pace, loudness and brightness follow arousal, the melody valence.
    mutating func speak(seconds: Double) -> [Float] {
        SpeechSynthesizer.speak(mood: mood, seconds: seconds, random: &random)
    }
}
