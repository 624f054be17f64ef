import AffettoText
import Testing

/// FNV-1a with the kind folded into the basis, written again here: these numbers are part of the pack format.
private func bucket(_ kind: UInt32, _ text: String) -> UInt32 {
    var h: UInt32 = 2_166_136_261 ^ kind
    for byte in text.utf8 { h = (h ^ UInt32(byte)) &* 16_777_619 }
    h ^= h >> 15
    return ((h &* 0x2C1B_3C6D) >> 8) % 65536
}

private func counts(_ text: String) -> [UInt32: Int] {
    TextFeatures.extract(text).reduce(into: [:]) { $0[$1, default: 0] += 1 }
}

@Suite struct TextFeaturesTests {
    @Test func aWordAPairAndItsGramsAreHashedAsThePackExpects() {
        #expect(TextFeatures.buckets == 65536)
        #expect(TextFeatures.extract("ok") == [bucket(1, "ok")])
        let grams = ["<sa", "sad", "ad>", "<sad", "sad>", "<sad>"].map { bucket(4, $0) }
        #expect(TextFeatures.extract("sad") == [bucket(1, "sad")] + grams)
        #expect(TextFeatures.extract("so ok") == [bucket(1, "so"), bucket(1, "ok"), bucket(2, "so ok")])
    }

    @Test(arguments: [
        ("SoMe HAPPY Words", "some happy words"), ("sooooooo good", "soo good"), ("yessss", "yess"),
        ("don't", "dont"), ("don’t", "dont"), ("well-known,fact;here", "well known fact here"),
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
            for word in ["aa", "bb", "cc"] { #expect(found[bucket(3, word)] == 1, "\(negation) \(word)") }
            #expect(found[bucket(3, "dd")] == nil)
        }
        #expect(counts("very aa bb")[bucket(3, "aa")] == nil)
    }

    @Test(arguments: [
        "", " ", "…", "\u{0}", "\u{FEFF}", "\u{200D}\u{FE0F}", "...---...", "\u{1F1EB}", "我很难过", "мне грустно", "ひどい",
        "سعيد جدا", "TЯump",
    ])
    func whatNoTrainingTextHeldGivesNothing(_ text: String) {
        let features = TextFeatures.extract(text)
        // A lone flag letter is shown as an emoji and may count as one.
        #expect(features.count <= (text == "\u{1F1EB}" ? 1 : 0))
    }

    @Test func foreignWordsDoNotPullKnownOnesAlong() {
        #expect(TextFeatures.extract("我 happy") == TextFeatures.extract("happy"))
    }

    @Test func brokenUTF8AndOddScalarsAreRead() {
        let broken: [[UInt8]] = [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x61, 0xF0, 0x9F], [0xF4, 0x90, 0x80, 0x80]]
        for bytes in broken {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(TextFeatures.extract("sad " + text + " sad").count >= TextFeatures.extract("sad").count * 2)
        }
        var every = String.UnicodeScalarView()
        for value in UInt32(0)...0x2FFFF { if let scalar = Unicode.Scalar(value) { every.append(scalar) } }
        #expect(TextFeatures.extract(String(every)).allSatisfy { $0 < TextFeatures.buckets })
    }

    /// What is done is counted in features: it must grow with the text, whatever the text looks like.
    @Test func aMegabyteIsLinear() {
        let mega = 1 << 20
        let one = TextFeatures.extract("happy day ").count
        let many = TextFeatures.extract(String(repeating: "happy day ", count: mega / 10)).count
        #expect(many <= (one + 1) * (mega / 10) && many >= one * (mega / 10))
        // One word of a megabyte has as many features as one of forty letters.
        let alternating = String(repeating: "ab", count: mega / 2)
        #expect(TextFeatures.extract(alternating).count <= 1 + 3 * 42)
        #expect(TextFeatures.extract(String(repeating: "a", count: mega)) == TextFeatures.extract("aa"))
        #expect(TextFeatures.extract(String(repeating: "!", count: mega)).count < 10)
        #expect(TextFeatures.extract(String(repeating: "我", count: mega / 3)).isEmpty)
    }
}
