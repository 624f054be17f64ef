import AffettoText
import Testing

@Suite struct TextLanguageTests {
    @Test(arguments: [
        ("I don't get this at all", TextLanguage.english), ("lol", .english), ("", .english), ("😀 !!", .english),
        ("naïve café", .english), ("我今天很难过", .chineseSimplified), ("我今天很難過", .chineseTraditional),
        ("這個 essay 寫不完", .chineseTraditional), ("我的project做不完了", .chineseSimplified), ("好", .chineseSimplified),
        ("今日はとても楽しかったです", .unknown), ("오늘은 정말 힘들다", .unknown), ("мне грустно", .unknown),
        ("ich bin heute sehr müde und habe keine Lust", .unknown), ("je ne comprends pas les exercices", .unknown),
        ("no entiendo nada de esto y estoy muy cansado", .unknown), ("سعيد جدا", .unknown),
    ])
    func isTold(_ text: String, _ language: TextLanguage) {
        #expect(TextLanguage.detect(text) == language)
    }

    @Test func codesAreThoseOfBCP47() {
        #expect(TextLanguage.allCases.map(\.code) == ["und", "en", "zh-Hans", "zh-Hant"])
    }

    /// Of sentences that are one or the other, hardly any is taken for a third.
    @Test(arguments: ["en", "zh"])
    func ourOwnSentencesAreRead(_ language: String) throws {
        let rows = try phrases("student-\(language)-train")
        let missed = rows.count { row in
            let found = TextLanguage.detect(row[2])
            return language == "en" ? found != .english : !found.isChinese
        }
        #expect(Double(missed) < 0.01 * Double(rows.count))
    }
}

@Suite struct ChineseFeaturesTests {
    private func features(_ text: String) -> TextFeatures.Bag { TextFeatures.extract(text, isChinese: true) }

    @Test(arguments: [
        ("學習壓力", "学习压力"), ("好好好好好", "好好"), ("我 很 累", "我很累"), ("OK啦", "ok啦"), ("！！！！！", "！！！"),
    ])
    func sameFeatures(_ one: String, _ other: String) { #expect(features(one) == features(other)) }

    @Test(arguments: [("开心", "心开"), ("不开心", "开心"), ("开心！", "开心"), ("开心😀", "开心")])
    func otherFeatures(_ one: String, _ other: String) { #expect(features(one) != features(other)) }

    @Test func aNegationReachesFourCharacters() {
        // Characters, pairs, and as many negated ones as follow, four at most.
        #expect(features("不甲乙").words.count == 3 + 2 + 1 + 2)
        #expect(features("不甲乙丙丁戊").words.count == 6 + 5 + 4 + 3 + 4)
        #expect(features("甲乙丙丁").words.count == 4 + 3 + 2 + 1)
    }

    @Test func aMegabyteIsLinear() {
        let one = features("我很累").words.count + 6
        let many = features(String(repeating: "我很累", count: 100_000)).words.count
        #expect(many <= 100_000 * (one + 1))
        let broken = features(String(decoding: [0xE6, 0x88, 0xFF, 0xE6, 0x88, 0x91], as: UTF8.self))
        #expect(broken.tokens.count == 1)
    }
}
