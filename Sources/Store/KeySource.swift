import AffettoCore
import CSodium
import Glibc

/// Where the engine's key comes from.
public enum KeySource: Sendable {
    /// 32 bytes.
    case bytes([UInt8])
    /// A file of 32 random bytes that only its owner may read (mode 0600); made with a new store if it is absent.
    case file(String)
    /// Stretched with Argon2id (RFC 9106); the salt lies in the key ring.
    case passphrase(String)
}

/// How a passphrase is stretched. Kept in the key ring, so that a later default does not lock anybody out.
struct Stretching {
    var salt: [UInt8]
    var passes: Int64
    /// Bytes.
    var memory: Int64

    /// RFC 9106's second recommendation: 3 passes over 64 MiB.
    static func fresh() -> Stretching {
        Stretching(salt: randomBytes(Int(crypto_pwhash_SALTBYTES)), passes: 3, memory: 64 << 20)
    }

    /// A damaged key ring must not make us claim a terabyte.
    var isSane: Bool {
        salt.count == Int(crypto_pwhash_SALTBYTES) && (1...64).contains(passes)
            && ((1 << 20)...(1 << 30)).contains(memory)
    }
}

extension KeySource {
    /// Refuses what can never be a key, before any file is made.
    func check() throws(AffettoError) {
        switch self {
        case .bytes(let bytes) where bytes.count != Secret.count:
            throw AffettoError(.key, "the engine key has \(bytes.count) bytes; it must have \(Secret.count)")
        case .file(let path) where path.isEmpty:
            throw AffettoError(.key, "the path of the key file is empty")
        case .passphrase(let text) where text.isEmpty:
            throw AffettoError(.key, "the passphrase is empty")
        case .bytes, .file, .passphrase: return
        }
    }

    /// The engine key. A key file is made only where `mayCreate`: the key of an existing store cannot be made again.
    func engineKey(_ stretching: Stretching, mayCreate: Bool) throws(AffettoError) -> Secret {
        try check()
        switch self {
        case .bytes(let bytes): return try Secret.copy(of: bytes)
        case .file(let path):
            if mayCreate, access(path, F_OK) != 0 { try Self.makeFile(path) }
            return try Self.readFile(path)
        case .passphrase(let text):
            guard stretching.isSane else { throw AffettoError(.storeCorrupt, "the key ring is damaged") }
            return try Secret { start in
                crypto_pwhash(
                    start, UInt64(Secret.count), text, UInt64(text.utf8.count), stretching.salt,
                    UInt64(stretching.passes),
                    Int(stretching.memory), crypto_pwhash_ALG_ARGON2ID13)
            }
        }
    }

    private static func makeFile(_ path: String) throws(AffettoError) {
        let key = try Secret.random()
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", path) }
        defer { close(descriptor) }
        guard write(descriptor, key.start, Secret.count) == Secret.count, fsync(descriptor) == 0 else {
            let error = failure("write", path)
            unlink(path)
            throw error
        }
    }

    private static func readFile(_ path: String) throws(AffettoError) -> Secret {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size == Secret.count else {
            throw AffettoError(.key, "'\(path)' is not a key: a key file is 32 bytes long")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw AffettoError(.key, "others may read the key file '\(path)': make its mode 0600")
        }
        return try Secret { start in read(descriptor, start, Secret.count) == Secret.count ? 0 : -1 }
    }

    private static func failure(_ verb: String, _ path: String) -> AffettoError {
        AffettoError(.key, "cannot \(verb) the key file '\(path)': \(String(cString: strerror(errno)))")
    }
}
