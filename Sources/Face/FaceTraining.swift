import AffettoCore
import AffettoLearning
import Glibc

/// The face recipe: votes as soft labels, each face as often mirrored as not, parts of it left out at random.
public struct FaceTraining: Sendable {
    /// One face with its votes.
    public struct Sample: Sendable {
        public var frame: FaceFrame
        /// Votes per label of `FaceModel.labels`, single ones dropped.
        public var votes: [Float]
        /// Who or what must not straddle a split.
        public var group: String

        public init(frame: FaceFrame, votes: [Float], group: String) {
            self.frame = frame
            self.votes = votes
            self.group = group
        }

        public var truth: Int { votes.indices.max { votes[$0] < votes[$1] } ?? 0 }
        var isNeutral: Bool { truth == 0 }

        /// Votes as probabilities.
        public var shares: [Float] {
            let sum = max(votes.reduce(0, +), 1)
            return votes.map { $0 / sum }
        }

        /// The labels' usual places, weighted by votes; not numbers where contempt, which has none, is half of it.
        public var dimensions: [Float] {
            let shares = shares
            guard shares.count == 8, shares.dropLast().reduce(0, +) > 0.5 else { return [.nan, .nan] }
            let point = FaceModel.point(SIMD8(shares))
            return [point.0, point.1]
        }
    }

    public var epochs = 120
    public var hidden = [160, 96]
    public var seed: UInt64 = 1
    /// Rare labels weigh (share of votes)^−this.
    public var balance: Float = 0.25
    /// Of what is given to learn from: all, all but points, all but blendshapes, blendshapes alone, points alone.
    static let parts: [(chance: Double, shapes: Bool, head: Bool, points: Bool)] = [
        (0.5, true, true, true), (0.2, true, true, false), (0.2, false, true, true), (0.05, true, false, false),
        (0.05, false, false, true),
    ]

    public init() {}

    var trainer: NetworkTrainer {
        var trainer = NetworkTrainer()
        trainer.hidden = hidden
        trainer.epochs = epochs
        trainer.batch = 128
        trainer.rate = 0.002
        trainer.decay = 0.001
        trainer.dropout = 0.2
        trainer.inputNoise = 0.2
        trainer.dimensionWeight = 0.5
        trainer.seed = seed
        trainer.vary = Self.vary
        return trainer
    }

