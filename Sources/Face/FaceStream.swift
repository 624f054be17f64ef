import AffettoCore

/// Frames → signals, and twice a second what the face showed: of the mean of half a second, so that one frame's flicker says nothing.
///
/// All memory is asked for at the beginning.
public struct FaceStream: Sendable {
    private static let period: Microseconds = 500_000
    /// Frames further apart never meet in one mean.
    private static let gap: Microseconds = 2_000_000
    /// A clock may step back so far; further back is another recording.
    private static let jitter: Microseconds = 1_000_000
    /// Frames may not follow each other faster: what comes between is the same moment.
    private static let refractory: Microseconds = 150_000
    /// Beyond these angles, in radians, one looks away: 25° aside, 20° up or down.
    private static let away = SIMD2<Float>(0.436, 0.349)
    /// How far the eyes turn at the full blendshape, in radians.
    private static let eyeReach = SIMD2<Float>(0.6, 0.5)
    /// Above this a blendshape that may be dead has shown itself alive.
    private static let alive: Float = 0.02
    /// What the expression of the moments before still weighs, against the latest one.
    private static let inertia: Float = 0.6

    private let model: FaceModel
    private var scratch: FaceModel.Scratch
    private var baseline: NeutralBaseline
    private var window = FaceWindow()
    private var values = [Float](repeating: .nan, count: FaceFrame.width)
    private var sum = [Float](repeating: 0, count: FaceFrame.width)
    private var seen = [Float](repeating: 0, count: FaceFrame.width)
    private var tracking: Float = 0
    private var frames: Float = 0
    private var faces: Float = 0
    private var start: Microseconds?
    private var last: Microseconds?
    private var lastHead = SIMD3<Float>(repeating: .nan)
    private var usualDirection = SIMD2<Float>(repeating: .nan)
    private var isClosed = false
    private var lastBlink: Microseconds?
    private var isAlive = SIMD32<Float>.zero
    private var latest = FaceSignals()

    public init(model: FaceModel) {
        self.model = model
        scratch = FaceModel.Scratch(model)
        baseline = NeutralBaseline(mean: model.neutral.mean, sd: model.neutral.sd)
    }

    /// What was seen in half a second.
    public struct Moment: Sendable {
        public var reading: FaceModel.Reading
        /// Confidence of the tracker times the share of frames with a face, and less for parts of a face alone.
        public var quality: Float
    }

    /// Takes a frame that `FaceFrame.check` lets pass.
    /// - Parameter time: of the frame; one more than a second before the last begins anew.
    /// - Returns: what the face showed, when half a second is full and a face was there.
    public mutating func push(_ frame: FaceFrame, at time: Microseconds) -> Moment? {
        var time = time
        if let last {
            if time < last - Self.jitter {
                wipe()
            } else if time - last > Self.gap {
                forgetMoment()
                forgetExpression()
            }
            time = max(time, self.last ?? time)
        }
        let begun = start ?? time
        start = begun
        window.begin(at: time)
        latest.time = time
        frames += 1
        latest.isValid = frame.tracking > 0
        if latest.isValid { look(frame, at: time) } else { lastHead = SIMD3(repeating: .nan) }
        last = time
        guard time - begun >= Self.period else { return nil }
        return closeMoment()
    }

