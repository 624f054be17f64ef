import AffettoCore
import Glibc

/// What the learner says about their own feeling. Any part may be missing, not all.
public struct SelfReport: Sendable, Equatable {
    public var emotion: Emotion?
    /// −1…1.
    public var valence: Float?
    public var arousal: Float?
    public var control: Float?
    /// A finer word that the report was given by, as `FeelingWords` spells it.
    public private(set) var word: String?

    /// A finer word ("overwhelmed"): its emotion, and its own place where no slider says otherwise.
    /// - Throws: `.notFound` for a word that is none of `FeelingWords`.
    public init(
        word: String, valence: Float? = nil, arousal: Float? = nil, control: Float? = nil
    ) throws(AffettoError) {
        guard let found = FeelingWords.find(word) else {
            throw AffettoError(.notFound, "this is none of the words for feelings; affetto_feeling_words lists them")
        }
        self.init(emotion: found.emotion, valence: valence, arousal: arousal, control: control)
        (self.word, near) = (found.word, (found.valence, found.arousal, found.control))
    }

    /// Where the word places the state.
    private var near: (valence: Float, arousal: Float, control: Float)?

    public static func == (a: SelfReport, b: SelfReport) -> Bool {
        (a.emotion, a.valence, a.arousal, a.control, a.word) == (b.emotion, b.valence, b.arousal, b.control, b.word)
    }

    public init(emotion: Emotion? = nil, valence: Float? = nil, arousal: Float? = nil, control: Float? = nil) {
        self.emotion = emotion
        self.valence = valence
        self.arousal = arousal
        self.control = control
    }

    /// The report as evidence. A word alone also places the state near its prototype, with doubt; sliders are taken at
    /// their word (sd 0.1: our proposal for how closely people repeat themselves on a slider).
    /// - Throws: `.range` for a value that is not in −1…1, `.argument` for a report that says nothing.
    public func evidence(at time: Microseconds) throws(AffettoError) -> Evidence {
        if let valence { try requireInRange(valence, -1...1, "valence") }
        if let arousal { try requireInRange(arousal, -1...1, "arousal") }
        if let control { try requireInRange(control, -1...1, "control") }
        guard emotion != nil || valence != nil || arousal != nil || control != nil else {
            throw AffettoError(.argument, "the self-report says nothing: give a word or a value")
        }
        var likelihood: [Float] = []
        if let emotion {
            // A chosen word is right nine times in ten; the rest goes to the others evenly.
            likelihood = Array(repeating: log(0.1 / Float(Emotion.count - 1)), count: Emotion.count)
            likelihood[Int(emotion.rawValue)] = log(0.9)
        }
        let near = near ?? emotion?.prototype
        func estimate(_ said: Float?, _ implied: Float?) -> Estimate? {
            if let said { return Estimate(said, sd: 0.1) }
            return implied.map { Estimate($0, sd: 0.25) }
        }
        return Evidence(
            modality: .selfReport, time: time, logLikelihood: likelihood, valence: estimate(valence, near?.valence),
            arousal: estimate(arousal, near?.arousal), control: estimate(control, near?.control), quality: 1)
    }
}
