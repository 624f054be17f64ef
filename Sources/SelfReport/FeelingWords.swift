import AffettoCore

/// Finer words for feelings: what a learner may say instead of one of the fourteen. Each stands for an emotion and a place of its
/// own in valence and arousal; places are proposals, near the emotion's prototype.
public struct FeelingWord: Codable, Sendable, Equatable {
    public var word: String
    public var emotion: Emotion
    public var valence: Float
    public var arousal: Float
    public var control: Float
}

public enum FeelingWords {
    /// - Parameter language: BCP 47; of "zh" both scripts. Empty where there are none.
    public static func list(_ language: String) -> [FeelingWord] {
        let family = language.split(separator: "-").first.map(String.init) ?? language
        return tables[family] ?? []
    }

    /// In any language, whatever its case; `nil` = no such word.
    public static func find(_ word: String) -> FeelingWord? { index[word.lowercased()] }

    private static let tables = ["en": parse(english), "zh": parse(chinese)]

    private static let index = Dictionary(
        tables.sorted { $0.key < $1.key }.flatMap(\.value).map { ($0.word.lowercased(), $0) },
        uniquingKeysWith: { a, _ in a })

    /// "emotion: word, word+v+a, …", the shifts in tenths from the emotion's prototype.
    private static func parse(_ table: String) -> [FeelingWord] {
        table.split(separator: "\n").flatMap { line -> [FeelingWord] in
            let parts = line.split(separator: ":")
            guard parts.count == 2, let emotion = Emotion(name: String(parts[0])) else { return [] }
            return parts[1].split(separator: ",").map { entry in
                let cells = entry.split(separator: "/")
                let shift = cells.dropFirst().map { (Float($0.filter { $0 != " " }) ?? 0) / 10 } + [0, 0]
                let place = emotion.prototype
                let word = String(cells[0]).split(separator: " ").joined(separator: " ")
                return FeelingWord(
                    word: word, emotion: emotion, valence: min(max(place.valence + shift[0], -1), 1),
                    arousal: min(max(place.arousal + shift[1], -1), 1), control: place.control)
            }
        }
    }

    private static let english = """
        neutral: okay/1/0, fine/1/0, so-so/-1/0, not so good/-3/0, nothing special, normal
        calm: calm, peaceful/1/-1, relaxed, at ease, relieved/1/2, safe, content/1/1
        happy: happy, glad, cheerful/0/1, proud/0/1, thankful/0/-2, good/-2/-1, pleased/-1/-1, hopeful/-2/0
        excited: excited, thrilled/1/1, eager/-1/-1, full of energy/0/1, can't wait/0/0
        engaged: interested, focused/0/-1, curious/0/1, absorbed/1/0, motivated/1/2, in the flow/2/0
        surprised: surprised, amazed/4/0, startled/-3/1, caught off guard/-2/0, shocked/-5/1
        confused: puzzled, mixed up, lost/-2/-1, unsure/0/-1, foggy/-1/-4
        bored: bored, restless/0/5, dreamy/3/0, fed up/-2/3, uninterested
        tired: sleepy/1/-1, worn out/-3/0, out of energy/-1/0, drained/-3/1, exhausted/-3/0
        sad: down, let down/0/2, lonely/-1/0, hurt/-1/3, discouraged/-1/1, homesick, ashamed/-1/4
        anxious: tense, worried/1/-2, nervous/1/0, under pressure/0/1, too much at once/-1/2, overwhelmed/-1/2, scared/-2/1
        frustrated: stuck, annoyed/1/0, ready to give up/-1/-4, impatient/2/2, irritated/1/1
        angry: angry, upset/0/-1, treated unfairly/0/-1, furious/-2/1, jealous/1/-2
        disgusted: put off/1/-1, uneasy/2/1, grossed out/0/1
        """

    private static let chinese = """
        neutral: 还好/1/0, 還好/1/0, 一般, 普通, 没什么感觉, 沒什麼感覺
        calm: 平静, 平靜, 放松, 放鬆, 安心/1/0, 松了一口气/1/2, 鬆了一口氣/1/2, 自在/1/1
        happy: 开心, 開心, 高兴, 高興, 自豪/0/1, 感激/0/-2, 满足/0/-2, 滿足/0/-2, 有希望/-2/0
        excited: 兴奋, 興奮, 激动/0/1, 激動/0/1, 期待/-1/-2, 充满干劲, 充滿幹勁
        engaged: 感兴趣, 感興趣, 专注/0/-1, 專注/0/-1, 好奇/0/1, 投入/1/0, 有动力/1/2, 有動力/1/2
        surprised: 惊讶, 驚訝, 意外, 吓一跳/-3/1, 嚇一跳/-3/1, 震惊/-4/1, 震驚/-4/1
        confused: 困惑, 迷茫/-2/-1, 不确定/0/-1, 不確定/0/-1, 一头雾水, 一頭霧水
        bored: 无聊, 無聊, 没劲, 沒勁, 坐不住/0/5, 走神/3/0, 提不起兴趣, 提不起興趣
        tired: 困/1/-1, 累/-2/0, 疲惫/-3/0, 疲憊/-3/0, 没精神, 沒精神
        sad: 难过, 難過, 失落/0/1, 孤单/-1/0, 孤單/-1/0, 委屈/-1/3, 灰心/-1/1, 想家
        anxious: 紧张, 緊張, 担心/1/-2, 擔心/1/-2, 压力大/0/1, 壓力大/0/1, 害怕/-2/1, 忙不过来/-1/2, 忙不過來/-1/2
        frustrated: 卡住了, 烦/1/0, 煩/1/0, 想放弃/-1/-4, 想放棄/-1/-4, 不耐烦/2/2, 不耐煩/2/2
        angry: 生气, 生氣, 不公平/0/-1, 气炸了/-2/1, 氣炸了/-2/1, 嫉妒/1/-2
        disgusted: 反感/1/-1, 恶心, 噁心, 不舒服/2/-2
        """
}
