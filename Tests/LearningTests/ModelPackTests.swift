import AffettoCore
import AffettoLearning
import Testing

@Suite struct ModelPackTests {
    private func pack() throws -> [UInt8] {
        var writer = ModelPackWriter(
            task: "toy", revision: 3, labels: ["a", "b"], corpora: ["c/train"], settings: ["t": 1.5])
        writer.add("w", [1, -2, 3.5, 4, 5, 6] as [Float], shape: [2, 3])
        writer.add("q", [-128, 0, 127] as [Int8], shape: [3])
        return try writer.bytes()
    }

    @Test func readsBackWhatWasWritten() throws {
        let pack = try ModelPack(copying: pack())
        #expect(pack.header.task == "toy" && pack.header.labels == ["a", "b"] && pack.header.corpora == ["c/train"])
        #expect(Array(try pack.floats("w", shape: [2, 3])) == [1, -2, 3.5, 4, 5, 6])
        #expect(Array(try pack.bytes("q", shape: [3])) == [-128, 0, 127])
        #expect(try pack.setting("t") == 1.5)
    }

    @Test func wrongNameShapeOrTypeIsRefused() throws {
        let pack = try ModelPack(copying: pack())
        #expect(throws: AffettoError.self) { try pack.floats("w", shape: [3, 2]) }
        #expect(throws: AffettoError.self) { try pack.bytes("w", shape: [2, 3]) }
        #expect(throws: AffettoError.self) { try pack.floats("nope", shape: [1]) }
        #expect(throws: AffettoError.self) { try pack.setting("nope") }
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try pack()
        for count in 0..<bytes.count {
            #expect(throws: AffettoError.self) { try ModelPack(copying: Array(bytes.prefix(count))) }
        }
    }

    @Test func everyFlippedBitIsRefused() throws {
        let bytes = try pack()
        for at in 0..<bytes.count {
            var damaged = bytes
            damaged[at] ^= 1 << UInt8(at % 8)
            #expect(throws: AffettoError.self, "byte \(at)") { try ModelPack(copying: damaged) }
        }
    }

    @Test func aNewerFormatIsNamed() throws {
        var bytes = try pack()
        bytes[8] = 2
        #expect { try ModelPack(copying: bytes) } throws: { ($0 as? AffettoError)?.code == .modelVersion }
    }
}
