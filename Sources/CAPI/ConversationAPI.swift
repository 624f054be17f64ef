import AffettoCore
import AffettoEngine
import AffettoFusion
import AffettoLearning
import CAffetto

// Header section: conversation models.

extension affetto_turn: Sized {}
extension affetto_training_progress: Sized {}
extension affetto_training_options: Sized {}

/// A data set, for several threads: what a call reads does not change under it.
private final class Dataset: Sendable {
    struct Content {
        var conversations: [Conversation] = []
        var turns = 0
        var numbers = 0
    }

    static let mostTurns = 1 << 24
    static let mostNumbers = 1 << 28

    let shape: ConversationShape
    let content = Guarded(Content())

    init(_ shape: ConversationShape) { self.shape = shape }

    func add(_ turn: ConversationTurn) throws(AffettoError) {
        try turn.check(shape)
        try content.withLock { content throws(AffettoError) in
            guard !content.conversations.isEmpty else {
                throw AffettoError(.state, "begin a conversation before you add its turns")
            }
            let count = turn.features.reduce(0) { $0 + ($1?.count ?? 0) }
            guard content.turns < Self.mostTurns, content.numbers + count <= Self.mostNumbers else {
                throw AffettoError(.range, "a data set holds at most 2^24 turns and 2^28 numbers")
            }
            content.conversations[content.conversations.count - 1].turns.append(turn)
            content.turns += 1
            content.numbers += count
        }
    }
}

private final class Model: Sendable {
    let model: ConversationModel
    init(_ model: ConversationModel) { self.model = model }
}

private func withDataset<Result>(
    _ handle: OpaquePointer?, _ body: (Dataset) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .dataset, as: Dataset.self, body)
}

private func withModel<Result>(
    _ handle: OpaquePointer?, _ body: (ConversationModel) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .model, as: Model.self) { model throws(AffettoError) in try body(model.model) }
}

/// What a model is asked about: of the model's own shape, whatever the labels.
private func conversations(
    _ dataset: OpaquePointer?, for model: ConversationModel, labelled: Bool
) throws(AffettoError) -> [Conversation] {
    try withDataset(dataset) { dataset throws(AffettoError) in
        guard dataset.shape.senses == model.shape.senses else {
            throw AffettoError(.argument, "the data set has other modalities than the model")
        }
        guard !labelled || dataset.shape == model.shape else {
            throw AffettoError(.argument, "the data set has other labels than the model")
        }
        var out = dataset.content.withLock { $0.conversations }
        if !labelled, dataset.shape != model.shape {
            for i in out.indices { for t in out[i].turns.indices { out[i].turns[t].label = nil } }
        }
        return out
    }
}

// MARK: Data sets

@_cdecl("affetto_dataset_create") @implementation
public func affetto_dataset_create(
    _ shape_json: UnsafePointer<CChar>?, _ out_dataset: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_dataset else { throw AffettoError(.argument, "out_dataset is NULL") }
        out_dataset.pointee = nil
        let json = try text(shape_json, "shape_json")
        let shape = try JSON.decode(ConversationShape.self, from: Array(json.utf8), what: "shape_json")
        out_dataset.pointee = try HandleTable.shared.insert(Dataset(shape), kind: .dataset)
    }
}

@_cdecl("affetto_dataset_destroy") @implementation
public func affetto_dataset_destroy(_ dataset: OpaquePointer?) { _ = HandleTable.shared.remove(dataset, .dataset) }

@_cdecl("affetto_dataset_begin") @implementation
public func affetto_dataset_begin(_ dataset: OpaquePointer?, _ group: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let group = try text(group, "group", limit: 128)
        guard !group.isEmpty else { throw AffettoError(.argument, "group is empty") }
        try withDataset(dataset) { dataset throws(AffettoError) in
            try dataset.content.withLock { content throws(AffettoError) in
                guard content.conversations.count < Dataset.mostTurns else {
                    throw AffettoError(.range, "a data set holds at most 2^24 conversations")
                }
                content.conversations.append(Conversation(group: group, turns: []))
            }
        }
    }
}

@_cdecl("affetto_turn_init") @implementation
public func affetto_turn_init(_ turn: UnsafeMutablePointer<affetto_turn>?, _ size: UInt32) {
    var defaults = affetto_turn()
    defaults.label = -1
    (defaults.valence, defaults.arousal, defaults.control) = (.nan, .nan, .nan)
    initialise(turn, size, defaults)
}

