import Glibc

/// Points of a face, in the order of iBUG's 68 (Sagonas et al. 2013): jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, mouth 48–67.
public enum FacePoints {
    public static let count = 68

    /// How a tool numbers its points.
    public enum Layout: Int32, Sendable, CaseIterable {
        /// OpenFace, dlib, py-feat.
        case ibug68 = 1
        /// MediaPipe's face mesh, with the irises (478) or without (468).
        case mediaPipe = 2

        /// How many points there may be.
        public func fits(_ count: Int) -> Bool {
            switch self {
            case .ibug68: count == 68
            case .mediaPipe: count == 478 || count == 468
            }
        }
    }

    /// The points of MediaPipe's mesh that lie where iBUG's do.
    static let meshIndices: [Int] = [
        162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389, 70, 63, 105, 66, 107, 336,
        296, 334, 293, 300, 168, 197, 5, 4, 75, 97, 2, 326, 305, 33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373,
        380, 61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87,
    ]

    /// Of each point the one on the other side.
    static let mirrored: [Int] = {
        var out = Array(0..<count)
        let pairs =
            (0..<8).map { ($0, 16 - $0) } + (0..<5).map { (17 + $0, 26 - $0) }
            + [
                (31, 35), (32, 34), (36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46), (48, 54), (49, 53),
                (50, 52), (59, 55), (58, 56), (60, 64), (61, 63), (67, 65),
            ]
        for (a, b) in pairs { (out[a], out[b]) = (b, a) }
        return out
    }()

    /// Makes places in a picture comparable: the middle at 0, the line through the eyes level, the root of the sum of squares 10.
    ///
    /// - Parameter xy: 136 numbers, x and y of each point, y downwards, in any one unit; not a number where that is not a face.
    static func align(_ xy: UnsafeMutablePointer<Float>) {
        var centre = SIMD2<Float>.zero
        for i in 0..<count { centre += SIMD2(xy[2 * i], xy[2 * i + 1]) }
        centre /= Float(count)
        func mean(_ range: Range<Int>) -> SIMD2<Float> {
            range.reduce(SIMD2<Float>.zero) { $0 + SIMD2(xy[2 * $1], xy[2 * $1 + 1]) } / Float(range.count)
        }
        let eyes = mean(42..<48) - mean(36..<42)
        let length = (eyes * eyes).sum().squareRoot()
        let turn = eyes / max(length, 1e-12)
        var square: Float = 0
        for i in 0..<count {
            let p = SIMD2(xy[2 * i], xy[2 * i + 1]) - centre
            xy[2 * i] = p.x * turn.x + p.y * turn.y
            xy[2 * i + 1] = p.y * turn.x - p.x * turn.y
            square += (p * p).sum()
        }
        let scale = length > 1e-9 && square.isFinite ? 10 / square.squareRoot() : .nan
        for i in 0..<(2 * count) { xy[i] *= scale }
    }

    // MARK: Geometry

    /// Distances that expressions change: brows to eyes, lids, lips, mouth to nose and chin, nostrils.
    private static let distances: [(Int, Int)] = [
        (21, 22), (19, 37), (21, 39), (24, 44), (22, 42), (37, 41), (38, 40), (43, 47), (44, 46), (36, 39), (42, 45),
        (48, 54), (51, 57), (62, 66), (61, 67), (63, 65), (48, 33), (54, 33), (33, 51), (57, 8), (48, 36), (54, 45),
        (60, 64), (31, 35), (39, 31), (42, 35), (17, 36), (26, 45), (50, 58), (52, 56), (27, 33), (21, 27), (22, 27),
        (8, 33),
    ]
    static let geometryCount = distances.count + 12

    /// 34 distances, 8 differences of height (corners of the mouth against its middle, slopes of the brows) and 4 ratios
    /// (openness of the eyes and the mouth) of aligned points.
    static func geometry(_ p: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
        func y(_ i: Int) -> Float { p[2 * i + 1] }
        for (k, (a, b)) in distances.enumerated() {
            let (dx, dy) = (p[2 * a] - p[2 * b], y(a) - y(b))
            out[k] = (dx * dx + dy * dy).squareRoot()
        }
        let corners = (y(48) + y(54)) / 2
        let heights = out + distances.count
        heights[0] = corners - y(51)
        heights[1] = corners - y(57)
        heights[2] = corners - y(62)
        heights[3] = y(48) - y(54)
        heights[4] = y(21) - y(17)
        heights[5] = y(22) - y(26)
        heights[6] = y(19) - y(21)
        heights[7] = y(24) - y(22)
        heights[8] = out[5] / out[9]
        heights[9] = out[7] / out[10]
        heights[10] = out[12] / out[11]
        heights[11] = out[13] / out[22]
    }
}
