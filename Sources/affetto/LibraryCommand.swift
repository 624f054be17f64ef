import AffettoAudioFiles
import AffettoCore
import AffettoEngine
import AffettoLibrary
import ArgumentParser
import Foundation

struct LibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "The music library.", subcommands: [Add.self, List.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Analyse the audio files of a folder and keep them.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Folder with WAV, FLAC, OGG or MP3 files; searched in depth.") var folder: String
        @Option(help: "Licence of these tracks, as SPDX or in your words.") var licence = ""
        @Option(help: "Style tag of these tracks; default: the name of the folder below DIR that each lies in.")
        var style: String?
        @Option(help: "Language of the lyrics (BCP 47); leave out for instrumental.") var lyrics = ""
        @Flag(help: "Lyrics are explicit: not for minors.") var explicit = false

        func run() throws {
            let engine = try store.open()
            defer { engine.close() }
            let paths = try MusicFolder.files(folder)
            let result = MusicFolder.importing(paths, into: engine) { track, path in
                track.licence = licence
                track.lyricsLanguage = lyrics
                track.isExplicit = explicit
                if let style { track.style = style } else { track.style = MusicFolder.parentName(path, below: folder) }
            }
            for failure in result.failures { FileHandle.standardError.write(Data("affetto: \(failure)\n".utf8)) }
            print("\(result.added) tracks added, \(engine.library.all.count) in the library")
            if result.added == 0 { throw ExitCode.failure }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tracks with what analysis heard.")
        @OptionGroup var store: StoreOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let tracks = engine.library.all
            if json {
                print(try JSON.text(tracks, pretty: true))
                return
            }
            for line in MusicFolder.table(tracks) { print(line) }
        }
    }
}

/// Folders of music: finding, importing, listing.
enum MusicFolder {
    static func files(_ folder: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw AffettoError(.notFound, "there is no folder '\(folder)'")
        }
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let paths = all.filter(AudioFile.isAudio).sorted().map { folder + "/" + $0 }
        guard !paths.isEmpty else { throw AffettoError(.notFound, "no audio files in '\(folder)'") }
        return paths
    }

    /// The name of the folder that `path` lies in, unless that is `folder` itself.
    static func parentName(_ path: String, below folder: String) -> String {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
        return parent.standardized.path == URL(fileURLWithPath: folder).standardized.path
            ? "" : parent.lastPathComponent.lowercased()
    }

    /// Analyses and keeps each file; a file that cannot be used is named and skipped.
    static func importing(
        _ paths: [String], into engine: Engine, edit: (inout Track, String) -> Void
    ) -> (added: Int, failures: [String]) {
        let progress = ProgressBar("analysing", total: paths.count)
        var added = 0
        var failures: [String] = []
        for (n, path) in paths.enumerated() {
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            progress.show(n, name)
            do {
                let clip = try AudioFile.read(path)
                var track = try clip.samples.withUnsafeBufferPointer { samples in
                    try MusicLibrary.analyze(samples, rate: clip.rate, channels: clip.channels, id: identifier(name))
                }
                track.title = name
                track.uri = path
                edit(&track, path)
                try engine.library.put([track])
                added += 1
            } catch {
                failures.append("\(error)")
            }
        }
        progress.finish()
        return (added, failures)
    }

    /// A file's name as an id of at most 63 bytes.
    static func identifier(_ name: String) -> String {
        var out = ""
        for character in name where out.utf8.count + character.utf8.count <= 63 { out.append(character) }
        return out
    }

    static func table(_ tracks: [Track]) -> [String] {
        let names = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"]
        func pad(_ text: String, _ width: Int) -> String {
            text.count >= width
                ? String(text.prefix(width - 1)) + " " : text + String(repeating: " ", count: width - text.count)
        }
        let head = pad("track", 30) + pad("style", 12) + "  time   bpm  key        lufs  valence      arousal"
        return [Terminal.bold(head)]
            + tracks.map { track in
                let f = track.features
                let key = names[Int(f.key) % 12] + (f.isMinor ? " minor" : " major")
                return pad(track.title, 30) + pad(track.style, 12)
                    + String(format: "%3d:%02d %5.0f  ", Int(f.duration) / 60, Int(f.duration) % 60, f.tempo)
                    + pad(key, 10)
                    + String(format: "%5.1f  ", f.loudness)
                    + "\(Terminal.signed(track.valence.mean)) ±\(String(format: "%.1f", track.valence.sd))   "
                    + "\(Terminal.signed(track.arousal.mean)) ±\(String(format: "%.1f", track.arousal.sd))"
            }
    }
}
