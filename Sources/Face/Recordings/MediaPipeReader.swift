import AffettoCore

/// Results of MediaPipe's FaceLandmarker as hosts write them: an array of results, an object with `frames`, one result, or one a line;
/// names as in JavaScript (`faceBlendshapes`) or Python (`face_blendshapes`).
///
/// A result's time is its `timestampMs`, or `timestamp` in milliseconds, or in seconds where steps are below 5. The width and height
/// of the picture, which points need, are `imageWidth` and `imageHeight` of the result or the document.
enum MediaPipeReader {
    static func read(_ bytes: [UInt8], _ options: FaceRecording.Options) throws(AffettoError) -> FaceRecording {
        // Its objects take ten times its bytes.
        guard bytes.count <= 256 << 20 else { throw AffettoError(.range, "a JSON recording has at most 256 MiB") }
        var isCut = false
        var document: Document
        if let lines = lines(bytes) {
            document = Document()
            for (i, line) in lines.enumerated() {
                do throws(AffettoError) {
                    let result = try JSON.decode(Result.self, from: bytes[line], what: "line \(i + 1)")
                    // A first line may be about the recording.
                    if i == 0, !result.isResult {
                        (document.size, document.rate) = (result.size, result.rate)
                    } else {
                        document.frames.append(result)
                    }
                } catch {
                    guard i > 0, i == lines.count - 1, bytes.last != 0x0A else { throw error }
                    isCut = true
                }
            }
        } else {
            document = try JSON.decode(Document.self, from: bytes, what: "the file")
        }
        guard document.frames.count <= FaceRecording.limit else {
            throw AffettoError(.range, "a recording has at most \(FaceRecording.limit) frames")
        }
        if let other = document.frames.firstIndex(where: { !$0.isResult }) {
            throw AffettoError(.argument, "result \(other + 1) has neither faceBlendshapes nor faceLandmarks")
        }
        let hasPoints = document.frames.contains { !$0.landmarks.isEmpty }
        let last = hasPoints ? FaceFrame.points.upperBound : FaceFrame.gaze.lowerBound
        var recording = FaceRecording(
            format: .mediaPipe,
            places: Array(FaceFrame.blendshapes) + Array(FaceFrame.head.lowerBound..<last))
        recording.isCut = isCut
        let times = try times(document, options)
        for (i, result) in document.frames.enumerated() {
            let frame = try frame(result, document, options, "result \(i + 1)")
            recording.append(frame, at: times[i])
        }
        return recording
    }

    /// One result a line, where the first line is a whole one and others follow.
    private static func lines(_ bytes: [UInt8]) -> [Range<Int>]? {
        var lines: [Range<Int>] = []
        var start = 0
        var isTold = false
        for end in 0...bytes.count where end == bytes.count || bytes[end] == 0x0A {
            if bytes[start..<end].contains(where: { $0 > 0x20 }) { lines.append(start..<end) }
            start = end + 1
            // Most documents show by their first line that they are none of this.
            guard lines.count == 1, !isTold else { continue }
            isTold = true
            if (try? JSON.decode(Result.self, from: bytes[lines[0]], what: "")) == nil { return nil }
        }
        return lines.count > 1 ? lines : nil
    }

    private static func times(_ document: Document, _ options: FaceRecording.Options) throws(AffettoError)
        -> [Microseconds]
    {
        let given = document.frames.compactMap { $0.milliseconds ?? $0.timestamp }
        let rate = options.framesPerSecond ?? document.rate ?? 30
        guard given.count == document.frames.count else {
            guard given.isEmpty else {
                throw AffettoError(.argument, "some results have a timestamp and some have none")
            }
            return document.frames.indices.map { Microseconds(seconds: Double($0) / rate) }
        }
        let isMilliseconds =
            document.frames.contains { $0.milliseconds != nil }
            || (given.last ?? 0) - (given.first ?? 0) >= 5 * Double(given.count - 1)
        var out: [Microseconds] = []
        for (i, value) in given.enumerated() {
            // Its clock began at any time.
            let time = (value - given[0]) * (isMilliseconds ? 1000 : 1_000_000)
            guard time.isFinite, abs(time) < 1e18, out.isEmpty || Microseconds(time) >= out[i - 1] else {
                throw AffettoError(.argument, "result \(i + 1): the timestamp \(value) runs backwards, or is no time")
            }
            out.append(Microseconds(time))
        }
        return out
    }

    private static func frame(
        _ result: Result, _ document: Document, _ options: FaceRecording.Options, _ what: String
    ) throws(AffettoError) -> FaceFrame {
        var frame = FaceFrame()
        let face = options.face ?? 0
        func pick<T>(_ list: [T]) -> T? { list.indices.contains(face) ? list[face] : nil }
        if let categories = pick(result.blendshapes) {
            for category in categories where !frame.set(category.name, category.score) {
                throw AffettoError(.argument, "\(what): '\(category.name.prefix(40))' is no blendshape")
            }
            // These never leave 0 in MediaPipe, whatever the face does.
            for name in ["cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight"] {
                _ = frame.set(name, .nan)
            }
        }
        if let matrix = pick(result.matrices), let rotation = matrix.rotation { frame.setHead(rotation: rotation) }
        let size = result.size ?? document.size
        if let aspect = options.aspect ?? size.map({ $0.width / $0.height }), let mesh = pick(result.landmarks) {
            // Places are shares of the width and of the height.
            let xy = mesh.flatMap { [Float(Double($0.x) * aspect), $0.y] }
            try xy.withUnsafeBufferPointer { xy throws(AffettoError) in
                guard let start = xy.baseAddress else { return }
                try frame.setPoints(start, count: mesh.count, layout: .mediaPipe)
            }
        }
        let isThere = frame.blendshapeCount > 0 || frame.hasPoints
        frame.tracking = isThere ? 1 : 0
        if !isThere { frame.forgetFace() }
        do throws(AffettoError) { try frame.check() } catch {
            throw AffettoError(error.code, "\(what): \(error.message)")
        }
        return frame
    }

