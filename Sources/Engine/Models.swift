import AffettoCore
import AffettoFace
import AffettoFusion
import AffettoLearning
import AffettoModelData
import AffettoText
import AffettoVoice
import Glibc

/// The recognisers in use: embedded, or loaded from files in their place.
struct Models: Sendable {
    var voice: VoiceModel
    var face: FaceModel
    var text: TextReader
    /// What the turns of a conversation say together; none is embedded.
    var conversation: ConversationModel?

    static func pack(_ task: String) throws(AffettoError) -> ModelPack {
        var size = 0
        guard let start = affetto_model_data(task, &size) else {
            throw AffettoError(.model, "this library was built without a \(task) model")
        }
        return try ModelPack(staticBytes: UnsafeRawBufferPointer(start: start, count: size))
    }

    static func embedded() throws(AffettoError) -> Models {
        Models(
            voice: try VoiceModel(pack: pack(VoiceModel.task)), face: try FaceModel(pack: pack(FaceModel.task)),
            text: try text.get())
    }

    /// The embedded text models and patterns, made at first use.
    fileprivate static let text = Result { () throws(AffettoError) in
        TextReader(
            english: try TextModel(pack: pack("text")), chinese: try TextModel(pack: pack("text_zh"), isChinese: true),
            patterns: CrisisDetector(packs: [try phrases("crisis-en"), try phrases("crisis-zh")]),
            cues: [try phrases("cues-en"), try phrases("cues-zh")],
            lyrics: [try phrases("lyrics-en"), try phrases("lyrics-zh")])
    }

    private static func phrases(_ name: String) throws(AffettoError) -> PhrasePack {
        var size = 0
        guard let start = affetto_model_data(name, &size) else {
            throw AffettoError(.model, "this library was built without \(name)")
        }
        return try PhrasePack(text: UnsafeRawBufferPointer(start: start, count: size))
    }

    /// Replaces the model of the pack's task.
    mutating func adopt(_ pack: ModelPack) throws(AffettoError) {
        switch pack.header.task {
        case VoiceModel.task: voice = try VoiceModel(pack: pack)
        case FaceModel.task: face = try FaceModel(pack: pack)
        case TextModel.task(isChinese: false): text.english = try TextModel(pack: pack)
        case TextModel.task(isChinese: true): text.chinese = try TextModel(pack: pack, isChinese: true)
        case ConversationModel.task:
            let model = try ConversationModel(pack: pack)
            try model.requireLive()
            conversation = model
        default:
            throw AffettoError(
                .model, "the pack is for '\(pack.header.task)'; voice, face, text and conversation are read")
        }
    }
}

/// The embedded text models and patterns without an engine, for research.
public func embeddedTextReader() throws(AffettoError) -> TextReader { try Models.text.get() }

/// The embedded face model without an engine, for research.
public func embeddedFaceModel() throws(AffettoError) -> FaceModel { try FaceModel(pack: Models.pack(FaceModel.task)) }
