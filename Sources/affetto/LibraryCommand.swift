import AffettoCore
import AffettoEngine
import AffettoGraphics
import AffettoLibrary
import ArgumentParser
import Foundation

struct LibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "The music library.",
        subcommands: [
            Add.self, List.self, Show.self, Map.self, Correct.self, Rate.self, Review.self, Settle.self, Agreement.self,
            Import.self, Export.self, Remove.self,
        ])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Analyse the audio files of a folder and keep them.",
            discussion: """
                Files that have not changed are passed over, so an interrupted run goes on where it stopped. A file that was
                moved keeps its id, its label and its corrections.
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "Folder with WAV, FLAC, OGG or MP3 files; searched in depth.") var folder: String
        @Option(help: "Licence of these tracks, as SPDX or in your words.") var licence = ""
        @Option(help: "Who holds the rights.") var rightsHolder = ""
        @Option(help: "What the licence allows, in your words.") var permittedUse = ""
        @Option(help: "Style tag of these tracks; default: the name of the folder below DIR that each lies in.")
        var style: String?
        @Option(help: "Language of the lyrics (BCP 47); leave out for instrumental.") var lyrics = ""
        @Flag(help: "Lyrics are explicit: not for minors.") var explicit = false
        @Flag(help: "Analyse again what has not changed.") var again = false

        func run() throws {
            let engine = try store.open()
            defer { engine.close() }
            let paths = try MusicFolder.files(folder)
            let result = MusicFolder.importing(paths, into: engine, again: again) { track, path in
                if !licence.isEmpty { track.licence = licence }
                if !rightsHolder.isEmpty { track.rightsHolder = rightsHolder }
                if !permittedUse.isEmpty { track.permittedUse = permittedUse }
                if !lyrics.isEmpty { track.lyricsLanguage = lyrics }
                if explicit { track.isExplicit = true }
                if let style { track.style = style } else { track.style = MusicFolder.parentName(path, below: folder) }
            }
            for failure in result.failures { FileHandle.standardError.write(Data("affetto: \(failure)\n".utf8)) }
            print("\(result.text); \(engine.library.count) in the library")
            let waiting = try engine.library.reviewQueue(limit: 0).total
            if waiting > 0 { print("\(waiting) wait for somebody to look: affetto library review") }
            if result.kept == 0 { throw ExitCode.failure }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tracks: all, or those that fit.",
            discussion: "With --near the nearest to a mood come first, with --like the nearest in style to a track.")
        @OptionGroup var store: StoreOptions
        @Option(help: "Letters in a row of title, artist, style or tags.") var text: String?
        @Option(help: "Valence and arousal, as 0.4,-0.3.") var near: String?
        @Option(help: "How far from there.") var radius: Float?
        @Option(help: "Id of a track.") var like: String?
        @Option(help: "Style tag.") var style: String?
        @Option(help: "Beats per minute, as 60-90.") var tempo: String?
        @Option(help: "Key, as 'C minor'.") var key: String?
        @Flag(help: "Nothing that is sung.") var instrumental = false
        @Option(help: "At most so many.") var limit: Int?
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let tracks = try engine.library.find(query(), limit: limit ?? .max).tracks
            if json {
                print(try JSON.text(tracks, pretty: true))
                return
            }
            for line in MusicFolder.table(tracks) { print(line) }
        }

        private func query() throws -> MusicLibrary.Query {
            var query = MusicLibrary.Query()
            query.text = text
            query.radius = radius
            query.like = like
            query.style = style
            query.instrumentalOnly = instrumental
            if let near {
                let numbers = near.split(separator: ",").compactMap { Float($0.trimmingCharacters(in: .whitespaces)) }
                guard numbers.count == 2 else { throw ValidationError("--near is two numbers, as 0.4,-0.3.") }
                query.centre = AffectPoint(valence: numbers[0], arousal: numbers[1])
            }
            if let tempo {
                let numbers = tempo.split(separator: "-").compactMap { Float($0) }
                guard numbers.count == 2, numbers[0] <= numbers[1] else {
                    throw ValidationError("--tempo is a range, as 60-90.")
                }
                query.tempo = numbers[0]...numbers[1]
            }
            if let key {
                guard let parsed = Key.parse(key) else { throw ValidationError("--key is a key, as 'C minor'.") }
                (query.key, query.isMinor) = (parsed.tonic, parsed.isMinor)
            }
            return query
        }

        func validate() throws { _ = try query() }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Everything known of a track, as JSON.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its id.") var id: String

        func run() throws {
            struct Whole: Encodable {
                var track: Track
                var detail: TrackDetail?
            }
            let engine = try store.openExisting()
            defer { engine.close() }
            guard let track = try engine.library.track(id) else {
                throw AffettoError(.notFound, "there is no track '\(id)' in the library")
            }
            print(try JSON.text(Whole(track: track, detail: try engine.library.detail(id)), pretty: true))
        }
    }

    struct Map: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw the library in the plane of valence and arousal, as SVG or PNG.")
        @OptionGroup var store: StoreOptions
        @Option(help: "File to write: .svg, or .png where rsvg-convert is installed.") var out = "library.svg"
        @Option(help: "Side of the plane in pixels, 240…2000.") var side = 640.0

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let svg = LibraryMap(try engine.library.all()).svg(side: side)
            if out.lowercased().hasSuffix(".png") { try png(svg) } else { try writeText(svg, to: out) }
            print("wrote \(out): \(engine.library.count) tracks")
        }

        private func png(_ svg: String) throws {
            let process = Process()
            let input = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["rsvg-convert", "--zoom", "2", "--background-color", "white", "--output", out]
            process.standardInput = input
            process.standardError = FileHandle.nullDevice
            try process.run()
            try? input.fileHandleForWriting.write(contentsOf: Data(svg.utf8))
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw AffettoError(.notFound, "PNG needs rsvg-convert (Debian: librsvg2-bin); name a file .svg instead")
            }
        }
    }

    struct Correct: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set fields of a track; no import changes them again.",
            discussion: "Fields: \(TrackField.allCases.map(\.rawValue).joined(separator: ", ")).")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its id.") var id: String
        @Argument(help: "FIELD=VALUE, as valence=0.4 or 'key=A minor'.") var fields: [String]

        func run() throws {
            let pairs = try fields.map { field -> (String, String) in
                guard let equals = field.firstIndex(of: "=") else {
                    throw ValidationError("'\(field)' is not FIELD=VALUE.")
                }
                return (String(field[..<equals]), String(field[field.index(after: equals)...]))
            }
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.library.correct(id, Dictionary(pairs, uniquingKeysWith: { _, b in b }))
        }
    }

    struct Rate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep one person's rating of a track.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its id.") var id: String
        @Option(help: "Name of yours for the person; no learner's.") var rater: String
        @Option(help: "−1…1.") var valence: Float
        @Option(help: "−1…1.") var arousal: Float
        @Flag(help: "An expert, not one of a crowd.") var expert = false

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.library.rate([
                TrackRating(
                    track: id, rater: rater, source: expert ? .expert : .crowd, valence: valence, arousal: arousal,
                    time: Engine.unixNow)
            ])
            guard let track = try engine.library.track(id) else { return }
            print(
                "\(id): valence \(Terminal.signed(track.valence.mean)), arousal \(Terminal.signed(track.arousal.mean))")
        }
    }

    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tracks in which something contradicts something else.")
        @OptionGroup var store: StoreOptions

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let waiting = try engine.library.reviewQueue().tracks
            if waiting.isEmpty { print("Nothing waits for review.") }
            for track in waiting {
                print(Terminal.bold(track.id))
                for reason in track.reviewReasons { print("  \(reason)") }
            }
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what you made of a track in the review queue.")
        enum Verdict: String, ExpressibleByArgument, CaseIterable { case accepted, rejected, none }
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its id.") var id: String
        @Argument(help: "accepted, rejected (it is not played any more) or none.") var verdict: Verdict

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.library.settle(id, verdict == .accepted ? .accepted : verdict == .rejected ? .rejected : .none)
        }
    }

    struct Agreement: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How far raters agree: Krippendorff's alpha.")
        @OptionGroup var store: StoreOptions

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let agreement = try engine.library.agreement()
            func text(_ alpha: Double?) -> String { alpha.map { String(format: "%.3f", $0) } ?? "–" }
            print(
                "\(agreement.ratings) ratings by \(agreement.raters) raters; \(agreement.tracks) tracks rated by two or more"
            )
            print("Krippendorff's alpha: valence \(text(agreement.valence)), arousal \(text(agreement.arousal))")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a CSV or JSON table of tracks, labels or ratings.",
            discussion: "Columns: id or uri, the fields of 'affetto library correct', and rater for ratings.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "A file ending in .csv or .json.") var file: String

        func run() throws {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw AffettoError(.notFound, "there is no file '\(file)'")
            }
            let engine = try store.open()
            defer { engine.close() }
            let isJSON = file.lowercased().hasSuffix(".json")
            let report =
                isJSON ? try engine.library.importJSON(Array(data)) : try engine.library.importCSV(Array(data))
            for flaw in report.errors {
                FileHandle.standardError.write(Data("affetto: \(file):\(flaw.line): \(flaw.message)\n".utf8))
            }
            print(
                "\(report.added) added, \(report.updated) updated, \(report.unchanged) unchanged, \(report.ratings) ratings, "
                    + "\(report.errors.count) refused")
            if !report.errors.isEmpty { throw ExitCode.failure }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the library as CSV or JSON.")
        @OptionGroup var store: StoreOptions
        @Flag(help: "JSON instead of CSV.") var json = false

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            print(json ? try engine.library.exportJSON() : try engine.library.exportCSV(), terminator: json ? "\n" : "")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a track out of the library; its file stays.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "Its id.") var id: String

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.library.remove(id)
        }
    }
}
