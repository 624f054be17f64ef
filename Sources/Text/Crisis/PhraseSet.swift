/// Memory for looking phrases up, kept for the next message.
struct PhraseMemory {
    /// Which words, and which beginnings of words, each stretch of the message may have.
    var masks: [WordMask] = []
    var isBarrier: [Bool] = []
}

/// A set of words by one bit of 1024 each: what is not there is not there; what is may be another.
struct WordMask: Sendable {
    private var words: (SIMD8<UInt64>, SIMD8<UInt64>) = (.zero, .zero)
    private var beginnings: (SIMD8<UInt64>, SIMD8<UInt64>) = (.zero, .zero)

    private static func set(_ hash: UInt64, _ half: inout (SIMD8<UInt64>, SIMD8<UInt64>)) {
        let mixed = hash &* 0x9E37_79B9_7F4A_7C15
        let (lane, bit) = (Int(mixed >> 61), mixed >> 55 & 63)
        if mixed >> 54 & 1 == 0 { half.0[lane] |= 1 << bit } else { half.1[lane] |= 1 << bit }
    }

    /// Whether alternatives with this mask may begin with the unit as a whole word.
    static func mayBegin(_ mask: UnsafePointer<WordMask>, _ unit: TextUnits.Unit) -> Bool {
        // The masks of words lie first, as sixteen numbers.
        let words = UnsafeRawPointer(mask).assumingMemoryBound(to: UInt64.self)
        func has(_ hash: UInt64) -> Bool {
            let mixed = hash &* 0x9E37_79B9_7F4A_7C15
            return words[Int(mixed >> 61) + (mixed >> 54 & 1 == 0 ? 0 : 8)] >> (mixed >> 55 & 63) & 1 != 0
        }
        return has(unit.hash) || (unit.plain != unit.hash && has(unit.plain))
    }

    mutating func add(word: UInt64) { Self.set(word, &words) }
    mutating func add(beginning: UInt64) { Self.set(beginning, &beginnings) }

    /// Some words of a message, and their beginnings of as many letters as patterns ask for.
    mutating func fill(_ text: TextUnits, _ range: Range<Int>, lengths: [Int]) {
        self = WordMask()
        for i in range {
            let unit = text.units[i]
            add(word: unit.hash)
            if unit.plain != unit.hash { add(word: unit.plain) }
            for length in lengths {
                let hash = text.prefix(i, length)
                if hash != 0 { add(beginning: hash) }
            }
        }
    }

    static func mayMeet(_ a: UnsafePointer<WordMask>, _ b: UnsafePointer<WordMask>) -> Bool {
        let shared = (a.pointee.words.0 & b.pointee.words.0) | (a.pointee.words.1 & b.pointee.words.1)
        let begun =
            (a.pointee.beginnings.0 & b.pointee.beginnings.0) | (a.pointee.beginnings.1 & b.pointee.beginnings.1)
        return shared | begun != .zero
    }
}

/// The phrases of one section.
struct PhraseSet: Sendable {
    private var phrases: [Phrase] = []
    /// Of each phrase the elements that must be there, one phrase after the other.
    private var needed: [WordMask] = []
    private var firstNeeded = [0]
    /// Lengths of the beginnings that its patterns ask for.
    private(set) var lengths: Set<Int> = []

    mutating func add(_ phrase: Phrase) {
        phrases.append(phrase)
        var masks: [WordMask] = []
        for (element, options) in zip(phrase.elements, phrase.options) where element != .gap {
            for words in options.beginnings {
                for case .beginning(_, let length) in words { lengths.insert(length) }
            }
            for words in options.whole.values.joined() {
                for case .beginning(_, let length) in words { lengths.insert(length) }
            }
            if element == .word { masks.append(options.mask) }
        }
        needed += masks
        firstNeeded.append(needed.count)
    }

    /// Units in which phrases are looked for at a time, and how far behind them they may reach: a long message must not make
    /// every phrase look possible.
    private static let stretch = (starts: 32, reach: 64)

    /// Calls `body` with the units of every phrase found, those of earlier stretches of the text first; stops where it says so.
    ///
    /// - Parameters:
    ///   - masks: of the text's stretches. - gap: units that "..." may pass over. - isBarrier: units that it may not.
    func find(
        _ text: TextUnits, _ masks: [WordMask], gap: Int, isBarrier: [Bool], _ body: (Range<Int>) -> Bool
    ) {
        for stretch in masks.indices {
            let first = stretch * Self.stretch.starts
            let starts = first..<min(first + Self.stretch.starts, text.units.count)
            for index in phrases.indices {
                guard mayBeThere(index, masks, stretch) else { continue }
                let search = PhraseSearch(text: text, phrase: phrases[index], gap: gap, isBarrier: isBarrier)
                for start in starts {
                    if let end = search.end(0, start), !body(start..<end) { return }
                }
            }
        }
    }

    private func mayBeThere(_ phrase: Int, _ masks: [WordMask], _ stretch: Int) -> Bool {
        needed.withUnsafeBufferPointer { needed in
            masks.withUnsafeBufferPointer { masks in
                guard let needed = needed.baseAddress, let masks = masks.baseAddress else { return false }
                for i in firstNeeded[phrase]..<firstNeeded[phrase + 1]
                where !WordMask.mayMeet(needed + i, masks + stretch) { return false }
                return true
            }
        }
    }

    /// One mask for each stretch of the text.
    static func masks(_ text: TextUnits, lengths: [Int], into masks: inout [WordMask]) {
        masks.removeAll(keepingCapacity: true)
        for first in stride(from: 0, to: text.units.count, by: stretch.starts) {
            var mask = WordMask()
            mask.fill(text, first..<min(first + stretch.starts + stretch.reach, text.units.count), lengths: lengths)
            masks.append(mask)
        }
    }
}

/// One phrase against one place.
struct PhraseSearch {
    let text: TextUnits
    let phrase: Phrase
    let gap: Int
    let isBarrier: [Bool]

    /// Where the phrase from its element on ends if it begins at `unit`, or `nil`; within one sentence.
    func end(_ element: Int, _ unit: Int) -> Int? {
        guard element < phrase.elements.count else { return unit }
        switch phrase.elements[element] {
        case .gap:
            var at = unit
            for _ in 0...gap {
                if let end = end(element + 1, at) { return end }
                guard at < text.units.count, isBarrier.isEmpty || !isBarrier[at], at == 0 || sameSentence(at, at - 1)
                else { return nil }
                at += 1
            }
            return nil
        case let kind:
            if unit < text.units.count, unit == 0 || element == 0 || sameSentence(unit, unit - 1) {
                if mayBegin(element, unit) {
                    let it = text.units[unit]
                    if let end = after(phrase.options[element].whole[it.hash], element, unit) { return end }
                    if it.plain != it.hash, let end = after(phrase.options[element].whole[it.plain], element, unit) {
                        return end
                    }
                }
                if let end = after(phrase.options[element].beginnings, element, unit) { return end }
            }
            return kind == .optional ? end(element + 1, unit) : nil
        }
    }

    private func mayBegin(_ element: Int, _ unit: Int) -> Bool {
        phrase.masks.withUnsafeBufferPointer { masks in
            guard let masks = masks.baseAddress else { return false }
            return WordMask.mayBegin(masks + element, text.units[unit])
        }
    }

    /// Where the phrase ends if one of these alternatives stands at `unit`.
    private func after(_ alternatives: [[Word]]?, _ element: Int, _ unit: Int) -> Int? {
        guard let alternatives else { return nil }
        for words in alternatives {
            if let next = follow(words, unit), let end = end(element + 1, next) { return end }
        }
        return nil
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
