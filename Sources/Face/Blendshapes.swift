/// The 52 blendshapes of ARKit in alphabetical order, and the spellings hosts have for them.
public enum Blendshapes {
    public static let count = 52

    public static let names: [String] = [
        "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
        "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight",
        "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
        "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen",
        "jawRight",
        "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
        "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker",
        "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
        "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
        "noseSneerLeft", "noseSneerRight", "tongueOut",
    ]

    private static let indices: [String: Int] = Dictionary(
        uniqueKeysWithValues: names.enumerated().map { ($1.lowercased(), $0) })

    /// The index of `eyeBlinkLeft`, `EyeBlinkLeft` or `eyeBlink_L`; `nil` for anything else (`_neutral` among it). Left
    /// and right are the subject's.
    public static func index(of name: String) -> Int? {
        var key = name.lowercased()
        if key.hasSuffix("_l") { key = key.dropLast(2) + "left" }
        if key.hasSuffix("_r") { key = key.dropLast(2) + "right" }
        return indices[key.filter { $0 != "_" }]
    }

    /// Reads the header of a table: per column the blendshape it holds, or `nil`. White space around a name, a byte
    /// order mark and quotes do not matter.
    public static func columns(_ header: [String]) -> [Int?] {
        func isPadding(_ c: Character) -> Bool { c.isWhitespace || c == "\"" || c == "\u{FEFF}" }
        return header.map { cell in
            var name = cell[...].drop(while: isPadding)
            while let last = name.last, isPadding(last) { name.removeLast() }
            return index(of: String(name))
        }
    }
}
