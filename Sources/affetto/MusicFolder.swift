import AffettoAudioFiles
import AffettoCore
import AffettoEngine
import AffettoLibrary
import AffettoMusic
import Foundation

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
        return paths.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    /// The name of the folder that `path` lies in, unless that is `folder` itself.
    static func parentName(_ path: String, below folder: String) -> String {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
        return parent.standardizedFileURL.path == URL(fileURLWithPath: folder).standardizedFileURL.path
            ? "" : parent.lastPathComponent.lowercased()
    }

    struct Result {
        var added = 0
        var updated = 0
        var moved = 0
        var unchanged = 0
        var failures: [String] = []

        var kept: Int { added + updated + moved + unchanged }
        var text: String {
            var parts = ["\(added) tracks added"]
            if updated > 0 { parts.append("\(updated) updated") }
            if moved > 0 { parts.append("\(moved) moved") }
            if unchanged > 0 { parts.append("\(unchanged) unchanged") }
            if !failures.isEmpty { parts.append("\(failures.count) could not be read") }
            return parts.joined(separator: ", ")
        }
    }

    /// Analyses and keeps each file, on all cores, in constant memory. A file that has not changed since it was taken is
    /// passed over, so an import that was interrupted goes on where it stopped; one that cannot be used is named.
    static func importing(
        _ paths: [String], into engine: Engine, again: Bool = false, edit: @Sendable (inout Track, String) -> Void
    ) -> Result {
        let progress = ProgressBar("analysing", total: paths.count)
        let state = Guarded((done: 0, result: Result()))
        DispatchQueue.concurrentPerform(iterations: paths.count) { n in
            let path = paths[n]
            let outcome = Swift.Result { try take(path, engine.library, again, edit) }
            let done = state.withLock { state in
                state.done += 1
                switch outcome {
                case .success(.added): state.result.added += 1
                case .success(.updated): state.result.updated += 1
                case .success(.moved): state.result.moved += 1
                case .success(nil): state.result.unchanged += 1
                case .failure(let error): state.result.failures.append("\(error)")
                }
                return state.done
            }
            progress.show(done, URL(fileURLWithPath: path).lastPathComponent)
        }
        progress.finish()
        return state.withLock { state in
            state.result.failures.sort()
            return state.result
        }
    }

    /// `nil` where the file is as it was.
    private static func take(
        _ path: String, _ library: MusicLibrary, _ again: Bool, _ edit: (inout Track, String) -> Void
    ) throws -> MusicLibrary.Outcome? {
        let stamp = stamp(path)
        let known = try library.track(uri: path)
        if !again, let known, !stamp.isEmpty, known.fileStamp == stamp { return nil }
        let heard = try MusicReading.analyze(path)
        let tags = try AudioTags(path)
        let name = MusicLibrary.id(ofFile: path)
        var track = known ?? Track(id: name, title: tags.title.isEmpty ? name : tags.title, heard: heard)
        track.uri = path
        track.fileStamp = stamp
        if !tags.artist.isEmpty { track.artist = tags.artist }
        if !tags.licence.isEmpty { track.licence = tags.licence }
        if !tags.copyright.isEmpty { track.rightsHolder = tags.copyright }
        if !tags.genre.isEmpty, !track.tags.contains(tags.genre.lowercased()) {
            track.tags.append(tags.genre.lowercased())
        }
        edit(&track, path)
        return try library.add(heard, track).outcome
    }

    /// Size and time of a file; empty where it cannot be looked at.
    private static func stamp(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "" }
        return "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    static func table(_ tracks: [Track]) -> [String] {
        func pad(_ text: String, _ width: Int) -> String {
            text.count >= width
                ? String(text.prefix(width - 1)) + " " : text + String(repeating: " ", count: width - text.count)
        }
        let head =
            pad("id", 24) + pad("title", 24) + pad("style", 12) + "  time   bpm  key        lufs  valence      arousal"
        return [Terminal.bold(head)]
            + tracks.map { track in
                let f = track.features
                return pad(track.id, 24) + pad(track.title, 24) + pad(track.style, 12)
                    + String(format: "%3d:%02d %5.0f  ", Int(f.duration) / 60, Int(f.duration) % 60, f.tempo)
                    + pad(Key.name(f.key, isMinor: f.isMinor), 10)
                    + String(format: "%5.1f  ", f.loudness)
                    + "\(Terminal.signed(track.valence.mean)) ±\(String(format: "%.1f", track.valence.sd))   "
                    + "\(Terminal.signed(track.arousal.mean)) ±\(String(format: "%.1f", track.arousal.sd))"
            }
    }
}
