import AffettoText
import Testing

/// FNV-1a with the kind folded into the basis, written again here: these numbers are part of the pack format.
private func hash(_ kind: UInt32, _ text: String) -> UInt32 {
    var h: UInt32 = 2_166_136_261 ^ kind
    for byte in text.utf8 { h = (h ^ UInt32(byte)) &* 16_777_619 }
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    return h ^ (h >> 12)
}

private func counts(_ text: String) -> [UInt32: Int] {
    TextFeatures.extract(text).words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}

@Suite struct TextFeaturesTests {
    @Test func aWordAPairAndItsGramsAreHashedAsThePackExpects() {
        let ok = TextFeatures.extract("ok")
        #expect(ok.words == [hash(1, "ok")] && ok.tokens == [hash(1, "ok")])
        #expect(ok.letters == [" o", "ok", "k ", " ok", "ok ", " ok "].map { hash(4, $0) }.sorted())
        #expect(TextFeatures.extract("so ok").words == [hash(1, "so"), hash(1, "ok"), hash(2, "so ok")].sorted())
        #expect(TextFeatures.token("ok") == hash(1, "ok"))
    }

    @Test(arguments: [
        ("SoMe HAPPY Words", "some happy words"), ("sooooooo good", "soo good"), ("yessss", "yess"),
        ("don't", "dont"), ("don’t", "dont"), ("well-known", "well - known"),
        ("what\t\r\n  now", "what now"), ("!!!!!!!!", "!!!"), ("why???????", "why???"), ("ÜBER", "über"),
        ("a\u{0}b", "a b"), ("nai\u{308}ve", "naive"), ("😀😀😀😀😀", "😀😀😀"),
    ])
    func sameFeatures(_ one: String, _ other: String) {
        #expect(TextFeatures.extract(one) == TextFeatures.extract(other))
    }

    @Test(arguments: [("so", "soo"), ("good", "good!"), ("happy", "happy 😀"), ("go on", "on go"), ("!", "?")])
    func otherFeatures(_ one: String, _ other: String) {
        #expect(TextFeatures.extract(one) != TextFeatures.extract(other))
    }

    @Test func threeWordsAfterANegationCountAsNegated() {
        for negation in ["not", "never", "don't", "DON’T", "cannot", "shouldn't"] {
            let found = counts("\(negation) aa bb cc dd")
            for word in ["aa", "bb", "cc"] { #expect(found[hash(3, word)] == 1, "\(negation) \(word)") }
            #expect(found[hash(3, "dd")] == nil)
        }
        #expect(counts("very aa bb")[hash(3, "aa")] == nil)
    }

    @Test(arguments: [
        "", " ", "…", "\u{0}", "\u{FEFF}", "\u{200D}\u{FE0F}", "\u{1F1EB}", "我很难过", "мне грустно", "ひどい",
        "سعيد جدا", "TЯump",
    ])
    func whatNoTrainingTextHeldGivesNothing(_ text: String) {
        let features = TextFeatures.extract(text)
        // A lone flag letter is shown as an emoji and may count as one.
        #expect(features.words.count <= (text == "\u{1F1EB}" ? 1 : 0))
    }

    @Test func foreignWordsDoNotPullKnownOnesAlong() {
        #expect(TextFeatures.extract("我 happy") == TextFeatures.extract("happy"))
    }

    @Test func brokenUTF8AndOddScalarsAreRead() {
        let broken: [[UInt8]] = [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x61, 0xF0, 0x9F], [0xF4, 0x90, 0x80, 0x80]]
        for bytes in broken {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(counts("sad " + text + " sad")[hash(1, "sad")] == 2)
        }
        var every = String.UnicodeScalarView()
        for value in UInt32(0)...0x2FFFF { if let scalar = Unicode.Scalar(value) { every.append(scalar) } }
        let bag = TextFeatures.extract(String(every))
        #expect(bag.words == bag.words.sorted() && bag.letters == bag.letters.sorted() && bag.tokens.count > 100)
    }

    /// What is done is counted in features: it must grow with the text, whatever the text looks like.
    @Test func aMegabyteIsLinear() {
        func size(_ text: String) -> Int {
            let bag = TextFeatures.extract(text)
            return bag.words.count + bag.letters.count
        }
        let mega = 1 << 20
        let one = size("happy day ")
        let many = size(String(repeating: "happy day ", count: mega / 10))
        #expect(many <= (one + 1) * (mega / 10) && many >= one * (mega / 10))
        // One word of a megabyte has as many features as one of forty letters.
        #expect(size(String(repeating: "ab", count: mega / 2)) <= 1 + 4 * 42)
        let same = TextFeatures.extract(String(repeating: "a", count: mega)) == TextFeatures.extract("aa")
        #expect(same)
        #expect(size(String(repeating: "!", count: mega)) < 30)
        #expect(size(String(repeating: "我", count: mega / 3)) == 0)
    }
}
