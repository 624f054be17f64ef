import AffettoCore
import Glibc

/// Sums by the second over the latest minute, from which every window is made; memory is asked for once.
struct FaceWindow: Sendable {
    static let seconds = 60
    private static let short = 10
    /// Signals with mean, standard deviation and peak, in this order: smile, frown, brow raise, brow lower, eye closure.
    static let summarised = 5

    private struct Second: Sendable {
        var index = Int64.min
        var frames: Float = 0
        var faces: Float = 0
        var tracking: Float = 0
        var lids: Float = 0
        var closed: Float = 0
        var blinks: Float = 0
        var directions: Float = 0
        var away: Float = 0
        var turns: Float = 0
        var turnSquares: Float = 0
        var seen = SIMD8<Float>.zero
        var sum = SIMD8<Float>.zero
        var squares = SIMD8<Float>.zero
        var peak = SIMD8<Float>.zero
        var unitSeen = SIMD32<Float>.zero
        var unitSum = SIMD32<Float>.zero
    }

    private var ring = [Second](repeating: Second(), count: seconds)
    private var now: Int64 = 0
    private var current: Int { Int(((now % Int64(Self.seconds)) + Int64(Self.seconds)) % Int64(Self.seconds)) }

    /// Opens the second of a frame. - Parameter time: never earlier than before.
    mutating func begin(at time: Microseconds) {
        now = Int64((time.seconds).rounded(.down))
        if ring[current].index != now {
            ring[current] = Second()
            ring[current].index = now
        }
        ring[current].frames += 1
    }

    mutating func add(tracking: Float, signals: SIMD8<Float>, units: SIMD32<Float>) {
        ring[current].faces += 1
        ring[current].tracking += tracking
        for i in 0..<Self.summarised where !signals[i].isNaN {
            ring[current].seen[i] += 1
            ring[current].sum[i] += signals[i]
            ring[current].squares[i] += signals[i] * signals[i]
            ring[current].peak[i] = max(ring[current].peak[i], signals[i])
        }
        let known = units .== units
        ring[current].unitSeen += SIMD32<Float>.zero.replacing(with: 1, where: known)
        ring[current].unitSum += SIMD32<Float>.zero.replacing(with: units, where: known)
    }

    mutating func add(closure: Float, isBlink: Bool) {
        guard !closure.isNaN else { return }
        ring[current].lids += 1
        if closure >= 0.8 { ring[current].closed += 1 }
        if isBlink { ring[current].blinks += 1 }
    }

    mutating func add(isAway: Bool) {
        ring[current].directions += 1
        if isAway { ring[current].away += 1 }
    }

    /// - Parameter turn: of the head, radians a second.
    mutating func add(turn: Float) {
        ring[current].turns += 1
        ring[current].turnSquares += turn * turn
    }

    // MARK: What the windows say

    private func sum(_ seconds: Int, _ value: (Second) -> Float) -> Float {
        var total: Float = 0
        for second in ring where second.index > now - Int64(seconds) && second.index <= now { total += value(second) }
        return total
    }

    private func share(_ seconds: Int, _ part: (Second) -> Float, of whole: (Second) -> Float) -> Float {
        let all = sum(seconds, whole)
        return all > 0 ? sum(seconds, part) / all : .nan
    }

    /// Share of frames with a face in the latest 10 seconds; mean confidence in these.
    var faces: Float { share(Self.short, { $0.faces }, of: { $0.frames }) }
    var tracking: Float { share(Self.short, { $0.tracking }, of: { $0.faces }) }
    var away: Float { share(Self.short, { $0.away }, of: { $0.directions }) }
    var closedShare: Float { share(Self.seconds, { $0.closed }, of: { $0.lids }) }
    var headMotion: Float { share(Self.short, { $0.turnSquares }, of: { $0.turns }).squareRoot() }

    /// Blinks a minute of time in which eyes were seen; nothing before 10 seconds of that.
    var blinkRate: Float {
        let seen = sum(Self.seconds) { $0.frames > 0 ? $0.lids / $0.frames : 0 }
        return seen >= 10 ? sum(Self.seconds, { $0.blinks }) / seen * 60 : .nan
    }

    func mean(ofUnit number: Int) -> Float {
        guard let i = ActionUnits.index(number) else { return .nan }
        return share(Self.short, { $0.unitSum[i] }, of: { $0.unitSeen[i] })
    }

    func summary(_ i: Int) -> FaceSummary {
        let count = sum(Self.short) { $0.seen[i] }
        guard count > 0 else { return FaceSummary() }
        let mean = sum(Self.short, { $0.sum[i] }) / count
        let square = sum(Self.short, { $0.squares[i] }) / count
        var peak: Float = 0
        for second in ring where second.index > now - Int64(Self.short) && second.index <= now {
            peak = max(peak, second.peak[i])
        }
        return FaceSummary(mean: mean, sd: max(square - mean * mean, 0).squareRoot(), peak: peak)
    }

    mutating func wipe() {
        for i in ring.indices { ring[i] = Second() }
        now = 0
    }
}

/// Mean, standard deviation and peak of a signal over the latest 10 seconds.
public struct FaceSummary: Sendable {
    public internal(set) var mean: Float = .nan
    public internal(set) var sd: Float = .nan
    public internal(set) var peak: Float = .nan
}
