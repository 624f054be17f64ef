import AffettoCore
import AffettoEngine
import AffettoText
import CAffetto
import Glibc

// Header section: text without a session.

extension affetto_text_reading: Sized {}
extension affetto_lyrics: Sized {}

@_cdecl("affetto_text_reading_init") @implementation
public func affetto_text_reading_init(_ reading: UnsafeMutablePointer<affetto_text_reading>?, _ size: UInt32) {
    var defaults = affetto_text_reading()
    defaults.emotion = -1
    initialise(reading, size, defaults)
}

@_cdecl("affetto_text_read") @implementation
public func affetto_text_read(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ out_reading: UnsafeMutablePointer<affetto_text_reading>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard out_reading != nil else { throw AffettoError(.argument, "out_reading is NULL") }
        let said = try embeddedTextReader().read(bytes(utf8, length))
        var out = affetto_text_reading()
        out.language = said.language.rawValue
        out.emotion = said.emotion?.rawValue ?? -1
        out.crisis = said.crisis.rawValue
        out.quality = said.quality
        (out.valence, out.valence_sd) = (said.valence.mean, said.valence.sd)
        (out.arousal, out.arousal_sd) = (said.arousal.mean, said.arousal.sd)
        (out.control, out.control_sd) = (said.control.mean, said.control.sd)
        withUnsafeBytes(of: said.affect) { affect in
            withUnsafeMutableBytes(of: &out.probability) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: affect[0..<$0.count]))
            }
        }
        (out.goal_blocked, out.other_to_blame, out.uncertainty) = (
            said.goalBlocked, said.otherToBlame, said.uncertainty
        )
        (out.help, out.vent, out.plan) = (said.needs[0], said.needs[1], said.needs[2])
        try write(out, to: out_reading, "out_reading")
    }
}

private struct NativeLabels: Encodable {
    var language: String
    var labels: [String: Float]
    var perceived: [String: Float]
}

@_cdecl("affetto_text_labels") @implementation
public func affetto_text_labels(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let words = try message(utf8, length)
        let reader = try embeddedTextReader()
        let language = TextLanguage.detect(words)
        let model = reader.model(for: language)
        let said = model?.predict(words)
        func named(_ names: [String]?, _ values: [Float]?) -> [String: Float] {
            Dictionary(uniqueKeysWithValues: zip(names ?? [], values ?? []))
        }
        let native = NativeLabels(
            language: language.code, labels: named(model?.labels, said?.probability),
            perceived: named(model?.perceivedLabels, said?.perceived))
        try give(try JSON.text(native), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_text_explain") @implementation
public func affetto_text_explain(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ emotion: Int32, _ buffer: UnsafeMutablePointer<CChar>?,
    _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let words = try message(utf8, length)
        let emotion = emotion == -1 ? nil : try word(Emotion.self, emotion, "emotion")
        let why = try embeddedTextReader().explain(words, emotion: emotion)
        try give(try JSON.text(why), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_lyrics_init") @implementation
public func affetto_lyrics_init(_ lyrics: UnsafeMutablePointer<affetto_lyrics>?, _ size: UInt32) {
    initialise(lyrics, size, affetto_lyrics())
}

@_cdecl("affetto_lyrics_read") @implementation
public func affetto_lyrics_read(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ out_lyrics: UnsafeMutablePointer<affetto_lyrics>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard out_lyrics != nil else { throw AffettoError(.argument, "out_lyrics is NULL") }
        let said = try embeddedTextReader().readLyrics(message(utf8, length))
        var out = affetto_lyrics()
        out.language = said.language.rawValue
        for tag in said.tags { out.tags |= 1 << Int32(LyricsReading.Tag.allCases.firstIndex(of: tag) ?? 0) }
        out.quality = said.quality
        (out.valence, out.valence_sd) = (said.valence.mean, said.valence.sd)
        (out.arousal, out.arousal_sd) = (said.arousal.mean, said.arousal.sd)
        try write(out, to: out_lyrics, "out_lyrics")
    }
}

/// As `message`, where it lies.
private func bytes(_ utf8: UnsafePointer<CChar>?, _ length: Int) throws(AffettoError) -> UnsafeBufferPointer<UInt8> {
    guard let utf8 else { throw AffettoError(.argument, "utf8 is NULL") }
    let limit = 1 << 20
    guard length >= -1, length <= limit else { throw AffettoError(.range, "a message has at most \(limit) bytes") }
    let count = length == -1 ? strnlen(utf8, limit + 1) : length
    guard count <= limit else { throw AffettoError(.range, "a message has at most \(limit) bytes") }
    let start = UnsafeRawPointer(utf8).assumingMemoryBound(to: UInt8.self)
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard TextReader.isUTF8(bytes) else { throw AffettoError(.encoding, "utf8 is not UTF-8") }
    return bytes
}

/// A message of at most 1 MiB; length -1 = NUL-terminated.
func message(_ utf8: UnsafePointer<CChar>?, _ length: Int) throws(AffettoError) -> String {
    guard let utf8 else { throw AffettoError(.argument, "utf8 is NULL") }
    let limit = 1 << 20
    guard length >= -1, length <= limit else { throw AffettoError(.range, "a message has at most \(limit) bytes") }
    return length == -1 ? try text(utf8, "utf8", limit: limit) : try text(utf8, length, "utf8")
}
