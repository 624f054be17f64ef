import AffettoCore
import Glibc

/// What a message says, in whichever language it is written.
public struct TextReading: Sendable {
    public var language: TextLanguage
    /// The most likely emotion; `nil` where it is too unsure to name one, and beside grave words.
    public var emotion: Emotion?
    /// In order of `Emotion`, summing to 1; NaN for one that the language's model cannot name, and beyond; all NaN beside grave
    /// words, and where nothing is said.
    public var affect = SIMD16<Float>(repeating: .nan)
    public var valence = TextReading.unknown
    public var arousal = TextReading.unknown
    public var control = TextReading.unknown
    /// What makes anxious, frustrated and angry different: 0…1, from cues in the words (Sources/ModelData/patterns/cues-en.txt).
    public var goalBlocked: Float = 0
    public var otherToBlame: Float = 0
    public var uncertainty: Float = 0
    /// What the learner may want: 0…1, each by itself, in order of `TextModel.needs`.
    public var needs = SIMD4<Float>.zero
    public var crisis = CrisisTier.none
    /// 0 = the message says nothing, or nothing in a language that is read.
    public var quality: Float = 0

    init(language: TextLanguage) { self.language = language }

    private static let unknown = Estimate(0, sd: 0.6)

    /// What goes into the state; `nil` where the message says nothing.
    public func evidence(at time: Microseconds) -> Evidence? {
        guard quality > 0 else { return nil }
        return Evidence(
            modality: .text, time: time,
            logLikelihood: (0..<Emotion.count).map { affect[$0].isNaN ? .nan : log(max(affect[$0], 1e-6)) },
            valence: valence, arousal: arousal, control: control, quality: quality)
    }
}

/// The models, patterns and cues of all languages, and the choice among them.
public struct TextReader: Sendable {
    public var english: TextModel
    public var chinese: TextModel
    public let patterns: CrisisDetector
    let cues: [PhrasePack]
    let lyrics: [PhrasePack]
    private let memories = MemoryPool()

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

    /// Whether `read` may be given these bytes.
    public static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { ScalarReader.isValid(bytes) }

    public func read(_ text: String) -> TextReading { text.withBytes { read($0) } }

    /// Reads well-formed UTF-8; once as many messages were read as ever are at a time, without asking for memory.
    public func read(_ bytes: UnsafeBufferPointer<UInt8>) -> TextReading {
        memories.borrow { memory in
            memory.units.fill(bytes)
            let language = TextLanguage.detect(bytes)
            var out = TextReading(language: language)
            out.crisis = patterns.findings(&memory).reduce(.none) { max($0, $1.tier) }
            guard let model = model(for: language) else { return out }
            model.predict(bytes, &memory)
            let said = memory.prediction
            out.crisis = max(out.crisis, tier(said, model))
            guard said.quality > 0 else { return out }
            out.quality = said.quality
            // Grave words are no feeling to put a name to.
            if out.crisis == .none {
                for i in 0..<Emotion.count { out.affect[i] = said.affect[i] }
                out.emotion = said.quality >= Self.nameable ? Self.named(out.affect) : nil
            }
            let (valence, arousal, control) = model.dimensions(said)
            (out.valence, out.arousal, out.control) = (valence, arousal, control)
            for i in 0..<TextModel.needs.count { out.needs[i] = said.needs[i] }
            count(cues(language), &memory, &out)
            return out
        }
    }

    /// Why an emotion is likely.
    /// - Throws: `.notFound` where none is named: in a language that is not read, beside grave words, for an emotion that the
    ///   model does not know.
    public func explain(_ text: String, emotion: Emotion? = nil) throws(AffettoError) -> TextModel.Explanation {
        guard let model = model(for: TextLanguage.detect(text)) else {
            throw AffettoError(.notFound, "the message is in no language that is read")
        }
        guard crisis(text) == .none else { throw AffettoError(.notFound, "grave words are given no feeling's name") }
        return try model.explain(text, emotion: emotion)
    }

    /// How grave the words are, by patterns and by what was learned from sentences of our own: the graver of the two.
    public func crisis(_ text: String) -> CrisisTier { read(text).crisis }

    private func tier(_ said: TextModel.Prediction, _ model: TextModel) -> CrisisTier {
        said.quality >= Self.leastQuality && said.crisis >= model.crisisThreshold ? said.tier : .none
    }

    /// Of a message of which the model knows next to nothing it finds nothing grave.
    private static let leastQuality: Float = 0.35

    /// Of a message of which so little is known no emotion is named.
    private static let nameable: Float = 0.25
    /// Below this probability, or above this share of the greatest entropy, no emotion is named.
    private static let leastProbability: Float = 0.4
    private static let greatestEntropy: Float = 0.8

    private static func named(_ affect: SIMD16<Float>) -> Emotion? {
        var (top, best, entropy, known) = (Float(0), -1, Float(0), 0)
        for i in 0..<Emotion.count where !affect[i].isNaN {
            known += 1
            if affect[i] > 0 { entropy -= affect[i] * log(affect[i]) }
            if affect[i] > top { (top, best) = (affect[i], i) }
        }
        guard known > 1, top >= leastProbability, entropy / log(Float(known)) <= greatestEntropy else { return nil }
        return Emotion(rawValue: Int32(best))
    }

    private func cues(_ language: TextLanguage) -> PhrasePack? {
        cues.first { $0.language == (language.isChinese ? "zh" : "en") }
    }

    /// Blocked goal, blame and uncertainty: 1 − 2⁻ⁿ for n cues.
    private func count(_ pack: PhrasePack?, _ memory: inout TextMemory, _ out: inout TextReading) {
        guard let pack else { return }
        PhraseSet.masks(memory.units, lengths: pack.lengths, into: &memory.phrases.masks)
        func share(_ section: String) -> Float {
            var count: Float = 0
            // Words that a cue was found in count for no other.
            var isTaken: [Bool] = []
            swap(&isTaken, &memory.phrases.isBarrier)
            isTaken.removeAll(keepingCapacity: true)
            for _ in memory.units.units { isTaken.append(false) }
            pack.sections[section]?.find(memory.units, memory.phrases.masks, gap: pack.gap, isBarrier: []) { range in
                if !range.contains(where: { isTaken[$0] }) { count += 1 }
                for i in range { isTaken[i] = true }
                return count < 8
            }
            swap(&isTaken, &memory.phrases.isBarrier)
            return 1 - exp2(-count)
        }
        out.goalBlocked = share("goal_blocked")
        out.otherToBlame = share("other_to_blame")
        out.uncertainty = share("uncertain")
    }
}
