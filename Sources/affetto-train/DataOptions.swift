import ArgumentParser
import Foundation

struct DataOptions: ParsableArguments {
    @Option(help: "Folder of the corpora; $AFFETTO_DATA where not given.")
    var data: String?

    func folder() throws -> URL {
        guard let path = data ?? ProcessInfo.processInfo.environment["AFFETTO_DATA"] else {
            throw ValidationError("Name the folder of the corpora: --data DIR, or set AFFETTO_DATA.")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw ValidationError("There is no folder '\(path)'.")
        }
        return Self.url(path)
    }

    static func url(_ path: String) -> URL { URL(fileURLWithPath: path, isDirectory: true) }
}
