import Glibc

/// The course of a piece in blocks of half a second: chroma and timbre, from which sections and a fingerprint are made.
///
/// At most 2048 blocks are kept: when they are full, neighbours are joined and blocks last twice as long.
struct SectionFinder {
    private static let most = 2048
    private static let pitchFrames = 22
    static let size = 12 + TimbreMeter.coefficients
    /// What a boundary is judged by on either side, s, and how far boundaries are apart at least.
    private static let reach = 8.0
    /// Cosine within the two sides less that across them, from which on a boundary is heard.
    private static let clear: Float = 0.5

    private var blocks: [Float] = []
    private var joined = 1
    private var sum = [Float](repeating: 0, count: size)
    private var framesInBlock = 0
    private var timbres = 0

    /// Takes the compressed semitone spectrum, 61 values from C.
    mutating func push(semitones: UnsafePointer<Float>) {
        for semitone in 0..<61 { sum[semitone % 12] += semitones[semitone] }
        framesInBlock += 1
        if framesInBlock == Self.pitchFrames * joined { endBlock() }
    }

    mutating func push(timbre: UnsafePointer<Float>) {
        for k in 0..<TimbreMeter.coefficients { sum[12 + k] += timbre[k] }
        timbres += 1
    }

    private mutating func endBlock() {
        for i in 0..<12 { blocks.append(sum[i] / Float(framesInBlock)) }
        for i in 12..<Self.size { blocks.append(sum[i] / Float(max(timbres, 1))) }
        for i in 0..<Self.size { sum[i] = 0 }
        framesInBlock = 0
        timbres = 0
        guard blocks.count == Self.most * Self.size else { return }
        for block in 0..<(Self.most / 2) {
            for i in 0..<Self.size {
                let pair = blocks[2 * block * Self.size + i] + blocks[(2 * block + 1) * Self.size + i]
                blocks[block * Self.size + i] = pair / 2
            }
        }
        blocks.removeLast(Self.most / 2 * Self.size)
        joined *= 2
    }

    /// Seconds a block.
    private var length: Double { Double(Self.pitchFrames * joined) / PitchFrames.rate }
    private var count: Int { blocks.count / Self.size }

    /// Where sections begin, s; the first at 0. A checkerboard along the diagonal of the blocks' similarity (Foote 2000).
    var sections: [Float] {
        let reach = max(Int((Self.reach / length).rounded()), 2)
        let count = count
        guard count >= 3 * reach else { return [0] }
        let rows = standardised()
        let novelty = (0..<count).map { here -> Float in
            guard here >= reach / 2, here <= count - reach / 2 else { return 0 }
            return Self.novelty(rows, at: here, reach: reach)
        }
        var starts: [Float] = [0]
        for here in 1..<count where novelty[here] > Self.clear {
            let near = max(0, here - reach)...min(count - 1, here + reach)
            let isTop = near.allSatisfy { novelty[$0] < novelty[here] || ($0 >= here && novelty[$0] == novelty[here]) }
            if isTop { starts.append(Float(Double(here) * length)) }
        }
        return starts
    }

    /// Each quantity less its mean over its deviation, each block then of length 1.
    private func standardised() -> [[Float]] {
        let count = count
        var rows = (0..<count).map { Array(blocks[($0 * Self.size)..<(($0 + 1) * Self.size)]) }
        for i in 0..<Self.size {
            let mean = rows.reduce(0) { $0 + $1[i] } / Float(count)
            let variance = rows.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) } / Float(count)
            // Chroma varies less than timbre does where nothing changes.
            let scale = variance > 1e-6 ? 1 / variance.squareRoot() : 0
            for row in rows.indices { rows[row][i] = (rows[row][i] - mean) * scale }
        }
        for row in rows.indices {
            let norm = rows[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
            if norm > 0 { for i in 0..<Self.size { rows[row][i] /= norm } }
        }
        return rows
    }

    private static func novelty(_ rows: [[Float]], at here: Int, reach: Int) -> Float {
        let (from, to) = (max(0, here - reach), min(rows.count, here + reach))
        // The mean cosine of all pairs is the square of the mean of the unit vectors.
        func mean(_ range: Range<Int>) -> [Float] {
            var sum = [Float](repeating: 0, count: size)
            for row in range { for i in 0..<size { sum[i] += rows[row][i] } }
            return sum.map { $0 / Float(max(range.count, 1)) }
        }
        let (before, after) = (mean(from..<here), mean(here..<to))
        return zip(before, after).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2
    }

    /// 256 bits that survive a change of level, codec or sample rate and differ between pieces: for each of 32 parts of
    /// the piece, whether eight fixed sums of its chroma lie above those of the next part.
    var fingerprint: [UInt64] {
        var words = [UInt64](repeating: 0, count: 4)
        let count = count
        guard count > 0 else { return words }
        func chroma(_ part: Int) -> [Float] {
            let from = min(part * count / 33, count - 1)
            let to = min(max((part + 1) * count / 33, from + 1), count)
            var sum = [Float](repeating: 0, count: 12)
            for block in from..<to { for i in 0..<12 { sum[i] += blocks[block * Self.size + i] } }
            return sum.map { $0 / Float(to - from) }
        }
        for part in 0..<32 {
            let (here, next) = (chroma(part), chroma(part + 1))
            for k in 0..<8 {
                var difference: Float = 0
                // Rows of signs of different periods, half of each positive.
                for i in 0..<12 { difference += (Self.signs[k] >> i & 1 == 1 ? 1 : -1) * (here[i] - next[i]) }
                if difference > 0 { words[part / 8] |= 1 << UInt64(part % 8 * 8 + k) }
            }
        }
        return words
    }

    /// Six of twelve pitch classes each.
    private static let signs: [UInt16] = [0xA95, 0x333, 0x1C7, 0x03F, 0x5A3, 0xC65, 0x96C, 0x2DA]
}
