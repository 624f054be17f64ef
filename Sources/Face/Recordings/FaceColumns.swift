import AffettoCore

/// What each column of a table holds, by its name.
struct FaceColumns {
    private(set) var format = FaceRecording.Format.table
    let count: Int
    /// Cell, place in a frame, and the factor on what is written.
    private(set) var values: [(cell: Int, place: Int, factor: Double)] = []
    /// OpenFace's AUxx_c.
    private(set) var presences: [(cell: Int, place: Int)] = []
    /// Cell, and which of the 136 numbers.
    private(set) var points: [(cell: Int, point: Int)] = []
    private(set) var timecode: Int?
    private(set) var blendshapeCount: Int?
    private(set) var time: Int?
    /// `time` is a frame's number.
    private(set) var countsFrames = false
    private(set) var confidence: Int?
    private(set) var success: Int?
    private(set) var face: Int?
    private(set) var box: (width: Int, height: Int)?
    /// A line needs so many cells.
    private(set) var needed = 0

    /// - Throws: `.argument` where nothing of a face is named, a name stands twice, or eight columns are OpenFace 3's.
    init(_ header: [String]) throws(AffettoError) {
        count = header.count
        // OpenFace has x_0 in the picture and X_0 in space.
        let names = header.map { name in ["X_", "Y_", "Z_"].contains(name.prefix(2)) ? name : name.lowercased() }
        let cells = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        try Self.refuseUnnamedUnits(names)
        timecode = cells["timecode"]
        blendshapeCount = cells["blendshapecount"]
        if timecode != nil {
            format = .liveLink
        } else if cells["facescore"] != nil || cells["facerectx"] != nil {
            format = .pyFeat
        } else if cells["success"] != nil || cells["gaze_angle_x"] != nil || cells["pose_rx"] != nil
            || names.contains(where: { $0.hasPrefix("au") && $0.hasSuffix("_r") })
        {
            format = .openFace
        }
        confidence = cells["confidence"] ?? cells["facescore"]
        success = cells["success"]
        face = cells["face_id"]
        if let width = cells["facerectwidth"], let height = cells["facerectheight"] { box = (width, height) }
        time = cells["timestamp"] ?? cells["time"]
        if time == nil, let frame = cells["frame"] { (time, countsFrames) = (frame, true) }
        assign(names, cells)
        // A table of something else is not a face that nobody saw.
        guard !values.isEmpty || !presences.isEmpty || points.count == 136 else {
            throw AffettoError(
                .argument, "no column is a blendshape, an action unit or a point: none of the formats that are read")
        }
        if points.count != 136 { points = [] }
        let places = self.places
        guard Set(places).count == places.count else {
            throw AffettoError(.argument, "the header names a blendshape, an action unit, an angle or a point twice")
        }
        let used =
            values.map(\.cell) + presences.map(\.cell) + points.map(\.cell)
            + [timecode, time, confidence, success, face, box?.width, box?.height].compactMap(\.self)
        needed = (used.max() ?? 0) + 1
    }

    /// Of all that the table has, in no order.
    var places: [Int] {
        let intensities = values.map(\.place)
        return intensities + presences.map(\.place).filter { !intensities.contains($0) }
            + points.map { FaceFrame.points.lowerBound + $0.point }
    }

    private mutating func assign(_ names: [String], _ cells: [String: Int]) {
        let (head, gaze) = (FaceFrame.head.lowerBound, FaceFrame.gaze.lowerBound)
        // Angles: place, and the sign that makes them ours (FaceFrame.head). OpenFace's axes point right, down and away.
        let angles: [String: (Int, Double)] =
            switch format {
            case .liveLink: ["headyaw": (head, 1), "headpitch": (head + 1, 1), "headroll": (head + 2, 1)]
            case .openFace:
                [
                    "pose_ry": (head, -1), "pose_rx": (head + 1, 1), "pose_rz": (head + 2, -1),
                    "gaze_angle_x": (gaze, 1), "gaze_angle_y": (gaze + 1, 1),
                ]
            default:
                [
                    "yaw": (head, 1), "pitch": (head + 1, 1), "roll": (head + 2, 1), "gaze_x": (gaze, 1),
                    "gaze_y": (gaze + 1, 1),
                ]
            }
        for (cell, name) in names.enumerated() {
            if let (place, sign) = angles[name] {
                values.append((cell, place, sign))
            } else if let shape = Blendshapes.index(of: name) {
                values.append((cell, shape, 1))
            } else if let unit = ActionUnits.index(of: name) {
                // Intensities of OpenFace run from 0 to 5.
                values.append((cell, FaceFrame.actionUnits.lowerBound + unit, format == .openFace ? 0.2 : 1))
            } else if name.hasSuffix("_c"), let unit = ActionUnits.index(of: String(name.dropLast(2))) {
                presences.append((cell, FaceFrame.actionUnits.lowerBound + unit))
            } else if name.hasPrefix("x_") || name.hasPrefix("y_"), let point = Int(name.dropFirst(2)),
                (0..<FacePoints.count).contains(point)
            {
                points.append((cell, 2 * point + (name.hasPrefix("y_") ? 1 : 0)))
            }
        }
        // py-feat's MediaPipe detector has hundreds of x_ and y_: a mesh, of which the numbers mean something else.
        if cells["x_68"] != nil { points = [] }
    }

    /// OpenFace 3 writes eight action units without saying which; tools that number them AU01…AU08 name the wrong ones.
    private static func refuseUnnamedUnits(_ names: [String]) throws(AffettoError) {
        var numbers: Set<Int> = []
        for name in names {
            let name = name.hasSuffix("_r") || name.hasSuffix("_c") ? name.dropLast(2) : name[...]
            if name.hasPrefix("au"), let number = Int(name.dropFirst(2)) { numbers.insert(number) }
        }
        guard numbers == Set(1...8) else { return }
        throw AffettoError(
            .argument,
            "AU01 to AU08 are OpenFace 3's eight outputs, which are not those action units, and nobody says which they are: rename"
                + " the columns to the units they stand for")
    }
}
