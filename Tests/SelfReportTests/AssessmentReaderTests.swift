import AffettoCore
import AffettoSelfReport
import Testing

private func read(_ json: String) throws(AffettoError) -> Assessment {
    try AssessmentReader.read(json: Array(json.utf8))
}

private func refusal(_ json: String) -> AffettoError.Code? { code { () throws(AffettoError) in try read(json) } }

@Suite struct AssessmentReaderTests {
    @Test func everythingMayBeMissing() throws { #expect(try read("{}") == Assessment()) }

    @Test func everythingMayBeSaid() throws {
        let read = try read(
            """
            {"age_band": "13_15", "languages": ["pt-BR", "en"], "typical_valence": -0.2, "typical_arousal": 1,
             "goals": ["calm", "focus"], "liked_styles": ["piano"], "disliked_styles": ["metal"],
             "never_play": ["t7", "Someone"], "lyrics_welcome": false, "feels_worse_after_sad_music": true,
             "face_not_readable": true, "voice_not_readable": false, "a_field_of_tomorrow": {"x": [1]}}
            """)
        #expect(read.ageBand == "13_15" && read.isMinor && read.languages == ["pt-BR", "en"])
        #expect(read.typicalValence == -0.2 && read.typicalArousal == 1 && read.goals == [.calm, .focus])
        #expect(
            read.likedStyles == ["piano"] && read.dislikedStyles == ["metal"] && read.neverPlay == ["t7", "Someone"])
        #expect(read.lyricsWelcome == false && read.feelsWorseAfterSadMusic == true)
        #expect(read.faceNotReadable == true && read.voiceNotReadable == false)
    }

    @Test func onlyAnAdultIsNoMinor() throws {
        for band in ["under_13", "13_15", "16_17"] { #expect(try read("{\"age_band\": \"\(band)\"}").isMinor) }
        #expect(try read("{}").isMinor)
        #expect(try !read("{\"age_band\": \"adult\"}").isMinor)
    }

    @Test(arguments: [
        "", " ", "{", "nonsense", "[]", "3", "null", "\"adult\"", "{\"age_band\": 3}", "{\"age_band\": \"old\"}",
        "{\"age_band\": \"Adult\"}", "{\"goals\": [\"win\"]}", "{\"goals\": \"calm\"}", "{\"goals\": [0]}",
        "{\"liked_styles\": \"piano\"}", "{\"liked_styles\": [1]}", "{\"never_play\": [null]}",
        "{\"lyrics_welcome\": \"yes\"}", "{\"lyrics_welcome\": 1}", "{\"typical_valence\": \"high\"}",
        "{\"typical_valence\": [0]}", "{} {}", "{\"age_band\": \"adult\",}\u{0}", "{\"typical_valence\": 1e400}",
    ])
    func whatIsNoAssessmentIsRefused(_ json: String) { #expect(refusal(json) == .argument) }

    @Test(arguments: ["1.01", "-1.01", "\"nan\"", "\"inf\"", "\"-inf\"", "1e9"])
    func numbersOutOfRangeAreRefused(_ number: String) {
        #expect(refusal("{\"typical_valence\": \(number)}") == .range)
        #expect(refusal("{\"typical_arousal\": \(number)}") == .range)
    }

    @Test func listsAreBounded() {
        for field in ["languages", "liked_styles", "disliked_styles", "never_play"] {
            func list(_ count: Int, _ length: Int) -> String {
                let entry = "\"" + String(repeating: "é", count: length / 2) + "\""
                return "{\"\(field)\": [\(Array(repeating: entry, count: count).joined(separator: ","))]}"
            }
            #expect(refusal(list(64, 128)) == nil)
            #expect(refusal(list(65, 2)) == .range)
            #expect(refusal(list(1, 130)) == .range)
        }
        let goals = Array(repeating: "\"calm\"", count: 65).joined(separator: ",")
        #expect(refusal("{\"goals\": [\(goals)]}") == .range)
    }

    @Test func longDeepAndBrokenTextIsRefused() {
        #expect(refusal("{\"x\": \"" + String(repeating: "a", count: 65_536) + "\"}") == .range)
        #expect(refusal("{\"x\": " + String(repeating: "[", count: 60_000)) == .argument)
        #expect(refusal(String(repeating: "{\"x\":", count: 10_000)) == .argument)
        #expect(refusal("\u{0}") == .argument)
        for bytes: [UInt8] in [[0xFF, 0xFE], [0x7B, 0xFF, 0x7D], Array("{\"x\": \"".utf8) + [0xC3, 0x22, 0x7D]] {
            #expect(code { () throws(AffettoError) in try AssessmentReader.read(json: bytes) } == .encoding)
        }
    }

    /// The message goes to logs: it may name the field, never what the learner said.
    @Test func refusalsDoNotRepeatWhatWasSaid() {
        do {
            _ = try read("{\"age_band\": \"secret\"}")
            Issue.record("it was read")
        } catch {
            #expect(!error.message.contains("secret") && error.message.contains("age_band"))
        }
    }
}
