import AffettoAudioFiles
import AffettoCore
import AffettoMusic
import Foundation

/// Music with known truth: rendered scores, produced tracks, clips with labels of emotion.
struct MusicCorpora {
    /// The folder that holds truth/, emopia/, real_ccby/ and others.
    let folder: URL
    /// Where rendered MIDI lies from one run to the next.
    let rendered: URL

    init(_ data: URL) {
        let below = data.appendingPathComponent("music", isDirectory: true)
        folder = FileManager.default.fileExists(atPath: below.path) ? below : data
        rendered = URL(fileURLWithPath: ".build/rendered", isDirectory: true)
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }

    func table(_ name: String) throws -> Table {
        try Table(folder.appendingPathComponent(name).appendingPathComponent("labels.csv"))
    }

    /// Folders with a labels.csv that has the columns file, valence and arousal.
    func labelledFolders() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { name in
            guard let columns = try? table(name).columns else { return false }
            return ["file", "valence", "arousal"].allSatisfy { columns[$0] != nil }
        }
    }

    /// Renders the MIDI files of a folder by the project's script, where that is not yet done.
    /// - Returns: the folder of the FLAC files.
    func render(_ source: URL, as name: String) throws -> URL {
        let target = rendered.appendingPathComponent(name, isDirectory: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [try Self.script("Tests/Benchmarks/music/render.sh"), source.path, target.path]
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw AffettoError(.notFound, "the MIDI files of \(source.path) could not be rendered")
        }
        return target
    }

    /// A script of the project: below the working directory, or above this program.
    private static func script(_ path: String) throws -> String {
        var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var candidates = [FileManager.default.currentDirectoryPath]
        while place.path != "/" {
            place.deleteLastPathComponent()
            candidates.append(place.path)
        }
        guard let root = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/" + path) }) else {
            throw AffettoError(.notFound, "\(path) is not found: run this from the project's folder")
        }
        return root + "/" + path
    }

    /// Analyses files, on all cores; those that cannot be read are named and left out.
    static func analyze(_ files: [URL]) -> [URL: MusicAnalysis] {
        let found = Guarded<[URL: MusicAnalysis]>([:])
        let progress = ProgressLine()
        DispatchQueue.concurrentPerform(iterations: files.count) { n in
            do {
                let analysis = try analyze(files[n])
                let done = found.withLock { all in
                    all[files[n]] = analysis
                    return all.count
                }
                if done % 10 == 0 { progress.show("analysing \(done) of \(files.count)") }
            } catch {
                FileHandle.standardError.write(Data("affetto-train: left out: \(error)\n".utf8))
            }
        }
        progress.clear()
        return found.withLock { $0 }
    }

    private static func analyze(_ file: URL) throws(AffettoError) -> MusicAnalysis {
        let clip = try AudioFile.read(file.path)
        return try clip.samples.withUnsafeBufferPointer { samples throws(AffettoError) in
            try MusicAnalyzer.analyze(samples, rate: clip.rate, channels: clip.channels)
        }
    }

    /// Files of a folder, sorted.
    static func files(_ folder: URL, _ type: String) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { $0.hasSuffix("." + type) }.map { folder.appendingPathComponent($0) }
    }
}

/// Integrated loudness by ffmpeg's ebur128, the peer of the loudness meter.
enum LoudnessPeer {
    /// LUFS, or `nil` where ffmpeg is missing or hears nothing.
    static func integrated(_ file: URL) -> Double? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-nostdin", "-v", "error", "-i", file.path, "-map", "0:a:0", "-af",
            "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-", "-f", "null", "-",
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").last { $0.hasPrefix("lavfi.r128.I=") }.flatMap { Double($0.dropFirst(13)) }
    }
}
