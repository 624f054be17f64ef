import AffettoFace
import Testing

@Suite struct BlendshapesTests {
    @Test func fiftyTwoNamesInAlphabeticalOrder() {
        #expect(Blendshapes.names.count == 52 && Blendshapes.count == 52 && Set(Blendshapes.names).count == 52)
        #expect(Blendshapes.names == Blendshapes.names.sorted())
        for (index, name) in Blendshapes.names.enumerated() { #expect(Blendshapes.index(of: name) == index) }
    }

    @Test(arguments: [
        ("EyeBlinkLeft", "eyeBlinkLeft"), ("eyeBlink_L", "eyeBlinkLeft"), ("eyeBlink_R", "eyeBlinkRight"),
        ("EYEBLINK_L", "eyeBlinkLeft"), ("eye_blink_left", "eyeBlinkLeft"), ("MouthSmile_R", "mouthSmileRight"),
        ("jawLeft", "jawLeft"), ("JawRight", "jawRight"), ("mouthLeft", "mouthLeft"), ("mouthRight", "mouthRight"),
        ("browInnerUp", "browInnerUp"), ("BrowOuterUp_L", "browOuterUpLeft"), ("eyeLookIn_R", "eyeLookInRight"),
        ("mouthUpperUp_L", "mouthUpperUpLeft"), ("TongueOut", "tongueOut"),
    ])
    func spellings(_ spelling: String, _ name: String) {
        #expect(Blendshapes.index(of: spelling) == Blendshapes.names.firstIndex(of: name))
    }

    /// A trailing l or r is a side only after an underscore; head and eye rotations are no blendshapes.
    @Test(arguments: [
        "", "_", "_l", "_neutral", "neutral", "eyeBlinkL", "eyeBlinkr", "mouthRollLower_L", "browInnerUp_L",
        "cheekPuff_R",
        "eyeBlink", "HeadYaw", "LeftEyePitch", "RightEyeRoll", "Timecode", "BlendShapeCount", "eyeBlinkLeftLeft", "眉",
    ])
    func whatIsNoBlendshape(_ name: String) { #expect(Blendshapes.index(of: name) == nil) }

    // Headers as the tools write them.
    private let liveLink =
        "Timecode,BlendShapeCount,EyeBlinkLeft,EyeLookDownLeft,EyeLookInLeft,EyeLookOutLeft,EyeLookUpLeft,EyeSquintLeft,"
        + "EyeWideLeft,EyeBlinkRight,EyeLookDownRight,EyeLookInRight,EyeLookOutRight,EyeLookUpRight,EyeSquintRight,"
        + "EyeWideRight,JawForward,JawRight,JawLeft,JawOpen,MouthClose,MouthFunnel,MouthPucker,MouthRight,MouthLeft,"
        + "MouthSmileLeft,MouthSmileRight,MouthFrownLeft,MouthFrownRight,MouthDimpleLeft,MouthDimpleRight,"
        + "MouthStretchLeft,MouthStretchRight,MouthRollLower,MouthRollUpper,MouthShrugLower,MouthShrugUpper,"
        + "MouthPressLeft,MouthPressRight,MouthLowerDownLeft,MouthLowerDownRight,MouthUpperUpLeft,MouthUpperUpRight,"
        + "BrowDownLeft,BrowDownRight,BrowInnerUp,BrowOuterUpLeft,BrowOuterUpRight,CheekPuff,CheekSquintLeft,"
        + "CheekSquintRight,NoseSneerLeft,NoseSneerRight,TongueOut,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw,LeftEyePitch,"
        + "LeftEyeRoll,RightEyeYaw,RightEyePitch,RightEyeRoll"

    private func split(_ header: String) -> [String] {
        header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func aLiveLinkHeaderIsMatchedByNameNotByPlace() {
        let header = split(liveLink)
        let columns = Blendshapes.columns(header)
        #expect(columns.count == 63 && Set(columns.compactMap(\.self)).count == 52)
        #expect(columns[0] == nil && columns[1] == nil && columns.suffix(9).allSatisfy { $0 == nil })
        // In the table right comes before left; Unreal's own list has them the other way round.
        #expect(columns[17] == Blendshapes.index(of: "jawRight") && columns[18] == Blendshapes.index(of: "jawLeft"))
        for (column, name) in zip(columns, header) {
            guard let column else { continue }
            #expect(Blendshapes.names[column].lowercased() == name.lowercased())
        }
    }

    @Test func aMediaPipeHeaderHasNoTongueAndANeutralThatIsSkipped() {
        let names = ["_neutral"] + Blendshapes.names.filter { $0 != "tongueOut" }
        let columns = Blendshapes.columns(names)
        #expect(columns[0] == nil && Set(columns.compactMap(\.self)).count == 51)
        #expect(columns[1] == 0 && columns[51] == 50)
        #expect(!columns.contains(Blendshapes.index(of: "tongueOut")))
    }

    @Test func paddingMarksAndLineEndsDoNotMatterButOtherWordsDo() {
        #expect(
            Blendshapes.columns([
                "\u{FEFF}jawOpen", " jawOpen ", "jawOpen\r", "jawOpen\r\n", "\tjawOpen", "\"jawOpen\"",
            ])
                == Array(repeating: Blendshapes.index(of: "jawOpen"), count: 6))
        #expect(Blendshapes.columns(["jawOpen max", "jaw Open", "", " ", "\""]) == [nil, nil, nil, nil, nil])
        #expect(Blendshapes.columns([]).isEmpty)
    }
}
