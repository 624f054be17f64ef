import AffettoAudioFiles
import AffettoCore
import AffettoLibrary
import AffettoVoice
import ArgumentParser
import Foundation

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Features of recordings: of a voice, or of music.",
        discussion: "Nothing is stored. Of a voice no feeling is inferred; of music, how most listeners would call it.")
    enum Kind: String, EnumerableFlag { case voice, music }
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }
    @Flag(help: "What the files hold.") var kind = Kind.voice
    @Option(help: "table, csv or json.") var format = Format.table
    @Argument(help: "WAV, FLAC, OGG or MP3 files.") var files: [String]

    func run() throws {
        let progress = ProgressBar("analysing", total: files.count)
        var rows: [[(name: String, value: Double)]] = []
        var failed = false
        for (n, path) in files.enumerated() {
            progress.show(n, path)
            do {
                rows.append(try measure(path))
            } catch {
                failed = true
                progress.finish()
                FileHandle.standardError.write(Data("affetto: \(error)\n".utf8))
                rows.append([])
            }
        }
        progress.finish()
        let good = zip(files, rows).filter { !$1.isEmpty }
        switch format {
        case .table: printTable(good)
        case .csv: printCSV(good)
        case .json: printJSON(good)
        }
        if failed { throw ExitCode.failure }
    }

    private func measure(_ path: String) throws -> [(name: String, value: Double)] {
        let clip = try AudioFile.read(path)
        return try clip.samples.withUnsafeBufferPointer { samples in
            switch kind {
            case .voice:
                let s = try VoiceSummary.analyze(samples, rate: clip.rate, channels: clip.channels)
                return [
                    ("duration_s", s.duration), ("speech_ratio", s.speechRatio), ("voiced_ratio", s.voicedRatio),
                    ("f0_mean_hz", s.f0Mean), ("f0_sd_semitones", s.f0Sd), ("intensity_db", s.intensity),
                    ("intensity_sd_db", s.intensitySd), ("syllables_per_s", s.syllableRate),
                    ("alpha_ratio_db", s.alphaRatio),
                    ("snr_db", s.snr), ("clipped_ratio", s.clippedRatio),
                ].map { ($0.0, Double($0.1)) }
            case .music:
                let track = try MusicLibrary.analyze(samples, rate: clip.rate, channels: clip.channels, id: "x")
                let f = track.features
                return [
                    ("duration_s", f.duration), ("tempo_bpm", Double(f.tempo)),
                    ("pulse_clarity", Double(f.pulseClarity)),
                    ("key", Double(f.key)), ("is_minor", f.isMinor ? 1 : 0), ("key_clarity", Double(f.keyClarity)),
                    ("majorness", Double(f.majorness)), ("loudness_lufs", Double(f.loudness)),
                    ("energy_db", Double(f.energy)),
                    ("brightness_hz", Double(f.brightness)), ("flux", Double(f.flux)),
                    ("onset_rate", Double(f.onsetRate)),
                    ("valence", Double(track.valence.mean)), ("valence_sd", Double(track.valence.sd)),
                    ("arousal", Double(track.arousal.mean)), ("arousal_sd", Double(track.arousal.sd)),
                ]
            }
        }
    }

    private func number(_ value: Double) -> String { value.isFinite ? String(format: "%.4g", value) : "" }

    private func printTable(_ rows: [(String, [(name: String, value: Double)])]) {
        for (path, values) in rows {
            print(Terminal.bold(path))
            for (name, value) in values {
                print(
                    "  " + name.padding(toLength: 18, withPad: " ", startingAt: 0)
                        + (value.isFinite ? number(value) : "–"))
            }
        }
    }

    private func printCSV(_ rows: [(String, [(name: String, value: Double)])]) {
        guard let first = rows.first else { return }
        print((["file"] + first.1.map(\.name)).joined(separator: ","))
        for (path, values) in rows {
            let quoted =
                path.contains(where: { ",\"\n".contains($0) })
                ? "\"\(path.replacingOccurrences(of: "\"", with: "\"\""))\"" : path
            print(([quoted] + values.map { number($0.value) }).joined(separator: ","))
        }
    }

    private func printJSON(_ rows: [(String, [(name: String, value: Double)])]) {
        let objects = rows.map { path, values in
            let file = (try? JSON.text([path])).map { $0.dropFirst().dropLast() } ?? "\"\""
            let fields = values.map { "\"\($0.name)\": \($0.value.isFinite ? number($0.value) : "null")" }
            return "  {\"file\": \(file), " + fields.joined(separator: ", ") + "}"
        }
        print("[\n" + objects.joined(separator: ",\n") + "\n]")
    }
}