@_cdecl("affetto_dataset_add") @implementation
public func affetto_dataset_add(
    _ dataset: OpaquePointer?, _ turn: UnsafePointer<affetto_turn>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let c = try read(turn, "turn")
        guard c.label >= -1 else { throw AffettoError(.range, "label is \(c.label); it must be -1 or a place") }
        try withDataset(dataset) { dataset throws(AffettoError) in
            let pointers = withUnsafeBytes(of: c.features) { Array($0.bindMemory(to: UnsafePointer<Float>?.self)) }
            let features = zip(dataset.shape.senses, pointers).map { sense, pointer in
                pointer.map { Array(UnsafeBufferPointer(start: $0, count: sense.width)) }
            }
            try dataset.add(
                ConversationTurn(
                    party: c.party, features: features, label: c.label < 0 ? nil : Int(c.label),
                    dimensions: [c.valence, c.arousal, c.control]))
        }
    }
}

@_cdecl("affetto_dataset_count") @implementation
public func affetto_dataset_count(
    _ dataset: OpaquePointer?, _ out_turns: UnsafeMutablePointer<UInt64>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_turns else { throw AffettoError(.argument, "out_turns is NULL") }
        out_turns.pointee = UInt64(try withDataset(dataset) { $0.content.withLock { $0.turns } })
    }
}

// MARK: Training

@_cdecl("affetto_training_progress_init") @implementation
public func affetto_training_progress_init(_ progress: UnsafeMutablePointer<affetto_training_progress>?, _ size: UInt32)
{
    initialise(progress, size, affetto_training_progress())
}

private func defaultOptions() -> affetto_training_options {
    let training = ConversationTraining()
    var out = affetto_training_options()
    out.width = UInt32(training.width)
    out.is_causal = training.isCausal ? 1 : 0
    (out.epochs, out.patience, out.batch) = (UInt32(training.epochs), UInt32(training.patience), UInt32(training.batch))
    (out.rate, out.decay, out.dropout) = (training.rate, training.decay, training.dropout)
    out.modality_dropout = training.senseDropout
    out.class_balance = training.classBalance
    out.validation_share = training.validationShare
    out.seed = training.seed
    return out
}

@_cdecl("affetto_training_options_init") @implementation
public func affetto_training_options_init(_ options: UnsafeMutablePointer<affetto_training_options>?, _ size: UInt32) {
    initialise(options, size, defaultOptions())
}

private func training(
    _ c: affetto_training_options, senses: Int
) throws(AffettoError) -> ConversationTraining {
    var out = ConversationTraining()
    out.width = Int(c.width)
    out.isCausal = c.is_causal != 0
    (out.epochs, out.patience, out.batch) = (Int(c.epochs), Int(c.patience), Int(c.batch))
    (out.rate, out.decay, out.dropout) = (c.rate, c.decay, c.dropout)
    (out.senseDropout, out.classBalance, out.validationShare) = (
        c.modality_dropout, c.class_balance, c.validation_share
    )
    out.mixing = withUnsafeBytes(of: c.mixing) { Array($0.bindMemory(to: Float.self).prefix(senses)) }
    out.seed = c.seed
    if c.about != nil { out.about = try text(c.about, "about", limit: 4096) }
    return out
}

@_cdecl("affetto_model_train") @implementation
public func affetto_model_train(
    _ dataset: OpaquePointer?, _ options: UnsafePointer<affetto_training_options>?,
    _ out_model: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_model else { throw AffettoError(.argument, "out_model is NULL") }
        out_model.pointee = nil
        let c = options == nil ? defaultOptions() : try read(options, "options", over: defaultOptions())
        // Outside the data set's handle: a callback may destroy it.
        let (shape, conversations) = try withDataset(dataset) { data in
            (data.shape, data.content.withLock { $0.conversations })
        }
        let training = try training(c, senses: shape.senses.count)
        let checkpoint = try optionalText(c.checkpoint_path, "checkpoint_path")
        var failure: AffettoError?
        let model: ConversationModel
        do throws(AffettoError) {
            model = try training.train(conversations, shape) { progress, best in
                if progress.isBest, let checkpoint {
                    do throws(AffettoError) { try PackFile.write(try best().pack(), to: checkpoint) } catch {
                        failure = error
                        return false
                    }
                }
                return report(progress, c) == 0
            }
        } catch { throw failure ?? error }
        out_model.pointee = try HandleTable.shared.insert(Model(model), kind: .model)
    }
}

