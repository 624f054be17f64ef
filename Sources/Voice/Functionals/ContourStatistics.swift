import AffettoSignal
import Glibc

/// Percentiles, slopes and peaks of one contour.
///
/// Up to `capacity` values everything is exact. Then what is held is folded: values into a histogram of 4096 classes,
/// slopes and peaks into sums, and the contour starts anew; percentiles are from then on those of the histogram.
struct ContourStatistics: ~Copyable {
    static let capacity = 60_000
    private static let classes = 4096
    private static let noTurn = ContourShape.Turn(at: 0, value: 0, isPeak: false)

    enum Scale {
        case linear(from: Double, to: Double)
        case logarithmic(from: Double, to: Double)
    }

    struct Figures {
        /// In the order of `EGeMAPS.ContourShape`.
        var shape = SIMD8<Double>.zero
        var peaks = 0.0
    }

    private let scale: Scale
    private let capacity: Int
    private let mode: VoiceMode
    private let values: OwnedBuffer<Float>
    /// Room for sorting and for turning points, so that `figures` allocates nothing.
    private let scratch: OwnedBuffer<Float>
    private let turns: OwnedBuffer<ContourShape.Turn>
    private var count = 0
    /// The most values ever held: so much of the buffers was written.
    private var highest = 0
    private let histogram: OwnedBuffer<Int>
    private var isFolded = false
    private var folded = ContourShape()

    init(scale: Scale, mode: VoiceMode, capacity: Int) {
        self.scale = scale
        self.mode = mode
        self.capacity = capacity
        histogram = OwnedBuffer(Self.classes, repeating: 0)
        // Pages that are never touched cost nothing.
        values = OwnedBuffer(uninitialised: capacity)
        scratch = OwnedBuffer(uninitialised: capacity)
        turns = OwnedBuffer(uninitialised: capacity)
    }

    mutating func add(_ value: Float) {
        if count == capacity { fold() }
        values.start[count] = value
        count += 1
        highest = max(highest, count)
    }

    private mutating func fold() {
        isFolded = true
        let all = histogram.start
        for i in 0..<count { all[place(values.start[i])] += 1 }
        folded.add(values.start, count, mode, turns.start)
        count = 0
    }

    func figures() -> Figures {
        var shape = folded
        shape.add(values.start, count, mode, turns.start)
        var out = Figures()
        let (low, middle, high) = percentiles()
        out.shape = SIMD8(
            low, middle, high, abs(high - low), shape.rising.mean, shape.rising.sd, shape.falling.mean,
            shape.falling.sd)
        out.peaks = shape.peaks
        return out
    }

    private func percentiles() -> (Double, Double, Double) {
        if isFolded { return foldedPercentiles() }
        guard count > 0 else { return (0, 0, 0) }
        scratch.start.update(from: values.start, count: count)
        func at(_ p: Double) -> Double { Statistics.quantile(p, selectingIn: scratch.start, count) }
        return (at(0.2), at(0.5), at(0.8))
    }

    private func foldedPercentiles() -> (Double, Double, Double) {
        // What is not folded yet is counted for the moment.
        let all = histogram.start
        var total = 0
        for i in 0..<count { all[place(values.start[i])] += 1 }
        for i in 0..<Self.classes { total += all[i] }
        func at(_ p: Double) -> Double {
            let rank = p * Double(total - 1)
            var below = 0.0
            for i in 0..<Self.classes where all[i] > 0 {
                let n = Double(all[i])
                if below + n > rank { return value(Double(i) + min((rank - below + 0.5) / n, 1)) }
                below += n
            }
            return value(Double(Self.classes))
        }
        let out = (at(0.2), at(0.5), at(0.8))
        for i in 0..<count { all[place(values.start[i])] -= 1 }
        return out
    }

    /// Makes the memory resident that a long contour will need, so that it does not seem to grow.
    func touch() {
        values.fill(0)
        scratch.fill(0)
        turns.fill(Self.noTurn)
    }

    private func place(_ value: Float) -> Int {
        let x: Double
        switch scale {
        case .linear(let from, let to): x = (Double(value) - from) / (to - from)
        case .logarithmic(let from, let to): x = log(max(Double(value), from) / from) / log(to / from)
        }
        return min(max(Int(x * Double(Self.classes)), 0), Self.classes - 1)
    }

    private func value(_ place: Double) -> Double {
        let x = place / Double(Self.classes)
        switch scale {
        case .linear(let from, let to): return from + x * (to - from)
        case .logarithmic(let from, let to): return from * pow(to / from, x)
        }
    }

    /// Overwrites what was measured.
    mutating func wipe() {
        values.start.update(repeating: 0, count: highest)
        scratch.start.update(repeating: 0, count: highest)
        turns.start.update(repeating: Self.noTurn, count: highest)
        reset()
    }

    /// Starts anew, for the next window.
    mutating func reset() {
        count = 0
        if isFolded { histogram.fill(0) }
        isFolded = false
        folded = ContourShape()
    }
}

/// Slopes between the turning points of a contour that stand out by a tenth of its range, and how many peaks there are.
struct ContourShape {
    struct Slopes {
        var count = 0.0
        var sum = 0.0
        /// Of the slopes that count for the spread: squares, number, sum.
        var squares = 0.0
        var inner = 0.0
        var innerSum = 0.0
        var mean: Double { count > 0 ? sum / count : 0 }
        /// Squared deviations from the mean of all, of those that count, over the number of all.
        var sd: Double {
            guard count > 0 else { return 0 }
            let m = mean
            return max((squares - 2 * m * innerSum + inner * m * m) / count, 0).squareRoot()
        }
        mutating func add(_ slope: Double, isInner: Bool = true) {
            count += 1
            sum += slope
            guard isInner else { return }
            inner += 1
            innerSum += slope
            squares += slope * slope
        }
    }

