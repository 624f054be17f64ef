/// Facial action units (Ekman, Friesen & Hager 2002) that any of the tools gives, and what blendshapes say of them.
///
/// Intensities are 0…1; OpenFace's 0…5 are divided by 5. Its 45 (blink) and py-feat's 43 (eyes closed) are one here: how far the
/// eyes are closed.
public enum ActionUnits {
    public static let numbers = [
        1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 22, 23, 24, 25, 26, 28, 43,
    ]
    public static let count = numbers.count

    /// Place of a unit's number in `numbers`.
    public static func index(_ number: Int) -> Int? { numbers.firstIndex(of: number == 45 ? 43 : number) }

    /// Place of "AU12", "AU01", "AU01_r", "au45_r"; `nil` for presence ("AU01_c") and for anything else.
    public static func index(of name: String) -> Int? {
        var name = name.lowercased()[...]
        guard name.hasPrefix("au") else { return nil }
        name = name.dropFirst(2)
        if name.hasSuffix("_r") { name = name.dropLast(2) }
        guard (1...2).contains(name.utf8.count), let number = Int(name) else { return nil }
        return index(number)
    }

    /// Blendshapes whose mean is a unit, from what the muscles do (Apple's pictures of ARKit's shapes beside FACS). 11 and 23
    /// have none of their own; 25 is `lipsApart`.
    private static let shapes: [(unit: Int, shapes: [String])] = [
        (1, ["browInnerUp"]), (2, ["browOuterUpLeft", "browOuterUpRight"]), (4, ["browDownLeft", "browDownRight"]),
        (5, ["eyeWideLeft", "eyeWideRight"]), (6, ["cheekSquintLeft", "cheekSquintRight"]),
        (7, ["eyeSquintLeft", "eyeSquintRight"]), (9, ["noseSneerLeft", "noseSneerRight"]),
        (10, ["mouthUpperUpLeft", "mouthUpperUpRight"]), (12, ["mouthSmileLeft", "mouthSmileRight"]),
        (14, ["mouthDimpleLeft", "mouthDimpleRight"]), (15, ["mouthFrownLeft", "mouthFrownRight"]),
        (16, ["mouthLowerDownLeft", "mouthLowerDownRight"]), (17, ["mouthShrugLower"]), (18, ["mouthPucker"]),
        (20, ["mouthStretchLeft", "mouthStretchRight"]), (22, ["mouthFunnel"]),
        (24, ["mouthPressLeft", "mouthPressRight"]), (26, ["jawOpen"]), (28, ["mouthRollLower", "mouthRollUpper"]),
        (43, ["eyeBlinkLeft", "eyeBlinkRight"]),
    ]

    /// The same by place: of each unit up to two places of blendshapes.
    static let sources: [(unit: Int, shapes: [Int])] = shapes.compactMap { entry in
        index(entry.unit).map { ($0, entry.shapes.compactMap(Blendshapes.index)) }
    }

    /// Units that a tracker may leave dead although it has their blendshapes: MediaPipe's cheekSquint and noseSneer never leave 0.
    static let mayBeDead = [index(6), index(9)].compactMap(\.self)

    static let lipsApart = index(25) ?? 0

    /// Unit 25 of blendshapes: the jaw is down, and the lips did not stay together; not a number where the jaw is unknown.
    static func lipsApart(_ shapes: UnsafePointer<Float>) -> Float {
        let (jaw, closed) = (shapes[jawOpen], shapes[mouthClose])
        return jaw.isNaN ? .nan : min(max(jaw - (closed.isNaN ? 0 : closed), 0), 1)
    }

    private static let jawOpen = Blendshapes.index(of: "jawOpen") ?? 0
    private static let mouthClose = Blendshapes.index(of: "mouthClose") ?? 0
}
