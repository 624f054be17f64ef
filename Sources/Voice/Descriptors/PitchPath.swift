import Glibc

/// The cheapest path through sub-harmonic candidates (after Luengo et al. 2007), with openSMILE's costs, its one shared
/// memory of the last step and its way of deciding included: compatible mode only.
struct PitchPath {
    static let lookAhead = 40
    private static let states = SubharmonicPitch.candidates + 1
    private static let threshold = 0.7

    private var costs = [Double](repeating: 0, count: states)
    private var next = [Double](repeating: 0, count: states)
    private var frequencies = SIMD8<Double>.zero
    /// States of the undecided frames on the best path to each present state: states × (lookAhead + 2).
    private var paths = [UInt8](repeating: 0, count: states * (lookAhead + 2))
    private var extended = [UInt8](repeating: 0, count: states * (lookAhead + 2))
    private var undecided = 0
    private var last = 1.0
    private var isFirst = true

    /// How many frames have been given and not yet decided.
    var waiting: Int { undecided }

    /// Takes the next frame's candidates; `decide` gets the state of each frame that is now decided, the oldest first: a
    /// candidate's number, or 6 for unvoiced.
    mutating func push(_ candidates: SubharmonicPitch.Candidates, decide: (Int) -> Void) {
        let n = Self.states
        let row = Self.lookAhead + 2
        var isAnyVoiced = false
        for j in 0..<(n - 1) where candidates.voicing[j] >= Self.threshold { isAnyVoiced = true }
        for i in 0..<n {
            let own = i == n - 1 ? (isAnyVoiced ? 8 : 0) : Self.cost(candidates.frequency[i], candidates.voicing[i])
            var best = Double.infinity
            var from = 0
            if isFirst {
                best = 0
            } else {
                for j in 0..<n {
                    let cost = costs[j] + transition(j, i, frequencies[j], candidates.frequency[i])
                    if cost < best {
                        best = cost
                        from = j
                    }
                }
            }
            next[i] = best + own
            for t in 0..<undecided { extended[i * row + t] = paths[from * row + t] }
            extended[i * row + undecided] = UInt8(i)
        }
        isFirst = false
        swap(&costs, &next)
        swap(&paths, &extended)
        frequencies = candidates.frequency
        undecided += 1
        if undecided > Self.lookAhead {
            hand(1, along: cheapest, decide)
        } else {
            var agreed = 0
            while agreed < undecided, (1..<n).allSatisfy({ paths[$0 * row + agreed] == paths[agreed] }) { agreed += 1 }
            hand(agreed, along: 0, decide)
        }
    }

    /// Decides all that is left.
    mutating func flush(decide: (Int) -> Void) { hand(undecided, along: cheapest, decide) }

    private var cheapest: Int {
        var best = 0
        for i in 1..<Self.states where costs[i] < costs[best] { best = i }
        return best
    }

    private mutating func hand(_ count: Int, along state: Int, _ decide: (Int) -> Void) {
        guard count > 0 else { return }
        let row = Self.lookAhead + 2
        for t in 0..<count { decide(Int(paths[state * row + t])) }
        for i in 0..<Self.states {
            for t in count..<max(undecided, count) { paths[i * row + t - count] = paths[i * row + t] }
        }
        undecided -= count
    }

    private static func cost(_ f: Double, _ voicing: Double) -> Double {
        let range =
            f <= 0 ? 2 : f < 100 ? 1 - f / 100 : f < 350 ? 0 : f < 600 ? (f - 350) / 250 : 1.2
        return 2 * (-log(min(max(voicing, 0.01), 1)) + (voicing < threshold ? 4 : 0)) + range
    }

    private mutating func transition(_ from: Int, _ to: Int, _ a: Double, _ b: Double) -> Double {
        let unvoiced = Self.states - 1
        if from == unvoiced, to == unvoiced { return 1 }
        if from == unvoiced || to == unvoiced {
            last = 0
            return 10
        }
        guard a != 0, b != 0 else { return 999 }
        let jump = log(b / a)
        defer { last = jump }
        return 10 * abs(jump) + 10 * abs(jump - last)
    }

    mutating func wipe() {
        undecided = 0
        isFirst = true
        last = 1
        frequencies = .zero
        for i in costs.indices {
            costs[i] = 0
            next[i] = 0
        }
        for i in paths.indices {
            paths[i] = 0
            extended[i] = 0
        }
    }
}
