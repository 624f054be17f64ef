import AffettoCore

/// Looks for the words of a learner in danger, apart from all affect: pattern packs, one a language, all of them tried on every
/// message.
///
/// It reads words, knows no people, and misses what is said in other words: a host's own classifier is heard besides (union, never
/// vote), and a person decides. Idioms, other people's fiction and denials are told apart as the packs say; a denial or a joke about
/// dying still counts as distress, for someone to look at.
public struct CrisisDetector: Sendable {
    public let packs: [PhrasePack]

    public init(packs: [PhrasePack]) { self.packs = packs }

    /// One phrase that counted.
    public struct Finding: Sendable, Equatable {
        public var tier: CrisisTier
        public var language: String
        /// Bytes of the UTF-8.
        public var place: Range<Int>
    }

    /// The gravest tier that any pack finds; `.none` for most of what people write.
    public func tier(_ text: String) -> CrisisTier { findings(text).map(\.tier).max() ?? .none }

    /// Every phrase that counted, in no order.
    public func findings(_ text: String) -> [Finding] {
        let units = TextUnits(text)
        guard !units.units.isEmpty else { return [] }
        return packs.flatMap { CrisisReading(units, $0).findings }
    }
}

/// One pack on one message.
private struct CrisisReading {
    let text: TextUnits
    let pack: PhrasePack
    private let isBarrier: [Bool]

    init(_ text: TextUnits, _ pack: PhrasePack) {
        self.text = text
        self.pack = pack
        var marks = [Bool](repeating: false, count: text.units.count)
        let none = marks
        pack.sections["negation"]?.find(text, gap: 0, isBarrier: none) { range in
            for i in range { marks[i] = true }
            return true
        }
        // What only looks like a negation.
        pack.sections["stands"]?.find(text, gap: 0, isBarrier: none) { range in
            for i in range { marks[i] = false }
            return true
        }
        isBarrier = marks
    }

    private static let sections: [(name: String, tier: CrisisTier)] = [
        ("imminent", .imminent), ("ideation", .ideation), ("self_harm", .selfHarm), ("abuse", .abuse),
        ("distress", .distress),
    ]

    var findings: [CrisisDetector.Finding] {
        var hits: [(range: Range<Int>, tier: CrisisTier)] = []
        for (name, tier) in Self.sections {
            pack.sections[name]?.find(text, gap: pack.gap, isBarrier: isBarrier) { range in
                hits.append((range, tier))
                return hits.count < 1000
            }
        }
        guard !hits.isEmpty else { return [] }
        let idioms = marked("idiom", gap: pack.gap)
        let fiction = marked("fiction")
        let first = marked("first")
        let isJoke = marked("joke").contains(true)
        let isBetter = marked("better").contains(true)
        let past = marked("past")
        let relates = marked("relate").contains(true)
        return hits.compactMap { range, tier in
            guard !range.contains(where: { idioms[$0] }) else { return nil }
            if isOthersStory(range, fiction, first, relates) { return nil }
            var tier = tier
            if near(range, isBarrier) || isJoke && tier != .abuse || isBetter && near(range, past) {
                guard tier >= .selfHarm else { return nil }
                tier = .distress
            }
            let place =
                text.units[range.lowerBound].place.lowerBound..<text.units[range.upperBound - 1].place.upperBound
            return CrisisDetector.Finding(tier: tier, language: pack.language, place: place)
        }
    }

    private func marked(_ section: String, gap: Int = 0) -> [Bool] {
        var marks = [Bool](repeating: false, count: text.units.count)
        let none = marks
        pack.sections[section]?.find(text, gap: gap, isBarrier: none) { range in
            for i in range { marks[i] = true }
            return true
        }
        return marks
    }

    /// Whether one of the four units before `range` is marked, in its sentence.
    private func near(_ range: Range<Int>, _ marks: [Bool]) -> Bool {
        let sentence = text.units[range.lowerBound].sentence
        return (max(range.lowerBound - 4, 0)..<range.lowerBound).contains {
            marks[$0] && text.units[$0].sentence == sentence
        }
    }

    /// A book, a film, a lesson: where nobody says "I", or the words stand in quotation marks.
    private func isOthersStory(_ range: Range<Int>, _ fiction: [Bool], _ first: [Bool], _ relates: Bool) -> Bool {
        guard !relates, fiction.contains(true) else { return false }
        let isQuoted = range.allSatisfy { text.units[$0].isQuoted }
        if isQuoted, fiction.indices.contains(where: { fiction[$0] && !text.units[$0].isQuoted }) { return true }
        return !(max(range.lowerBound - 3, 0)..<range.upperBound).contains { first[$0] }
    }
}
