import AffettoKernels
import AffettoSignal
import Glibc

/// F0 through time, after Boersma (1993): each frame offers periods from its autocorrelation (that of the windowed
/// frame, divided by that of the window) and "unvoiced"; the cheapest path through them is found by Viterbi's
/// algorithm, and a frame is decided `lookAhead` frames after it came. Allocates nothing after `init`.
struct PitchTracker: ~Copyable {
    static let floor: Float = 60
    static let ceiling: Float = 600
    /// Frames of 10 ms after which a decision is final.
    static let lookAhead = 30

    // Strengths are normalised autocorrelations, 0…1.
    private static let octaveCost: Float = 0.04
    private static let octaveJumpCost: Float = 0.5
    private static let voicingCost: Float = 0.12
    private static let candidates = 7
    private static let ceilingHeight = log2(ceiling)

    struct Candidate {
        /// Hz; 0 = unvoiced.
        var f0: Float = 0
        /// Octaves.
        var height: Float = 0
        var strength: Float = 0
        var score: Float = 0
        var previous = 0
    }

    private let rate: Float
    private let minLag: Int
    private let maxLag: Int
    /// 1 / normalised autocorrelation of the window, per lag.
    private let correction: OwnedBuffer<Float>
    private let normalised: OwnedBuffer<Float>
    /// `lookAhead + 1` frames of `candidates`, the newest at `newest`.
    private let nodes: OwnedBuffer<Candidate>
    private let nodeCounts: OwnedBuffer<Int>
    private var lattice: UnsafeMutablePointer<Candidate> { nodes.start }
    private var counts: UnsafeMutablePointer<Int> { nodeCounts.start }
    private var newest = 0
    private var held = 0

    init(rate: Float, window: [Float]) {
        self.rate = rate
        minLag = Int(rate / Self.ceiling)
        maxLag = Int(rate / Self.floor) + 1
        let energy = window.reduce(0) { $0 + $1 * $1 }
        let lags = maxLag + 2
        correction = OwnedBuffer(
            (0..<lags).map { lag in
                var sum: Float = 0
                for i in 0..<max(window.count - lag, 0) { sum += window[i] * window[i + lag] }
                return energy / max(sum, energy * 1e-3)
            })
        normalised = OwnedBuffer(lags, repeating: 0)
        nodes = OwnedBuffer((Self.lookAhead + 1) * Self.candidates, repeating: Candidate())
        nodeCounts = OwnedBuffer(Self.lookAhead + 1, repeating: 0)
    }

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - autocorrelation: of the windowed frame, lags 0…maxLag + 1, any scale.
    ///   - isSilent: the frame is too quiet to be voiced.
    ///   - threshold: how periodic it must be to count as voiced.
    /// - Returns: F0 (0 = unvoiced) and strength of the frame `lookAhead` before, once there is one.
    mutating func push(_ autocorrelation: UnsafePointer<Float>, isSilent: Bool, threshold: Float) -> (
        f0: Float, periodicity: Float
    )? {
        let before = newest
        newest = (newest + 1) % (Self.lookAhead + 1)
        if held <= Self.lookAhead { held += 1 }
        let base = newest * Self.candidates
        lattice[base] = Candidate()
        counts[newest] = 1
        if !isSilent, autocorrelation[0] > 1e-9 { offer(autocorrelation, base) }
        connect(base, before, threshold)
        return held > Self.lookAhead ? decide(age: Self.lookAhead) : nil
    }

    /// Decides the oldest frame not yet decided, at the end of the signal; `nil` when there is none.
    mutating func flush() -> (f0: Float, periodicity: Float)? {
        guard held > 0 else { return nil }
        // Frames of age held - 1 … 0 wait; those of age lookAhead have been handed out already.
        if held > Self.lookAhead { held = Self.lookAhead }
        guard held > 0 else { return nil }
        let out = decide(age: held - 1)
        held -= 1
        return out
    }

    /// What the newest frame would be, were it the last.
    func provisional() -> (f0: Float, periodicity: Float) { held > 0 ? decide(age: 0) : (0, 0) }

    /// Forgets all frames.
    mutating func wipe() {
        nodes.fill(Candidate())
        nodeCounts.fill(0)
        normalised.fill(0)
        held = 0
    }

    /// Puts the strongest periods of the frame into the lattice.
    private mutating func offer(_ r: UnsafePointer<Float>, _ base: Int) {
        let scale = 1 / r[0]
        let x = normalised.start
        kernel_multiply(r, correction.start, x, maxLag + 2)
        let least = 0.15 * r[0]
        var left = x[minLag - 1]
        var here = x[minLag]
        for lag in minLag...maxLag {
            let right = x[lag + 1]
            if here > least, here > left, here >= right {
                let curve = left - 2 * here + right
                let shift = curve < 0 ? min(max(0.5 * (left - right) / curve, -0.5), 0.5) : 0
                let peak = min((here - 0.25 * (left - right) * shift) * scale, 1)
                let f0 = rate / (Float(lag) + shift)
                let height = log2(f0)
                let score = peak - Self.octaveCost * (Self.ceilingHeight - height)
                keep(Candidate(f0: f0, height: height, strength: peak, score: score), base)
            }
            left = here
            here = right
        }
    }

    /// Keeps the best `candidates` − 1 voiced ones; slot 0 is "unvoiced".
    private mutating func keep(_ candidate: Candidate, _ base: Int) {
        let (lattice, counts) = (self.lattice, self.counts)
        if counts[newest] < Self.candidates {
            lattice[base + counts[newest]] = candidate
            counts[newest] += 1
            return
        }
        var worst = base + 1
        for i in (base + 2)..<(base + Self.candidates) where lattice[i].score < lattice[worst].score { worst = i }
        if candidate.score > lattice[worst].score { lattice[worst] = candidate }
    }

    /// Extends the best paths to the newest frame.
    private mutating func connect(_ base: Int, _ before: Int, _ threshold: Float) {
        let (lattice, counts) = (self.lattice, self.counts)
        let start = before * Self.candidates
        var top = -Float.infinity
        for i in 0..<counts[newest] {
            let own = i == 0 ? threshold : lattice[base + i].score
            var best = -Float.infinity
            var from = 0
            for j in 0..<(held > 1 ? counts[before] : 0) {
                // Slot 0 is "unvoiced".
                var cost: Float = i == j ? 0 : Self.voicingCost
                if i > 0, j > 0 {
                    cost = Self.octaveJumpCost * abs(lattice[start + j].height - lattice[base + i].height)
                }
                let score = lattice[start + j].score - cost
                if score > best {
                    best = score
                    from = j
                }
            }
            lattice[base + i].score = own + (best.isFinite ? best : 0)
            lattice[base + i].previous = from
            top = max(top, lattice[base + i].score)
        }
        // Only differences matter; so the sums never grow.
        for i in 0..<counts[newest] { lattice[base + i].score -= top }
    }

    private func decide(age: Int) -> (f0: Float, periodicity: Float) {
        var frame = newest
        var at = 0
        for i in 1..<max(counts[frame], 1)
        where lattice[frame * Self.candidates + i].score > lattice[frame * Self.candidates + at].score { at = i }
        for _ in 0..<age {
            at = lattice[frame * Self.candidates + at].previous
            frame = frame == 0 ? Self.lookAhead : frame - 1
        }
        let chosen = lattice[frame * Self.candidates + at]
        var strength = chosen.strength
        if chosen.f0 == 0 {
            for i in 0..<counts[frame] { strength = max(strength, lattice[frame * Self.candidates + i].strength) }
        }
        return (chosen.f0, min(max(strength, 0), 1))
    }
}
