import AffettoCore
import Glibc

/// What a message says, in whichever language it is written.
public struct TextReading: Sendable {
    public var language: TextLanguage
    /// The most likely emotion; `nil` where it is too unsure to name one.
    public var emotion: Emotion?
    /// In order of `Emotion`, summing to 1; NaN for one that the language's model cannot name.
    public var affect: [Float]
    public var valence: Estimate
    public var arousal: Estimate
    public var control: Estimate
    /// What makes anxious, frustrated and angry different: 0…1, from cues in the words (Sources/ModelData/patterns/cues-en.txt).
    public var goalBlocked: Float
    public var otherToBlame: Float
    public var uncertainty: Float
    /// What the learner may want: 0…1, each by itself, in order of `TextModel.needs`.
    public var needs: [Float]
    public var crisis: CrisisTier
    /// 0 = the message says nothing, or nothing in a language that is read.
    public var quality: Float
    /// What goes into the state; `nil` where the message says nothing.
    public var evidence: Evidence?
    /// What the language's model says in its corpora's own terms.
    public var native: TextModel.Prediction?
}

/// The models, patterns and cues of all languages, and the choice among them.
public struct TextReader: Sendable {
    public var english: TextModel
    public var chinese: TextModel
    public let patterns: CrisisDetector
    let cues: [PhrasePack]
    let lyrics: [PhrasePack]

    public init(
        english: TextModel, chinese: TextModel, patterns: CrisisDetector, cues: [PhrasePack], lyrics: [PhrasePack]
    ) {
        self.english = english
        self.chinese = chinese
        self.patterns = patterns
        self.cues = cues
        self.lyrics = lyrics
    }

    /// The model that reads this language; `nil` for one that none reads.
    public func model(for language: TextLanguage) -> TextModel? {
        switch language {
        case .unknown: nil
        case .english: english
        case .chineseSimplified, .chineseTraditional: chinese
        }
    }

    /// - Parameter time: of the evidence.
    public func read(_ text: String, at time: Microseconds = 0) -> TextReading {
        let language = TextLanguage.detect(text)
        var out = TextReading(
            language: language, affect: Array(repeating: .nan, count: Emotion.count),
            valence: Estimate(0, sd: Self.unknown), arousal: Estimate(0, sd: Self.unknown),
            control: Estimate(0, sd: Self.unknown), goalBlocked: 0, otherToBlame: 0, uncertainty: 0,
            needs: Array(repeating: 0, count: TextModel.needs.count), crisis: patterns.tier(text), quality: 0)
        guard let model = model(for: language) else { return out }
        let said = model.predict(text)
        out.crisis = max(out.crisis, tier(said, model))
        guard said.quality > 0 else { return out }
        let evidence = model.evidence(said, at: time)
        out.native = said
        out.quality = said.quality
        out.affect = said.affect
        out.emotion = Self.named(said.affect)
        (out.valence, out.arousal, out.control) = (
            evidence.valence ?? out.valence, evidence.arousal ?? out.arousal, evidence.control ?? out.control
        )
        out.needs = said.needs
        let counts = cueCounts(text, language)
        (out.goalBlocked, out.otherToBlame, out.uncertainty) = (counts[0], counts[1], counts[2])
        out.evidence = evidence
        return out
    }

    /// How grave the words are, by patterns and by what was learned from sentences of our own: the graver of the two.
    public func crisis(_ text: String) -> CrisisTier {
        let found = patterns.tier(text)
        guard let model = model(for: TextLanguage.detect(text)) else { return found }
        return max(found, tier(model.predict(text), model))
    }

    private func tier(_ said: TextModel.Prediction, _ model: TextModel) -> CrisisTier {
        said.quality >= Self.leastQuality && said.crisis >= model.crisisThreshold ? said.tier : .none
    }

    /// Of a message of which the model knows next to nothing it finds nothing grave.
    private static let leastQuality: Float = 0.2

    /// Half the doubt of the range where nothing is known.
    private static let unknown: Float = 0.6
    /// Below this probability, or above this share of the greatest entropy, no emotion is named.
    private static let leastProbability: Float = 0.4
    private static let greatestEntropy: Float = 0.8

    private static func named(_ affect: [Float]) -> Emotion? {
        let known = affect.filter { !$0.isNaN }
        guard known.count > 1, let top = known.max(), top >= leastProbability else { return nil }
        let entropy = known.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 } / log(Float(known.count))
        guard entropy <= greatestEntropy else { return nil }
        return affect.firstIndex(of: top).flatMap { Emotion(rawValue: Int32($0)) }
    }

    /// Of blocked goal, blame and uncertainty: 1 − 2⁻ⁿ for n cues.
    private func cueCounts(_ text: String, _ language: TextLanguage) -> [Float] {
        let units = TextUnits(text)
        let none = [Bool](repeating: false, count: units.units.count)
        let pack = cues.first { $0.language == (language.isChinese ? "zh" : "en") }
        return ["goal_blocked", "other_to_blame", "uncertain"].map { section in
            var count: Float = 0
            var end = 0
            pack?.sections[section]?.find(units, gap: pack?.gap ?? 0, isBarrier: none) { range in
                if range.lowerBound >= end {
                    count += 1
                    end = range.upperBound
                }
                return count < 8
            }
            return 1 - exp2(-count)
        }
    }
}
