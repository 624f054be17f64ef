import AffettoCore
import AffettoFace
import Testing

/// A face at rest, with what is named beside it.
private func face(_ values: [String: Float] = [:], tracking: Float = 1) -> FaceFrame {
    var frame = FaceFrame()
    for name in Blendshapes.names.dropLast() { _ = frame.set(name, 0.02) }
    for (name, value) in values where !frame.set(name, value) { Issue.record("no \(name)") }
    frame.tracking = tracking
    return frame
}

private func both(_ name: String, _ value: Float) -> [String: Float] { [name + "Left": value, name + "Right": value] }

/// A stream by reference: the test macros cannot call what mutates.
private final class Tracker {
    private var stream: FaceStream
    private(set) var moments: [FaceStream.Moment] = []

    init() throws { stream = FaceStream(model: try embeddedFaceModel()) }

    @discardableResult func push(_ frame: FaceFrame, _ milliseconds: Int64) -> FaceStream.Moment? {
        let moment = stream.push(frame, at: milliseconds * 1000)
        if let moment { moments.append(moment) }
        return moment
    }

    /// The frames of some seconds at 30 a second.
    func show(_ frame: (Double) -> FaceFrame, from start: Double = 0, seconds: Double) {
        for n in 0..<Int(seconds * 30) {
            let time = start + Double(n) / 30
            push(frame(time), Int64(time * 1000))
        }
    }

    var signals: FaceSignals { stream.signals }
    func wipe() { stream.wipe() }
}

@Suite struct FaceStreamTests {
    @Test func twiceASecondAtAnyFrameRate() throws {
        for rate in [2, 10, 24, 30, 60, 120] {
            let tracker = try Tracker()
            for n in 0..<(rate * 10) { tracker.push(face(), Int64(n * 1000 / rate)) }
            #expect((9...20).contains(tracker.moments.count), "\(rate) frames a second gave \(tracker.moments.count)")
        }
    }

    @Test func oneFramesFlickerSaysLittle() throws {
        let tracker = try Tracker()
        tracker.show({ _ in face() }, seconds: 8)
        let calm = tracker.signals.expression
        tracker.push(face(both("mouthSmile", 0.9)), 8000)
        tracker.show({ _ in face() }, from: 8.034, seconds: 1)
        #expect(abs(tracker.signals.expression[1] - calm[1]) < 0.2)
        tracker.show({ _ in face(both("mouthSmile", 0.9)) }, from: 9.1, seconds: 4)
        #expect(tracker.signals.expression[1] > 0.7, "four seconds of a smile do")
        #expect(abs(tracker.signals.expression.sum() - 1) < 1e-4)
    }

