import AffettoCore

/// The initial assessment as questions of our own: at most three minutes, every one of them can be skipped, and what is answered
/// becomes a prior, never a verdict.
public enum AssessmentForm {
    public struct Item: Codable, Sendable, Equatable {
        public enum Kind: String, Codable, Sendable {
            /// One of `choices`, by its `value`.
            case choice
            /// Any number of `choices`.
            case choices
            /// Words of the learner's own, in a list.
            case words
            /// −1…1, with words for its two ends.
            case slider
        }

        public struct Choice: Codable, Sendable, Equatable {
            public var value: String
            public var text: String
        }

        public var id: String
        public var kind: Kind
        public var text: String
        public var choices: [Choice]
        /// Of a slider: what its ends mean.
        public var ends: [String]
        /// How long most people take.
        public var seconds: Int
    }

    /// - Parameter language: BCP 47; there are "en" and "zh", and "en" for any other.
    public static func items(_ language: String) -> [Item] {
        language.hasPrefix("zh") ? chinese : english
    }

    /// Answers by id: a value, a list of values, a number, or null for skipped.
    /// - Returns: the assessment that `learner_create` takes, as JSON.
    /// - Throws: `.argument` for an answer to no question, or of the wrong kind; `.range` for a slider off its ends.
    public static func assessment(answers json: some Collection<UInt8>) throws(AffettoError) -> Assessment {
        guard json.count <= 65_536 else { throw AffettoError(.range, "the answers are longer than 64 KiB") }
        let answers = try JSON.decode([String: Answer?].self, from: json, what: "the answers")
        let items = Dictionary(uniqueKeysWithValues: english.map { ($0.id, $0) })
        var out = Assessment()
        var moods: (valence: [Float], arousal: [Float]) = ([], [])
        for (id, given) in answers.sorted(by: { $0.key < $1.key }) {
            guard let item = items[id] else { throw AffettoError(.argument, "there is no question '\(id)'") }
            guard let answer = given else { continue }
            try answer.check(against: item)
            switch id {
            case "age_band": out.ageBand = answer.word
            case "languages": out.languages = answer.words
            case "goals": out.goals = answer.words.compactMap { Goal(name: $0) }
            case "liked_styles": out.likedStyles = answer.words
            case "disliked_styles": out.dislikedStyles = answer.words
            case "never_play": out.neverPlay = answer.words
            case "lyrics_welcome": out.lyricsWelcome = answer.word == "yes"
            case "feels_worse_after_sad_music", "dwells_with_music":
                // Either is reason enough.
                out.feelsWorseAfterSadMusic = out.feelsWorseAfterSadMusic == true || answer.word == "yes"
            case "not_readable":
                if answer.words.contains("face") { out.faceNotReadable = true }
                if answer.words.contains("voice") { out.voiceNotReadable = true }
            case "mood_study", "mood_free", "mood_evening": moods.valence.append(answer.number)
            default: moods.arousal.append(answer.number)
            }
        }
        func mean(_ values: [Float]) -> Float? {
            values.isEmpty ? nil : values.reduce(0, +) / Float(values.count)
        }
        (out.typicalValence, out.typicalArousal) = (mean(moods.valence), mean(moods.arousal))
        return try AssessmentReader.read(json: JSON.encode(out))
    }

    private enum Answer: Decodable {
        case text(String), list([String]), value(Float)

        init(from decoder: any Decoder) throws {
            let box = try decoder.singleValueContainer()
            if let number = try? box.decode(Float.self) {
                self = .value(number)
            } else if let text = try? box.decode(String.self) {
                self = .text(text)
            } else {
                self = .list(try box.decode([String].self))
            }
        }

        var word: String { if case .text(let word) = self { word } else { "" } }
        var number: Float { if case .value(let number) = self { number } else { 0 } }
        var words: [String] { if case .list(let words) = self { words } else { [word] } }

