import AffettoCore
import AffettoEngine
import ArgumentParser
import Foundation

/// Where learners and tracks are kept, and under which key.
struct StoreOptions: ParsableArguments {
    @Option(help: "File of the store; made if absent.") var store = "learners.affetto"
    @Option(help: "File of the key, mode 0600; made if absent. Default: the store's name with .key.") var key: String?
    @Option(help: "Policy preset: strict, eu_school, eu_home, us_under13, us_teen, uk_school, cn_minor, research_irb.")
    var preset = "strict"
    @Option(help: "JSON of whom a learner can reach when words are grave; presets for schools and minors need it.")
    var crisisResources: String?

    func open() throws -> Engine {
        var options = EngineOptions()
        options.storePath = store
        options.key = .file(key ?? store + ".key")
        options.preset = preset
        options.crisis = try crisis()
        options.log = { level, line in
            if level != .information { FileHandle.standardError.write(Data("affetto: \(line)\n".utf8)) }
        }
        return try Self.checked(Engine(options), preset)
    }

    /// Grave words are told on standard error.
    private func crisis() throws -> CrisisOptions {
        var crisis = CrisisOptions()
        crisis.handler = { report in
            let line = "affetto: grave words (\(report.tier.name)): a person should look now\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
        guard let crisisResources else { return crisis }
        guard let data = FileManager.default.contents(atPath: crisisResources) else {
            throw AffettoError(.notFound, "there is no file '\(crisisResources)'")
        }
        crisis.words = try CrisisWords(json: Array(data))
        return crisis
    }

    /// A preset that nobody knows would be taken as the strictest; on a command line it is more likely a slip.
    static func checked(_ engine: Engine, _ preset: String) throws -> Engine {
        guard engine.preset.name == preset else {
            throw AffettoError(
                .argument,
                "'\(preset)' is no preset: strict, eu_school, eu_home, eu_medical, us_under13, us_teen, uk_school, cn_minor, "
                    + "research_irb")
        }
        return engine
    }

    /// As `open`, for commands that make no sense on a store that is not there.
    func openExisting() throws -> Engine {
        guard FileManager.default.fileExists(atPath: store) else {
            throw AffettoError(.notFound, "there is no store '\(store)'; name it with --store FILE")
        }
        return try open()
    }
}
