import AffettoCore
import AffettoEngine
import AffettoText
import CAffetto

// Header section: text without a session.

extension affetto_text_reading: Sized {}

@_cdecl("affetto_text_reading_init") @implementation
public func affetto_text_reading_init(_ reading: UnsafeMutablePointer<affetto_text_reading>?, _ size: UInt32) {
    initialise(reading, size, affetto_text_reading())
}

private let labelNames = (try? embeddedTextModel().labels.map { ConstantText($0) }) ?? []
private let perceivedNames = (try? embeddedTextModel().perceivedLabels.map { ConstantText($0) }) ?? []

@_cdecl("affetto_text_label_name") @implementation
public func affetto_text_label_name(_ index: Int32) -> UnsafePointer<CChar>? {
    labelNames.indices.contains(Int(index)) ? labelNames[Int(index)].pointer : nil
}

@_cdecl("affetto_text_perceived_name") @implementation
public func affetto_text_perceived_name(_ index: Int32) -> UnsafePointer<CChar>? {
    perceivedNames.indices.contains(Int(index)) ? perceivedNames[Int(index)].pointer : nil
}

@_cdecl("affetto_text_read") @implementation
public func affetto_text_read(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ out_reading: UnsafeMutablePointer<affetto_text_reading>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard out_reading != nil else { throw AffettoError(.argument, "out_reading is NULL") }
        let words = try message(utf8, length)
        let model = try embeddedTextModel()
        let said = model.predict(words)
        var out = affetto_text_reading()
        out.quality = said.quality
        (out.valence, out.arousal, out.control) = (said.valence, said.arousal, said.control)
        out.valence_sd = model.residual.valence
        out.arousal_sd = model.residual.arousal
        out.control_sd = model.residual.control
        fill(&out.probability, said.probability)
        fill(&out.perceived, said.perceived)
        try write(out, to: out_reading, "out_reading")
    }
}

/// Copies as many numbers as the field, an array of floats, has room for.
private func fill<Field>(_ field: inout Field, _ values: [Float]) {
    withUnsafeMutableBytes(of: &field) { field in
        values.withUnsafeBytes { field.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(field.count))) }
    }
}

@_cdecl("affetto_text_explain") @implementation
public func affetto_text_explain(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ label: UnsafePointer<CChar>?,
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let words = try message(utf8, length)
        let label = try optionalText(label, "label")
        let why = try embeddedTextModel().explain(words, label: label)
        try give(try JSON.text(why), buffer, capacity, out_length)
    }
}

private func message(_ utf8: UnsafePointer<CChar>?, _ length: Int) throws(AffettoError) -> String {
    guard let utf8 else { throw AffettoError(.argument, "utf8 is NULL") }
    let limit = 1 << 20
    guard length >= -1, length <= limit else { throw AffettoError(.range, "a message has at most \(limit) bytes") }
    return length == -1 ? try text(utf8, "utf8", limit: limit) : try text(utf8, length, "utf8")
}
