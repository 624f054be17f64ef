import AffettoCore
import AffettoFace
import Testing

private func read(_ text: String, _ options: FaceRecording.Options = .init()) throws -> FaceRecording {
    try FaceRecording(bytes: Array(text.utf8), options: options)
}

private func failure(_ text: String, _ options: FaceRecording.Options = .init()) -> AffettoError? {
    do throws(AffettoError) { _ = try FaceRecording(bytes: Array(text.utf8), options: options) } catch { return error }
    return nil
}

private func value(_ recording: FaceRecording, _ index: Int, _ name: String) -> Float {
    FaceFrame.place(of: name).map { recording[index].values[$0] } ?? .nan
}

/// Live Link Face's header and lines, as the app writes them.
private enum LiveLink {
    static let shapes = [
        "EyeBlinkLeft", "EyeLookDownLeft", "EyeLookInLeft", "EyeLookOutLeft", "EyeLookUpLeft", "EyeSquintLeft",
        "EyeWideLeft", "EyeBlinkRight", "EyeLookDownRight", "EyeLookInRight", "EyeLookOutRight", "EyeLookUpRight",
        "EyeSquintRight", "EyeWideRight", "JawForward", "JawRight", "JawLeft", "JawOpen", "MouthClose", "MouthFunnel",
        "MouthPucker", "MouthRight", "MouthLeft", "MouthSmileLeft", "MouthSmileRight", "MouthFrownLeft",
        "MouthFrownRight", "MouthDimpleLeft", "MouthDimpleRight", "MouthStretchLeft", "MouthStretchRight",
        "MouthRollLower", "MouthRollUpper", "MouthShrugLower", "MouthShrugUpper", "MouthPressLeft", "MouthPressRight",
        "MouthLowerDownLeft", "MouthLowerDownRight", "MouthUpperUpLeft", "MouthUpperUpRight", "BrowDownLeft",
        "BrowDownRight", "BrowInnerUp", "BrowOuterUpLeft", "BrowOuterUpRight", "CheekPuff", "CheekSquintLeft",
        "CheekSquintRight", "NoseSneerLeft", "NoseSneerRight", "TongueOut",
    ]
    static let angles = [
        "HeadYaw", "HeadPitch", "HeadRoll", "LeftEyeYaw", "LeftEyePitch", "LeftEyeRoll", "RightEyeYaw", "RightEyePitch",
        "RightEyeRoll",
    ]
    static let header = (["Timecode", "BlendShapeCount"] + shapes + angles).joined(separator: ",")

    static func line(_ code: String, _ values: [String: Double] = [:], others: Double = 0.01) -> String {
        ([code, "61"] + (shapes + angles).map { String(values[$0] ?? others) }).joined(separator: ",")
    }

    static func file(_ lines: [String], end: String = "\r\n") -> String {
        ([header] + lines).map { $0 + end }.joined()
    }
}

@Suite struct FaceRecordingTests {
    // MARK: Live Link

