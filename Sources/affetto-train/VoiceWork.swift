import AffettoAudioFiles
import AffettoCore
import AffettoLearning
import AffettoVoice
import Foundation

/// The voice model's train, eval and crossval.
enum VoiceWork {
    typealias Sample = (speaker: String, label: String, functionals: [Float])

    struct Corpus {
        var name: String
        var samples: [Sample]
        var skipped: Int
    }

    /// Corpora: DIR/labels.csv, DIR/*/labels.csv or DIR/speech/*/labels.csv.
    static func corpora(_ folder: URL, only: Set<String>? = nil) throws -> [Corpus] {
        let manager = FileManager.default
        func children(_ url: URL) -> [URL] {
            ((try? manager.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? [])
                .sorted { $0.path < $1.path }
        }
        let places = [folder] + children(folder) + children(folder.appendingPathComponent("speech"))
        var out: [Corpus] = []
        for place in places where manager.fileExists(atPath: place.appendingPathComponent("labels.csv").path) {
            let name = place.lastPathComponent
            guard let table = try? Table(place.appendingPathComponent("labels.csv")), table.columns["emotion"] != nil,
                table.columns["speaker"] != nil, only?.contains(name) ?? true
            else { continue }
            out.append(try read(name, place, table))
        }
        guard !out.isEmpty else {
            throw AffettoError(
                .notFound, "no speech corpus (labels.csv with file, speaker, emotion) under '\(folder.path)'")
        }
        return out
    }

    private static func read(_ name: String, _ place: URL, _ table: Table) throws -> Corpus {
        let (file, speaker, emotion) = (
            try table.column("file"), try table.column("speaker"), try table.column("emotion")
        )
        let progress = ProgressLine()
        var corpus = Corpus(name: name, samples: [], skipped: 0)
        for (n, row) in table.rows.enumerated() {
            progress.show("\(name): \(n)/\(table.rows.count)")
            let clip = try AudioFile.read(place.appendingPathComponent(String(row[file])).path)
            // In emodb's usual copy some classes are cut at 2 s: cut all, or the length gives the label away.
            let limit = name == "emodb" ? 2.0 : 6.0
            guard let functionals = try functionals(clip, seconds: limit) else {
                corpus.skipped += 1
                continue
            }
            corpus.samples.append((String(row[speaker]), String(row[emotion]), functionals))
        }
        progress.clear()
        return corpus
    }

    static func functionals(_ clip: AudioClip, seconds: Double) throws -> [Float]? {
        var frames: [VoiceFrame] = []
        let wanted = min(clip.samples.count, Int(seconds * clip.rate) * clip.channels)
        try clip.samples.withUnsafeBufferPointer { samples in
            try VoiceFeatures.frames(
                UnsafeBufferPointer(rebasing: samples[0..<wanted]), rate: clip.rate, channels: clip.channels
            ) { frames.append($0) }
        }
        return VoiceFunctionals.compute(frames)
    }

    static func train(_ folder: URL, seed: UInt64) throws -> [UInt8] {
        // emodb alone may train what ships (CC0); other corpora measure.
        let samples = try corpora(folder, only: ["emodb"]).flatMap(\.samples)
        let labels = Set(samples.map(\.label)).sorted()
        let examples = VoiceTraining.examples(samples, labels: labels)
        let trainer = VoiceTraining.trainer(seed: seed)
        let speakers = Set(samples.map(\.speaker)).sorted()
        let held = HeldOutPredictions(examples, trainer: trainer, fold: { speakers.firstIndex(of: $0) ?? 0 }) { _, _ in
        }
        let classifier = AffectClassifier(
            network: trainer.train(examples.map(\.row)), labels: labels, temperature: held.fittedTemperature(),
            residual: held.residual)
        return try classifier.pack(task: VoiceModel.task, revision: VoiceFunctionals.revision, corpora: ["emodb"])
    }

    static func crossValidate(_ folder: URL, seeds: Int) throws -> Figures {
        var figures = Figures()
        for corpus in try corpora(folder) {
            let labels = Set(corpus.samples.map(\.label)).sorted()
            let speakers = Set(corpus.samples.map(\.speaker)).sorted()
            let folds = corpus.name == "ravdess" ? 6 : speakers.count
            let examples = VoiceTraining.examples(corpus.samples, labels: labels)
            var runs: [(uar: Double, low: Double, high: Double, ece: Double)] = []
            for seed in 1...seeds {
                let held = HeldOutPredictions(
                    examples, trainer: VoiceTraining.trainer(seed: UInt64(seed)),
                    fold: { (speakers.firstIndex(of: $0) ?? 0) * folds / speakers.count }, progress: { _, _ in })
                let guess = held.guess
                let interval = Metrics.interval(groups: held.groups) { rows in
                    Metrics.uar(
                        truth: rows.map { held.truth[$0] }, guess: rows.map { guess[$0] }, classes: labels.count)
                }
                runs.append(
                    (
                        Metrics.uar(truth: held.truth, guess: guess, classes: labels.count), interval.low,
                        interval.high,
                        crossFitECE(held)
                    ))
            }
            func mean(_ pick: ((uar: Double, low: Double, high: Double, ece: Double)) -> Double) -> Double {
                runs.map(pick).reduce(0, +) / Double(runs.count)
            }
            let prefix = "voice.\(corpus.name)"
            figures.add("\(prefix).uar", mean(\.uar), (mean(\.low), mean(\.high)), n: corpus.samples.count)
            figures.add(
                "\(prefix).ece", mean(\.ece),
                note: "\(labels.count) classes, \(speakers.count) speakers, \(folds) folds")
        }
        return figures
    }

    /// Calibration error where each half of the groups is scaled by the temperature of the other half.
    private static func crossFitECE(_ held: HeldOutPredictions) -> Double {
        let names = Set(held.groups).sorted()
        var confidence: [Float] = []
        var correct: [Bool] = []
        for half in 0..<2 {
            let inside = held.groups.map { (names.firstIndex(of: $0) ?? 0) % 2 == half }
            let other = held.logits.indices.filter { !inside[$0] }
            let temperature = Calibration.temperature(
                logits: other.map { held.logits[$0] }, truth: other.map { held.truth[$0] })
            for row in held.logits.indices where inside[row] {
                let p = softmax(held.logits[row], temperature: temperature)
                let best = p.indices.max { p[$0] < p[$1] } ?? 0
                confidence.append(p[best])
                correct.append(best == held.truth[row])
            }
        }
        return Metrics.ece(confidence: confidence, correct: correct)
    }

    static func evaluate(_ pack: ModelPack, _ folder: URL) throws -> Figures {
        let model = try VoiceModel(pack: pack)
        var figures = Figures()
        for corpus in try corpora(folder) {
            let prefix = "voice.\(corpus.name)"
            let named = corpus.samples.filter { model.classifier.labels.contains(native($0.label, model)) }
            var truth: [Int] = []
            var guess: [Int] = []
            var confidence: [Float] = []
            for sample in named {
                let p = model.classifier.predict(sample.functionals).probability
                let best = p.indices.max { p[$0] < p[$1] } ?? 0
                truth.append(model.classifier.labels.firstIndex(of: native(sample.label, model)) ?? 0)
                guess.append(best)
                confidence.append(p[best])
            }
            let groups = named.map(\.speaker)
            figures.add(
                "\(prefix).uar", Metrics.uar(truth: truth, guess: guess, classes: model.classifier.labels.count),
                Metrics.interval(groups: groups) { rows in
                    Metrics.uar(
                        truth: rows.map { truth[$0] }, guess: rows.map { guess[$0] },
                        classes: model.classifier.labels.count)
                }, n: named.count)
            figures.add(
                "\(prefix).ece", Metrics.ece(confidence: confidence, correct: zip(truth, guess).map { $0 == $1 }))
            figures.add("\(prefix).coverage", Double(named.count) / Double(max(corpus.samples.count, 1)))
            addSide("\(prefix).arousal_accuracy", corpus.samples, model, \.arousal, &figures)
            addSide("\(prefix).valence_accuracy", corpus.samples, model, \.valence, &figures)
            figures.add("\(prefix).seen_in_training", pack.header.corpora.contains(corpus.name))
        }
        figures.add("voice.pack_kib", Double(pack.byteCount) / 1024)
        return figures
    }

    /// The pack's own word for a corpus's label ("happy" → "happiness"), through the emotion both stand for.
    private static func native(_ label: String, _ model: VoiceModel) -> String {
        guard let emotion = LabelTable.emotion(label) else { return label }
        return model.classifier.labels.first { LabelTable.emotion($0) == emotion } ?? label
    }

    /// Which side of the middle: labels within 0.2 of it are left out; the cut is the speaker's own median.
    private static func addSide(
        _ name: String, _ samples: [Sample], _ model: VoiceModel, _ axis: (AffectPoint) -> Float,
        _ figures: inout Figures
    ) {
        var correct: [Bool] = []
        var groups: [String] = []
        for speaker in Set(samples.map(\.speaker)).sorted() {
            let own = samples.filter { $0.speaker == speaker }
            let values = own.map { axis(model.classifier.predict($0.functionals).point) }
            let middle = values.sorted()[values.count / 2]
            for (sample, value) in zip(own, values) {
                guard let point = LabelTable.point(sample.label), abs(axis(point)) >= 0.2 else { continue }
                correct.append((value > middle) == (axis(point) > 0))
                groups.append(speaker)
            }
        }
        func share(_ rows: [Int]) -> Double { Double(rows.count { correct[$0] }) / Double(max(rows.count, 1)) }
        figures.add(
            name, share(Array(correct.indices)), Metrics.interval(groups: groups, statistic: share), n: correct.count)
    }
}
