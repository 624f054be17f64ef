import AffettoCore
import AffettoEngine
import CAffetto
import Glibc

// What every function of the boundary needs: statuses, error text, sized structs, text in and out.

/// Runs `body`; an error becomes a status and this thread's last message.
func guarded(_ body: () throws(AffettoError) -> Void) -> affetto_status {
    do {
        try body()
        return AFFETTO_OK
    } catch {
        LastError.set(error.message)
        return affetto_status(rawValue: error.code.rawValue)
    }
}

/// The thread's last error text, in memory that the thread owns.
enum LastError {
    private static let capacity = 1024
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { Glibc.free($0) }
        return key
    }()

    static func set(_ message: String) {
        var buffer = pthread_getspecific(key)
        if buffer == nil {
            buffer = calloc(1, capacity)
            pthread_setspecific(key, buffer)
        }
        guard let text = buffer?.assumingMemoryBound(to: UInt8.self) else { return }
        var message = message
        message.withUTF8 { utf8 in
            var count = min(utf8.count, capacity - 1)
            // Cut at a whole scalar.
            while count > 0, count < utf8.count, utf8[count] & 0xC0 == 0x80 { count -= 1 }
            if let start = utf8.baseAddress { text.update(from: start, count: count) }
            text[count] = 0
        }
    }

    static var text: UnsafePointer<CChar> {
        guard let buffer = pthread_getspecific(key) else { return emptyText.pointer }
        return UnsafePointer(buffer.assumingMemoryBound(to: CChar.self))
    }
}

private let emptyText = ConstantText("")

/// A C string that lives as long as the process.
struct ConstantText: @unchecked Sendable {  // never written after init
    let pointer: UnsafePointer<CChar>

    init(_ text: String) {
        let bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        pointer = UnsafePointer(copy)
    }
}

/// Reads a NUL-terminated string of at most `limit` bytes.
func text(
    _ pointer: UnsafePointer<CChar>?, _ what: String, limit: Int = 1 << 20
) throws(AffettoError) -> String {
    guard let pointer else { throw AffettoError(.argument, "\(what) is NULL") }
    let count = strnlen(pointer, limit + 1)
    guard count <= limit else { throw AffettoError(.range, "\(what) is longer than \(limit) bytes") }
    return try text(pointer, count, what)
}

func text(_ pointer: UnsafePointer<CChar>, _ count: Int, _ what: String) throws(AffettoError) -> String {
    let bytes = UnsafeRawBufferPointer(start: pointer, count: count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw AffettoError(.encoding, "\(what) is not UTF-8")
    }
    return text
}

/// As `text`, but NULL is allowed.
func optionalText(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(AffettoError) -> String? {
    guard pointer != nil else { return nil }
    return try text(pointer, what)
}

/// Hands text out by the buffer rule: NULL and 0 ask the size.
func give(
    _ text: String, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ length: UnsafeMutablePointer<Int>?
) throws(AffettoError) {
    guard let length else { throw AffettoError(.argument, "out_length is NULL") }
    let count = text.utf8.count
    length.pointee = count
    if buffer == nil, capacity == 0 { return }
    guard let buffer else { throw AffettoError(.argument, "buffer is NULL but capacity is not 0") }
    guard capacity > count else {
        throw AffettoError(.bufferTooSmall, "the text needs \(count + 1) bytes; the buffer has \(max(capacity, 0))")
    }
    var i = 0
    for byte in text.utf8 {
        buffer[i] = CChar(bitPattern: byte)
        i += 1
    }
    buffer[i] = 0
}

/// Structs that begin with `uint32_t struct_size`.
protocol Sized {
    var struct_size: UInt32 { get set }
    init()
}

/// Reads a caller's struct over a copy of `defaults`; a caller's newer, longer struct is cut to ours.
func read<Value: Sized>(
    _ pointer: UnsafePointer<Value>?, _ what: String, over defaults: Value = Value()
) throws(AffettoError) -> Value {
    guard let pointer else { throw AffettoError(.argument, "\(what) is NULL") }
    let size = Int(UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
    guard size >= MemoryLayout<Value>.size, size <= 1 << 20 else {
        throw AffettoError(
            .argument, "\(what) has struct_size \(size); set it with the INIT macro (\(MemoryLayout<Value>.size))")
    }
    var value = defaults
    withUnsafeMutableBytes(of: &value) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<Value>.size))
    }
    return value
}

/// Writes `value` to a caller's struct, whose size stays as it is.
func write<Value: Sized>(
    _ value: Value, to pointer: UnsafeMutablePointer<Value>?, _ what: String
) throws(AffettoError) {
    guard let pointer else { throw AffettoError(.argument, "\(what) is NULL") }
    let size = UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self)
    guard Int(size) >= MemoryLayout<Value>.size, size <= 1 << 20 else {
        throw AffettoError(
            .argument, "\(what) has struct_size \(size); set it with the INIT macro (\(MemoryLayout<Value>.size))")
    }
    var value = value
    value.struct_size = size
    withUnsafeBytes(of: value) {
        UnsafeMutableRawPointer(pointer).copyMemory(
            from: $0.baseAddress ?? UnsafeRawPointer(pointer), byteCount: $0.count)
    }
}

/// Sets defaults in a caller's struct of `size` bytes; what it has beyond ours becomes 0.
func initialise<Value: Sized>(_ pointer: UnsafeMutablePointer<Value>?, _ size: UInt32, _ defaults: Value) {
    guard let pointer, size >= 4 else { return }
    var value = defaults
    value.struct_size = size
    let raw = UnsafeMutableRawPointer(pointer)
    let own = min(Int(size), MemoryLayout<Value>.size)
    withUnsafeBytes(of: value) { raw.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(raw), byteCount: own) }
    if Int(size) > own { memset(raw + own, 0, Int(size) - own) }
}

/// A vocabulary word from its number.
func word<Word: NamedCode>(_ type: Word.Type, _ number: Int32, _ what: String) throws(AffettoError) -> Word {
    guard let word = Word(rawValue: number) else {
        throw AffettoError(.range, "\(what) is \(number); it must be 0…\(Word.allCases.count - 1)")
    }
    return word
}

/// NaN is how C says "not given".
func given(_ value: Float) -> Float? { value.isNaN ? nil : value }

func withEngine<Result>(
    _ handle: OpaquePointer?, _ body: (Engine) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .engine, as: Engine.self, body)
}

func withSession<Result>(
    _ handle: OpaquePointer?, _ body: (Session) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .session, as: Session.self) { session throws(AffettoError) in
        guard !session.hasEnded else { throw AffettoError(.closed, "the session has ended") }
        return try body(session)
    }
}
