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

    func run() throws {
        let engine = try store.openExisting()
        defer { engine.close() }
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

/// Writes a text file; the error is one line.
func writeText(_ text: String, to path: String) throws {
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) } catch {
        throw AffettoError(.argument, "cannot write '\(path)'")
    }
}
