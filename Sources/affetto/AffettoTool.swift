import AffettoCore
import ArgumentParser
import Foundation

/// The command line: parse, call the engine, print.
@main
struct AffettoTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "affetto",
        abstract: "Sense how a learner feels, steer music towards how they need to feel, learn from what happened.",
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, SessionCommand.self, AnalyzeCommand.self, LibraryCommand.self, EvaluateCommand.self,
            ExportCommand.self,
            ImportCommand.self, ForgetCommand.self, EraseCommand.self, StoreCommand.self, PolicyCommand.self,
            StudyCommand.self, TextCommand.self, FaceCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as AffettoError {
            // One clear line; the exit status says that it failed.
            FileHandle.standardError.write(Data("affetto: \(error.message)\n".utf8))
            Foundation.exit(1)
        } catch {
            exit(withError: error)
        }
    }
}
