import AffettoCore

/// The bytes of a session's items, before they are sealed. Events and states, which come by the thousand, have a compact form:
/// little-endian, the first byte its version. All else, and everything written by earlier versions, is JSON, which begins
/// with a brace.
enum ItemCoding {
    private static let version: UInt8 = 1

    static func encode(_ item: SessionItem, into out: inout [UInt8]) throws(AffettoError) {
        switch item {
        case .event(let event) where fits(event): encode(event, into: &out)
        case .event(let event): out += try JSON.encode(event)
        case .state(let state) where state.probability.count < 256 && state.evidence.count < 256:
            encode(state, into: &out)
        case .state(let state): out += try JSON.encode(state)
        case .decision(let decision): out += try JSON.encode(decision)
        case .outcome(let outcome): out += try JSON.encode(outcome)
        case .prompt(let prompt): out += try JSON.encode(prompt)
        }
    }

    /// - Throws: `.argument` where the bytes are none of ours.
    static func event(_ bytes: ArraySlice<UInt8>) throws(AffettoError) -> SessionEvent {
        guard bytes.first == version else { return try JSON.decode(SessionEvent.self, from: bytes, what: "event") }
        var reader = Reader(bytes)
        var event = SessionEvent(time: try reader.integer(Int64.self), kind: try reader.short())
        for _ in 0..<(try reader.integer(UInt8.self)) { event.detail[try reader.short()] = try reader.short() }
        return event
    }

    /// - Throws: `.argument` where the bytes are none of ours.
    static func state(_ bytes: ArraySlice<UInt8>) throws(AffettoError) -> AffectState {
        guard bytes.first == version else { return try JSON.decode(AffectState.self, from: bytes, what: "state") }
        var reader = Reader(bytes)
        let time = try reader.integer(Int64.self)
        let emotion = try reader.integer(Int8.self)
        let abstain = try reader.integer(UInt8.self)
        guard emotion == -1 || Emotion(rawValue: Int32(emotion)) != nil,
            let reason = AbstainReason(rawValue: Int32(abstain))
        else { throw Reader.cut }
        return AffectState(
            time: time, emotion: Emotion(rawValue: Int32(emotion)), valence: try reader.estimate(),
            arousal: try reader.estimate(), control: try reader.estimate(), probability: try reader.numbers(),
            confidence: try reader.number(), abstain: reason, evidence: try reader.numbers(),
            generation: try reader.integer(UInt64.self))
    }

    /// The moment of an item of any kind; 0 where it has none.
    static func time(_ bytes: ArraySlice<UInt8>) throws(AffettoError) -> Microseconds {
        struct Timed: Decodable { var time: Microseconds? }
        guard bytes.first == version else { return try JSON.decode(Timed.self, from: bytes, what: "item").time ?? 0 }
        var reader = Reader(bytes)
        return try reader.integer(Int64.self)
    }

    // MARK: Writing

    private static func fits(_ event: SessionEvent) -> Bool {
        event.kind.utf8.count < 256 && event.detail.count < 256
            && event.detail.allSatisfy { $0.key.utf8.count < 256 && $0.value.utf8.count < 256 }
    }

    private static func encode(_ event: SessionEvent, into out: inout [UInt8]) {
        out.append(version)
        put(event.time, into: &out)
        put(event.kind, into: &out)
        out.append(UInt8(event.detail.count))
        // Sorted: the same event is the same bytes.
        for (key, value) in event.detail.sorted(by: { $0.key < $1.key }) {
            put(key, into: &out)
            put(value, into: &out)
        }
    }

    private static func encode(_ state: AffectState, into out: inout [UInt8]) {
        out.append(version)
        put(state.time, into: &out)
        put(Int8(state.emotion?.rawValue ?? -1), into: &out)
        put(UInt8(state.abstain.rawValue), into: &out)
        for estimate in [state.valence, state.arousal, state.control] {
            put(estimate.mean.bitPattern, into: &out)
            put(estimate.sd.bitPattern, into: &out)
        }
        put(state.probability, into: &out)
        put(state.confidence.bitPattern, into: &out)
        put(state.evidence, into: &out)
        put(state.generation, into: &out)
    }

    private static func put(_ value: some FixedWidthInteger, into out: inout [UInt8]) {
        var rest = value
        for _ in 0..<MemoryLayout.size(ofValue: value) {
            out.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private static func put(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(text.utf8.count))
        out.append(contentsOf: text.utf8)
    }

    private static func put(_ numbers: [Float], into out: inout [UInt8]) {
        out.append(UInt8(numbers.count))
        for number in numbers { put(number.bitPattern, into: &out) }
    }
}

extension SessionItem {
    /// The bytes that are sealed and kept.
    public func plainBytes() throws(AffettoError) -> [UInt8] {
        var out: [UInt8] = []
        try ItemCoding.encode(self, into: &out)
        return out
    }
}

/// Reads what `ItemCoding` wrote, and stops where the bytes end.
private struct Reader {
    static let cut = AffettoError(.argument, "an item's bytes are not whole")
    private let bytes: ArraySlice<UInt8>
    /// The version comes first.
    private var at = 1

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(AffettoError) -> Value {
        let count = MemoryLayout<Value>.size
        guard bytes.count - at >= count else { throw Self.cut }
        defer { at += count }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: type)) }
    }

    mutating func number() throws(AffettoError) -> Float { Float(bitPattern: try integer(UInt32.self)) }

    mutating func estimate() throws(AffettoError) -> Estimate { Estimate(try number(), sd: try number()) }

    mutating func numbers() throws(AffettoError) -> [Float] {
        let count = Int(try integer(UInt8.self))
        var out: [Float] = []
        out.reserveCapacity(count)
        for _ in 0..<count { out.append(try number()) }
        return out
    }

    mutating func short() throws(AffettoError) -> String {
        let count = Int(try integer(UInt8.self))
        guard bytes.count - at >= count else { throw Self.cut }
        defer { at += count }
        return bytes.withUnsafeBytes { String(decoding: $0[at..<(at + count)], as: UTF8.self) }
    }
}
