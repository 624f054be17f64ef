import AffettoCore
import Glibc

/// Which features a model knows, and how rare each is: a message becomes a row of tf-idf weights, each block of length 1.
struct TextVocabulary: Sendable {
    /// Hashes of words and of letter groups, sorted; the row's columns are their places.
    let hashes: [UInt32]
    /// log((1 + texts) / (1 + texts with it)) + 1.
    let rarity: [Float]
    /// Place of the first hash with these upper 16 bits: one or two hashes share them.
    private let starts: [UInt32]

    init(hashes: [UInt32], rarity: [Float]) {
        self.hashes = hashes
        self.rarity = rarity
        var starts = [UInt32](repeating: 0, count: (1 << 16) + 1)
        for hash in hashes { starts[Int(hash >> 16) + 1] += 1 }
        for i in 1...(1 << 16) { starts[i] += starts[i - 1] }
        self.starts = starts
    }

    func place(_ hash: UInt32) -> Int? {
        let end = Int(starts[Int(hash >> 16) + 1])
        var place = Int(starts[Int(hash >> 16)])
        while place < end, hashes[place] < hash { place += 1 }
        return place < end && hashes[place] == hash ? place : nil
    }

    /// The value of each known feature: what it is worth each time it stands there, so that a message can be explained word by
    /// word.
    func shares(_ bag: TextFeatures.Bag) -> [UInt32: (column: UInt32, value: Float)] {
        let row = row(bag).known
        var times: [UInt32: Float] = [:]
        for hash in bag.words + bag.letters { times[hash, default: 0] += 1 }
        return Dictionary(
            row.map { entry in
                let hash = hashes[Int(entry.column)]
                return (hash, (entry.column, entry.value / (times[hash] ?? 1)))
            }, uniquingKeysWith: { a, _ in a })
    }

    typealias Row = [(column: UInt32, value: Float)]

    /// Columns with their values; and how many different features the message has, known or not.
    func row(_ bag: TextFeatures.Bag) -> (known: Row, different: Int) {
        var out: Row = []
        let different = row(bag, into: &out)
        return (out, different)
    }

    /// As `row`, in memory that is there already.
    func row(_ bag: TextFeatures.Bag, into out: inout Row) -> Int {
        out.removeAll(keepingCapacity: true)
        return block(bag.words, &out) + block(bag.letters, &out)
    }

    private func block(_ sorted: [UInt32], _ out: inout Row) -> Int {
        let first = out.count
        var different = 0
        var square: Float = 0
        var i = 0
        while i < sorted.count {
            let hash = sorted[i]
            var next = i + 1
            while next < sorted.count, sorted[next] == hash { next += 1 }
            different += 1
            if let place = place(hash) {
                let times: Float = next - i == 1 ? 1 : 1 + log(Float(next - i))
                let value = times * rarity[place]
                out.append((UInt32(place), value))
                square += value * value
            }
            i = next
        }
        let scale = 1 / max(square, 1e-12).squareRoot()
        for k in first..<out.count { out[k].value *= scale }
        return different
    }

    /// The features that are in enough texts: words in two, letters in three; the most frequent where that is too many.
    static func learned(from bags: [TextFeatures.Bag], limit: Int) -> TextVocabulary {
        var counts: [UInt32: Int32] = [:]
        for bag in bags {
            for block in [bag.words, bag.letters] {
                var last: UInt32?
                for hash in block where hash != last {
                    counts[hash, default: 0] += 1
                    last = hash
                }
            }
        }
        var letters: Set<UInt32> = []
        for bag in bags { letters.formUnion(bag.letters) }
        var kept = counts.filter { $0.value >= (letters.contains($0.key) ? 3 : 2) }.map { ($0.key, $0.value) }
        if kept.count > limit {
            kept.sort { ($0.1, $0.0) > ($1.1, $1.0) }
            kept.removeLast(kept.count - limit)
        }
        kept.sort { $0.0 < $1.0 }
        let texts = Float(bags.count)
        return TextVocabulary(
            hashes: kept.map(\.0), rarity: kept.map { log((1 + texts) / (1 + Float($0.1))) + 1 })
    }
}