    private mutating func look(_ frame: FaceFrame, at time: Microseconds) {
        faces += 1
        tracking += frame.tracking
        frame.values.withUnsafeBufferPointer { from in for i in 0..<FaceFrame.width { values[i] = from[i] } }
        var shown = SIMD32<Float>(repeating: .nan)
        values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            if frame.hasPoints { FacePoints.align(start + FaceFrame.points.lowerBound) }
            for i in 0..<FaceFrame.width where !start[i].isNaN {
                sum[i] += start[i]
                seen[i] += 1
            }
            // Only now, so that the network sees what was given and nothing twice.
            let isFace = !start[FaceFrame.points.lowerBound].isNaN
            if isFace && frame.blendshapeCount == 0 { model.fillShapes(start, &scratch) }
        }
        for i in 0..<ActionUnits.count { shown[i] = values[FaceFrame.actionUnits.lowerBound + i] }
        for (unit, shapes) in ActionUnits.sources where shown[unit].isNaN {
            var (total, count): (Float, Float) = (0, 0)
            for shape in shapes where !values[shape].isNaN {
                total += values[shape]
                count += 1
            }
            guard count > 0 else { continue }
            shown[unit] = min(max(total / count, 0), 1)
            if ActionUnits.mayBeDead.contains(unit) {
                if shown[unit] > Self.alive { isAlive[unit] = 1 }
                if isAlive[unit] == 0 { shown[unit] = .nan }
            }
        }
        if shown[ActionUnits.lipsApart].isNaN {
            shown[ActionUnits.lipsApart] = values.withUnsafeBufferPointer {
                $0.baseAddress.map(ActionUnits.lipsApart) ?? .nan
            }
        }
        note(shown, tracking: frame.tracking, at: time)
        let head = SIMD3(
            values[FaceFrame.head.lowerBound], values[FaceFrame.head.lowerBound + 1],
            values[FaceFrame.head.lowerBound + 2])
        noteHead(head, at: time)
        noteDirection(head)
    }

    private mutating func note(_ units: SIMD32<Float>, tracking: Float, at time: Microseconds) {
        func unit(_ number: Int) -> Float { ActionUnits.index(number).map { units[$0] } ?? .nan }
        let (inner, outer) = (unit(1), unit(2))
        latest.actionUnits = units
        (latest.smile, latest.frown, latest.browLower, latest.eyeClosure) = (unit(12), unit(15), unit(4), unit(43))
        latest.browRaise = inner.isNaN ? outer : outer.isNaN ? inner : (inner + outer) / 2
        let cheeks = unit(6)
        latest.smileGenuineness =
            latest.smile >= 0.2 && !cheeks.isNaN ? min(cheeks, latest.smile) / latest.smile : .nan
        let closure = latest.eyeClosure
        var isBlink = false
        if !closure.isNaN {
            if closure > 0.5, !isClosed {
                isBlink = lastBlink.map { time - $0 >= Self.refractory } ?? true
                if isBlink { lastBlink = time }
            }
            // Half open again, or it is still the same blink.
            isClosed = closure > (isClosed ? 0.4 : 0.5)
        }
        window.add(closure: closure, isBlink: isBlink)
        window.add(
            tracking: tracking,
            signals: SIMD8(latest.smile, latest.frown, latest.browRaise, latest.browLower, closure, .nan, .nan, .nan),
            units: units)
    }

    private mutating func noteHead(_ head: SIMD3<Float>, at time: Microseconds) {
        defer { lastHead = head }
        guard let last, time > last, (head .== head) == SIMDMask(repeating: true),
            (lastHead .== lastHead) == SIMDMask(repeating: true)
        else { return }
        let turn = head - lastHead
        window.add(turn: min((turn * turn).sum().squareRoot() / Float((time - last).seconds), 20))
    }

    /// The host's gaze, or the head's direction with the eyes' own.
    private mutating func noteDirection(_ head: SIMD3<Float>) {
        var direction = SIMD2(values[FaceFrame.gaze.lowerBound], values[FaceFrame.gaze.lowerBound + 1])
        if direction.x.isNaN || direction.y.isNaN {
            func shape(_ i: Int) -> Float { values[i].isNaN ? 0 : values[i] }
            let eyes = Self.eyes
            let aside = (shape(eyes[0]) - shape(eyes[1]) + shape(eyes[2]) - shape(eyes[3])) / 2
            let down = (shape(eyes[4]) + shape(eyes[5]) - shape(eyes[6]) - shape(eyes[7])) / 2
            direction = SIMD2(head.x, head.y) + SIMD2(aside, down) * Self.eyeReach
        }
        // Closed eyes look nowhere.
        guard !direction.x.isNaN, !direction.y.isNaN, !(latest.eyeClosure > 0.5) else { return }
        if usualDirection.x.isNaN { usualDirection = direction }
        let turned = direction - usualDirection
        window.add(isAway: abs(turned.x) > Self.away.x || abs(turned.y) > Self.away.y)
        // Where one usually looks: a median that walks, a degree in about two seconds.
        for axis in 0..<2 {
            usualDirection[axis] += min(max(turned[axis], -1), 1) * 0.0003 / max(abs(turned[axis]), 0.01)
        }
    }

    private static let eyes = [
        "eyeLookOutLeft", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutRight", "eyeLookDownLeft", "eyeLookDownRight",
        "eyeLookUpLeft", "eyeLookUpRight",
    ].compactMap(Blendshapes.index)

    private mutating func closeMoment() -> Moment? {
        defer { forgetMoment() }
        // Half of the frames without a face are no moment of one.
        guard faces > 0, faces * 2 >= frames else {
            forgetExpression()
            return nil
        }
        for i in 0..<FaceFrame.width { values[i] = seen[i] > 0 ? sum[i] / seen[i] : .nan }
        var reading = FaceModel.Reading()
        values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            baseline.add(start)
            baseline.apply(start)
            reading = model.read(start, &scratch)
        }
        guard reading.basis != .nothing else { return nil }
        let isFirst = latest.basis == .nothing
        let old = isFirst ? 0 : Self.inertia
        latest.expression = isFirst ? reading.probability : latest.expression * old + reading.probability * (1 - old)
        latest.valence = isFirst ? reading.valence : latest.valence * old + reading.valence * (1 - old)
        latest.arousal = isFirst ? reading.arousal : latest.arousal * old + reading.arousal * (1 - old)
        latest.basis = reading.basis
        let whole: Float = reading.basis == .prototypes ? 0.6 : 1
        return Moment(reading: reading, quality: tracking / frames * whole)
    }

    /// What was shown before a pause says nothing of now.
    private mutating func forgetExpression() {
        latest.expression = SIMD8(repeating: .nan)
        (latest.valence, latest.arousal, latest.basis) = (.nan, .nan, .nothing)
    }

    private mutating func forgetMoment() {
        for i in 0..<FaceFrame.width {
            sum[i] = 0
            seen[i] = 0
        }
        (tracking, frames, faces, start) = (0, 0, 0, nil)
    }

    /// The signals as of the latest frame.
    public var signals: FaceSignals {
        var out = latest
        let faces = window.faces
        out.isValid = latest.isValid && faces >= 0.5
        out.quality = faces.isNaN || window.tracking.isNaN ? 0 : faces * window.tracking
        out.blinkRate = window.blinkRate
        out.eyesClosedShare = window.closedShare
        out.gazeAway = window.away
        out.headMotion = window.headMotion
        out.smileSummary = window.summary(0)
        out.frownSummary = window.summary(1)
        out.browRaiseSummary = window.summary(2)
        out.browLowerSummary = window.summary(3)
        out.eyeClosureSummary = window.summary(4)
        guard out.isValid else {
            // What the face did before it was gone stays in the windows alone.
            out.actionUnits = SIMD32(repeating: .nan)
            (out.smile, out.frown, out.browRaise, out.browLower) = (.nan, .nan, .nan, .nan)
            (out.smileGenuineness, out.eyeClosure) = (.nan, .nan)
            out.expression = SIMD8(repeating: .nan)
            (out.valence, out.arousal, out.basis) = (.nan, .nan, .nothing)
            return out
        }
        out.learning = LearningIndicators(window, gazeAway: out.gazeAway, headMotion: out.headMotion)
        return out
    }

    /// Forgets all that was seen, overwriting it.
    public mutating func wipe() {
        forgetMoment()
        for i in 0..<FaceFrame.width { values[i] = 0 }
        for i in scratch.input.indices { scratch.input[i] = 0 }
        for i in scratch.layers.indices { scratch.layers[i] = 0 }
        baseline.wipe()
        window.wipe()
        latest = FaceSignals()
        (last, lastBlink, isClosed) = (nil, nil, false)
        lastHead = SIMD3(repeating: .nan)
        usualDirection = SIMD2(repeating: .nan)
        isAlive = .zero
    }
}
