import AffettoAudioFiles
import AffettoCore
import AffettoEngine
import AffettoLibrary
import AffettoMusic
import ArgumentParser
import Foundation

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The main job on embedded defaults: a scripted learner's evening.",
        discussion: """
            Composes a small music library into FOLDER/music, imports it, plays an evening of a made-up learner with all
            five kinds of evidence through the real engine, prints what happened and writes FOLDER/report.html.
            """)
    @Option(help: "Folder to work in; made if absent, kept afterwards.") var folder = "affetto-demo"
    @Option(help: "Seed of every chance in it; another number, another evening.") var seed: UInt64 = 57

    func run() throws {
        let files = FileManager.default
        let music = folder + "/music"
        do { try files.createDirectory(atPath: music, withIntermediateDirectories: true) } catch {
            throw AffettoError(.argument, "cannot make the folder '\(music)'")
        }
        // Each run begins with the same empty store, so that it tells the same evening.
        for name in [
            "learners.affetto", "learners.affetto-wal", "learners.affetto-shm", "learners.affetto-keys", "learners.key",
        ] {
            try? files.removeItem(atPath: folder + "/" + name)
        }
        var options = EngineOptions()
        options.storePath = folder + "/learners.affetto"
        options.key = .file(folder + "/learners.key")
        options.preset = "eu_home"
        options.seed = seed
        let engine = try Engine(options)
        defer { engine.close() }

        print(Terminal.bold("Affetto demo") + ": a made-up learner's evening, sensed and decided by the real engine")
        try compose(into: music, engine)
        let learner = ScriptedLearner()
        try engine.createLearner(learner.name, assessment: Array(ScriptedLearner.assessment.utf8))
        try grantConsents(engine, learner.name)

        var sitting = SessionOptions()
        // Monday, 19:30 UTC: a fixed evening makes the same report each time.
        sitting.started = 1_790_623_800
        let session = try engine.startSession(learner: learner.name, options: sitting)
        try Evening(engine: engine, session: session, learner: learner, start: sitting.started).play()
        session.end()
        engine.close()

        // Another engine on the same file: what was learned outlives the process.
        let tomorrow = try Engine(options)
        defer { tomorrow.close() }
        sitting.started += 86_400
        let next = try tomorrow.startSession(learner: learner.name, options: sitting)
        try Evening(engine: tomorrow, session: next, learner: learner, start: sitting.started).playNext()
        next.end()
        try summarise(tomorrow, learner.name, session.id)
    }

    private func compose(into folder: String, _ engine: Engine) throws {
        let specs = Composer.library()
        let progress = ProgressBar("composing", total: specs.count)
        for (n, spec) in specs.enumerated() {
            progress.show(n, spec.title)
            let piece = Composer.render(spec)
            let path = "\(folder)/\(piece.id).wav"
            try AudioFile.write(path, piece.clip)
            let heard = try piece.clip.samples.withUnsafeBufferPointer { samples in
                try MusicAnalyzer.analyze(samples, rate: piece.clip.rate, channels: piece.clip.channels)
            }
            var track = Track(id: piece.id, title: piece.title, heard: heard)
            track.artist = "Affetto composer"
            track.style = piece.style
            track.uri = path
            track.licence = "MIT"
            try engine.library.add(heard, track)
        }
        progress.finish()
        print("  music    \(specs.count) short pieces composed and analysed; listen to them in \(folder)")
    }

    private func grantConsents(_ engine: Engine, _ learner: String) throws {
        let now = Engine.unixNow
        for modality in Modality.allCases {
            let grantor = GrantorRole.guardian
            try engine.grant(
                Consent(
                    modality: DataKind(modality), purpose: .intervention, grantor: grantor, granted: now,
                    expires: now + 365 * 86_400, method: "demo form"), to: learner)
        }
        let names = Modality.allCases.map { $0.name.replacingOccurrences(of: "_", with: "-") }
        print("  policy   preset eu_home; consents of the guardian on file: \(names.joined(separator: ", "))")
        for modality in Modality.allCases {
            let verdict = try engine.verdict(
                modality: DataKind(modality), purpose: .intervention, learner: learner, preset: "strict")
            if case .forbidden(let rule, let citation) = verdict {
                print(
                    Terminal.wrap(
                        "strict would refuse \(modality.name) all the same: \(rule) [\(citation)]",
                        indent: "           "))
            }
        }
    }

    private func summarise(_ engine: Engine, _ learner: String, _ id: String) throws {
        let record = try engine.session(id, of: learner)
        let report = folder + "/report.html"
        try writeText(try engine.report(id, of: learner), to: report)
        let plays = record.decisions.count { $0.action == .play }
        print("")
        print(
            Terminal.bold("Kept, sealed: ")
                + "\(record.events.count) events, \(record.states.count) states, \(record.decisions.count) decisions "
                + "(\(plays) played), \(record.outcomes.count) outcomes; no audio, no face, no words")
        let export = try JSON.decode(
            LearnerExport.self, from: Array(try engine.export(learner).utf8), what: "the export")
        let taste = export.model.liking.styles.filter { $0.value.count > 0 }.sorted { $0.value.mean > $1.value.mean }
        let words = taste.map { "\($0.key) \(Terminal.signed($0.value.mean))" }
        print(Terminal.bold("Learned:      ") + "liking by style: \(words.joined(separator: ", "))")
        print(Terminal.bold("Report:       ") + report)
        print(
            Terminal.bold("Yours to try: ")
                + "\(CommandLine.arguments[0]) export \(learner) --store \(folder)/learners.affetto --key \(folder)/learners.key --preset eu_home"
        )
    }
}
