import AffettoAudioFiles
import AffettoCore
import AffettoEngine
import AffettoFace
import AffettoSelfReport
import ArgumentParser
import Foundation

struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Run a session on your own files: a voice, words, a face, a folder of music.",
        discussion: """
            --voice   WAV, FLAC, OGG or MP3; its length sets the session's.
            --text    one message a line; "12.5<TAB>words" places it at 12.5 s, else lines are spread evenly.
            --face    a recording as `affetto face` reads it (Live Link, MediaPipe, OpenFace, py-feat, or a table by names).
            --music   folder of audio files to choose from.
            Without --store nothing outlives the command. You answer for having leave to use these files: the consents
            that the session needs are noted as given on the command line.
            """)
    @Option(help: "Recording of the learner's voice.") var voice: String?
    @Option(help: "Text file, one message a line.") var text: String?
    @Option(help: "A tracker's recording of the face.") var face: String?
    @Option(help: "Folder of music to choose from.") var music: String?
    @Option(help: "verbal, numeric, motor, creative, rest, exam, lecture.") var task = "verbal"
    @Option(help: "calm, focus, create, motivate, uplift, express.") var goal = "calm"
    @Option(help: "Policy preset; strict and the school presets refuse voice and face.") var preset = "eu_home"
    @Option(help: "Seconds between decisions.") var every = 20.0
    @Option(help: "What the learner says they feel, at the end: anxious, frustrated, bored, sad, tired, happy …")
    var feels: String?
    @Option(help: "Write the session as an HTML page to this file.") var report: String?
    @Option(help: "Keep learner and session in this store.") var store: String?
    @Option(help: "File of the store's key. Default: the store's name with .key.") var key: String?
    @Option(help: "The learner's id.") var learner = "me"

    func run() throws {
        guard voice != nil || text != nil || face != nil else {
            throw ValidationError("Give at least one of --voice, --text and --face.")
        }
        let task = try word(TaskKind.self, task, "task")
        let goal = try word(Goal.self, goal, "goal")
        let feeling = try feels.map { try word(Emotion.self, $0, "feeling") }
        guard every >= 1 else { throw ValidationError("--every must be at least 1 second.") }
        if let report { try writeText("", to: report) }
        let clip = try voice.map { try AudioFile.read($0) }
        var stream = EvidenceFiles()
        if let text { try stream.readText(text, over: clip?.duration ?? 60) }
        if let face { try stream.readFace(face) }

        let engine = try open()
        defer { engine.close() }
        try engine.createLearner(learner, assessment: nil)
        let used: [(Modality, Bool)] = [
            (.voice, voice != nil), (.text, text != nil), (.face, face != nil), (.selfReport, feels != nil),
        ]
        for (modality, isUsed) in used where isUsed {
            let now = Engine.unixNow
            try engine.grant(
                Consent(
                    modality: DataKind(modality), purpose: .intervention, grantor: .learner, granted: now,
                    expires: now + 86_400,
                    method: "command line"), to: learner)
        }
        if let music {
            let result = MusicFolder.importing(try MusicFolder.files(music), into: engine) { _, _ in }
            for failure in result.failures { FileHandle.standardError.write(Data("affetto: \(failure)\n".utf8)) }
        }
        var options = SessionOptions()
        options.task = task
        if let clip {
            options.audioRate = clip.rate
            options.audioChannels = clip.channels
        }
        let session = try engine.startSession(learner: learner, options: options)
        try play(session, engine, clip, stream, goal, feeling)
        session.end()
        if let report {
            try writeText(try engine.report(session.id, of: learner), to: report)
            print("report: \(report)")
        }
    }

    private func open() throws -> Engine {
        var options = EngineOptions()
        options.preset = preset
        options.storePath = store
        if let store { options.key = .file(key ?? store + ".key") }
        return try StoreOptions.checked(Engine(options), preset)
    }

    /// Runs the files through the session in steps of 100 ms, telling the state each two seconds and each decision.
    private func play(
        _ session: Session, _ engine: Engine, _ clip: AudioClip?, _ files: EvidenceFiles, _ goal: Goal,
        _ feeling: Emotion?
    ) throws {
        var stream = files
        let length = max(clip?.duration ?? 0, stream.lastTime + 1)
        let progress = ProgressBar("session", total: Int(length * 10))
        var told = -2.0
        var lastWords = ""
        for tick in 0...Int(length * 10) {
            let seconds = Double(tick) / 10
            let now = Microseconds(seconds: seconds)
            if let clip { try push(clip, tick, session, now) }
            try stream.push(into: session, upTo: now)
            try session.advance(to: now)
            let isLast = tick == Int(length * 10)
            if isLast, let feeling { try session.pushSelfReport(SelfReport(emotion: feeling), at: now) }
            let state = try session.state
            let words = state.emotion?.name ?? "cannot tell, perhaps \(Self.likeliest(state))"
            if state.generation > 0, words != lastWords || seconds - told >= 10 || isLast {
                progress.finish()
                print(line(seconds, words, state))
                told = seconds
                lastWords = words
            }
            if isLast || (tick > 0 && tick % Int(every * 10) == 0) {
                progress.finish()
                try decide(session, engine, goal, now)
            }
            progress.show(tick)
        }
        progress.finish()
        if session.droppedAudioFrames > 0 { print("dropped \(session.droppedAudioFrames) audio frames") }
    }

    private func line(_ seconds: Double, _ words: String, _ state: AffectState) -> String {
        String(format: "%7.1f s  ", seconds) + words.padding(toLength: 30, withPad: " ", startingAt: 0)
            + String(format: "%3.0f %%", state.confidence * 100)
            + "  valence \(Terminal.signed(state.valence.mean)) ±\(String(format: "%.2f", state.valence.sd))"
            + "  arousal \(Terminal.signed(state.arousal.mean)) ±\(String(format: "%.2f", state.arousal.sd))"
    }

    private func push(_ clip: AudioClip, _ tick: Int, _ session: Session, _ now: Microseconds) throws {
        let first = Int(Double(tick) / 10 * clip.rate)
        let last = min(Int(Double(tick + 1) / 10 * clip.rate), clip.frames)
        guard last > first else { return }
        try clip.samples.withUnsafeBufferPointer { samples in
            if let base = samples.baseAddress {
                try session.pushAudio(base + first * clip.channels, frames: last - first, at: now)
            }
        }
    }

    private func decide(_ session: Session, _ engine: Engine, _ goal: Goal, _ now: Microseconds) throws {
        let decision = try session.decide(goal: goal, at: now)
        var what = decision.action.name
        if let id = decision.track { what += " “\((try? engine.library.track(id))?.title ?? id)”" }
        if decision.gate != .none { what += ", gate \(decision.gate.name)" }
        let chance = String(format: "%.3f", decision.propensity)
        let choice = decision.gate == .none ? "   \(decision.strategy.name), chance \(chance)" : ""
        print("           → \(Terminal.bold(what))\(choice)")
        for reason in decision.reasons.prefix(3) { print("             · \(reason.text)") }
        let prompt = try session.prompt(at: now)
        guard !prompt.text.isEmpty else { return }
        print("             “\(prompt.text)”  \(prompt.choices.map { "[\($0)]" }.joined(separator: " "))")
    }

    private static func likeliest(_ state: AffectState) -> String {
        let best = state.probability.indices.max { state.probability[$0] < state.probability[$1] } ?? 0
        return Emotion(rawValue: Int32(best))?.name ?? "anything"
    }

    /// A vocabulary word from its name; the error lists them all.
    private func word<Word: NamedCode>(_ type: Word.Type, _ name: String, _ what: String) throws -> Word {
        guard let word = Word(name: name) else {
            throw AffettoError(
                .argument, "'\(name)' is no \(what): \(Word.allCases.map(\.name).joined(separator: ", "))")
        }
        return word
    }
}

