import AffettoCore
import AffettoFace
import Testing

private func code(_ frame: FaceFrame) -> AffettoError.Code? {
    do throws(AffettoError) { try frame.check() } catch { return error.code }
    return nil
}

@Suite struct FaceFrameTests {
    @Test func valuesAreSetByNameInEverySpelling() {
        var frame = FaceFrame()
        func set(_ name: String) -> Bool { frame.set(name, 0.25) }
        for name in ["EyeBlinkLeft", "eyeBlinkLeft", "eyeBlink_L", "AU12", "AU06_r", "yaw", "Pitch", "roll", "gaze_x"] {
            #expect(set(name))
        }
        #expect(set("_neutral"), "MediaPipe's first entry says nothing, and is no slip")
        #expect(!set("smirk") && !set("") && !set("AU99"))
        #expect(frame.values.count { !$0.isNaN } == 7)
        frame.clear()
        #expect(frame.values.allSatisfy(\.isNaN) && frame.tracking == 1)
    }

    @Test func whatCannotBeIsRefused() {
        #expect(code(FaceFrame()) == .argument, "a face, and nothing of it")
        var nobody = FaceFrame()
        nobody.tracking = 0
        #expect(code(nobody) == nil, "no face is something to say")
        for (name, value) in [
            ("jawOpen", Float(1.5)), ("jawOpen", -0.1), ("jawOpen", .infinity), ("AU12", 3), ("AU12", -0.01),
            ("yaw", 45),
            ("gaze_y", -.infinity),
        ] {
            var frame = FaceFrame()
            _ = frame.set("browInnerUp", 0.1)
            #expect(code(frame) == nil)
            _ = frame.set(name, value)
            #expect(code(frame) == .range, "\(name) \(value)")
        }
        for tracking in [Float.nan, -0.1, 1.1] {
            var frame = nobody
            frame.tracking = tracking
            #expect(code(frame) == .range)
        }
    }

    @Test func pointsNeedTheirLayout() throws {
        let xy = SyntheticFace.points()
        func status(_ count: Int, _ layout: FacePoints.Layout, _ xy: [Float]) -> AffettoError.Code? {
            var frame = FaceFrame()
            do throws(AffettoError) {
                try xy.withUnsafeBufferPointer { xy throws(AffettoError) in
                    try frame.setPoints(xy.baseAddress!, count: count, layout: layout)
                }
                try frame.check()
            } catch { return error.code }
            return nil
        }
        #expect(status(68, .ibug68, xy) == nil)
        for count in [0, 67, 69, 478] { #expect(status(count, .ibug68, xy + xy) == .argument) }
        let mesh = (0..<(478 * 2)).map { Float($0 % 37) }
        #expect(status(478, .mediaPipe, mesh) == nil && status(468, .mediaPipe, mesh) == nil)
        #expect(status(68, .mediaPipe, mesh) == .argument)
        for bad in [Float.nan, .infinity, 1e30] {
            var broken = xy
            broken[7] = bad
            #expect(status(68, .ibug68, broken) == .range)
        }
    }

    /// Where a face stands in the picture, how large and how tilted, is nothing that it shows.
    @Test func placeSizeAndTiltOfPointsDoNotMatter() throws {
        let model = try embeddedFaceModel()
        let xy = SyntheticFace.points(smile: 0.6)
        func read(_ change: (Float, Float) -> (Float, Float)) throws -> FaceModel.Reading {
            var moved = xy
            for i in 0..<68 { (moved[2 * i], moved[2 * i + 1]) = change(xy[2 * i], xy[2 * i + 1]) }
            var frame = FaceFrame()
            try moved.withUnsafeBufferPointer { try frame.setPoints($0.baseAddress!, count: 68, layout: .ibug68) }
            return model.read(frame)
        }
        let still = try read { ($0, $1) }
        #expect(still.basis == .points)
        let moved = try [
            read { ($0 + 300, $1 - 90) }, read { ($0 * 0.01, $1 * 0.01) },
            read { (0.8 * $0 - 0.6 * $1, 0.6 * $0 + 0.8 * $1) },
        ]
        for other in moved {
            for i in 0..<8 { #expect(abs(other.probability[i] - still.probability[i]) < 0.01) }
        }
        // All points in one place are no face.
        let one = try read { _, _ in (5, 5) }
        #expect(one.basis == .nothing)
    }

    @Test func aHeadTurnsTheWayTheNamesSay() {
        // x to the right of the picture, y upwards, z towards the camera: the face looks along z.
        func head(_ r: [Float]) -> [Float] {
            var frame = FaceFrame()
            frame.setHead(rotation: r)
            return Array(frame[FaceFrame.head])
        }
        let (c, s) = (Float(0.8), Float(0.6))
        let angle = Float(0.6435)
        func near(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 } }
        #expect(near(head([1, 0, 0, 0, 1, 0, 0, 0, 1]), [0, 0, 0]))
        #expect(
            near(head([c, 0, s, 0, 1, 0, -s, 0, c]), [angle, 0, 0]), "to the picture's right is the learner's left")
        #expect(near(head([1, 0, 0, 0, c, -s, 0, s, c]), [0, angle, 0]), "downwards")
        #expect(near(head([c, -s, 0, s, c, 0, 0, 0, 1]), [0, 0, angle]), "the learner's left ear goes up")
        #expect(head([2, 0, 0, 0, 1, 0, 0, 0, 1]).allSatisfy { $0.isNaN })
    }
}
