import AffettoCore
import Glibc

/// What a word list says of a message: VADER's rated words (Hutto and Gilbert 2014) as nine numbers. A rated word within three
/// tokens after a negation counts the other way, by 0.74, as there.
struct ValenceLexicon: Sendable {
    static let count = 9
    private let words: [UInt32]
    private let valence: [Float]

    /// - Parameters:
    ///   - words: hashes of tokens, sorted. - valence: −4…4, one for each.
    init(words: [UInt32], valence: [Float]) {
        self.words = words
        self.valence = valence
    }

    subscript(token: UInt32) -> Float? {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if words[middle] < token { low = middle + 1 } else { high = middle }
        }
        return low < words.count && words[low] == token ? valence[low] : nil
    }

    func features(_ tokens: [UInt32]) -> [Float] {
        var out: [Float] = []
        features(tokens, into: &out)
        return out
    }

    /// Puts them behind what is there.
    func features(_ tokens: [UInt32], into out: inout [Float]) {
        var sum: Float = 0
        var straight: Float = 0
        var top: Float = 0
        var bottom: Float = 0
        var rated: Float = 0
        var negations: Float = 0
        var marks: (exclamation: Float, question: Float) = (0, 0)
        var negated = 0
        for token in tokens {
            if TextFeatures.isNegation(token) {
                negations += 1
                negated = 3
            } else if let value = self[token] {
                let said = negated > 0 ? value * -0.74 : value
                sum += said
                straight += value
                top = max(top, said)
                bottom = min(bottom, said)
                rated += 1
            }
            if negated > 0 { negated -= 1 }
            if token == Self.exclamation { marks.exclamation += 1 }
            if token == Self.question { marks.question += 1 }
        }
        func put(_ value: Float) { out.append(min(max(value, -50), 50)) }
        put(sum)
        put(sum / (rated + 1).squareRoot())
        put(straight)
        put(top)
        put(bottom)
        put(rated)
        put(negations)
        put(log(Float(tokens.count) + 1))
        put(marks.exclamation - marks.question)
    }

    private static let exclamation = TextFeatures.token("!")
    private static let question = TextFeatures.token("?")
}
