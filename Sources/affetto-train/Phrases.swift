import AffettoCore
import AffettoPhrases
import AffettoText

/// Our own sentences (Sources/Phrases), by name.
enum Phrases {
    /// The cells of each line.
    static func lines(_ name: String, columns: Int) throws -> [[String]] {
        var size = 0
        guard let start = affetto_phrases(name, &size) else {
            throw AffettoError(.notFound, "there is no set of phrases '\(name)'")
        }
        let text = String(decoding: UnsafeRawBufferPointer(start: start, count: size), as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == columns else { throw AffettoError(.argument, "'\(name)' has a bad line: \(line)") }
            return cells
        }
    }

    static func crisis(_ name: String) throws -> [(tier: CrisisTier, text: String)] {
        try lines(name, columns: 2).map { cells in
            guard let tier = CrisisTier(name: cells[0]) else {
                throw AffettoError(.argument, "'\(name)' has an unknown tier: \(cells[0])")
            }
            return (tier, cells[1])
        }
    }

    static func student(_ name: String) throws -> [(emotions: [Emotion], needs: [Bool], text: String)] {
        try lines(name, columns: 3).map { cells in
            let emotions = cells[0].split(separator: "|").compactMap { Emotion(name: String($0)) }
            guard !emotions.isEmpty, cells[1] == "none" || TextModel.needs.contains(cells[1]) else {
                throw AffettoError(.argument, "'\(name)' has a bad line: \(cells)")
            }
            return (emotions, TextModel.needs.map { $0 == cells[1] }, cells[2])
        }
    }

    /// What the third layer learns from.
    static func ownSamples(isChinese: Bool) throws -> [OwnSample] {
        let language = isChinese ? "zh" : "en"
        let student = try student("student-\(language)-train").map {
            OwnSample(
                text: $0.text, emotions: $0.emotions, needs: $0.needs, tier: .some(.none), isChinese: isChinese)
        }
        return try student
            + ["train", "dev"].flatMap { part in
                try crisis("crisis-\(language)-\(part)").map {
                    OwnSample(text: $0.text, tier: $0.tier, isChinese: isChinese)
                }
            }
    }
}