        func check(against item: Item) throws(AffettoError) {
            let values = Set(item.choices.map(\.value))
            let fits =
                switch (item.kind, self) {
                case (.choice, .text(let word)): values.contains(word)
                case (.choices, .list(let words)): words.allSatisfy(values.contains)
                case (.words, .list): true
                case (.slider, .value): true
                default: false
                }
            guard fits else { throw AffettoError(.argument, "the answer to '\(item.id)' is not one of its kind") }
            if case .value(let number) = self { try requireInRange(number, -1...1, "the answer to '\(item.id)'") }
        }
    }

    // MARK: Questions

    private static func item(
        _ id: String, _ kind: Item.Kind, _ text: String, _ choices: [(String, String)] = [], ends: [String] = [],
        seconds: Int = 8
    ) -> Item {
        Item(
            id: id, kind: kind, text: text, choices: choices.map { .init(value: $0.0, text: $0.1) }, ends: ends,
            seconds: seconds)
    }

    static let english: [Item] = [
        item(
            "age_band", .choice, "How old are you?",
            [("under_13", "under 13"), ("13_15", "13 to 15"), ("16_17", "16 or 17"), ("adult", "18 or older")]),
        item("languages", .words, "Which languages do you speak best?", seconds: 12),
        item(
            "goals", .choices, "What would you like music to help with?",
            [
                ("calm", "calming down"), ("focus", "focusing"), ("create", "having ideas"),
                ("motivate", "getting going"),
                ("uplift", "cheering up"), ("express", "letting feelings out"),
            ], seconds: 12),
        item("mood_study", .slider, "How do you mostly feel while studying?", ends: ["bad", "good"]),
        item("mood_free", .slider, "And in your free time?", ends: ["bad", "good"]),
        item("mood_evening", .slider, "And in the evening?", ends: ["bad", "good"]),
        item("energy", .slider, "How much energy do you mostly have?", ends: ["very little", "a lot"]),
        item("liked_styles", .words, "Which kinds of music do you like?", seconds: 20),
        item("disliked_styles", .words, "Which do you not like?", seconds: 15),
        item("never_play", .words, "Is there a song, an artist or a style that must never play?", seconds: 15),
        item(
            "lyrics_welcome", .choice, "Do you like songs with words while you rest or do numbers?",
            [("yes", "yes"), ("no", "rather not")]),
        item(
            "feels_worse_after_sad_music", .choice, "After music when you are down, how do you usually feel?",
            [("no", "better, or the same"), ("yes", "worse")]),
        item(
            "dwells_with_music", .choice, "Does music keep you thinking about what went wrong?",
            [("no", "hardly ever"), ("yes", "often")]),
        item(
            "not_readable", .choices, "Is there something about your face or voice that others often read wrongly?",
            [("face", "my face"), ("voice", "my voice")], seconds: 12),
    ]

    static let chinese: [Item] = zip(english, chineseTexts).map { item, words in
        var item = item
        item.text = words.text
        for i in item.choices.indices where i < words.choices.count { item.choices[i].text = words.choices[i] }
        if !item.ends.isEmpty { item.ends = words.ends }
        return item
    }

    private static let chineseTexts: [(text: String, choices: [String], ends: [String])] = [
        ("你多大了？", ["不到 13 岁", "13 到 15 岁", "16 或 17 岁", "18 岁以上"], []),
        ("你最熟悉哪几种语言？", [], []),
        ("你希望音乐帮你做什么？", ["平静下来", "专心", "想点子", "打起精神", "心情变好", "表达感受"], []),
        ("学习的时候，你大多感觉怎样？", [], ["不好", "好"]),
        ("空闲的时候呢？", [], ["不好", "好"]),
        ("晚上呢？", [], ["不好", "好"]),
        ("你平时精力怎样？", [], ["很少", "很多"]),
        ("你喜欢哪些音乐？", [], []),
        ("不喜欢哪些？", [], []),
        ("有没有绝对不能放的歌、歌手或风格？", [], []),
        ("休息或做数学的时候，你喜欢有歌词的歌吗？", ["喜欢", "不太喜欢"], []),
        ("心情低落时听完音乐，你通常感觉怎样？", ["好一些，或者没变化", "更差"], []),
        ("音乐会让你一直想不顺心的事吗？", ["很少", "经常"], []),
        ("你的表情或声音常被别人误解吗？", ["表情", "声音"], []),
    ]
}
