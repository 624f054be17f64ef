import AffettoCore
import AffettoFace
import AffettoLearning
import Foundation

/// The face model's train, eval and crossval, on FER+ votes and MediaPipe blendshapes.
enum FaceWork {
    /// Rows of one split by the usual protocol: single votes dropped, a majority over half, not unknown, a face found.
    static func examples(_ folder: URL, split: String) throws -> [GroupedExample] {
        let place =
            try [
                folder, folder.appendingPathComponent("fer2013plus"), folder.appendingPathComponent("face/fer2013plus"),
            ]
            .first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("mediapipe.npz").path) }
            ?? { throw AffettoError(.notFound, "no labels.csv with mediapipe.npz under '\(folder.path)'") }()
        let table = try Table(place.appendingPathComponent("labels.csv"))
        let archive = try NumpyArchive(place.appendingPathComponent("mediapipe.npz"))
        let found = try archive.array("found")
        let shapes = try archive.array("blendshapes")
        guard shapes.shape.count == 2, shapes.shape[1] == 52, shapes.shape[0] == table.rows.count,
            found.shape[0] == table.rows.count
        else { throw AffettoError(.argument, "mediapipe.npz does not fit labels.csv: \(shapes.shape)") }
        let usage = try table.column("usage")
        let votes = try (FaceModel.labels + ["unknown", "NF"]).map { try table.column($0) }
        var out: [GroupedExample] = []
        for (row, fields) in table.rows.enumerated() where fields[usage] == split && found[row] == 1 {
            var counts = votes.map { Float(fields[$0]) ?? 0 }.map { $0 <= 1 ? 0 : $0 }
            let sum = counts.reduce(0, +)
            guard let top = counts.indices.max(by: { counts[$0] < counts[$1] }), top < 8, counts[top] > sum / 2 else {
                continue
            }
            counts.removeLast(2)
            let values = Blendshapes.names.map { name -> Float in
                // MediaPipe's order: `_neutral` first, then ours without tongueOut, which it does not have.
                guard name != "tongueOut", let index = Blendshapes.index(of: name) else { return .nan }
                return shapes[row * 52 + index + 1] / 1023
            }
            out.append(FaceTraining.example(group: String(row), blendshapes: values, votes: counts))
        }
        return out
    }

    static func train(_ folder: URL, seed: UInt64) throws -> [UInt8] {
        let rows = try examples(folder, split: "train")
        let progress = ProgressLine()
        // A tenth of the training rows is kept apart for temperature and residuals.
        let fit = rows.enumerated().filter { $0.offset % 10 != 0 }.map(\.element.row)
        let network = FaceTraining.trainer(seed: seed).train(fit) { progress.show("epoch \($0), loss \($1)") }
        progress.clear()
        var held = HeldOutPredictions()
        for (n, example) in rows.enumerated() where n % 10 == 0 { held.add(example, network) }
        let classifier = AffectClassifier(
            network: network, labels: FaceModel.labels, temperature: held.fittedTemperature(), residual: held.residual)
        return try classifier.pack(task: FaceModel.task, revision: FaceModel.revision, corpora: ["fer2013plus/train"])
    }

    static func evaluate(_ pack: ModelPack, _ folder: URL, split: String) throws -> Figures {
        let classifier = try FaceModel(pack: pack).classifier
        let rows = try examples(folder, split: split)
        guard !rows.isEmpty else { throw AffettoError(.notFound, "the split '\(split)' has no rows") }
        var figures = Figures()
        report(rows.map { (classifier.predict($0.row.features).probability, $0.truth) }, &figures)
        figures.add("face.parameters", Double(classifier.network.parameterCount))
        figures.add("face.pack_kib", Double(pack.byteCount) / 1024)
        figures.add("face.seen_in_training", pack.header.corpora.contains("fer2013plus/\(split)"))
        return figures
    }

    static func crossValidate(_ folder: URL) throws -> Figures {
        let rows = try examples(folder, split: "train")
        var figures = Figures()
        let held = HeldOutPredictions(
            rows, trainer: FaceTraining.trainer(seed: 1), fold: { (Int($0) ?? 0) % 5 }, progress: { _, _ in })
        let temperature = held.fittedTemperature()
        report(zip(held.logits, held.truth).map { (softmax($0, temperature: temperature), $1) }, &figures)
        return figures
    }

    private static func report(_ rows: [(probability: [Float], truth: Int)], _ figures: inout Figures) {
        let truth = rows.map(\.truth)
        let guess = rows.map { row in row.probability.indices.max { row.probability[$0] < row.probability[$1] } ?? 0 }
        let groups = rows.indices.map(String.init)
        figures.add(
            "face.ferplus.accuracy", Metrics.accuracy(truth: truth, guess: guess),
            Metrics.interval(groups: groups) { r in
                Metrics.accuracy(truth: r.map { truth[$0] }, guess: r.map { guess[$0] })
            },
            n: rows.count)
        figures.add(
            "face.ferplus.macro_f1", Metrics.macroF1(truth: truth, guess: guess, classes: 8),
            Metrics.interval(groups: groups, draws: 200) { r in
                Metrics.macroF1(truth: r.map { truth[$0] }, guess: r.map { guess[$0] }, classes: 8)
            }, n: rows.count)
        figures.add(
            "face.ece",
            Metrics.ece(
                confidence: zip(rows, guess).map { $0.probability[$1] }, correct: zip(truth, guess).map { $0 == $1 }))
    }
}
