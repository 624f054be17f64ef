import AffettoCore
import AffettoFace
import AffettoLearning
import Foundation
import Testing

private func frame(_ values: [String: Float], rest: Float = 0.02) -> FaceFrame {
    var out = FaceFrame()
    for name in Blendshapes.names { _ = out.set(name, values[name] ?? rest) }
    return out
}

private let smile = frame([
    "mouthSmileLeft": 0.8, "mouthSmileRight": 0.8, "eyeSquintLeft": 0.5, "eyeSquintRight": 0.5, "mouthUpperUpLeft": 0.4,
    "mouthUpperUpRight": 0.4,
])
private let scowl = frame([
    "browDownLeft": 0.8, "browDownRight": 0.8, "mouthFrownLeft": 0.5, "mouthFrownRight": 0.5, "mouthPressLeft": 0.4,
    "mouthPressRight": 0.4,
])

@Suite struct FaceModelTests {
    @Test func aSmileRaisesValenceAgainstAScowl() throws {
        let model = try embeddedFaceModel()
        let (glad, grim) = (model.read(smile), model.read(scowl))
        #expect(glad.basis == .blendshapes && abs(glad.probability.sum() - 1) < 1e-5)
        #expect(glad.valence > grim.valence + 0.4 && glad.probability[1] > 0.7 && grim.probability[1] < 0.2)
        let evidence = try #require(model.evidence(glad, quality: 0.9, at: 7))
        #expect(evidence.modality == .face && evidence.time == 7 && evidence.quality == 0.9 && evidence.control == nil)
        #expect(try #require(evidence.valence).sd > 0.05)
        // FER+ votes know nothing of boredom: absent, not unlikely.
        #expect(evidence.logLikelihood[Int(Emotion.bored.rawValue)].isNaN)
    }

    @Test func anyPartWillDoAndNothingSaysNothing() throws {
        let model = try embeddedFaceModel()
        #expect(model.read(FaceFrame()).basis == .nothing && model.read(FaceFrame()).probability[0].isNaN)
        #expect(model.evidence(model.read(FaceFrame()), quality: 1, at: 0) == nil)
        var half = smile
        for name in Blendshapes.names.prefix(27) { _ = half.set(name, .nan) }
        #expect(model.read(half).basis == .nothing, "27 of 52 are missing, and nothing else is there")
        _ = half.set(Blendshapes.names[0], 0.02)
        #expect(model.read(half).basis == .blendshapes)
        var mediaPipe = smile
        _ = mediaPipe.set("tongueOut", .nan)
        #expect(abs(model.read(mediaPipe).valence - model.read(smile).valence) < 0.05, "MediaPipe has no tongue")
        let units = smile.asActionUnits
        #expect(model.read(units).basis == .prototypes && model.read(units).probability[1] > 0.5)
    }

