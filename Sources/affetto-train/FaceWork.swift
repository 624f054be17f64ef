import AffettoCore
import AffettoFace
import AffettoLearning
import Foundation

/// The face model's train, eval and crossval, on FER+ votes and what MediaPipe saw: blendshapes, head pose and points.
enum FaceWork {
    /// A face and whether it counts in figures: by the usual protocol, single votes dropped, a majority over half, not unknown.
    struct Row {
        var sample: FaceTraining.Sample
        var isClear: Bool
    }

    /// Rows of one split in which a face was found and at least two votes name an expression.
    static func rows(_ folder: URL, split: String) throws -> [Row] {
        let place =
            try [
                folder, folder.appendingPathComponent("fer2013plus"), folder.appendingPathComponent("face/fer2013plus"),
            ]
            .first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("mediapipe.npz").path) }
            ?? { throw AffettoError(.notFound, "no labels.csv with mediapipe.npz under '\(folder.path)'") }()
        let table = try Table(place.appendingPathComponent("labels.csv"))
        let archive = try NumpyArchive(place.appendingPathComponent("mediapipe.npz"))
        func array(_ name: String, _ shape: [Int]) throws -> [Float] {
            let array = try archive.array(name)
            guard array.shape == [table.rows.count] + shape else {
                throw AffettoError(.argument, "\(name) of mediapipe.npz does not fit labels.csv: \(array.shape)")
            }
            return array.values
        }
        let found = try array("found", [])
        let (shapes, pose, points) = (
            try array("blendshapes", [52]), try array("pose_R", [3, 3]), try array("lm68", [68, 2])
        )
        let usage = try table.column("usage")
        let votes = try (FaceModel.labels + ["unknown", "NF"]).map { try table.column($0) }
        var out: [Row] = []
        for (row, fields) in table.rows.enumerated() where fields[usage] == split && found[row] == 1 {
            let counts = votes.map { Float(fields[$0]) ?? 0 }.map { $0 <= 1 ? 0 : $0 }
            let sum = counts.reduce(0, +)
            guard counts.prefix(8).reduce(0, +) >= 2, let top = counts.indices.max(by: { counts[$0] < counts[$1] })
            else { continue }
            var frame = FaceFrame()
            // MediaPipe's order: `_neutral` first, then ours without tongueOut, which it does not have.
            for (i, name) in Blendshapes.names.dropLast().enumerated() {
                _ = frame.set(name, shapes[row * 52 + i + 1] / 1023)
            }
            let turn = pose[(row * 9)..<(row * 9 + 9)].map { $0 / 32767 }
            frame.setHead(rotation: turn)
            try points[(row * 136)..<(row * 136 + 136)].map { $0 / 512 }.withUnsafeBufferPointer {
                if let start = $0.baseAddress { try frame.setPoints(start, count: 68, layout: .ibug68) }
            }
            out.append(
                Row(
                    sample: FaceTraining.Sample(frame: frame, votes: Array(counts.prefix(8)), group: String(row)),
                    isClear: top < 8 && counts[top] > sum / 2))
        }
        return out
    }

    static func train(_ folder: URL, seed: UInt64) throws -> [UInt8] {
        let rows = try rows(folder, split: "train")
        var training = FaceTraining()
        training.seed = seed
        let progress = ProgressLine()
        // A tenth of the training rows is kept apart for temperatures and residuals.
        let kept = rows.enumerated().filter { $0.offset % 10 == 0 && $0.element.isClear }.map(\.element.sample)
        let fit = rows.enumerated().filter { $0.offset % 10 != 0 }.map(\.element.sample)
        let bytes = try training.pack(fit, calibration: kept, corpora: ["fer2013plus/train"]) {
            progress.show("epoch \($0), loss \($1)")
        }
        progress.clear()
        return bytes
    }

    static func evaluate(_ pack: ModelPack, _ folder: URL, split: String) throws -> Figures {
        let model = try FaceModel(pack: pack)
        let samples = try rows(folder, split: split).filter(\.isClear).map(\.sample)
        guard !samples.isEmpty else { throw AffettoError(.notFound, "the split '\(split)' has no rows") }
        var figures = Figures()
        for basis in [FaceModel.Basis.all, .blendshapes, .points, .prototypes] {
            let rows = samples.map { sample in
                let frame = basis == .prototypes ? sample.frame.asActionUnits : sample.frame.keeping(basis)
                let said = model.read(frame).probability
                return (probability: (0..<8).map { said[$0] }, truth: sample.truth)
            }
            report(rows, basis, &figures)
        }
        let explained = explained(model, samples)
        figures.add(
            "face.points_explain_least", explained.min() ?? 0,
            note: "share of variance of the \(explained.count) blendshapes shown from points")
        figures.add("face.parameters", Double(model.network.parameterCount))
        figures.add("face.pack_kib", Double(pack.byteCount) / 1024)
        figures.add("face.seen_in_training", pack.header.corpora.contains("fer2013plus/\(split)"))
        return figures
    }

    /// Of each blendshape that is shown from points the share of its variance that they explain.
    private static func explained(_ model: FaceModel, _ samples: [FaceTraining.Sample]) -> [Double] {
        let told = samples.map { (model.shapesFromPoints($0.frame).values, $0.frame.values) }
        return FaceFrame.blendshapes.compactMap { i in
            let pairs = told.map { (Double($0.0[i]), Double($0.1[i])) }.filter { $0.0.isFinite && $0.1.isFinite }
            guard !pairs.isEmpty else { return nil }
            let mean = pairs.reduce(0) { $0 + $1.1 } / Double(pairs.count)
            let error = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            return 1 - error / pairs.reduce(0) { $0 + ($1.1 - mean) * ($1.1 - mean) }
        }
    }

    /// Five folds of the training split.
    static func crossValidate(_ folder: URL) throws -> Figures {
        let rows = try rows(folder, split: "train")
        var figures = Figures()
        var held = HeldOutPredictions()
        let progress = ProgressLine()
        for fold in 0..<5 {
            func isHeld(_ row: Row) -> Bool { (Int(row.sample.group) ?? 0) % 5 == fold }
            let network = FaceTraining().network(rows.filter { !isHeld($0) }.map(\.sample)) {
                progress.show("fold \(fold + 1) of 5, epoch \($0), loss \($1)")
            }
            held.append(FaceTraining.heldOut(rows.filter { isHeld($0) && $0.isClear }.map(\.sample), network, .all))
        }
        progress.clear()
        let temperature = held.fittedTemperature()
        report(zip(held.logits, held.truth).map { (softmax($0, temperature: temperature), $1) }, .all, &figures)
        return figures
    }

    private static func report(
        _ rows: [(probability: [Float], truth: Int)], _ basis: FaceModel.Basis, _ figures: inout Figures
    ) {
        let suffix = basis == .all ? "" : "_\(basis.rawValue)"
        let truth = rows.map(\.truth)
        let guess = rows.map { row in row.probability.indices.max { row.probability[$0] < row.probability[$1] } ?? 0 }
        let groups = rows.indices.map(String.init)
        figures.add(
            "face.ferplus.accuracy\(suffix)", Metrics.accuracy(truth: truth, guess: guess),
            Metrics.interval(groups: groups) { r in
                Metrics.accuracy(truth: r.map { truth[$0] }, guess: r.map { guess[$0] })
            },
            n: rows.count)
        figures.add(
            "face.ferplus.macro_f1\(suffix)", Metrics.macroF1(truth: truth, guess: guess, classes: 8),
            Metrics.interval(groups: groups, draws: 200) { r in
                Metrics.macroF1(truth: r.map { truth[$0] }, guess: r.map { guess[$0] }, classes: 8)
            }, n: rows.count)
        figures.add(
            "face.ece\(suffix)",
            Metrics.ece(
                confidence: zip(rows, guess).map { $0.probability[$1] }, correct: zip(truth, guess).map { $0 == $1 }))
    }
}