    @Test func noFaceIsNotANeutralOne() throws {
        let tracker = try Tracker()
        #expect(!tracker.signals.isValid && tracker.signals.quality == 0 && tracker.signals.expression[0].isNaN)
        tracker.show({ _ in face() }, seconds: 3)
        #expect(tracker.signals.isValid && tracker.signals.quality == 1)
        let before = tracker.moments.count
        var nobody = FaceFrame()
        nobody.tracking = 0
        tracker.show({ _ in nobody }, from: 3, seconds: 5)
        let gone = tracker.signals
        #expect(tracker.moments.count <= before + 1 && !gone.isValid && gone.basis == .nothing)
        #expect(
            gone.smile.isNaN && gone.expression[0].isNaN && gone.actionUnits[0].isNaN && gone.learning.boredom.isNaN)
        #expect(abs(gone.quality - 3.0 / 8) < 0.05)
    }

    @Test func theTrackersDoubtIsTheQuality() throws {
        let tracker = try Tracker()
        tracker.push(face(tracking: 0.2), 0)
        #expect(abs(try #require(tracker.push(face(tracking: 0.6), 600)).quality - 0.4) < 1e-5)
    }

    @Test func framesFarApartOrOutOfOrderDoNotMeet() throws {
        let tracker = try Tracker()
        tracker.push(face(both("mouthSmile", 1)), 0)
        #expect(tracker.push(face(), 60_000) == nil, "a minute later")
        #expect(try #require(tracker.push(face(), 60_500)).reading.probability[1] < 0.3)
        tracker.push(face(both("mouthSmile", 1)), 70_000)
        #expect(tracker.push(face(), 65_000) == nil, "the clock went back")
        #expect(try #require(tracker.push(face(), 65_500)).reading.probability[1] < 0.3)
    }

    @Test func actionUnitsAndWhatASourceCannotShow() throws {
        let tracker = try Tracker()
        // As MediaPipe: cheekSquint and noseSneer never move.
        tracker.show(
            { _ in
                face(
                    both("mouthSmile", 0.7).merging(both("cheekSquint", 0.001)) { $1 }
                        .merging(both("noseSneer", 0)) { $1 })
            }, seconds: 1)
        func unit(_ number: Int) -> Float { tracker.signals.actionUnits[ActionUnits.index(number)!] }
        #expect(abs(unit(12) - 0.7) < 1e-5 && unit(6).isNaN && unit(9).isNaN && unit(23).isNaN)
        #expect(abs(tracker.signals.smile - 0.7) < 1e-5 && tracker.signals.smileGenuineness.isNaN)
        // As ARKit, which drives them.
        tracker.show(
            { _ in face(both("mouthSmile", 0.7).merging(both("cheekSquint", 0.35)) { $1 }) }, from: 1, seconds: 1)
        #expect(abs(unit(6) - 0.35) < 1e-5 && abs(tracker.signals.smileGenuineness - 0.5) < 1e-4)
        tracker.push(face(both("cheekSquint", 0.9)), 2100)
        #expect(tracker.signals.smileGenuineness.isNaN, "nobody smiles")
        // A tool's own intensity counts before what blendshapes say; nothing given is nothing known.
        tracker.push(face(both("mouthSmile", 0.2).merging(["AU12": 0.9]) { $1 }), 2200)
        #expect(tracker.signals.smile == 0.9)
        var brow = FaceFrame()
        _ = brow.set("AU4", 0.5)
        tracker.push(brow, 2300)
        #expect(tracker.signals.browLower == 0.5 && tracker.signals.smile.isNaN && tracker.signals.eyeClosure.isNaN)
    }

    @Test func blinksAreCountedOnceAndClosedEyesAreNone() throws {
        let tracker = try Tracker()
        // 15 blinks of 0.2 s in a minute, each with a flutter in its middle.
        tracker.show(
            { time in
                let phase = time.truncatingRemainder(dividingBy: 4)
                let closed: Float = phase < 0.2 ? (abs(phase - 0.1) < 0.02 ? 0.45 : 0.9) : 0.05
                return face(both("eyeBlink", closed))
            }, seconds: 60)
        #expect((14...16).contains(tracker.signals.blinkRate), "\(tracker.signals.blinkRate)")
        #expect((0.02...0.06).contains(tracker.signals.eyesClosedShare))
        tracker.show({ _ in face(both("eyeBlink", 0.95)) }, from: 60, seconds: 60)
        #expect(tracker.signals.blinkRate <= 1 && tracker.signals.eyesClosedShare > 0.95)
        let short = try Tracker()
        short.show({ _ in face() }, seconds: 5)
        #expect(short.signals.blinkRate.isNaN, "five seconds are too short to say")
    }

    @Test func gazeAndHeadAgainstWhereOneUsuallyLooks() throws {
        let tracker = try Tracker()
        // The camera stands low: always 0.3 rad downwards.
        func turned(_ yaw: Float) -> FaceFrame { face(["yaw": yaw, "pitch": 0.3, "roll": 0]) }
        tracker.show({ _ in turned(0.05) }, seconds: 10)
        #expect(tracker.signals.gazeAway == 0 && tracker.signals.headMotion < 0.01)
        tracker.show({ _ in turned(0.7) }, from: 10, seconds: 5)
        #expect(abs(tracker.signals.gazeAway - 0.5) < 0.06)
        tracker.show({ time in turned(0.2 * Float(time.truncatingRemainder(dividingBy: 1))) }, from: 15, seconds: 10)
        #expect(tracker.signals.headMotion > 0.2)
        // The host's own gaze counts before the head's.
        let own = try Tracker()
        own.show({ _ in face(["yaw": 0.7, "pitch": 0, "roll": 0, "gaze_x": 0, "gaze_y": 0]) }, seconds: 3)
        own.show({ _ in face(["yaw": -0.7, "pitch": 0, "roll": 0, "gaze_x": 0, "gaze_y": 0]) }, from: 3, seconds: 3)
        #expect(own.signals.gazeAway == 0)
        // Eyes alone: the learner's left eye out and right eye in look to the learner's left.
        let eyes = try Tracker()
        let ahead: [String: Float] = ["yaw": 0, "pitch": 0, "roll": 0]
        eyes.show({ _ in face(ahead) }, seconds: 3)
        eyes.show(
            { _ in face(ahead.merging(["eyeLookOutLeft": 0.9, "eyeLookInRight": 0.9]) { $1 }) }, from: 3, seconds: 3)
        #expect(abs(eyes.signals.gazeAway - 0.5) < 0.1)
    }

    @Test func windowsHoldMeanSpreadAndPeak() throws {
        let tracker = try Tracker()
        tracker.show({ time in face(both("mouthSmile", time < 6 ? 0.1 : 0.7)) }, seconds: 12)
        let smile = tracker.signals.smileSummary
        #expect(abs(smile.mean - 0.46) < 0.03 && abs(smile.sd - 0.29) < 0.03 && abs(smile.peak - 0.7) < 1e-5)
        #expect(abs(tracker.signals.browLowerSummary.mean - 0.02) < 1e-4 && tracker.signals.browLowerSummary.sd < 0.01)
    }

    // MARK: Personal baseline

    /// Brows that are always half raised are this learner's own, not a surprise.
    @Test func whatIsUsualForALearnerIsTakenOff() throws {
        let usual = ["browInnerUp": Float(0.5)].merging(both("browOuterUp", 0.55)) { $1 }
        let tracker = try Tracker()
        tracker.show({ _ in face(usual) }, seconds: 2)
        let early = try #require(tracker.moments.first).reading.probability[0]
        tracker.show({ _ in face(usual) }, from: 2, seconds: 20)
        let late = try #require(tracker.moments.last).reading.probability[0]
        #expect(late > early, "neutral rises from \(early) to \(late)")
    }

    /// Someone who starts out smiling does not look so at rest.
    @Test func aSmileInTheBeginningIsStillOne() throws {
        let smile = both("mouthSmile", 0.8).merging(both("eyeSquint", 0.4)) { $1 }
        let tracker = try Tracker()
        tracker.show({ _ in face(smile) }, seconds: 30)
        #expect(tracker.signals.expression[1] > 0.6)
        tracker.show({ _ in face() }, from: 30, seconds: 10)
        let rest = tracker.signals.expression
        #expect(rest[0] == rest.max() && rest[1] < 0.1, "and a face at rest is neutral: \(rest)")
    }

    // MARK: Learning

    @Test func indicatorsFollowTheirCuesAndStayRulesOfThumb() throws {
        func shown(_ values: [String: Float]) throws -> LearningIndicators {
            let tracker = try Tracker()
            tracker.show({ _ in face(values.merging(["yaw": 0, "pitch": 0, "roll": 0]) { a, _ in a }) }, seconds: 12)
            return tracker.signals.learning
        }
        let rest = try shown([:])
        let puzzled = try shown(both("browDown", 0.7).merging(both("eyeSquint", 0.6)) { $1 })
        let sleepy = try shown(both("eyeBlink", 0.48))
        let pressed = try shown(
            ["browInnerUp": 0.6].merging(both("browOuterUp", 0.6)) { $1 }.merging(both("mouthDimple", 0.6)) { $1 })
        #expect(puzzled.confusion > rest.confusion + 0.4 && sleepy.boredom > rest.boredom + 0.3)
        #expect(pressed.frustration > rest.frustration + 0.4 && puzzled.engagement > sleepy.engagement)
        for x in [rest, puzzled, sleepy, pressed].flatMap({ [$0.confusion, $0.frustration, $0.boredom, $0.engagement] })
        {
            #expect((0...1).contains(x))
        }
        #expect(LearningIndicators.sd >= 0.3)
    }

    @Test func pointsAloneGiveSignalsAndAnExpression() throws {
        func look(_ smile: Float, _ closure: Float) throws -> FaceSignals {
            let tracker = try Tracker()
            let xy = SyntheticFace.points(smile: smile, closure: closure)
            var frame = FaceFrame()
            try xy.withUnsafeBufferPointer { try frame.setPoints($0.baseAddress!, count: 68, layout: .ibug68) }
            tracker.show({ _ in frame }, seconds: 2)
            return tracker.signals
        }
        let (rest, glad, shut) = (try look(0, 0), try look(1, 0), try look(0, 1))
        #expect(rest.basis == .points && glad.smile > rest.smile + 0.2 && shut.eyeClosure > rest.eyeClosure + 0.2)
        #expect(glad.expression[1] > rest.expression[1])
        #expect(rest.frown.isNaN, "points do not tell a frown well enough")
    }

    /// Another recording begins, or the learner was away: what was shown before is not what is shown now.
    @Test func pausesAndNewBeginningsForgetWhatWasShown() throws {
        let smile = both("mouthSmile", 0.9)
        let tracker = try Tracker()
        tracker.show({ _ in face(smile) }, from: 600, seconds: 30)
        tracker.push(face(), 4_000_000)
        #expect(tracker.signals.basis == .nothing && tracker.signals.expression[1].isNaN, "an hour later")
        tracker.show({ _ in face(smile) }, from: 4001, seconds: 30)
        tracker.push(face(), 0)
        #expect(tracker.signals.basis == .nothing && tracker.signals.smileSummary.peak < 0.1, "from the beginning")
        tracker.show(
            { time in face(both("eyeBlink", time.truncatingRemainder(dividingBy: 2) < 0.2 ? 0.9 : 0)) }, seconds: 60)
        #expect((28...32).contains(tracker.signals.blinkRate), "\(tracker.signals.blinkRate)")
        // A clock that steps back a little is no new beginning.
        tracker.push(face(), 59_500)
        #expect(tracker.signals.blinkRate > 25)
    }

    @Test func blinksArePerMinuteOfWhatWasSeen() throws {
        let blinking = { (time: Double) in
            face(both("eyeBlink", time.truncatingRemainder(dividingBy: 2) < 0.2 ? 0.9 : 0))
        }
        let tracker = try Tracker()
        tracker.show(blinking, seconds: 15)
        tracker.show(blinking, from: 45, seconds: 5)
        #expect((27...34).contains(tracker.signals.blinkRate), "\(tracker.signals.blinkRate)")
        let sparse = try Tracker()
        sparse.push(face(), 0)
        sparse.push(face(), 30_000)
        #expect(sparse.signals.blinkRate.isNaN, "two frames say nothing")
    }

    @Test func wipeForgets() throws {
        let tracker = try Tracker()
        tracker.show({ _ in face(both("mouthSmile", 1)) }, seconds: 12)
        tracker.wipe()
        let empty = tracker.signals
        #expect(!empty.isValid && empty.smileSummary.mean.isNaN && empty.blinkRate.isNaN && empty.basis == .nothing)
        tracker.show({ _ in face() }, from: 12, seconds: 3)
        #expect(tracker.signals.smileSummary.peak < 0.1 && tracker.signals.expression[1] < 0.3)
    }
}
