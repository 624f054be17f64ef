import AffettoFace
import AffettoLearning
import Foundation

/// The pack that the library embeds.
func embeddedFaceModel() throws -> FaceModel {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let bytes = try Data(contentsOf: root.appendingPathComponent("Sources/ModelData/packs/face.pack"))
    return try FaceModel(pack: ModelPack(copying: Array(bytes)))
}

/// Places of iBUG's 68 points in a made-up face, in pixels.
enum SyntheticFace {
    /// - Parameters:
    ///   - smile: 0…1: corners of the mouth up and apart. - closure: 0…1 of the eyes. - noise: added to every number.
    static func points(smile: Float = 0, closure: Float = 0, noise: () -> Float = { 0 }) -> [Float] {
        var xy: [Float] = []
        func add(_ x: Float, _ y: Float) { xy += [x + noise(), y + noise()] }
        for i in 0..<17 {
            let t = Float(i) / 16
            add(20 + 160 * t, 90 + 110 * (1 - (2 * t - 1) * (2 * t - 1)))
        }
        for i in 0..<5 { add(35 + 11 * Float(i), 60 - 6 * Float(min(i, 4 - i))) }
        for i in 0..<5 { add(121 + 11 * Float(i), 60 - 6 * Float(min(i, 4 - i))) }
        for i in 0..<4 { add(100, 80 + 14 * Float(i)) }
        for i in 0..<5 { add(86 + 7 * Float(i), 132 + 2 * Float(min(i, 4 - i))) }
        let open = 7 * (1 - closure)
        for x in [Float(48), 118] {
            add(x, 85)
            add(x + 11, 85 - open)
            add(x + 22, 85 - open)
            add(x + 34, 85)
            add(x + 22, 85 + open * 0.7)
            add(x + 11, 85 + open * 0.7)
        }
        let (wide, up) = (12 * smile, 12 * smile)
        let lips: [(Float, Float, Float)] = [
            (70, 160, -1), (80, 155, 0), (92, 152, 0), (100, 154, 0), (108, 152, 0), (120, 155, 0), (130, 160, 1),
            (120, 168, 0), (108, 172, 0), (100, 173, 0), (92, 172, 0), (80, 168, 0), (74, 160, -1), (92, 160, 0),
            (100, 161, 0), (108, 160, 0), (126, 160, 1), (108, 163, 0), (100, 164, 0), (92, 163, 0),
        ]
        for (x, y, side) in lips { add(x + side * wide, y - abs(side) * up) }
        return xy
    }
}