    var rising = Slopes()
    var falling = Slopes()
    var peaks = 0.0

    struct Turn {
        var at: Int32
        var value: Float
        var isPeak: Bool
    }

    /// Adds the slopes of one contour. - Parameter turns: room for `count` turning points.
    mutating func add(
        _ x: UnsafePointer<Float>, _ count: Int, _ mode: VoiceMode, _ turns: UnsafeMutablePointer<Turn>
    ) {
        guard count > 0 else { return }
        var (low, high) = (x[0], x[0])
        for i in 1..<max(count, 1) {
            low = min(low, x[i])
            high = max(high, x[i])
        }
        let threshold = 0.1 * (high - low)
        var found = Self.outstanding(x, count, threshold, turns)
        found = Self.deep(turns, found, x[0], threshold)
        found = Self.alternating(turns, found)
        for i in 0..<found where turns[i].isPeak { peaks += 1 }
        measure(UnsafeBufferPointer(start: turns, count: found), x, count, mode)
    }

    /// Pass a: turning points that differ enough from what came before.
    private static func outstanding(
        _ x: UnsafePointer<Float>, _ count: Int, _ threshold: Float, _ out: UnsafeMutablePointer<Turn>
    ) -> Int {
        var found = 0
        var lastValue = x[0]
        var lastMin = x[0]
        var lastMax = x[0]
        var lastPeak = -1
        var sawMinimum = false
        guard count > 4 else { return 0 }
        for t in 2..<(count - 2) {
            let y = x[t]
            if y > x[t - 1], y > x[t + 1] {
                var isKept = true
                if abs(y - lastValue) < threshold {
                    if y - lastMin < threshold {
                        isKept = false
                    } else {
                        if y > 1.05 * lastMax {
                            // The peak before was only a step on the way: mark it as gone.
                            if lastPeak >= 0 { out[lastPeak].at = -1 }
                        } else if !sawMinimum {
                            isKept = false
                        }
                        sawMinimum = false
                    }
                } else {
                    sawMinimum = false
                }
                if isKept {
                    lastMax = y
                    lastPeak = found
                    out[found] = Turn(at: Int32(t), value: y, isPeak: true)
                    found += 1
                }
                lastValue = y
            } else if y < x[t - 1], y < x[t + 1] {
                if abs(y - lastValue) >= threshold {
                    sawMinimum = true
                    lastMin = y
                }
                out[found] = Turn(at: Int32(t), value: y, isPeak: false)
                found += 1
                lastValue = y
            }
        }
        return found
    }

    /// Pass b: minima deep enough under the maximum before them.
    private static func deep(
        _ turns: UnsafeMutablePointer<Turn>, _ count: Int, _ first: Float, _ threshold: Float
    ) -> Int {
        var peak = first
        var kept = 0
        for i in 0..<count where turns[i].at >= 0 {
            if turns[i].isPeak {
                peak = turns[i].value
            } else if peak - turns[i].value < threshold {
                continue
            }
            turns[kept] = turns[i]
            kept += 1
        }
        return kept
    }

    /// Pass c: of neighbours of one kind the most extreme.
    private static func alternating(_ turns: UnsafeMutablePointer<Turn>, _ count: Int) -> Int {
        var kept = 0
        for i in 0..<count {
            let turn = turns[i]
            if kept == 0 || turns[kept - 1].isPeak != turn.isPeak {
                turns[kept] = turn
                kept += 1
            } else if turn.isPeak ? turn.value > turns[kept - 1].value : turn.value < turns[kept - 1].value {
                turns[kept - 1] = turn
            }
        }
        return kept
    }

    private mutating func measure(
        _ turns: UnsafeBufferPointer<Turn>, _ x: UnsafePointer<Float>, _ count: Int, _ mode: VoiceMode
    ) {
        var (peak, valley) = (x[0], x[0])
        var (peakAt, valleyAt) = (0, 0)
        func slope(_ from: Float, _ to: Float, _ frames: Int) -> Double {
            Double(to - from) / (Double(frames) * VoiceScale.hop)
        }
        var found = 0
        for turn in turns {
            let at = Int(turn.at)
            if turn.isPeak {
                if at > valleyAt {
                    rising.add(slope(valley, turn.value, at - valleyAt))
                    found += 1
                }
                (peak, peakAt) = (turn.value, at)
            } else {
                if at > peakAt {
                    falling.add(slope(turn.value, peak, at - peakAt))
                    found += 1
                }
                (valley, valleyAt) = (turn.value, at)
            }
        }
        let end = count - 1
        // The stretch after the last turn. openSMILE gives a fall the wrong sign and leaves both out of the spread.
        let isSound = mode == .corrected
        if let last = turns.last {
            if last.isPeak, end > peakAt {
                let fall = slope(x[end], peak, end - peakAt)
                falling.add(isSound ? fall : -fall, isInner: isSound)
                found += 1
            } else if !last.isPeak, end > valleyAt {
                rising.add(slope(valley, x[end], end - valleyAt), isInner: isSound)
                found += 1
            }
        }
        guard found == 0, end > 0 else { return }
        // No turn at all: one slope from end to end, in openSMILE per frame.
        let whole = isSound ? slope(x[0], x[end], end) : Double(x[end] - x[0]) / Double(count)
        if whole > 0 { rising.add(whole, isInner: false) }
        if whole < 0 { falling.add(isSound ? -whole : whole, isInner: false) }
    }
}