    /// The mirror image of a face shows the same.
    @Test func leftAndRightAreAlike() throws {
        let model = try embeddedFaceModel()
        var (left, right) = (smile, smile)
        _ = left.set("mouthSmileLeft", 0.3)
        _ = right.set("mouthSmileRight", 0.3)
        let (a, b) = (model.read(left), model.read(right))
        for i in 0..<8 { #expect(abs(a.probability[i] - b.probability[i]) < 0.1) }
    }

    @Test func prototypesNameWhatTheirUnitsSay() throws {
        let model = try embeddedFaceModel()
        func shown(_ units: [Int: Float]) throws -> Int {
            var frame = FaceFrame()
            for number in ActionUnits.numbers { _ = frame.set("AU\(number)", units[number] ?? 0) }
            let p = model.read(frame).probability
            return try #require((0..<8).max { p[$0] < p[$1] })
        }
        #expect(try shown([:]) == 0)
        #expect(try shown([6: 0.8, 12: 0.9, 25: 0.7]) == 1)
        #expect(try shown([1: 0.9, 2: 0.9, 5: 0.6, 25: 0.8, 26: 0.8]) == 2)
        #expect(try shown([4: 0.8, 7: 0.8, 24: 0.8]) == 4)
        #expect(try shown([9: 0.9, 10: 0.8, 17: 0.7]) == 5)
        // A tool without the dimpler cannot name contempt, and a smile is not taken for it.
        var partial = FaceFrame()
        for number in ActionUnits.numbers where number != 14 {
            _ = partial.set("AU\(number)", number == 12 ? 0.9 : 0.1)
        }
        let smiling = model.read(partial).probability
        #expect(smiling[7] == 0 && smiling[1] == smiling.max() && abs(smiling.sum() - 1) < 1e-5)
        var few = FaceFrame()
        for number in ActionUnits.numbers.prefix(7) { _ = few.set("AU\(number)", 0.5) }
        #expect(model.read(few).basis == .nothing, "seven units are too few to tell")
    }

    @Test func packsOfOtherTasksRevisionsAndWidthsAreRefused() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appendingPathComponent("Sources/ModelData/packs")
        func code(_ bytes: [UInt8]) -> AffettoError.Code? {
            do { _ = try FaceModel(pack: ModelPack(copying: bytes)) } catch { return error.code }
            return nil
        }
        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: folder.appendingPathComponent(name)))
        }
        let (own, voice) = (try bytes("face.pack"), try bytes("voice.pack"))
        #expect(code(own) == nil && code(voice) == .model)
        for cut in [0, 7, 100, 5000, 250_000] { #expect(code(Array(own.prefix(cut))) == .model) }
        let network = Network(
            widths: [52, FaceModel.labels.count + 2], mean: Array(repeating: 0, count: 52),
            scale: Array(repeating: 1, count: 52), seed: 1)
        let old = AffectClassifier(
            network: network, labels: FaceModel.labels, temperature: 1,
            residual: AffectPoint(valence: 0.3, arousal: 0.3))
        #expect(code(try old.pack(task: "face", revision: 1, corpora: [])) == .modelVersion)
        #expect(code(try old.pack(task: "face", revision: FaceModel.revision, corpora: [])) == .model)
    }

    @Test func votesBecomeSoftLabels() {
        func sample(_ votes: [Float]) -> FaceTraining.Sample { .init(frame: smile, votes: votes, group: "a") }
        #expect(sample([2, 8, 0, 0, 0, 0, 0, 0]).shares == [0.2, 0.8, 0, 0, 0, 0, 0, 0])
        #expect(sample([2, 8, 0, 0, 0, 0, 0, 0]).truth == 1)
        #expect(abs(sample([2, 8, 0, 0, 0, 0, 0, 0]).dimensions[0] - 0.6) < 1e-5, "0.8 of happy's 0.75")
        // Contempt has no place in valence and arousal of ours.
        #expect(sample([0, 2, 0, 0, 0, 0, 0, 8]).dimensions.allSatisfy { $0.isNaN })
        #expect(sample([]).truth == 0)
    }

    /// A recipe that learns finds a rule that is there, from blendshapes alone and from points alone.
    @Test func trainingLearnsFromAnyPart() throws {
        var random = SeededRandom(seed: 3, stream: 0)
        let samples = (0..<240).map { n -> FaceTraining.Sample in
            let isGlad = n % 2 == 0
            var frame = FaceFrame()
            for name in Blendshapes.names { _ = frame.set(name, Float(random.uniform()) * 0.2) }
            if isGlad { for side in ["Left", "Right"] { _ = frame.set("mouthSmile\(side)", 0.7) } }
            let points = SyntheticFace.points(smile: isGlad ? 1 : 0) { Float(random.uniform() - 0.5) * 0.4 }
            points.withUnsafeBufferPointer { try? frame.setPoints($0.baseAddress!, count: 68, layout: .ibug68) }
            return .init(
                frame: frame, votes: isGlad ? [0, 9, 0, 0, 0, 0, 0, 0] : [9, 0, 0, 0, 0, 0, 0, 0], group: "\(n)")
        }
        var training = FaceTraining()
        training.epochs = 100
        training.hidden = [24]
        let bytes = try training.pack(
            Array(samples.prefix(200)), calibration: Array(samples.suffix(40)), corpora: ["none"], progress: { _, _ in }
        )
        let again = try training.pack(
            Array(samples.prefix(200)), calibration: Array(samples.suffix(40)), corpora: ["none"], progress: { _, _ in }
        )
        #expect(bytes == again, "the same seed gives the same bytes")
        let model = try FaceModel(pack: ModelPack(copying: bytes))
        for basis in [FaceModel.Basis.all, .blendshapes, .points] {
            let right = samples.suffix(40).count { sample in
                let p = model.read(sample.frame.keeping(basis)).probability
                return (p[1] > p[0]) == (sample.truth == 1)
            }
            #expect(right >= 32, "\(basis): \(right) of 40")
        }
    }
}
