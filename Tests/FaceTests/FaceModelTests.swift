import AffettoCore
import AffettoFace
import AffettoLearning
import Foundation
import Testing

/// The pack that the library embeds.
private func embedded() throws -> FaceModel {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let bytes = try Data(contentsOf: root.appendingPathComponent("Sources/ModelData/packs/face.pack"))
    return try FaceModel(pack: ModelPack(copying: Array(bytes)))
}

private func face(_ values: [String: Float]) -> [Float] {
    var out = [Float](repeating: 0.02, count: Blendshapes.count)
    for (name, value) in values { if let index = Blendshapes.index(of: name) { out[index] = value } }
    return out
}

private let smile = face([
    "mouthSmileLeft": 0.8, "mouthSmileRight": 0.8, "eyeSquintLeft": 0.5, "eyeSquintRight": 0.5, "mouthUpperUpLeft": 0.4,
    "mouthUpperUpRight": 0.4,
])
private let frown = face([
    "browDownLeft": 0.8, "browDownRight": 0.8, "mouthFrownLeft": 0.5, "mouthFrownRight": 0.5, "mouthPressLeft": 0.4,
    "mouthPressRight": 0.4,
])

@Suite struct FaceModelTests {
    @Test func aSmileRaisesValenceAgainstAFrown() throws {
        let model = try embedded()
        let glad = model.evidence(smile, quality: 0.9, at: 7)
        let grim = model.evidence(frown, quality: 0.9, at: 7)
        let (high, low) = (try #require(glad.valence), try #require(grim.valence))
        #expect(high.mean > low.mean + 0.4 && high.sd > 0.05)
        #expect(glad.modality == .face && glad.time == 7 && glad.quality == 0.9 && glad.control == nil)
        let happy = Int(Emotion.happy.rawValue)
        #expect(glad.logLikelihood[happy] > grim.logLikelihood[happy] + 1)
        // FER+ votes know nothing of boredom: absent, not unlikely.
        #expect(glad.logLikelihood[Int(Emotion.bored.rawValue)].isNaN)
    }

    @Test func missingAndWildBlendshapesStillGiveNumbers() throws {
        let model = try embedded()
        let nothing = [Float](repeating: .nan, count: Blendshapes.count)
        for values in [nothing, nothing.map { _ in 1e30 }, nothing.map { _ in -Float.infinity }, [], [0.5]] {
            let evidence = model.evidence(values, quality: 1, at: 0)
            let (valence, arousal) = (try #require(evidence.valence), try #require(evidence.arousal))
            #expect(abs(valence.mean) <= 1 && abs(arousal.mean) <= 1)
            #expect(evidence.logLikelihood.allSatisfy { !$0.isInfinite })
        }
        var mediaPipe = smile
        mediaPipe[51] = .nan
        let whole = try #require(model.evidence(smile, quality: 1, at: 0).valence)
        let part = try #require(model.evidence(mediaPipe, quality: 1, at: 0).valence)
        #expect(abs(part.mean - whole.mean) < 0.05, "MediaPipe has no tongue")
    }

    @Test func packsOfOtherTasksRevisionsAndWidthsAreRefused() throws {
        func code(_ task: String, _ revision: Int, _ inputs: Int) -> AffettoError.Code? {
            let network = Network(
                widths: [inputs, FaceModel.labels.count + 2], mean: Array(repeating: 0, count: inputs),
                scale: Array(repeating: 1, count: inputs), seed: 1)
            let classifier = AffectClassifier(
                network: network, labels: FaceModel.labels, temperature: 1,
                residual: AffectPoint(valence: 0.3, arousal: 0.3))
            do {
                let bytes = try classifier.pack(task: task, revision: revision, corpora: [])
                _ = try FaceModel(pack: ModelPack(copying: bytes))
                return nil
            } catch { return error.code }
        }
        #expect(code("face", FaceModel.revision, 52) == nil)
        #expect(code("voice", FaceModel.revision, 52) == .model)
        #expect(code("face", FaceModel.revision + 1, 52) == .modelVersion)
        #expect(code("face", FaceModel.revision, 51) == .model)
    }

    @Test func votesBecomeSoftLabelsAndAPoint() {
        let happy = FaceTraining.example(group: "a", blendshapes: smile, votes: [2, 8, 0, 0, 0, 0, 0, 0])
        #expect(happy.truth == 1 && happy.row.classes == [0.2, 0.8, 0, 0, 0, 0, 0, 0])
        #expect(abs(happy.row.dimensions[0] - 0.6) < 1e-5, "0.8 of happy's 0.75")
        // Contempt has no place in valence and arousal of ours.
        let contempt = FaceTraining.example(group: "a", blendshapes: smile, votes: [0, 2, 0, 0, 0, 0, 0, 8])
        #expect(contempt.row.dimensions.allSatisfy { $0.isNaN })
        #expect(FaceTraining.example(group: "a", blendshapes: smile, votes: []).truth == 0)
    }
}
