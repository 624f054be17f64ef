import AffettoCore
import AffettoLearning

/// Conversations laid end to end as matrices, and which row follows which.
struct ConversationBatch {
    /// Per sense the standardised numbers, 0 where missing.
    let inputs: [Tensor]
    /// Per sense and row: 1 where the turn has it, else 0.
    let masks: [[Float]]
    /// Per sense and row: 1 where any turn within reach has it.
    let available: [[Float]]
    /// Same party as the turn before; first turn.
    let flags: Tensor
    let segments: [Range<Int>]
    /// Per row the turn before and after, the same party's turn before, and the latest of another party; −1 = none.
    let previous: [Int]
    let next: [Int]
    let own: [Int]
    let other: [Int]
    let labels: [Int?]
    let dimensions: [[Float]]
    var rows: Int { previous.count }

    /// How numbers of each sense become inputs of about unit spread.
    struct Scaling: Sendable {
        var mean: [[Float]]
        var scale: [[Float]]

        init(mean: [[Float]], scale: [[Float]]) {
            self.mean = mean
            self.scale = scale
        }

        init(_ shape: ConversationShape, _ conversations: [Conversation]) {
            mean = shape.senses.map { Array(repeating: 0, count: $0.width) }
            scale = shape.senses.map { Array(repeating: 0, count: $0.width) }
            for (s, sense) in shape.senses.enumerated() {
                var sums = [(n: Double, x: Double, xx: Double)](repeating: (0, 0, 0), count: sense.width)
                for turn in conversations.lazy.flatMap(\.turns) {
                    guard let numbers = turn.features[s] else { continue }
                    for (i, x) in numbers.enumerated() where x.isFinite {
                        sums[i] = (sums[i].n + 1, sums[i].x + Double(x), sums[i].xx + Double(x) * Double(x))
                    }
                }
                for (i, sum) in sums.enumerated() where sum.n > 0 {
                    let m = sum.x / sum.n
                    let variance = max(sum.xx / sum.n - m * m, 0)
                    mean[s][i] = Float(m)
                    // A number that hardly varies says nothing; one beyond what Float holds neither.
                    let spread = Float(1 / variance.squareRoot())
                    scale[s][i] =
                        variance > 1e-12 * max(m * m, 1e-6) && spread.isFinite && mean[s][i].isFinite ? spread : 0
                }
            }
        }

        func apply(_ x: Float, _ sense: Int, _ i: Int) -> Float {
            let z = (x - mean[sense][i]) * scale[sense][i]
            return z.isFinite ? min(max(z, -5), 5) : 0
        }
    }

    /// - Parameter isAlone: every turn by itself, as if nothing had been said before or after.
    init(
        _ conversations: [Conversation], _ shape: ConversationShape, _ scaling: Scaling, isCausal: Bool, isAlone: Bool
    ) {
        let turns = conversations.flatMap(\.turns)
        let rows = turns.count
        var segments: [Range<Int>] = []
        var start = 0
        for conversation in conversations {
            let end = start + conversation.turns.count
            if isAlone {
                segments += (start..<end).map { $0..<($0 + 1) }
            } else if end > start {
                segments.append(start..<end)
            }
            start = end
        }
        var (previous, next) = ([Int](repeating: -1, count: rows), [Int](repeating: -1, count: rows))
        var (own, other) = (previous, previous)
        let flags = Tensor(rows: rows, columns: 2)
        for segment in segments {
            var latest: [Int32: Int] = [:]
            // The latest turn of whoever spoke last, and of the latest who is not them.
            var (speaker, beforeSpeaker) = (-1, -1)
            for row in segment {
                let party = turns[row].party
                if row > segment.lowerBound { previous[row] = row - 1 }
                if row + 1 < segment.upperBound { next[row] = row + 1 }
                own[row] = latest[party] ?? -1
                if speaker >= 0, turns[speaker].party != party { beforeSpeaker = speaker }
                other[row] = beforeSpeaker
                (speaker, latest[party]) = (row, row)
                flags.value[2 * row] = previous[row] >= 0 && turns[row - 1].party == party ? 1 : 0
                flags.value[2 * row + 1] = previous[row] < 0 ? 1 : 0
            }
        }
        masks = shape.senses.indices.map { s in turns.map { $0.features[s] == nil ? 0 : 1 } }
        available = masks.map { mask in
            var out = mask
            for segment in segments {
                var seen = isCausal ? 0 : segment.reduce(0) { max($0, mask[$1]) }
                for row in segment {
                    seen = max(seen, mask[row])
                    out[row] = seen
                }
            }
            return out
        }
        inputs = shape.senses.enumerated().map { s, sense in
            let x = Tensor(rows: rows, columns: sense.width)
            for (row, turn) in turns.enumerated() {
                guard let numbers = turn.features[s] else { continue }
                for (i, number) in numbers.enumerated() {
                    x.value[row * sense.width + i] = scaling.apply(number, s, i)
                }
            }
            return x
        }
        (self.segments, self.flags) = (segments, flags)
        (self.previous, self.next, self.own, self.other) = (previous, next, own, other)
        labels = turns.map(\.label)
        dimensions = turns.map(\.dimensions)
    }
}