    @Test func liveLinkByNameWithItsTimecodes() throws {
        let recording = try read(
            LiveLink.file([
                LiveLink.line("23:59:58:58.000", ["JawLeft": 0.3, "JawRight": 0.7, "HeadYaw": 0.2]),
                LiveLink.line("23:59:59:00.000"), LiveLink.line("23:59:59:59.500", ["MouthSmileLeft": 0.9]),
                LiveLink.line("00:00:00:30.000"), LiveLink.line("00:00:01:00.000"),
            ]))
        #expect(recording.format == .liveLink && recording.count == 5 && recording.faceCount == 5 && !recording.isCut)
        // Frames 58 and 59 exist, so 60 a second; midnight passes.
        let seconds = recording.times.map(\.seconds)
        for (a, b) in zip(seconds, [0, 2.0 / 60, 61.5 / 60, 92.0 / 60, 122.0 / 60]) { #expect(abs(a - b) < 1e-4) }
        #expect(value(recording, 0, "jawLeft") == 0.3 && value(recording, 0, "jawRight") == 0.7)
        #expect(value(recording, 0, "yaw") == 0.2 && value(recording, 2, "mouthSmileLeft") == 0.9)
        #expect(
            recording.has(FaceFrame.head) && !recording.has(FaceFrame.points) && !recording.has(FaceFrame.actionUnits))
        var options = FaceRecording.Options()
        options.framesPerSecond = 120
        #expect(
            abs(
                try read(LiveLink.file([LiveLink.line("00:00:00:00"), LiveLink.line("00:00:00:60")]), options).times[1]
                    .seconds - 0.5) < 1e-6)
    }

    @Test func liveLinkWithoutAFaceShuffledAndOfOlderApps() throws {
        let lost = "00:00:01:02.000,0" + String(repeating: ",", count: 61)
        let recording = try read(
            LiveLink.file([
                LiveLink.line("00:00:01:01.000"), lost, "00:00:01:03.000,0", LiveLink.line("00:00:01:04.000"),
            ]))
        #expect(
            recording.count == 4 && recording.faceCount == 2 && recording[1].tracking == 0 && recording[2].tracking == 0
        )
        // Another order of columns is the same recording; an older app counts 51 and has no tongue.
        let names = ["TongueOut", "JawOpen", "Timecode", "BlendShapeCount", "EyeBlinkLeft"]
        let shuffled = try read(names.joined(separator: ", ") + "\n0.5, 0.25, 00:00:00:00.000, 51, 0.75\n")
        #expect(value(shuffled, 0, "tongueOut") == 0.5 && value(shuffled, 0, "jawOpen") == 0.25)
        #expect(value(shuffled, 0, "eyeBlinkLeft") == 0.75 && value(shuffled, 0, "browInnerUp").isNaN)
    }

    @Test func brokenLiveLinkFilesNameTheLine() {
        let good = LiveLink.line("00:00:01:01.000")
        for (lines, words) in [
            ([good, LiveLink.line("00:00:00:01.000")], "line 3"),
            ([good, LiveLink.line("00:61:00:01.000")], "timecode"),
            ([good, LiveLink.line("banana")], "line 3"),
            ([good, good.replacing("0.01", with: "x", maxReplacements: 1)], "line 3"),
            ([good, "00:00:01:02.000,61,0.5", good], "line 3"),
            ([LiveLink.line("00:00:01:01.000", ["JawOpen": 7])], "line 2"),
        ] {
            let error = failure(LiveLink.file(lines))
            #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        }
    }

    // MARK: OpenFace

    private static let openFaceUnits = [1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45]

    private func openFace(_ rows: [(face: Int, time: Double, confidence: Double, success: Int)], au12: Double = 2.5)
        -> String
    {
        let units = Self.openFaceUnits.map { String($0).count == 1 ? "0\($0)" : "\($0)" }
        let xy = SyntheticFace.points()
        var header = [
            "frame", "face_id", "timestamp", "confidence", "success", "gaze_0_x", "gaze_angle_x", "gaze_angle_y",
            "pose_Tx", "pose_Rx", "pose_Ry", "pose_Rz",
        ]
        header += (0..<68).map { "x_\($0)" } + (0..<68).map { "y_\($0)" } + units.map { "AU\($0)_r" }
        header += (units + ["28"]).map { "AU\($0)_c" }
        var lines = [header.joined(separator: ", ")]
        for (n, row) in rows.enumerated() {
            var cells = [
                "\(n + 1)", "\(row.face)", "\(row.time)", "\(row.confidence)", "\(row.success)", "0.1", "0.2", "-0.1",
                "3.5", "0.15", "0.3", "-0.05",
            ]
            cells += (0..<68).map { "\(xy[2 * $0])" } + (0..<68).map { "\(xy[2 * $0 + 1])" }
            cells += Self.openFaceUnits.map { $0 == 12 ? "\(au12)" : "0.4" }
            cells += Self.openFaceUnits.map { $0 == 12 ? "1.00" : "0.00" } + ["1.00"]
            lines.append(cells.joined(separator: ", "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func openFaceWithSpacesAfterItsCommas() throws {
        let recording = try read(
            openFace([(0, 0, 0.98, 1), (0, 0.033, 0.5, 1), (0, 0.067, 0.98, 0), (0, 0.1, 0.88, 1)]))
        #expect(recording.format == .openFace && recording.count == 4)
        #expect(recording.faceCount == 2, "success 0 and confidence below 0.7 are no face")
        #expect(recording[1].values.allSatisfy(\.isNaN) && abs(recording[3].tracking - 0.88) < 1e-6)
        #expect(abs(value(recording, 0, "AU12") - 0.5) < 1e-6 && abs(value(recording, 0, "AU45_r") - 0.08) < 1e-6)
        #expect(value(recording, 0, "AU28") == 0.5, "only its presence is written")
        #expect(value(recording, 0, "AU24").isNaN && value(recording, 0, "AU11").isNaN)
        #expect(
            value(recording, 0, "yaw") == -0.3 && value(recording, 0, "pitch") == 0.15
                && value(recording, 0, "gaze_x") == 0.2)
        #expect(recording.has(FaceFrame.points) && abs(recording.times[3].seconds - 0.1) < 1e-6)
        #expect(try embeddedFaceModel().read(recording[0]).basis == .points)
    }

    @Test func openFaceWithSeveralFacesFollowsOne() throws {
        let rows = (0..<10).flatMap { n in [(0, Double(n), 0.2, 0), (3, Double(n), 0.95, 1)] }
        let main = try read(openFace(rows))
        #expect(main.count == 10 && main.faceCount == 10)
        var options = FaceRecording.Options()
        options.face = 0
        let other = try read(openFace(rows), options)
        #expect(other.count == 10 && other.faceCount == 0)
    }

    @Test func openFaceThreesEightOutputsAreRefused() throws {
        let names = (1...8).map { "AU0\($0)_r" }
        let text =
            (["frame", "timestamp", "confidence", "success"] + names).joined(separator: ",")
            + "\n1,0,0.9,1" + String(repeating: ",0.5", count: 8) + "\n"
        let error = try #require(failure(text))
        #expect(error.code == .argument && error.message.contains("OpenFace 3"))
        #expect(
            failure(text.replacing("AU08_r", with: "AU12_r").replacing("AU03_r", with: "AU15_r")) == nil,
            "once they are named")
    }

    // MARK: py-feat

    private func pyFeat(_ rows: [String]) -> String {
        let units = [1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43]
        var header = ["FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore"]
        header += (0..<68).map { "x_\($0)" } + (0..<68).map { "y_\($0)" } + ["Pitch", "Roll", "Yaw"]
        header += units.map { $0 < 10 ? "AU0\($0)" : "AU\($0)" }
        header += ["anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral", "input", "frame"]
        return ([header.joined(separator: ",")] + rows).joined(separator: "\n")
    }

    private func pyFeatRow(_ frame: Int, width: Double = 100, pitch: Double = 0.1, au12: Double = 0.8) -> String {
        let xy = SyntheticFace.points()
        var cells = ["10", "20", "\(width)", "120", "0.99"]
        cells += (0..<68).map { "\(xy[2 * $0])" } + (0..<68).map { "\(xy[2 * $0 + 1])" } + ["\(pitch)", "0.02", "-0.2"]
        cells += (0..<20).map { $0 == 9 ? "\(au12)" : "0.1" }
        return (cells + ["0", "0", "0", "0.9", "0", "0", "0.1", "\"a, b.mp4\"", "\(frame)"]).joined(separator: ",")
    }

    @Test func pyFeatWithQuotesMissingFacesAndASecondPerson() throws {
        let nobody = String(repeating: ",", count: 171) + "\"a, b.mp4\",2"
        let recording = try read(
            pyFeat([pyFeatRow(0), pyFeatRow(0, width: 300, au12: 0.3), pyFeatRow(1), nobody, pyFeatRow(30)]))
        #expect(recording.format == .pyFeat && recording.count == 4 && recording.faceCount == 3)
        #expect(abs(value(recording, 0, "AU12") - 0.3) < 1e-6, "the larger face of two in one picture")
        #expect(abs(value(recording, 1, "AU12") - 0.8) < 1e-6 && value(recording, 1, "AU43") == 0.1)
        #expect(value(recording, 1, "pitch") == 0.1 && value(recording, 1, "yaw") == -0.2)
        #expect(recording.times.map(\.seconds) == [0, 0.033333, 0.066666, 1])
        // Version 0.6 and before wrote degrees.
        let degrees = try read(pyFeat([pyFeatRow(0, pitch: 18), pyFeatRow(1, pitch: 2)]))
        #expect(abs(value(degrees, 0, "pitch") - 0.314159) < 1e-4 && abs(value(degrees, 1, "pitch") - 0.0349) < 1e-4)
    }

    // MARK: MediaPipe

    private func result(_ scores: [String: Double], _ more: String = "", isPython: Bool = false) -> String {
        let names = ["_neutral"] + Blendshapes.names.filter { $0 != "tongueOut" }
        let (score, list) = isPython ? ("category_name", "face_blendshapes") : ("categoryName", "faceBlendshapes")
        let categories = names.enumerated().map {
            "{\"index\": \($0), \"score\": \(scores[$1] ?? 1e-7), \"\(score)\": \"\($1)\", \"displayName\": \"\"}"
        }.joined(separator: ", ")
        let inner = isPython ? "[\(categories)]" : "{\"categories\": [\(categories)], \"headIndex\": -1}"
        return "{\"\(list)\": [\(inner)]\(more)}"
    }

    @Test func mediaPipeInEveryShapeThatHostsWrite() throws {
        let first = result(["mouthSmileLeft": 0.75, "_neutral": 0.1], ", \"timestampMs\": 5000")
        let second = result(["jawOpen": 0.5], ", \"timestampMs\": 5040.5")
        let nobody = "{\"faceBlendshapes\": [], \"faceLandmarks\": [], \"timestampMs\": 5080}"
        for text in [
            "[\(first), \(second), \(nobody)]", "{\"frames\": [\(first), \(second), \(nobody)]}",
            "\(first)\n\(second)\n\(nobody)\n",
            "\u{FEFF}  [\n\(first),\n\(second),\n\(nobody)\n]",
        ] {
            let recording = try read(text)
            #expect(recording.format == .mediaPipe && recording.count == 3 && recording.faceCount == 2)
            #expect(value(recording, 0, "mouthSmileLeft") == 0.75 && value(recording, 1, "jawOpen") == 0.5)
            #expect(
                value(recording, 0, "cheekSquintLeft").isNaN && value(recording, 0, "tongueOut").isNaN, "unknown, not 0"
            )
            #expect(recording.times == [0, 40_500, 80_000])
        }
        let python = try read(result(["jawOpen": 0.25], isPython: true))
        #expect(python.count == 1 && value(python, 0, "jawOpen") == 0.25)
        let seconds = try read("[\(result([:], ", \"timestamp\": 7.0")), \(result([:], ", \"timestamp\": 7.04"))]")
        #expect(seconds.times == [0, 40_000])
        var options = FaceRecording.Options()
        options.framesPerSecond = 10
        #expect(try read("[\(result([:])), \(result([:]))]", options).times == [0, 100_000])
    }

    @Test func mediaPipesMatrixByRowsOrByColumnsAndItsPoints() throws {
        // The head looks 0.6435 rad to the learner's left.
        let byRows = "[[0.8, 0, 0.6, 1.5], [0, 1, 0, -2], [-0.6, 0, 0.8, -40], [0, 0, 0, 1]]"
        let byColumns =
            "{\"rows\": 4, \"columns\": 4, \"data\": [0.8, 0, -0.6, 0, 0, 1, 0, 0, 0.6, 0, 0.8, 0, 1.5, -2, -40, 1]}"
        let flatRows =
            "{\"rows\": 4, \"columns\": 4, \"data\": [0.8, 0, 0.6, 1.5, 0, 1, 0, -2, -0.6, 0, 0.8, -40, 0, 0, 0, 1]}"
        for matrix in [byRows, byColumns, flatRows] {
            let recording = try read(result([:], ", \"facialTransformationMatrixes\": [\(matrix)]"))
            #expect(abs(value(recording, 0, "yaw") - 0.6435) < 1e-3 && abs(value(recording, 0, "pitch")) < 1e-3)
        }
        // Places are shares of width and height: without these nobody knows the face's shape.
        let mesh = (0..<478).map {
            "{\"x\": \(0.4 + Double($0 % 20) / 100), \"y\": \(0.3 + Double($0 / 20) / 100), \"z\": 0}"
        }
        let landmarks = ", \"faceLandmarks\": [[\(mesh.joined(separator: ", "))]]"
        #expect(try !read(result([:], landmarks)).has(FaceFrame.points))
        let known = try read(result([:], landmarks + ", \"imageWidth\": 1280, \"imageHeight\": 720"))
        var options = FaceRecording.Options()
        options.aspect = 16.0 / 9
        let named = try read(result([:], landmarks), options)
        #expect(known.has(FaceFrame.points) && known[0][FaceFrame.points] == named[0][FaceFrame.points])
        // iBUG's point 0 is the mesh's 162.
        let x = Float(0.4 + 0.02) * 16 / 9
        #expect(abs(known[0].values[FaceFrame.points.lowerBound] - x) < 1e-5)
    }

    @Test func brokenMediaPipeFilesAreRefused() {
        for (text, words) in [
            ("[", "not valid"), ("{\"frames\": 5}", "not valid"), ("{\"answer\": 42}", "no frames"),
            ("[]", "no frames"),
            ("[\(result(["jawOpen": 3]))]", "result 1"), (result([:]).replacing("jawOpen", with: "smirk"), "smirk"),
            ("[\(result([:], ", \"timestampMs\": 9")), \(result([:], ", \"timestampMs\": 1"))]", "backwards"),
            ("[\(result([:], ", \"timestampMs\": 9")), \(result([:]))]", "some have none"),
            ("[\(result([:])), 7]", "not valid"), ("{\"faceBlendshapes\": [{\"list\": []}]}", "categories"),
        ] {
            let error = failure(text)
            #expect(error?.message.contains(words) == true, "\(text.prefix(40)): \(String(describing: error))")
        }
    }

    // MARK: Any table, any bytes

    @Test func anyTableThatNamesWhatItHolds() throws {
        let recording = try read(
            "time;x\n".replacing(";x", with: ",AU12,AU04,eyeBlink_L,note") + "0,0.5,NaN,0.1,\n0.5,NA,0.25,,\n")
        #expect(recording.format == .table && recording.count == 2 && recording.times == [0, 500_000])
        #expect(
            value(recording, 0, "AU12") == 0.5 && value(recording, 0, "AU4").isNaN && value(recording, 1, "AU4") == 0.25
        )
        for (text, words) in [
            ("", "empty"), (" \n\n", "empty"), ("a,b\n1,2\n", "no column"), ("jawOpen,jawOpen\n1,1\n", "twice"),
            ("eyeBlink_L,EyeBlinkLeft\n1,1\n", "twice"),
            ("jawOpen\n", "no frames"), ("jawOpen\nx\n", "line 2"), ("jawOpen\ninf\n", "line 2"),
            ("jawOpen\n0x1p3\n", "line 2"),
            ("time,jawOpen\n1,0\n0,0\n", "line 3"), ("time,jawOpen\n,0\n", "line 2"), ("jawOpen\n\u{0}\n", "line 2"),
        ] {
            #expect(failure(text)?.message.contains(words) == true, "\(text): \(String(describing: failure(text)))")
        }
    }

    /// A recorder stopped hard leaves half a line: what was whole before it is kept, and said so.
    @Test func aFileThatIsCutKeepsWhatItHas() throws {
        let table = "time,jawOpen,jawLeft\n0,0.1,0.2\n1,0.3,0.4\n2,0."
        let recording = try read(table)
        #expect(recording.count == 2 && recording.isCut)
        #expect(failure("time,jawOpen,jawLeft\n0,0.1,0.2\n1,0.3\n2,0.1,0.2\n")?.message.contains("line 3") == true)
        let lines = "\(result(["jawOpen": 0.5]))\n\(result([:]).prefix(300))"
        #expect(try read(lines).count == 1 && read(lines).isCut)
        // Wherever a file is cut or damaged it is read or refused, and never more frames come than there were.
        let whole = Array(openFace((0..<3).map { (0, Double($0), 0.9, 1) }).utf8)
        for cut in stride(from: 0, to: whole.count, by: 97) {
            if let part = try? FaceRecording(bytes: Array(whole[..<cut])) { #expect(part.count <= 3) }
        }
        var random = SeededRandom(seed: 5, stream: 1)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if let part = try? FaceRecording(bytes: bytes) {
                #expect(part.count <= 20 && (0..<part.count).allSatisfy { (0...1).contains(part[$0].tracking) })
            }
        }
    }

    @Test func optionsThatMakeNoSenseAreRefused() {
        func code(_ change: (inout FaceRecording.Options) -> Void) -> AffettoError.Code? {
            var options = FaceRecording.Options()
            change(&options)
            return failure("jawOpen\n0.5\n", options)?.code
        }
        #expect(code { $0.framesPerSecond = 30 } == nil)
        for rate in [0, -1, 1e9, Double.nan] { #expect(code { $0.framesPerSecond = rate } == .range) }
        for aspect in [0, -1, 1e9, Double.nan] { #expect(code { $0.aspect = aspect } == .range) }
    }

    // MARK: Found in real files

    @Test func openFaceWithPointsInSpaceTooAndWindowsNaN() throws {
        let text = openFace([(0, 0, 0.98, 1), (0, 0.1, 0.98, 1)])
        let lines = text.split(separator: "\n").map(String.init)
        let space = ["X", "Y", "Z"].flatMap { axis in (0..<68).map { "\(axis)_\($0)" } }
        let whole =
            ([lines[0] + ", " + space.joined(separator: ", ") + ", note, note"]
            + lines.dropFirst().map {
                $0.replacing("0.2, -0.1", with: "-nan(ind), 1.#QNAN") + String(repeating: ", 7", count: 206)
            })
            .joined(separator: "\n")
        let (plain, full) = (try read(text), try read(whole))
        #expect(full.count == 2 && full[0][FaceFrame.points] == plain[0][FaceFrame.points])
        #expect(value(full, 0, "gaze_x").isNaN && value(plain, 0, "gaze_x") == 0.2)
        // Its axes point right, down and away: a turn about the last lowers the learner's left ear.
        #expect(abs(value(plain, 0, "roll") - 0.05) < 1e-6)
    }

    @Test func whatIsCutIsOnlyWhatIsCut() throws {
        let cutInANumber = try read("time,jawOpen\n0,0.1\n1,0.2\n2,1.2e-")
        #expect(cutInANumber.count == 2 && cutInANumber.isCut)
        let lost = try read(
            String(LiveLink.file([LiveLink.line("01:00:00:00.0"), "01:00:00:01.0,0"], end: "\n").dropLast()))
        #expect(lost.count == 2 && lost.faceCount == 1 && !lost.isCut)
        let zeros = LiveLink.line("01:00:00:01.0", others: 0).replacing(",61,", with: ",0,")
        #expect(try read(LiveLink.file([zeros, LiveLink.line("01:00:00:02.0")])).faceCount == 1)
        let empty = "AU04_r,AU28_c\n1.0,\n1.0,1\n"
        #expect(try value(read(empty), 0, "AU28").isNaN && value(read(empty), 1, "AU28") == 0.5)
    }

    @Test func jsonThatIsNoneOfIt() throws {
        for text in ["[{\"name\": 1}, {\"name\": 2}]", "{\"a\": 1}\n{\"b\": 2}", "{\"frames\": [{\"result\": {}}]}"] {
            #expect(failure(text)?.code == .argument)
        }
        let head = "{\"imageWidth\": 640, \"imageHeight\": 480, \"fps\": 10}\n"
        let told = try read(head + "\(result([:]))\n\(result([:]))\n")
        #expect(told.count == 2 && told.times == [0, 100_000])
        let slow = (0..<5).map { result([:], ", \"timestamp\": \($0)") }.joined(separator: ", ")
        #expect(try read("[\(slow)]").times.last == 4_000_000, "seconds, one a frame")
        // A first line is looked at once, however many empty ones follow.
        #expect(try read(result([:]) + String(repeating: "\n", count: 300_000)).count == 1)
    }

    @Test func manyShortLinesTakeLittleMemoryAndTheTimeOfDayIsNoTime() throws {
        let many = try read("jawOpen\n" + String(repeating: "0\n", count: 200_000))
        #expect(many.count == 200_000 && many[199_999].values.count { !$0.isNaN } == 1)
        #expect(failure("jawOpen\n" + String(repeating: "0\n", count: 1_000_001))?.code == .range)
        #expect(try read("timestamp,jawOpen\n1700000000.0,0\n1700000000.5,0\n").times == [0, 500_000])
        #expect(
            failure("face_id,timestamp,success,AU12_r\n0,0,1,1\n", options(face: 3))?.message.contains("no face 3")
                == true)
        #expect(failure("jawOpen\n0.1\u{0}9\n")?.message.contains("line 2") == true)
    }

    private func options(face: Int) -> FaceRecording.Options {
        var options = FaceRecording.Options()
        options.face = face
        return options
    }
}
