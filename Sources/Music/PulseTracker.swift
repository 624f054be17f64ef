import Glibc

/// Tempo, beats and downbeats of a piece of any length.
///
/// Two curves tell where things begin: onset strength, and the change of pitches, which also hears soft strings. They
/// are gathered for 90 s at a time, the tempo of that stretch is found, beats are laid through it, and the next stretch
/// begins at the last beat but a few. What stays of a stretch is its beats.
struct PulseTracker: ~Copyable {
    /// Frames of one stretch, and of its end that the next one goes over again.
    private static let stretch = 9000
    private static let overlap = 1000
    /// Weight of the pitch curve beside the onset curve, for the tempo and for the beats.
    private static let pitchInTempo: Float = 0.3
    private static let pitchInBeats: Float = 1
    /// When frame `i` of the onset curve and of the pitch curve is centred, s.
    private static let pulseCentre = centre(PulseFrames.hop, PulseFrames.size)
    private static let pitchCentre = centre(PitchFrames.hop, PitchFrames.size)
    private static func centre(_ hop: Int, _ size: Int) -> Double { (Double(hop) - Double(size) / 2) / MusicRate.hertz }

    /// Onset curves peak a little before the middle of the attack reaches the window's.
    private static let beatShift = -0.01

    private var strength: [Float] = []
    private var low: [Float] = []
    private var change: [Float] = []
    /// Frames of the pulse curve, and of the pitch curve, that went before the ones held.
    private var gone = 0
    private var goneChanges = 0
    private var follows = false
    private var isFirst = true
    /// Frames from the beginning whose onsets are counted.
    private var counted = 0

    private let estimator = TempoEstimator()
    private var all = TempoEstimator.Periodicity()
    private var beats: [Float] = []
    private var accents: [Float] = []
    private var onsets = OnsetCounter()

    mutating func push(strength: Float, low: Float) {
        self.strength.append(strength)
        self.low.append(low)
        if self.strength.count >= Self.stretch { track(isLast: false) }
    }

    /// Takes the change of pitches `PitchFrames.lag` frames ago.
    mutating func push(change: Float) {
        self.change.append(change)
    }

    struct Result {
        var tempo = TempoEstimator.Result()
        var stability: Float = 0
        var beatsPerBar = 0
        /// Seconds from the beginning.
        var beats: [Float] = []
        /// Which of `beats` begin a bar.
        var downbeats: [Int] = []
        var onsetRate: Float = 0
        var onsetStrength: Float = 0
    }

    mutating func finish() -> Result {
        track(isLast: true)
        var result = Result()
        result.tempo = TempoEstimator.estimate(all)
        (result.onsetRate, result.onsetStrength) = onsets.result
        guard result.tempo.tempo > 0 else { return result }
        result.beats = beats
        result.stability = BeatTracker.stability(beats)
        (result.beatsPerBar, result.downbeats) = BeatTracker.bars(accents)
        return result
    }

    private mutating func track(isLast: Bool) {
        // Up to where the stretch shows what comes after.
        let sure = isLast ? strength.count : strength.count - Self.overlap
        onsets.count(strength, from: counted - gone, to: sure)
        counted = gone + sure
        let onset = Self.unit(Self.prepare(strength, half: 30))
        let pitch = Self.unit(Self.prepare(pitchCurve(), half: 40))
        let found = estimator.periodicity(of: zip(onset, pitch).map { $0 + Self.pitchInTempo * $1 })
        all.add(found)
        let known = isFirst ? nil : TempoEstimator.estimate(all).tempo
        let tempo = TempoEstimator.estimate(found, near: known.flatMap { $0 > 0 ? $0 : nil }).tempo
        var keepFrom = sure
        if tempo > 0 {
            let curve = Self.smooth(zip(onset, pitch).map { $0 + Self.pitchInBeats * $1 }, sigma: 2)
            let period = 60 * PulseFrames.rate / tempo
            var frames = BeatTracker.beats(curve, period: period, startsOnBeat: follows)
            if follows, !frames.isEmpty { frames.removeFirst() }
            if !isLast {
                frames.removeAll { $0 > sure }
                if let last = frames.last { keepFrom = last }
            }
            follows = !frames.isEmpty
            for frame in frames {
                beats.append(Float(max(Double(gone + frame) / PulseFrames.rate + Self.pulseCentre + Self.beatShift, 0)))
                accents.append(accent(at: frame, pitch))
            }
        } else {
            follows = false
        }
        isFirst = false
        drop(keepFrom)
    }

    /// How much happens at a beat: change of pitches, and of the bass.
    private func accent(at frame: Int, _ pitch: [Float]) -> Float {
        let near = max(0, frame - 4)...min(strength.count - 1, frame + 4)
        return near.reduce(0) { max($0, pitch[$1]) } + 10 * near.reduce(0) { max($0, low[$1]) }
    }

    private mutating func drop(_ frames: Int) {
        strength.removeFirst(frames)
        low.removeFirst(frames)
        gone += frames
        // The pitch curve runs at its own rate; one frame more is kept than needed.
        let time = Double(gone) / PulseFrames.rate
        let passed = max(min(Int(time * PitchFrames.rate) - 2 - goneChanges, change.count), 0)
        change.removeFirst(passed)
        goneChanges += passed
    }

    /// The change of pitches at the times of the onset curve.
    private func pitchCurve() -> [Float] {
        guard change.count > 1 else { return [Float](repeating: 0, count: strength.count) }
        return strength.indices.map { i in
            let time = Double(gone + i) / PulseFrames.rate + Self.pulseCentre
            let place = (time - Self.pitchCentre) * PitchFrames.rate + Double(PitchFrames.lag) - Double(goneChanges)
            let index = min(max(Int(place.rounded(.down)), 0), change.count - 2)
            let part = Float(min(max(place - Double(index), 0), 1))
            return change[index] + (change[index + 1] - change[index]) * part
        }
    }

    private static func unit(_ curve: [Float]) -> [Float] {
        let mean = curve.reduce(0, +) / Float(max(curve.count, 1))
        let variance = curve.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(max(curve.count, 1))
        guard variance > 1e-16 else { return curve.map { _ in 0 } }
        let scale = 1 / variance.squareRoot()
        return curve.map { $0 * scale }
    }

    /// Smooths over a frame and keeps what rises above the mean of `half` frames on either side.
    private static func prepare(_ curve: [Float], half: Int) -> [Float] {
        let smooth = smooth(curve, sigma: 1)
        let n = smooth.count
        var sums = [0.0]
        sums.reserveCapacity(n + 1)
        for value in smooth { sums.append(sums[sums.count - 1] + Double(value)) }
        return (0..<n).map { i in
            let (from, to) = (max(0, i - half), min(n, i + half + 1))
            return max(0, smooth[i] - Float((sums[to] - sums[from]) / Double(2 * half + 1)))
        }
    }

    private static func smooth(_ curve: [Float], sigma: Double) -> [Float] {
        let reach = Int(4 * sigma)
        let kernel = (-reach...reach).map { Float(exp(-0.5 * Double($0 * $0) / (sigma * sigma))) }
        let total = kernel.reduce(0, +)
        return curve.indices.map { i in
            var sum: Float = 0
            let (from, to) = (max(0, i - reach), min(curve.count - 1, i + reach))
            for j in from...to { sum += kernel[j - i + reach] * curve[j] }
            return sum / total
        }
    }
}
