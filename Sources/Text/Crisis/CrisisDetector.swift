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
        var memory = TextMemory()
        memory.units = TextUnits(text)
        return findings(&memory)
    }

    /// In `memory.units`.
    func findings(_ memory: inout TextMemory) -> [Finding] {
        var found: [Finding] = []
        guard !memory.units.units.isEmpty else { return found }
        for pack in packs where pack.mayApply(to: memory.units) {
            PhraseSet.masks(memory.units, lengths: pack.lengths, into: &memory.phrases.masks)
            memory.phrases.isBarrier.removeAll(keepingCapacity: true)
            for _ in memory.units.units { memory.phrases.isBarrier.append(false) }
            var isBarrier: [Bool] = []
            swap(&isBarrier, &memory.phrases.isBarrier)
            let none = isBarrier.isEmpty
            pack.sections["negation"]?.find(memory.units, memory.phrases.masks, gap: 0, isBarrier: []) { range in
                for i in range { isBarrier[i] = true }
                return true
            }
            // What only looks like a negation.
            pack.sections["stands"]?.find(memory.units, memory.phrases.masks, gap: 0, isBarrier: []) { range in
                for i in range { isBarrier[i] = false }
                return true
            }
            if !none { CrisisReading(memory.units, memory.phrases.masks, pack, isBarrier).add(to: &found) }
            swap(&isBarrier, &memory.phrases.isBarrier)
        }
        return found
    }
}

/// One pack on one message.
private struct CrisisReading {
    let text: TextUnits
    let masks: [WordMask]
    let pack: PhrasePack
    let isBarrier: [Bool]

    init(_ text: TextUnits, _ masks: [WordMask], _ pack: PhrasePack, _ isBarrier: [Bool]) {
        (self.text, self.masks, self.pack, self.isBarrier) = (text, masks, pack, isBarrier)
    }

    private static let sections: [(name: String, tier: CrisisTier)] = [
        ("imminent", .imminent), ("ideation", .ideation), ("self_harm", .selfHarm), ("abuse", .abuse),
        ("distress", .distress),
    ]

    func add(to found: inout [CrisisDetector.Finding]) {
        var hits: [(range: Range<Int>, tier: CrisisTier)] = []
        for (name, tier) in Self.sections {
            pack.sections[name]?.find(text, masks, gap: pack.gap, isBarrier: isBarrier) { range in
                hits.append((range, tier))
                return hits.count < 1000
            }
        }
        guard !hits.isEmpty else { return }
        let idioms = marked("idiom", gap: pack.gap)
        let fiction = marked("fiction")
        let first = marked("first")
        let isJoke = marked("joke").contains(true)
        let isBetter = marked("better").contains(true)
        let past = marked("past")
        let relates = marked("relate").contains(true)
        for (range, tier) in hits {
            guard !range.contains(where: { idioms[$0] }) else { continue }
            if isOthersStory(range, fiction, first, relates) { continue }
            var tier = tier
            let isLight = isJoke && [.ideation, .selfHarm, .distress].contains(tier)
            if near(range, isBarrier) || isLight || isBetter && near(range, past) {
                guard tier >= .selfHarm else { continue }
                tier = .distress
            }
            let place =
                text.units[range.lowerBound].place.lowerBound..<text.units[range.upperBound - 1].place.upperBound
            found.append(CrisisDetector.Finding(tier: tier, language: pack.language, place: place))
        }
    }

    private func marked(_ section: String, gap: Int = 0) -> [Bool] {
        var marks = [Bool](repeating: false, count: text.units.count)
        let none = marks
        pack.sections[section]?.find(text, masks, gap: gap, isBarrier: none) { range in
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
        let sentence = text.units[range.lowerBound].sentence
        guard !relates, fiction.indices.contains(where: { fiction[$0] && text.units[$0].sentence == sentence }) else {
            return false
        }
        let isQuoted = range.allSatisfy { text.units[$0].isQuoted }
        if isQuoted, fiction.indices.contains(where: { fiction[$0] && !text.units[$0].isQuoted }) { return true }
        return !(max(range.lowerBound - 3, 0)..<range.upperBound).contains { first[$0] }
    }
}
