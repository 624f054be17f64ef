import AffettoCore
import AffettoLearning
import AffettoModelData
import Foundation

/// Where `eval` gets its pack: a file, or the one embedded in the library.
enum PackSource {
    static func load(_ name: String, file: String?) throws -> ModelPack {
        if let file {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw AffettoError(.notFound, "there is no file '\(file)'")
            }
            return try ModelPack(copying: Array(data))
        }
        var size = 0
        guard let start = affetto_model_data(name, &size), size > 0 else {
            throw AffettoError(.notFound, "no \(name) pack is embedded; train one and name it with --pack")
        }
        return try ModelPack(staticBytes: UnsafeRawBufferPointer(start: start, count: size))
    }
}
