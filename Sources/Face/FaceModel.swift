import AffettoCore
import AffettoLearning
import Glibc

/// The expression recogniser: what a face shows in a moment → probabilities over the FER+ labels, valence and arousal. What a face
/// shows is not what a person feels; fusion gives it little weight.
///
/// A network sees blendshapes, head, aligned points and their geometry, and learned with each of these left out at times, so that
/// any of them will do. Action units alone are held against prototypes.
public struct FaceModel: Sendable {
    public static let task = "face"
    public static let revision = 2
    /// Labels of the head, in order: those of the FER+ votes.
    public static let labels = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]

    /// What there was to see.
    public enum Basis: String, Sendable, CaseIterable {
        case nothing, prototypes, blendshapes, points, all
    }

    /// Blendshapes, head, points, geometry, and which of the first three are there.
    static let inputs =
        FaceFrame.head.upperBound - ActionUnits.count + 2 * FacePoints.count + FacePoints.geometryCount + 3
    static let shapeInputs = 3 + 2 * FacePoints.count

    public let network: Network
    /// Blendshapes as far as head and points tell.
    let shapes: Network
    /// Blendshapes of neutral faces: mean and standard deviation.
    let neutral: (mean: [Float], sd: [Float])
    let residual: AffectPoint
    private let temperature: [Basis: Float]

    public init(pack: ModelPack) throws(AffettoError) {
        try pack.require(task: Self.task, revision: Self.revision)
        network = try Network(pack: pack, prefix: "net")
        shapes = try Network(pack: pack, prefix: "shapes")
        neutral = (
            Array(try pack.floats("neutral.mean", shape: [Blendshapes.count])),
            Array(try pack.floats("neutral.sd", shape: [Blendshapes.count]))
        )
        residual = AffectPoint(
            valence: Float(try pack.setting("residual.valence")), arousal: Float(try pack.setting("residual.arousal")))
        var temperature: [Basis: Float] = [:]
        for basis in Self.learned { temperature[basis] = Float(try pack.setting("temperature.\(basis.rawValue)")) }
        self.temperature = temperature
        guard network.inputs == Self.inputs, network.outputs == Self.labels.count + 2,
            shapes.inputs == Self.shapeInputs, shapes.outputs == Blendshapes.count, pack.header.labels == Self.labels,
            temperature.values.allSatisfy({ $0 > 0 }), residual.valence > 0, residual.arousal > 0,
            (neutral.mean + neutral.sd).allSatisfy(\.isFinite)
        else { throw AffettoError(.model, "the face pack's layers do not fit its labels") }
    }

    /// What the network reads, each with a temperature of its own.
    static let learned: [Basis] = [.all, .blendshapes, .points]

    public var parameterCount: Int { network.parameterCount + shapes.parameterCount }

    /// What a face shows.
    public struct Reading: Sendable {
        /// In order of `labels`, summing to 1; not a number where there is nothing to see.
        public internal(set) var probability = SIMD8<Float>(repeating: .nan)
        public internal(set) var valence: Float = .nan
        public internal(set) var arousal: Float = .nan
        public internal(set) var basis = Basis.nothing
    }

    /// Memory for `read`, to be used again.
    public struct Scratch: Sendable {
        var input: [Float]
        var out: [Float]
        var layers: [Float]

        public init(_ model: FaceModel) {
            input = Array(repeating: 0, count: FaceModel.inputs)
            out = Array(repeating: 0, count: max(model.network.outputs, model.shapes.outputs))
            layers = Array(repeating: 0, count: max(model.network.scratchCount, model.shapes.scratchCount))
        }
    }

    /// - Parameter values: as in a frame, its points aligned.
    public func read(_ values: UnsafePointer<Float>, _ scratch: inout Scratch) -> Reading {
        var reading = Reading()
        let basis = Self.fill(values, &scratch.input)
        guard basis != .nothing else {
            if let probability = Prototypes.probability(values + FaceFrame.actionUnits.lowerBound) {
                (reading.probability, reading.basis) = (probability, .prototypes)
                (reading.valence, reading.arousal) = Self.point(probability)
            }
            return reading
        }
        Self.run(network, &scratch)
        reading.basis = basis
        let temperature = temperature[basis] ?? 1
        var top = -Float.infinity
        for i in 0..<8 { top = max(top, scratch.out[i]) }
        var sum: Float = 0
        for i in 0..<8 {
            reading.probability[i] = exp((scratch.out[i] - top) / temperature)
            sum += reading.probability[i]
        }
        reading.probability /= sum
        reading.valence = min(max(scratch.out[8], -1), 1)
        reading.arousal = min(max(scratch.out[9], -1), 1)
        return reading
    }

    /// As `read`, of a frame as a host gives it.
    public func read(_ frame: FaceFrame) -> Reading {
        var values = frame.values
        var scratch = Scratch(self)
        return values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return Reading() }
            FacePoints.align(start + FaceFrame.points.lowerBound)
            return read(start, &scratch)
        }
    }

    /// Fills blendshapes in that are not given, from aligned points. - Parameter values: as in a frame.
    func fillShapes(_ values: UnsafeMutablePointer<Float>, _ scratch: inout Scratch) {
        for i in 0..<3 { scratch.input[i] = values[FaceFrame.head.lowerBound + i] }
        for i in 0..<(2 * FacePoints.count) { scratch.input[3 + i] = values[FaceFrame.points.lowerBound + i] }
        Self.run(shapes, &scratch)
        for i in ShapesFromPoints.known { values[i] = min(max(scratch.out[i], 0), 1) }
    }

    /// Blendshapes as far as a frame's points tell, and nothing else of it.
    public func shapesFromPoints(_ frame: FaceFrame) -> FaceFrame {
        var values = frame.values
        var scratch = Scratch(self)
        values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress, frame.hasPoints else { return }
            for i in FaceFrame.blendshapes { start[i] = .nan }
            FacePoints.align(start + FaceFrame.points.lowerBound)
            fillShapes(start, &scratch)
        }
        var out = FaceFrame()
        for i in FaceFrame.blendshapes { out.values[i] = frame.hasPoints ? values[i] : .nan }
        return out
    }

    private static func run(_ network: Network, _ scratch: inout Scratch) {
        scratch.input.withUnsafeBufferPointer { input in
            scratch.out.withUnsafeMutableBufferPointer { out in
                scratch.layers.withUnsafeMutableBufferPointer { layers in
                    guard let input = input.baseAddress, let out = out.baseAddress, let layers = layers.baseAddress
                    else { return }
                    network.run(input, into: out, scratch: layers)
                }
            }
        }
    }

    /// What MediaPipe leaves at 0 was not learned from, so that trackers which drive it are not misread.
    private static let unlearned = [
        "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "jawForward", "noseSneerLeft", "noseSneerRight",
        "tongueOut",
    ].compactMap(Blendshapes.index)

    /// The network's input. - Returns: `.nothing` where it has neither half of the blendshapes nor points to look at.
    static func fill(_ values: UnsafePointer<Float>, _ input: inout [Float]) -> Basis {
        let (shapes, head) = (Blendshapes.count, FaceFrame.head.lowerBound)
        var known = 0
        for i in 0..<shapes {
            input[i] = values[i]
            if !values[i].isNaN { known += 1 }
        }
        for i in unlearned { input[i] = .nan }
        let hasShapes = known * 2 >= shapes
        if !hasShapes { for i in 0..<shapes { input[i] = .nan } }
        let hasHead = !values[head].isNaN && !values[head + 1].isNaN && !values[head + 2].isNaN
        for i in 0..<3 { input[shapes + i] = values[head + i] }
        let points = FaceFrame.points.lowerBound
        let hasPoints = !values[points].isNaN
        input.withUnsafeMutableBufferPointer { input in
            guard let at = input.baseAddress.map({ $0 + shapes + 3 }) else { return }
            for i in 0..<(2 * FacePoints.count) { at[i] = values[points + i] }
            FacePoints.geometry(values + points, into: at + 2 * FacePoints.count)
        }
        let flags = inputs - 3
        input[flags] = hasShapes ? 1 : 0
        input[flags + 1] = hasHead ? 1 : 0
        input[flags + 2] = hasPoints ? 1 : 0
        return hasShapes ? (hasPoints ? .all : .blendshapes) : hasPoints ? .points : .nothing
    }

    /// The usual places of the labels' emotions, weighted.
    static func point(_ probability: SIMD8<Float>) -> (Float, Float) {
        var (valence, arousal, mass): (Float, Float, Float) = (0, 0, 0)
        for (i, label) in labels.enumerated() {
            guard let point = LabelTable.point(label) else { continue }
            valence += probability[i] * point.valence
            arousal += probability[i] * point.arousal
            mass += probability[i]
        }
        return mass > 0 ? (valence / mass, arousal / mass) : (.nan, .nan)
    }

    /// - Returns: `nil` where there was nothing to see.
    public func evidence(_ reading: Reading, quality: Float, at time: Microseconds) -> Evidence? {
        guard reading.basis != .nothing else { return nil }
        // Prototypes were not learned from anyone.
        let doubt: Float = reading.basis == .prototypes ? 1.5 : 1
        let named = (0..<8).filter { reading.probability[$0] > 0 }
        return Evidence(
            modality: .face, time: time,
            logLikelihood: LabelTable.logLikelihood(
                labels: named.map { Self.labels[$0] }, probability: named.map { reading.probability[$0] }, log: log),
            valence: Estimate(reading.valence, sd: residual.valence * doubt),
            arousal: Estimate(reading.arousal, sd: residual.arousal * doubt), quality: quality)
    }
}

/// Which blendshapes points tell well enough to be shown as signals: half of their variance or more on faces left out.
enum ShapesFromPoints {
    static let known: [Int] =
        [
            "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "eyeBlinkLeft",
            "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft",
            "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft",
            "eyeWideRight", "jawOpen", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPucker", "mouthSmileLeft",
            "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
        ].compactMap(Blendshapes.index)
}
