import AffettoCore

/// What a host should know of lyrics before a learner hears them.
public struct LyricsReading: Sendable {
    public enum Tag: String, Sendable, CaseIterable {
        case suicide
        case selfHarm = "self_harm"
        case violence, substance, sexual, profanity
    }

    public var language: TextLanguage
    /// Of the words, not of the music.
    public var valence: Estimate
    public var arousal: Estimate
    /// Found by word patterns: what is said in other words is missed, so no tag is no review.
    public var tags: [Tag]
    /// 0 = no line says anything in a language that is read.
    public var quality: Float
}

extension TextReader {
    /// Reads lyrics line by line; a line that comes again counts again, as it is heard again.
    public func readLyrics(_ text: String) -> LyricsReading {
        let language = TextLanguage.detect(text)
        var tags: Set<LyricsReading.Tag> = []
        let units = TextUnits(text)
        var masks: [WordMask] = []
        for pack in lyrics {
            PhraseSet.masks(units, lengths: pack.lengths, into: &masks)
            for tag in LyricsReading.Tag.allCases where !tags.contains(tag) {
                pack.sections[tag.rawValue]?.find(units, masks, gap: pack.gap, isBarrier: []) { _ in
                    tags.insert(tag)
                    return false
                }
            }
        }
        var sum: (weight: Float, valence: Float, arousal: Float) = (0, 0, 0)
        var doubt: (valence: Float, arousal: Float) = (0.6, 0.6)
        if let model = model(for: language) {
            var known: [Substring: TextModel.Prediction] = [:]
            for line in text.split(whereSeparator: \.isNewline) {
                let said = known[line] ?? model.predict(String(line))
                if known.count < 10_000 { known[line] = said }
                sum.weight += said.quality
                sum.valence += said.quality * said.valence
                sum.arousal += said.quality * said.arousal
            }
            if sum.weight > 0 { doubt = (model.residual.valence, model.residual.arousal) }
        }
        let weight = max(sum.weight, 1e-6)
        return LyricsReading(
            language: language, valence: Estimate(sum.valence / weight, sd: doubt.valence),
            arousal: Estimate(sum.arousal / weight, sd: doubt.arousal),
            tags: LyricsReading.Tag.allCases.filter(tags.contains), quality: min(sum.weight / 4, 1))
    }
}
