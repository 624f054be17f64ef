import AffettoCore
import AffettoEngine
import ArgumentParser
import Foundation

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Everything held about a learner, as JSON; or one session as an HTML page.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The learner's id.") var learner: String
    @Option(help: "Write the learner's last session as an HTML page to this file instead.") var report: String?
    @Option(help: "Write export.json and CSV tables to this new folder instead.") var files: String?

    func run() throws {
        let engine = try store.openExisting()
        defer { engine.close() }
        if let files {
            try engine.export(learner, to: files)
            return print("wrote \(files)")
        }
        guard let report else {
            print(try engine.export(learner))
            return
        }
        guard let last = try engine.sessions(of: learner).last else {
            throw AffettoError(.notFound, "the learner has no session yet")
        }
        try writeText(try engine.report(last.id, of: learner), to: report)
        print("wrote \(report)")
    }
}

struct EraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Destroy a learner's key and rows. Nothing brings them back.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The learner's id.") var learner: String
    @Flag(help: "Do not ask.") var yes = false

    func run() throws {
        let engine = try store.openExisting()
        defer { engine.close() }
        if !yes {
            print("Erase everything about '\(learner)'? Nothing brings it back. Type yes: ", terminator: "")
            guard readLine() == "yes" else {
                print("\nNothing was erased.")
                throw ExitCode.failure
            }
        }
        try engine.erase(learner)
        print("Erased. What a backup holds of this learner no longer decrypts.")
    }
}

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take a learner in from a file that export wrote.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "File of the export.") var file: String

    func run() throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw AffettoError(.notFound, "there is no file '\(file)'")
        }
        let engine = try store.open()
        defer { engine.close() }
        try engine.importLearner(Array(data))
        print("imported \(file)")
    }
}

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Delete what is kept of a learner's last minutes; the rest stays.")
    @OptionGroup var store: StoreOptions
    @Argument(help: "The learner's id.") var learner: String
    @Option(help: "How many minutes back.") var minutes = 60
    @Flag(help: "Only say what would go.") var dryRun = false

    func run() throws {
        guard (1...5_256_000).contains(minutes) else { throw ValidationError("--minutes must be 1…5256000.") }
        let engine = try store.openExisting()
        defer { engine.close() }
        let now = Int64(Date().timeIntervalSince1970)
        let found = try engine.forget((now - Int64(minutes) * 60)..<(now + 1), of: learner, isDryRun: dryRun)
        print("\(dryRun ? "would forget" : "forgot") \(found.items) items, \(found.sessions) whole sessions")
    }
}

/// Writes a text file; the error is one line.
func writeText(_ text: String, to path: String) throws {
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) } catch {
        throw AffettoError(.argument, "cannot write '\(path)'")
    }
}