/// Words and face frames of the user's files, in order of time.
struct EvidenceFiles {
    private var texts: [(time: Microseconds, text: String)] = []
    private var face: FaceRecording?
    private var nextFace = 0

    var lastTime: Double { max(texts.last?.time.seconds ?? 0, face?.times.last?.seconds ?? 0) }

    mutating func readText(_ path: String, over seconds: Double) throws {
        let lines = try content(path).split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { throw AffettoError(.argument, "'\(path)' holds no message") }
        for (n, line) in lines.enumerated() {
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2 {
                guard let time = Double(parts[0]), time >= 0, time < 1e6 else {
                    throw AffettoError(.argument, "'\(path)' message \(n + 1): '\(parts[0])' is no time in seconds")
                }
                texts.append((Microseconds(seconds: time), String(parts[1])))
            } else {
                texts.append((Microseconds(seconds: seconds * Double(n + 1) / Double(lines.count + 1)), String(line)))
            }
        }
        texts.sort { $0.time < $1.time }
    }

    mutating func readFace(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AffettoError(.notFound, "there is no file '\(path)'")
        }
        do throws(AffettoError) { face = try FaceRecording(bytes: Array(data)) } catch {
            throw AffettoError(error.code, "'\(path)': \(error.message)")
        }
        guard lastTime < 1e6 else { throw AffettoError(.range, "'\(path)' ends after \(lastTime) s") }
    }

    private func content(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AffettoError(.notFound, "there is no file '\(path)'")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw AffettoError(.encoding, "'\(path)' is not UTF-8")
        }
        return text
    }

    /// Pushes what has come due, and forgets it.
    mutating func push(into session: Session, upTo now: Microseconds) throws {
        while let next = texts.first, next.time <= now {
            try session.pushText(next.text, at: now)
            texts.removeFirst()
        }
        while let face, nextFace < face.count, face.times[nextFace] <= now {
            try session.pushFace(at: face.times[nextFace]) { frame in face.read(nextFace, into: &frame) }
            nextFace += 1
        }
    }
}
