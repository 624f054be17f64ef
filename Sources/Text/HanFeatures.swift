/// What a Chinese message is made of, as hashes: groups of one to four characters, and negated characters, all in the first block
/// of `TextFeatures.Bag`.
///
/// Traditional characters are read as simplified ones. A run of Latin letters or figures is one character; the same character more
/// than twice is cut to two, marks and emoji to three. The four characters after a negation also count as negated.
enum HanFeatures {
    /// As `TextFeatures.each`.
    static func each(
        _ bytes: UnsafeBufferPointer<UInt8>, _ scratch: inout TextFeatures.Scratch, _ body: TextFeatures.TokenBody
    ) {
        var state = State()
        var reader = ScalarReader(bytes)
        // A run of Latin letters under way: its hash so far, and where it began.
        var run: (hash: UInt32, start: Int)?
        var repeated: (scalar: Unicode.Scalar, count: Int) = (" ", 0)
        while true {
            let at = reader.position
            let original = reader.next()
            let scalar = original.map { TextUnits.isHan($0) ? HanForms.simplified($0) : $0 } ?? "\0"
            repeated = scalar == repeated.scalar ? (scalar, repeated.count + 1) : (scalar, 1)
            switch scalar.value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
                let small = scalar.value < 0x41 ? UInt8(scalar.value) : UInt8(scalar.value) | 0x20
                if repeated.count <= 2 {
                    let open = run ?? (TextFeatures.basis(1), at)
                    run = (TextFeatures.fold(small, into: open.hash), open.start)
                }
                continue
            default: break
            }
            if let open = run { state.take(TextFeatures.mix(open.hash), open.start..<at, &scratch, body) }
            run = nil
            guard original != nil else { return }
            let isSign = isMark(scalar) || scalar.properties.isEmojiPresentation
            guard TextUnits.isHan(scalar) || isSign, repeated.count <= (isSign ? 3 : 2) else { continue }
            var hash = TextFeatures.basis(1)
            for byte in UTF8.encode(scalar) ?? .init() { hash = TextFeatures.fold(byte, into: hash) }
            state.take(TextFeatures.mix(hash), at..<reader.position, &scratch, body)
        }
    }

    /// Any sign that is shown and is no letter: the marks of Chinese and of Latin script, brackets, kaomoji.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar != "\u{FFFD}" else { return false }  // broken UTF-8
        return switch scalar.properties.generalCategory {
        case .otherPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .dashPunctuation, .connectorPunctuation, .mathSymbol, .modifierSymbol, .otherSymbol, .currencySymbol:
            true
        default: false
        }
    }

    private static let negations = Set(["不", "没", "别", "未", "无", "非"].map { TextFeatures.token($0) })

    private struct State {
        var last: (UInt32, UInt32, UInt32) = (0, 0, 0)
        var count = 0
        var negated = 0

        mutating func take(
            _ token: UInt32, _ place: Range<Int>, _ scratch: inout TextFeatures.Scratch, _ body: TextFeatures.TokenBody
        ) {
            scratch.words.removeAll(keepingCapacity: true)
            scratch.letters.removeAll(keepingCapacity: true)
            scratch.words.append(token)
            if count >= 1 { scratch.words.append(Self.join(2, last.2, token)) }
            if negated > 0 {
                scratch.words.append(Self.join(3, 0, token))
                negated -= 1
            }
            if count >= 2 { scratch.words.append(Self.join(4, Self.join(4, last.1, last.2), token)) }
            if count >= 3 {
                scratch.words.append(Self.join(4, Self.join(4, Self.join(4, last.0, last.1), last.2), token))
            }
            if HanFeatures.negations.contains(token) { negated = 4 }
            body(token, place, scratch.words, scratch.letters)
            last = (last.1, last.2, token)
            count += 1
        }

        private static func join(_ kind: UInt32, _ a: UInt32, _ b: UInt32) -> UInt32 {
            var hash = TextFeatures.basis(kind)
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                hash = TextFeatures.fold(UInt8(truncatingIfNeeded: a >> shift), into: hash)
            }
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                hash = TextFeatures.fold(UInt8(truncatingIfNeeded: b >> shift), into: hash)
            }
            return TextFeatures.mix(hash)
        }
    }
}