private func report(_ progress: ConversationTraining.Progress, _ c: affetto_training_options) -> Int32 {
    guard let tell = c.progress else { return 0 }
    var out = affetto_training_progress()
    out.struct_size = UInt32(MemoryLayout<affetto_training_progress>.size)
    (out.epoch, out.epochs) = (UInt32(progress.epoch), UInt32(progress.epochs))
    out.is_best = progress.isBest ? 1 : 0
    out.loss = Float(progress.loss)
    out.validation_loss = Float(progress.validation?.logLoss ?? .nan)
    out.validation_accuracy = Float(progress.validation?.accuracy ?? .nan)
    out.validation_uar = Float(progress.validation?.uar ?? .nan)
    out.gigaflops = Float(progress.gigaflops)
    return tell(c.progress_context, &out)
}

// MARK: Models

@_cdecl("affetto_model_save") @implementation
public func affetto_model_save(_ model: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> affetto_status {
    guarded { () throws(AffettoError) in
        let path = try text(path, "path")
        try withModel(model) { model throws(AffettoError) in try PackFile.write(try model.pack(), to: path) }
    }
}

@_cdecl("affetto_model_load") @implementation
public func affetto_model_load(
    _ path: UnsafePointer<CChar>?, _ out_model: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_model else { throw AffettoError(.argument, "out_model is NULL") }
        out_model.pointee = nil
        let pack = try ModelPack(copying: try PackFile.read(try text(path, "path")))
        out_model.pointee = try HandleTable.shared.insert(Model(try ConversationModel(pack: pack)), kind: .model)
    }
}

@_cdecl("affetto_model_destroy") @implementation
public func affetto_model_destroy(_ model: OpaquePointer?) { _ = HandleTable.shared.remove(model, .model) }

@_cdecl("affetto_model_predict") @implementation
public func affetto_model_predict(
    _ model: OpaquePointer?, _ dataset: OpaquePointer?, _ out: UnsafeMutablePointer<Float>?, _ capacity: Int,
    _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_count else { throw AffettoError(.argument, "out_count is NULL") }
        try withModel(model) { model throws(AffettoError) in
            let asked = try conversations(dataset, for: model, labelled: false)
            let count = asked.reduce(0) { $0 + $1.turns.count } * model.shape.outputs
            out_count.pointee = count
            if out == nil, capacity == 0 { return }
            guard let out else { throw AffettoError(.argument, "out is NULL but capacity is not 0") }
            guard capacity >= count else {
                throw AffettoError(
                    .bufferTooSmall, "there are \(count) numbers; the buffer has room for \(max(capacity, 0))")
            }
            var at = 0
            for row in try model.predict(asked) {
                for number in row {
                    out[at] = number
                    at += 1
                }
            }
        }
    }
}

@_cdecl("affetto_model_evaluate") @implementation
public func affetto_model_evaluate(
    _ model: OpaquePointer?, _ dataset: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let json = try withModel(model) { model throws(AffettoError) in
            try JSON.text(try model.evaluate(try conversations(dataset, for: model, labelled: true)))
        }
        try give(json, buffer, capacity, out_length)
    }
}

private struct CardText: Encodable {
    let about: String
    let shape: ConversationShape
    let isCausal: Bool
    let parameters: Int
    let turns: Int
    let conversations: Int
    let epochs: Int
    let seed: UInt64
    let validation: ConversationMetrics?
}

@_cdecl("affetto_model_card") @implementation
public func affetto_model_card(
    _ model: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let json = try withModel(model) { model throws(AffettoError) in
            let card = model.card
            return try JSON.text(
                CardText(
                    about: card.about, shape: model.shape, isCausal: model.isCausal, parameters: model.parameterCount,
                    turns: card.turns, conversations: card.conversations, epochs: card.epochs, seed: card.seed,
                    validation: card.validation))
        }
        try give(json, buffer, capacity, out_length)
    }
}
