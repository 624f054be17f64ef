import AffettoCore
import AffettoEngine
import AffettoFace
import ArgumentParser
import Foundation

struct FaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "face", abstract: "What a face did in a tracker's recording: expressions, blinks, gaze, head.",
        discussion: """
            Reads Live Link Face (CSV), MediaPipe FaceLandmarker results (JSON), OpenFace 2 (CSV), py-feat (CSV), and any table whose
            header names blendshapes, action units or points. Nothing is stored. What a face shows is not what a person feels.
            """)
    @Option(help: "table, csv or json.") var format = FeatureFormat.table
    @Option(help: "Seconds from line to line; 0 = every frame. By default 1, and every frame in csv and json.")
    var every: Double?
    @Option(help: "Frames a second, where the file counts frames.") var fps: Double?
    @Option(help: "Width over height of the picture, which MediaPipe's points need.") var aspect: Double?
    @Option(help: "Of several faces this one (OpenFace's face_id, MediaPipe's index).") var face: Int?
    @Argument(help: "A recording.") var file: String

    func run() throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw AffettoError(.notFound, "there is no file '\(file)'")
        }
        var options = FaceRecording.Options()
        (options.framesPerSecond, options.aspect, options.face) = (fps, aspect, face)
        let recording = try FaceRecording(bytes: Array(data), options: options)
        let step = Microseconds(seconds: every ?? (format == .table ? 1 : 0))
        guard step >= 0, step <= 1_000_000_000_000 else { throw AffettoError(.range, "--every must be 0…1000000") }
        var stream = FaceStream(model: try embeddedFaceModel())
        var printer = FeaturePrinter(format: format)
        if format == .table { head(recording) }
        var due = recording.times[0] + step
        for i in 0..<recording.count {
            _ = stream.push(recording[i], at: recording.times[i])
            guard recording.times[i] >= due || step == 0 || i == recording.count - 1 else { continue }
            due = max(due + step, recording.times[i])
            let seconds = (recording.times[i] - recording.times[0]).seconds
            if format == .table {
                show(seconds, stream.signals)
            } else {
                printer.add(file, row(seconds, stream.signals))
            }
        }
        if format == .table { foot(recording, stream.signals) } else { printer.finish() }
    }

    private func head(_ recording: FaceRecording) {
        let source =
            switch recording.format {
            case .table: "a table"
            case .liveLink: "Live Link Face"
            case .mediaPipe: "MediaPipe"
            case .openFace: "OpenFace"
            case .pyFeat: "py-feat"
            }
        let has = [
            ("blendshapes", FaceFrame.blendshapes), ("action units", FaceFrame.actionUnits),
            ("points", FaceFrame.points),
            ("head pose", FaceFrame.head),
        ].filter { recording.has($0.1) }.map(\.0).joined(separator: ", ")
        print(
            "\(Terminal.bold(file)): \(source), \(recording.count) frames in \(Self.short(recording.duration, 1)) s, a face in"
                + " \(recording.faceCount); \(has)")
        if recording.isCut { print("the file ends in the middle of a frame, which is left out") }
        print(Terminal.dim("\n    time  expression             smile  brows up  down  eyes shut  away"))
    }

    private func show(_ seconds: Double, _ s: FaceSignals) {
        let time = Self.padded(Self.short(seconds, 1), 8)
        guard s.isValid else { return print("\(time)  " + Terminal.dim("no face")) }
        let best = (0..<8).max { s.expression[$0] < s.expression[$1] } ?? 0
        let said =
            s.basis == .nothing
            ? "–" : "\(FaceModel.labels[best]) \(Int((s.expression[best] * 100).rounded())) %"
        func cell(_ value: Float, _ width: Int) -> String {
            Self.padded(value.isNaN ? "–" : Self.short(Double(value), 2), width)
        }
        print(
            "\(time)  \(said.padding(toLength: 20, withPad: " ", startingAt: 0))\(cell(s.smile, 8))\(cell(s.browRaise, 10))"
                + "\(cell(s.browLower, 6))\(cell(s.eyeClosure, 11))\(cell(s.gazeAway, 6))")
    }

    private func foot(_ recording: FaceRecording, _ s: FaceSignals) {
        var notes: [String] = []
        if !s.blinkRate.isNaN { notes.append("\(Int(s.blinkRate.rounded())) blinks a minute") }
        if !s.eyesClosedShare.isNaN {
            notes.append("eyes closed \(Int((s.eyesClosedShare * 100).rounded())) % of the time")
        }
        if !s.headMotion.isNaN { notes.append("head turning \(Self.short(Double(s.headMotion), 2)) rad/s") }
        print("\nin the end: " + (notes.isEmpty ? "too short to say more" : notes.joined(separator: ", ")))
        print(
            Terminal.dim("What a face shows is not what a person feels; in a session it has at most 35 % of the say."))
    }

    private func row(_ seconds: Double, _ s: FaceSignals) -> FeatureRow {
        var row: FeatureRow = [
            ("time", seconds), ("is_valid", s.isValid ? 1 : 0), ("quality", Double(s.quality)),
            ("smile", Double(s.smile)),
            ("frown", Double(s.frown)), ("brow_raise", Double(s.browRaise)), ("brow_lower", Double(s.browLower)),
            ("smile_genuineness", Double(s.smileGenuineness)), ("eye_closure", Double(s.eyeClosure)),
            ("blink_rate", Double(s.blinkRate)), ("eyes_closed_share", Double(s.eyesClosedShare)),
            ("gaze_away", Double(s.gazeAway)), ("head_motion", Double(s.headMotion)), ("valence", Double(s.valence)),
            ("arousal", Double(s.arousal)),
        ]
        for (i, label) in FaceModel.labels.enumerated() { row.append((label, Double(s.expression[i]))) }
        for (i, number) in ActionUnits.numbers.enumerated() { row.append(("AU\(number)", Double(s.actionUnits[i]))) }
        row += [
            ("confusion", Double(s.learning.confusion)), ("frustration", Double(s.learning.frustration)),
            ("boredom", Double(s.learning.boredom)), ("engagement", Double(s.learning.engagement)),
        ]
        return row
    }

    private static func short(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