    /// Inputs of the network for a frame, all of its parts.
    static func features(_ frame: FaceFrame) -> [Float] {
        var values = frame.values
        var input = [Float](repeating: .nan, count: FaceModel.inputs)
        values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            FacePoints.align(start + FaceFrame.points.lowerBound)
            _ = FaceModel.fill(start, &input)
        }
        return input
    }

    /// The face in a mirror.
    static func mirrored(_ frame: FaceFrame) -> FaceFrame {
        var out = frame
        for i in FaceFrame.blendshapes { out.values[i] = frame.values[mirroredShapes[i]] }
        for i in [FaceFrame.head.lowerBound, FaceFrame.head.lowerBound + 2] { out.values[i] = -frame.values[i] }
        let start = FaceFrame.points.lowerBound
        for (i, from) in FacePoints.mirrored.enumerated() {
            out.values[start + 2 * i] = -frame.values[start + 2 * from]
            out.values[start + 2 * i + 1] = frame.values[start + 2 * from + 1]
        }
        return out
    }

    private static let mirroredShapes: [Int] = Blendshapes.names.map { name in
        let other =
            name.hasSuffix("Left")
            ? name.dropLast(4) + "Right" : name.hasSuffix("Right") ? name.dropLast(5) + "Left" : name[...]
        return Blendshapes.index(of: String(other)) ?? 0
    }

    /// Leaves parts of the input out. - Parameter input: as `FaceModel.fill` makes it.
    @Sendable static func vary(_ input: inout [Float], _ random: inout SeededRandom) {
        var at = random.uniform()
        guard
            let part = parts.first(where: {
                at -= $0.chance; return at < 0
            })
        else { return }
        let (shapes, flags) = (Blendshapes.count, FaceModel.inputs - 3)
        if !part.shapes { for i in 0..<shapes { input[i] = .nan } }
        if !part.head { for i in shapes..<(shapes + 3) { input[i] = .nan } }
        if !part.points { for i in (shapes + 3)..<flags { input[i] = .nan } }
        for (i, isThere) in [part.shapes, part.head, part.points].enumerated() where !isThere { input[flags + i] = 0 }
    }

    func rows(_ samples: [Sample]) -> [TrainingRow] {
        let shares = samples.map(\.shares)
        var prior = [Float](repeating: 0, count: FaceModel.labels.count)
        for share in shares { for i in prior.indices { prior[i] += share[i] / Float(samples.count) } }
        let factor = prior.map { pow(max($0, 1e-4), -balance) }
        var weights: [Float] = []
        for (sample, share) in zip(samples, shares) {
            var weight: Float = 0
            for i in share.indices { weight += share[i] * factor[i] }
            // Where few of the ten found an expression, the row says less.
            weights.append(weight * min(sample.votes.reduce(0, +) / 10, 1))
        }
        let mean = weights.reduce(0, +) / Float(max(weights.count, 1))
        var rows: [TrainingRow] = []
        for (at, sample) in samples.enumerated() {
            for frame in [sample.frame, Self.mirrored(sample.frame)] {
                rows.append(
                    TrainingRow(
                        features: Self.features(frame), classes: shares[at], dimensions: sample.dimensions,
                        weight: weights[at] / mean))
            }
        }
        return rows
    }

    /// - Parameter progress: epoch and loss.
    public func network(_ samples: [Sample], progress: (Int, Float) -> Void = { _, _ in }) -> Network {
        trainer.train(rows(samples), progress: progress)
    }

    /// Blendshapes from head and points, by gradient descent on the squared error.
    public func shapes(_ samples: [Sample]) -> Network {
        var trainer = NetworkTrainer()
        trainer.epochs = 20
        trainer.batch = 64
        trainer.rate = 0.002
        trainer.decay = 0
        trainer.seed = seed
        let rows = samples.flatMap { sample in
            [sample.frame, Self.mirrored(sample.frame)].map { frame in
                let input = Self.features(frame)
                let from = Blendshapes.count
                return TrainingRow(
                    features: Array(input[from..<(from + FaceModel.shapeInputs)]), classes: [],
                    dimensions: Array(input[..<from]))
            }
        }
        return trainer.train(rows)
    }

    /// Trains on some samples and calibrates on others.
    public func pack(
        _ samples: [Sample], calibration: [Sample], corpora: [String], progress: (Int, Float) -> Void
    ) throws(AffettoError) -> [UInt8] {
        let network = network(samples, progress: progress)
        var settings: [String: Double] = [:]
        for basis in FaceModel.learned {
            let held = Self.heldOut(calibration, network, basis)
            settings["temperature.\(basis.rawValue)"] = Double(held.fittedTemperature())
            guard basis == .all else { continue }
            settings["residual.valence"] = Double(held.residual.valence)
            settings["residual.arousal"] = Double(held.residual.arousal)
        }
        let shapes = shapes(samples)
        settings["net.layers"] = Double(network.layerCount)
        settings["shapes.layers"] = Double(shapes.layerCount)
        var writer = ModelPackWriter(
            task: FaceModel.task, revision: FaceModel.revision, labels: FaceModel.labels, corpora: corpora,
            settings: settings)
        network.write(to: &writer, prefix: "net")
        shapes.write(to: &writer, prefix: "shapes")
        let neutral = Self.neutral(samples)
        writer.add("neutral.mean", neutral.mean, shape: [Blendshapes.count])
        writer.add("neutral.sd", neutral.sd, shape: [Blendshapes.count])
        return try writer.bytes()
    }

    /// What a network says of faces that it has not seen, from some of their parts.
    public static func heldOut(_ samples: [Sample], _ network: Network, _ basis: FaceModel.Basis) -> HeldOutPredictions
    {
        var held = HeldOutPredictions()
        for sample in samples {
            let row = TrainingRow(
                features: features(sample.frame.keeping(basis)), classes: sample.shares, dimensions: sample.dimensions)
            held.add(GroupedExample(group: sample.group, row: row, truth: sample.truth), network)
        }
        return held
    }

    private static func neutral(_ samples: [Sample]) -> (mean: [Float], sd: [Float]) {
        var (mean, sd): ([Float], [Float]) = ([], [])
        let faces = samples.filter(\.isNeutral)
        for i in FaceFrame.blendshapes {
            let values = faces.map { $0.frame.values[i] }.filter(\.isFinite)
            let count = Float(max(values.count, 1))
            let average = values.reduce(0, +) / count
            mean.append(average)
            sd.append((values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / count).squareRoot())
        }
        return (mean, sd)
    }
}

extension FaceFrame {
    /// The frame with nothing but what a basis looks at; head pose goes with either.
    public func keeping(_ basis: FaceModel.Basis) -> FaceFrame {
        var out = self
        if basis != .all && basis != .blendshapes { for i in Self.blendshapes { out.values[i] = .nan } }
        if basis != .all && basis != .points { for i in Self.points { out.values[i] = .nan } }
        return out
    }
}
