import AffettoCore
import CSodium

/// Secret bytes, wiped from memory when the last reference goes.
final class Secret {
    static let count = 32
    let start: UnsafeMutablePointer<UInt8>

    /// 32 zeros, to be filled by `fill`; it returns 0 on success, as libsodium's functions do.
    init(fill: (UnsafeMutablePointer<UInt8>) -> Int32) throws(AffettoError) {
        start = .allocate(capacity: Self.count)
        start.initialize(repeating: 0, count: Self.count)
        guard fill(start) == 0 else { throw AffettoError(.key, "the key cannot be derived; memory may be short") }
    }

    deinit {
        sodium_memzero(start, Self.count)
        start.deallocate()
    }

    static func random() throws(AffettoError) -> Secret {
        try Secret { start in
            randombytes_buf(start, Self.count)
            return 0
        }
    }

    /// - Throws: `.key` unless there are 32 bytes.
    static func copy(of source: [UInt8]) throws(AffettoError) -> Secret {
        guard source.count == count else {
            throw AffettoError(.key, "a key has \(count) bytes; this one has \(source.count)")
        }
        return try Secret { start in
            start.update(from: source, count: count)
            return 0
        }
    }

    /// A keyed BLAKE2b of 32 bytes.
    func mac(_ bytes: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        crypto_generichash(&out, out.count, bytes, UInt64(bytes.count), start, Self.count)
        return out
    }

    /// A key for one use, from which this one cannot be found: BLAKE2b, libsodium's crypto_kdf.
    func derived(_ use: Use) throws(AffettoError) -> Secret {
        try Secret { out in crypto_kdf_derive_from_key(out, Self.count, use.rawValue, "affetto_", start) }
    }

    enum Use: UInt64 {
        case wrapping = 1
        case naming = 2
        case auditing = 3
    }
}

/// Seals and opens cells with one key: XChaCha20-Poly1305 with a random nonce in front. The cell's own place is the
/// associated data, so a sealed value moved to another cell does not open.
struct Vault {
    let key: Secret

    static let nonceBytes = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let tagBytes = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)

    /// nonce (24 bytes) | ciphertext (as long as `plain`) | tag (16 bytes).
    func seal(_ plain: some Collection<UInt8>, in cell: Cell) -> [UInt8] {
        var out: [UInt8] = []
        seal(Array(plain)[...], place: cell.bytes, nonce: randomBytes(Self.nonceBytes)[...], into: &out)
        return out
    }

    /// As above, into memory that is used again and again. - Parameter nonce: 24 random bytes, never used before.
    func seal(
        _ plain: ArraySlice<UInt8>, place: [UInt8], nonce: ArraySlice<UInt8>, into out: inout [UInt8]
    ) {
        out.removeAll(keepingCapacity: true)
        out.append(contentsOf: nonce)
        out.append(contentsOf: repeatElement(0, count: plain.count + Self.tagBytes))
        out.withUnsafeMutableBufferPointer { out in
            plain.withUnsafeBufferPointer { plain in
                guard let start = out.baseAddress else { return }
                crypto_aead_xchacha20poly1305_ietf_encrypt(
                    start + Self.nonceBytes, nil, plain.baseAddress, UInt64(plain.count), place, UInt64(place.count),
                    nil, start, key.start)
            }
        }
    }

    /// The sealed bytes, or `nil` when the key is another, the cell is another, or a bit is not as it was.
    func open(_ sealed: [UInt8], in cell: Cell) -> [UInt8]? { open(sealed, place: cell.bytes) }

    func open(_ sealed: [UInt8], place: [UInt8]) -> [UInt8]? { sealed.withUnsafeBytes { open($0, place: place) } }

    func open(_ sealed: UnsafeRawBufferPointer, place: [UInt8]) -> [UInt8]? {
        let count = sealed.count - Self.nonceBytes - Self.tagBytes
        guard count >= 0, let nonce = sealed.bindMemory(to: UInt8.self).baseAddress else { return nil }
        var isGood = false
        let plain = [UInt8](unsafeUninitializedCapacity: count) { plain, filled in
            isGood =
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    plain.baseAddress, nil, nil, nonce + Self.nonceBytes, UInt64(count + Self.tagBytes), place,
                    UInt64(place.count), nonce, key.start) == 0
            filled = isGood ? count : 0
        }
        return isGood ? plain : nil
    }

    func seal(json value: some Encodable, in cell: Cell) throws(AffettoError) -> [UInt8] {
        seal(try JSON.encode(value), in: cell)
    }

    /// What does not open here is damage: that the key is right was shown when the key ring was opened.
    func opened(_ sealed: [UInt8], in cell: Cell) throws(AffettoError) -> [UInt8] {
        guard let plain = open(sealed, in: cell) else { throw Self.damaged(cell) }
        return plain
    }

    func open<Value: Decodable>(_ type: Value.Type, _ sealed: [UInt8], in cell: Cell) throws(AffettoError) -> Value {
        let plain = try opened(sealed, in: cell)
        do { return try JSON.decode(type, from: plain, what: cell.column) } catch { throw Self.damaged(cell) }
    }

    static func damaged(_ cell: Cell) -> AffettoError {
        AffettoError(.storeCorrupt, "the store is damaged: a sealed \(cell.table) does not open")
    }
}

/// A place in a file: table, row and column.
struct Cell {
    let table: String
    let row: String
    let column: String

    init(_ table: String, _ row: String, _ column: String) {
        self.table = table
        self.row = row
        self.column = column
    }

    var bytes: [UInt8] { Array("\(table)|\(row)|\(column)".utf8) }
}

func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, count)
    return bytes
}

func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
