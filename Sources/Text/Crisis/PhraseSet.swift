/// The phrases of one section, found by the word they begin with.
struct PhraseSet: Sendable {
    private var phrases: [Phrase] = []
    private var byFirst: [UInt64: [Int]] = [:]
    /// By length and hash of a beginning.
    private var byBeginning: [Int: [UInt64: [Int]]] = [:]

    mutating func add(_ phrase: Phrase) {
        guard case .word(let options, _) = phrase.elements.first else { return }
        let index = phrases.count
        phrases.append(phrase)
        for hash in options.whole.keys { byFirst[hash, default: []].append(index) }
        for words in options.beginnings {
            guard case .beginning(let hash, let length) = words[0] else { continue }
            byBeginning[length, default: [:]][hash, default: []].append(index)
        }
    }

    /// Calls `body` with the units of every phrase found, the longest of each phrase at each place; stops where it says so.
    ///
    /// - Parameters:
    ///   - gap: units that "..." may pass over. - isBarrier: units that it may not.
    func find(_ text: TextUnits, gap: Int, isBarrier: [Bool], _ body: (Range<Int>) -> Bool) {
        for start in text.units.indices {
            for phrase in candidates(text, start) {
                let search = PhraseSearch(
                    text: text, elements: phrases[phrase].elements, gap: gap, isBarrier: isBarrier)
                if let end = search.end(0, start), !body(start..<end) { return }
            }
        }
    }

    private func candidates(_ text: TextUnits, _ unit: Int) -> [Int] {
        let it = text.units[unit]
        var found = byFirst[it.hash] ?? []
        if it.plain != it.hash, let more = byFirst[it.plain] { found += more }
        for (length, table) in byBeginning {
            if let more = table[text.prefix(unit, length)] { found += more }
        }
        return found
    }
}

/// One phrase against one place.
struct PhraseSearch {
    let text: TextUnits
    let elements: [Phrase.Element]
    let gap: Int
    let isBarrier: [Bool]

    /// Where the phrase from its element on ends if it begins at `unit`, or `nil`; within one sentence.
    func end(_ element: Int, _ unit: Int) -> Int? {
        guard element < elements.count else { return unit }
        switch elements[element] {
        case .gap:
            var at = unit
            for _ in 0...gap {
                if let end = end(element + 1, at) { return end }
                guard at < text.units.count, !isBarrier[at], at == 0 || sameSentence(at, at - 1) else { return nil }
                at += 1
            }
            return nil
        case .word(let options, let isOptional):
            if unit < text.units.count, unit == 0 || element == 0 || sameSentence(unit, unit - 1) {
                let it = text.units[unit]
                for hash in it.plain == it.hash ? [it.hash] : [it.hash, it.plain] {
                    for words in options.whole[hash] ?? [] {
                        if let after = follow(words, unit), let end = end(element + 1, after) { return end }
                    }
                }
                for words in options.beginnings {
                    if let after = follow(words, unit), let end = end(element + 1, after) { return end }
                }
            }
            return isOptional ? end(element + 1, unit) : nil
        }
    }

    private func sameSentence(_ a: Int, _ b: Int) -> Bool { text.units[a].sentence == text.units[b].sentence }

    /// The unit after these words, which begin at `unit`.
    private func follow(_ words: [Word], _ unit: Int) -> Int? {
        guard unit + words.count <= text.units.count else { return nil }
        for (i, word) in words.enumerated() {
            let at = unit + i
            if i > 0, !sameSentence(at, at - 1) { return nil }
            switch word {
            case .whole(let hash): guard text.units[at].hash == hash || text.units[at].plain == hash else { return nil }
            case .beginning(let hash, let length): guard text.prefix(at, length) == hash else { return nil }
            }
        }
        return unit + words.count
    }
}
