import AffettoCore
import AffettoLearning
import ArgumentParser
import Foundation

/// Trains, evaluates and cross-validates Affetto's models from a folder of corpora that the user names.
@main
struct AffettoTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "affetto-train",
        abstract: "Train and measure Affetto's models on your own copy of the corpora.",
        discussion: """
            DIR holds the corpora: speech/NAME/labels.csv with the recordings beside it, face/NAME/labels.csv with
            mediapipe.npz, text/goemotions and text/emobank with train.tsv and dev.tsv, music/truth, music/emopia,
            music/real_ccby, and music/NAME/labels.csv (file, valence, arousal). Any subset will do.
            Each command prints a table and, as its last line, one JSON object of the figures.
            """,
        subcommands: [Train.self, Eval.self, Crossval.self, Missed.self, Scales.self])
}

enum ModelName: String, ExpressibleByArgument, CaseIterable {
    case voice, face, text
}

/// What can be measured: the models, and the rules that no data made.
enum MeasuredName: String, ExpressibleByArgument, CaseIterable {
    case voice, face, text, activity, fusion, music
}

/// What is trained anew to be tested.
enum TestedName: String, ExpressibleByArgument, CaseIterable {
    case voice, face, text, fusion, music
}

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Train a model and write its pack.")
    @Argument(help: "voice, face or text") var model: ModelName
    @OptionGroup var options: DataOptions
    @Option(help: "Seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "File to write; with --language all a folder for both packs.") var out: String?
    @Option(help: "Text: en, zh, or all: both, and every figure of the two on the dev splits.") var language = "en"
    @Flag(help: "Voice: learn from every corpus in DIR; the pack is marked as not for commercial use.")
    var research = false

    func validate() throws {
        guard ["en", "zh", "all"].contains(language) else { throw ValidationError("--language is en, zh or all.") }
        if language == "all", model != .text { throw ValidationError("--language is for text only.") }
        if research, model != .voice { throw ValidationError("--research is for voice only.") }
    }

    func run() throws {
        let folder = try options.folder()
        if language == "all" { return try both(folder) }
        let bytes: [UInt8]
        switch model {
        case .voice: bytes = try VoiceWork.train(folder, seed: seed, forResearch: research)
        case .face: bytes = try FaceWork.train(folder, seed: seed)
        case .text: bytes = try TextWork.train(folder, isChinese: language == "zh", seed: seed)
        }
        let path =
            out
            ?? "\(model.rawValue)\(model == .text && language == "zh" ? "_zh" : "")\(research ? "-research" : "").pack"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        print("wrote \(path), \(bytes.count / 1024) KiB")
    }

    private func both(_ folder: URL) throws {
        let place = URL(fileURLWithPath: out ?? ".", isDirectory: true)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        var packs: [ModelPack] = []
        for (name, isChinese) in [("text.pack", false), ("text_zh.pack", true)] {
            let bytes = try TextWork.train(folder, isChinese: isChinese, seed: seed)
            try Data(bytes).write(to: place.appendingPathComponent(name))
            print("wrote \(place.appendingPathComponent(name).path), \(bytes.count / 1024) KiB")
            packs.append(try ModelPack(copying: bytes))
        }
        try TextWork.evaluate(packs[0], packs[1], folder, split: "dev").print()
    }
}

struct Eval: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a fixed pack; never trains. Figures on corpora the pack has seen are marked.")
    @Argument(help: "voice, face, text, music; activity or fusion (simulated, without data)") var model: MeasuredName
    @OptionGroup var options: DataOptions
    @Option(help: "Split to measure on, where the corpus has splits.") var split: String?
    @Option(help: "Pack to measure; the embedded one where not given.") var pack: String?
    @Option(help: "Text: the Chinese pack, in the same way.") var chinesePack: String?

    func run() throws {
        if model == .activity { return ActivityWork.evaluate().print() }
        if model == .fusion { return FusionWork.evaluate().print() }
        let folder = try options.folder()
        if model == .music { return try MusicWork.evaluate(folder).print() }
        let pack = try PackSource.load(model.rawValue, file: pack)
        switch model {
        case .voice: try VoiceWork.evaluate(pack, folder).print()
        case .face: try FaceWork.evaluate(pack, folder, split: split ?? "valid").print()
        case .text:
            let chinese = try PackSource.load("text_zh", file: chinesePack)
            try TextWork.evaluate(pack, chinese, folder, split: split ?? "dev").print()
        case .activity, .fusion, .music: break
        }
    }
}

struct Crossval: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Retrain from nothing, leaving groups out, and report on what was left out.")
    @Argument(help: "voice, face, text, fusion or music") var model: TestedName
    @OptionGroup var options: DataOptions
    @Option(help: "How many seeds to average; above 1 for voice and fusion only.") var seeds: Int = 1
    @Option(help: "Text: en or zh; both where not given.") var language: String?

    func run() throws {
        let folder = try options.folder()
        guard seeds >= 1, seeds <= 100 else { throw ValidationError("--seeds must be 1…100.") }
        guard seeds == 1 || model == .voice || model == .fusion else {
            throw ValidationError("--seeds above 1 is for voice and fusion only.")
        }
        switch model {
        case .voice: try VoiceWork.crossValidate(folder, seeds: seeds).print()
        case .face: try FaceWork.crossValidate(folder).print()
        case .text: try TextWork.crossValidate(folder, language: language).print()
        case .fusion: try FusionWork.crossValidate(folder, seeds: seeds).print()
        case .music: try MusicCrossValidation.run(folder).print()
        }
    }
}
