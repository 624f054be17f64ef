import AffettoCore
import Glibc

/// One frame of a face as a host has it: blendshapes, action units, head, gaze and points, any of them missing (not a number).
public struct FaceFrame: Sendable {
    public static let blendshapes = 0..<Blendshapes.count
    public static let actionUnits = blendshapes.upperBound..<(blendshapes.upperBound + ActionUnits.count)
    /// Yaw, pitch, roll in radians: to the learner's left, downwards, and to the learner's right shoulder are positive.
    public static let head = actionUnits.upperBound..<(actionUnits.upperBound + 3)
    /// Where the eyes look, in radians against the camera: to the learner's left and downwards are positive.
    public static let gaze = head.upperBound..<(head.upperBound + 2)
    /// x and y of iBUG's 68 points.
    public static let points = gaze.upperBound..<(gaze.upperBound + 2 * FacePoints.count)
    public static let width = points.upperBound

    /// The tracker's confidence, 0…1; 0 = no face.
    public var tracking: Float = 1
    public internal(set) var values: [Float]

    /// With nothing in it.
    public init() { values = Array(repeating: .nan, count: Self.width) }

    public mutating func clear() {
        tracking = 1
        for i in 0..<Self.width { values[i] = .nan }
    }

    public subscript(_ range: Range<Int>) -> ArraySlice<Float> { values[range] }

    /// Copies as many values as the range has. - Parameter start: `nil` leaves the range as it is.
    public mutating func set(_ range: Range<Int>, from start: UnsafePointer<Float>?) {
        guard let start else { return }
        for i in range { values[i] = start[i - range.lowerBound] }
    }

    public mutating func set(head yaw: Float, _ pitch: Float, _ roll: Float) {
        let start = Self.head.lowerBound
        (values[start], values[start + 1], values[start + 2]) = (yaw, pitch, roll)
    }

    public mutating func set(gaze x: Float, _ y: Float) {
        (values[Self.gaze.lowerBound], values[Self.gaze.lowerBound + 1]) = (x, y)
    }

    /// A value by its name: a blendshape, an action unit ("AU12"), "yaw", "pitch", "roll", "gaze_x", "gaze_y".
    /// - Returns: whether there is such a name; MediaPipe's "_neutral" is one, and says nothing.
    public mutating func set(_ name: String, _ value: Float) -> Bool {
        if name == "_neutral" { return true }
        guard let place = Self.place(of: name) else { return false }
        values[place] = value
        return true
    }

    /// Where the value of a name lies; `nil` where there is no such name.
    public static func place(of name: String) -> Int? {
        if let index = Blendshapes.index(of: name) { return index }
        if let index = ActionUnits.index(of: name) { return actionUnits.lowerBound + index }
        return switch name.lowercased() {
        case "yaw": head.lowerBound
        case "pitch": head.lowerBound + 1
        case "roll": head.lowerBound + 2
        case "gaze_x": gaze.lowerBound
        case "gaze_y": gaze.lowerBound + 1
        default: nil
        }
    }

    /// - Parameter xy: x and y of each point, y downwards, both in the same unit (pixels, say).
    /// - Throws: `.argument` where their number is not the layout's.
    public mutating func setPoints(
        _ xy: UnsafePointer<Float>, count: Int, layout: FacePoints.Layout
    ) throws(AffettoError) {
        guard layout.fits(count) else {
            throw AffettoError(
                .argument, "\(count) points; \(layout == .ibug68 ? "iBUG has 68" : "MediaPipe's mesh has 478 or 468")")
        }
        for i in 0..<FacePoints.count {
            let from = layout == .ibug68 ? i : FacePoints.meshIndices[i]
            values[Self.points.lowerBound + 2 * i] = xy[2 * from]
            values[Self.points.lowerBound + 2 * i + 1] = xy[2 * from + 1]
        }
    }

    /// Head pose from a rotation matrix by rows, x to the right of the picture, y upwards, z towards the camera (MediaPipe's
    /// facial transformation matrix); left as it is where that is none.
    public mutating func setHead(rotation r: [Float]) {
        guard r.count == 9, r.allSatisfy({ $0.isFinite && abs($0) <= 1.01 }) else { return }
        let start = Self.head.lowerBound
        values[start] = atan2(r[2], r[8])
        values[start + 1] = asin(min(max(-r[5], -1), 1))
        values[start + 2] = atan2(r[3], r[4])
    }

    /// The frame with nothing but action units, those that its blendshapes tell.
    public var asActionUnits: FaceFrame {
        var out = FaceFrame()
        out.tracking = tracking
        for (unit, shapes) in ActionUnits.sources where !ActionUnits.mayBeDead.contains(unit) {
            let known = shapes.map { values[$0] }.filter(\.isFinite)
            if !known.isEmpty {
                out.values[Self.actionUnits.lowerBound + unit] = known.reduce(0, +) / Float(known.count)
            }
        }
        out.values[Self.actionUnits.lowerBound + ActionUnits.lipsApart] = values.withUnsafeBufferPointer {
            $0.baseAddress.map(ActionUnits.lipsApart) ?? .nan
        }
        return out
    }

    /// Blendshapes that are there.
    var blendshapeCount: Int { count(Self.blendshapes) }
    var hasPoints: Bool { !values[Self.points.lowerBound].isNaN }

    private func count(_ range: Range<Int>) -> Int {
        var count = 0
        for i in range where !values[i].isNaN { count += 1 }
        return count
    }

    /// - Throws: `.range` naming what cannot be: a share outside 0…1, an angle beyond a turn, points half missing; `.argument`
    ///   where a face is said to be there and nothing is given.
    public func check() throws(AffettoError) {
        try requireInRange(tracking, 0...1, "tracking")
        for i in Self.blendshapes where !values[i].isNaN {
            try requireInRange(values[i], -0.001...1.001, Blendshapes.names[i])
        }
        for i in Self.actionUnits where !values[i].isNaN {
            try requireInRange(values[i], 0...1.001, "AU\(ActionUnits.numbers[i - Self.actionUnits.lowerBound])")
        }
        for (k, i) in (Self.head.lowerBound..<Self.gaze.upperBound).enumerated() where !values[i].isNaN {
            try requireInRange(values[i], -6.3...6.3, ["yaw", "pitch", "roll", "gaze_x", "gaze_y"][k])
        }
        let given = count(Self.points)
        guard given == 0 || given == 2 * FacePoints.count,
            Self.points.allSatisfy({ abs(values[$0]) < 1e6 || given == 0 })
        else { throw AffettoError(.range, "points must be finite, all of them or none") }
        guard tracking == 0 || given > 0 || blendshapeCount > 0 || count(Self.actionUnits) > 0 else {
            throw AffettoError(.argument, "a frame with a face needs blendshapes, action units or points")
        }
    }
}

extension FaceFrame {
    var isEmpty: Bool { values.allSatisfy(\.isNaN) }

    /// Nothing of what a tracker went on writing after it lost the face.
    mutating func forgetFace() { for i in 0..<Self.width { values[i] = .nan } }
}
