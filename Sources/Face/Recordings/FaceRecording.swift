import AffettoCore

/// Frames of one face from a file that a tracker wrote: ARKit's by Live Link Face, MediaPipe's, OpenFace's or py-feat's.
///
/// Columns are matched by name, never by place; what the file does not have stays unknown.
public struct FaceRecording: Sendable {
    public enum Format: Int32, NamedCode {
        /// Any table with a header that names blendshapes, action units or points.
        case table = 0
        case liveLink = 1
        case mediaPipe = 2
        case openFace = 3
        case pyFeat = 4
    }

    public struct Options: Sendable {
        /// For files that count frames in place of time, and for Live Link's timecodes; `nil` = as the file lets guess, or 30.
        public var framesPerSecond: Double?
        /// Of OpenFace's faces the one with this id; `nil` = the one that was found most often.
        public var face: Int?
        /// Width of the picture over its height, which MediaPipe's points need and its results do not say; `nil` = as the file
        /// says, or points are left out.
        public var aspect: Double?

        public init() {}
    }

    public internal(set) var format: Format
    public private(set) var times: [Microseconds] = []
    /// The file ended in the middle of a frame, which is not in here.
    public internal(set) var isCut = false
    private var tracking: [Float] = []
    /// Of each frame the values that the file has, at these places of a frame.
    private var values: [Float] = []
    private let places: [Int]

    /// More frames than this are refused: nine hours at 30 a second.
    static let limit = 1_000_000

    init(format: Format, places: [Int]) {
        self.format = format
        self.places = places.sorted()
    }

    public var count: Int { times.count }
    /// Frames with a face.
    public var faceCount: Int { tracking.count { $0 > 0 } }

    /// From the first frame to the last, in seconds.
    public var duration: Double { zip(times.suffix(1), times.prefix(1)).reduce(0) { $0 + ($1.0 - $1.1).seconds } }

    /// Whether any frame has something of it.
    public func has(_ range: Range<Int>) -> Bool {
        let columns = places.indices.filter { range.contains(places[$0]) }
        return (0..<count).contains { frame in columns.contains { !values[frame * places.count + $0].isNaN } }
    }

    mutating func append(_ frame: FaceFrame, at time: Microseconds) {
        times.append(time)
        tracking.append(frame.tracking)
        for place in places { values.append(frame.values[place]) }
    }

    /// Copies a frame out. - Parameter index: in `0..<count`.
    public func read(_ index: Int, into frame: inout FaceFrame) {
        frame.clear()
        frame.tracking = tracking[index]
        for (i, place) in places.enumerated() { frame.values[place] = values[index * places.count + i] }
    }

    public subscript(index: Int) -> FaceFrame {
        var frame = FaceFrame()
        read(index, into: &frame)
        return frame
    }

    /// Reads a file's bytes, of whichever of the formats.
    /// - Throws: `.argument` naming the line where it is none of them, or cannot be told apart; `.range` for values that cannot be;
    ///   `.encoding` for text that is not UTF-8.
    public init(bytes: [UInt8], options: Options = Options()) throws(AffettoError) {
        if let rate = options.framesPerSecond, !(rate >= 1 && rate <= 1000) {
            throw AffettoError(.range, "\(rate) frames a second; it must be 1…1000")
        }
        if let aspect = options.aspect, !(aspect >= 0.1 && aspect <= 10) {
            throw AffettoError(.range, "the picture's width over its height is \(aspect); it must be 0.1…10")
        }
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        switch bytes.first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }) {
        case nil: throw AffettoError(.argument, "the file is empty")
        case UInt8(ascii: "{"), UInt8(ascii: "["): self = try MediaPipeReader.read(bytes, options)
        default: self = try FaceTableReader.read(bytes, options)
        }
        guard count > 0 else { throw AffettoError(.argument, "the file has no frames") }
    }
}