    // MARK: What is written

    /// A key in any usual spelling: `faceBlendshapes`, `face_blendshapes`.
    private struct Key: CodingKey {
        let stringValue: String
        let plain: String
        var intValue: Int? { nil }
        init?(stringValue: String) {
            self.stringValue = stringValue
            plain = stringValue.lowercased().filter { $0 != "_" }
        }
        init?(intValue: Int) { nil }
    }

    private struct Document: Decodable {
        var frames: [Result] = []
        var rate: Double?
        var size: (width: Double, height: Double)?

        init() {}

        init(from decoder: any Decoder) throws {
            if var list = try? decoder.unkeyedContainer() {
                while !list.isAtEnd { frames.append(try list.decode(Result.self)) }
                return
            }
            let container = try decoder.container(keyedBy: Key.self)
            let one = try Result(from: decoder)
            size = one.size
            for key in container.allKeys {
                switch key.plain {
                case "frames", "results": frames = try container.decode([Result].self, forKey: key)
                default: break
                }
            }
            rate = one.rate
            if frames.isEmpty, one.isResult { frames = [one] }
        }
    }

    private struct Result: Decodable {
        var blendshapes: [[Category]] = []
        var landmarks: [[Point]] = []
        var matrices: [Matrix] = []
        var milliseconds: Double?
        var timestamp: Double?
        var size: (width: Double, height: Double)?
        var rate: Double?
        var isResult = false

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            var (width, height): (Double?, Double?)
            for key in container.allKeys {
                switch key.plain {
                case "faceblendshapes":
                    isResult = true
                    blendshapes = try container.decode([Categories].self, forKey: key).map(\.list)
                case "facelandmarks":
                    isResult = true
                    landmarks = try container.decode([[Point]].self, forKey: key)
                case "facialtransformationmatrixes", "facialtransformationmatrices":
                    matrices = try container.decode([Matrix].self, forKey: key)
                case "timestampms": milliseconds = try container.decode(Double.self, forKey: key)
                case "timestamp": timestamp = try container.decode(Double.self, forKey: key)
                case "fps", "framespersecond": rate = try container.decode(Double.self, forKey: key)
                case "imagewidth": width = try container.decode(Double.self, forKey: key)
                case "imageheight": height = try container.decode(Double.self, forKey: key)
                default: break
                }
            }
            if let width, let height, width >= 1, height >= 1 { size = (width, height) }
            if let rate, !(rate >= 1 && rate <= 1000) { self.rate = nil }
        }
    }

    /// JavaScript has them under `categories`, Python as a list.
    private struct Categories: Decodable {
        var list: [Category]

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: Key.self) {
                guard let key = container.allKeys.first(where: { $0.plain == "categories" }) else {
                    throw DecodingError.dataCorrupted(
                        .init(codingPath: decoder.codingPath, debugDescription: "no categories"))
                }
                list = try container.decode([Category].self, forKey: key)
            } else {
                list = try decoder.singleValueContainer().decode([Category].self)
            }
        }
    }

    private struct Category: Decodable {
        var name = ""
        var score: Float = .nan

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys {
                switch key.plain {
                case "categoryname": name = try container.decode(String.self, forKey: key)
                case "score": score = try container.decode(Float.self, forKey: key)
                default: break
                }
            }
        }
    }

    private struct Point: Decodable {
        var x: Float
        var y: Float
    }

    /// `{rows, columns, data}` with 16 numbers in either order, or four rows.
    private struct Matrix: Decodable {
        /// By rows; `nil` where it cannot be told which numbers are what.
        var rotation: [Float]?

        init(from decoder: any Decoder) throws {
            var m: [Float]
            if let container = try? decoder.container(keyedBy: Key.self) {
                guard let key = container.allKeys.first(where: { $0.plain == "data" }) else { return }
                m = try container.decode([Float].self, forKey: key)
            } else {
                m = try decoder.singleValueContainer().decode([[Float]].self).flatMap(\.self)
            }
            guard m.count == 16, m.allSatisfy(\.isFinite) else { return }
            func isLast(_ a: Int, _ b: Int, _ c: Int) -> Bool { max(abs(m[a]), abs(m[b]), abs(m[c])) < 1e-4 }
            // The last row is 0, 0, 0, 1, and a face is never where the camera is.
            let isByColumns = isLast(3, 7, 11) && !isLast(12, 13, 14)
            guard isByColumns || (isLast(12, 13, 14) && !isLast(3, 7, 11)) else { return }
            var r = [Float](repeating: 0, count: 9)
            for i in 0..<9 {
                let (row, column) = (i / 3, i % 3)
                r[i] = m[isByColumns ? column * 4 + row : row * 4 + column]
            }
            for column in 0..<3 {
                let length = SIMD3(r[column], r[3 + column], r[6 + column])
                    .squared().squareRoot()
                guard length > 1e-6 else { return }
                for row in 0..<3 { r[row * 3 + column] /= length }
            }
            rotation = r
        }
    }
}

extension SIMD3<Float> {
    fileprivate func squared() -> Float { (self * self).sum() }
}
