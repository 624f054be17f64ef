import AffettoCore
import AffettoLibrary
import AffettoVoice
import ArgumentParser
import Foundation

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Features of recordings: of a voice, or of music.",
        discussion: """
            Nothing is stored. Of a voice no feeling is inferred; of music, how most listeners would call it.

            Of a voice, --level says how much: summary (pitch, level, rate, pauses, quality), functionals (the 88 of
            eGeMAPSv02, of the whole file or with --window of every few seconds) or frames (25 descriptors every 10 ms).
            """)
    enum Kind: String, EnumerableFlag { case voice, music }
    enum Level: String, ExpressibleByArgument, CaseIterable { case summary, functionals, frames }
    enum Mode: String, ExpressibleByArgument, CaseIterable { case corrected, compatible }
    @Flag(help: "What the files hold.") var kind = Kind.voice
    @Option(help: "Of a voice: summary, functionals or frames.") var level = Level.summary
    @Option(help: "corrected, or compatible: as openSMILE computes them.") var mode = Mode.corrected
    @Option(help: "Functionals over windows of this many seconds, 0.5…600.") var window: Double?
    @Option(help: "Seconds from one window to the next.") var hop = 1.0
    @Option(help: "table, csv or json.") var format = FeatureFormat.table
    @Argument(help: "WAV, FLAC, OGG or MP3 files.") var files: [String]

    func validate() throws {
        if kind == .music, level != .summary || mode != .corrected || window != nil {
            throw ValidationError("--level, --mode and --window are for voices.")
        }
        if window != nil, level != .functionals { throw ValidationError("--window goes with --level functionals.") }
    }

    func run() throws {
        let progress = ProgressBar("analysing", total: files.count)
        var printer = FeaturePrinter(format: format)
        var failed = false
        for (n, path) in files.enumerated() {
            progress.show(n, path)
            do {
                try measure(path) { row in
                    progress.finish()
                    printer.add(path, row)
                }
            } catch {
                failed = true
                progress.finish()
                FileHandle.standardError.write(Data("affetto: \(error)\n".utf8))
            }
        }
        progress.finish()
        printer.finish()
        if failed { throw ExitCode.failure }
    }

    private func measure(_ path: String, emit: (FeatureRow) -> Void) throws {
        switch kind {
        case .music: emit(try MusicReading.read(path))
        case .voice:
            let reading = VoiceReading(path: path, mode: mode == .corrected ? .corrected : .compatible)
            switch level {
            case .summary: emit(try reading.summary())
            case .frames: try reading.frames(emit)
            case .functionals:
                if let window { try reading.windows(window, hop: hop, emit) } else { emit(try reading.functionals()) }
            }
        }
    }
}
