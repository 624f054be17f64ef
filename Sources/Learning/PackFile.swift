import AffettoCore
import Glibc
import Synchronization

/// Model packs as files.
public enum PackFile {
    /// - Throws: `.notFound`, `.model` for one too large to be a pack.
    public static func read(_ path: String) throws(AffettoError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw AffettoError(.notFound, "there is no model pack at '\(path)'") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: block[0..<count])
            guard bytes.count <= 256 << 20 else { throw AffettoError(.model, "the model pack is over 256 MiB") }
        }
        return bytes
    }

    /// Names of files that are being written differ by it.
    private static let writes = Atomic<UInt64>(0)

    /// Whole or not at all: what was there stays until all of the new is on the disk.
    /// - Throws: `.storeFull`, `.store`.
    public static func write(_ bytes: [UInt8], to path: String) throws(AffettoError) {
        var state = stat()
        if stat(path, &state) == 0, state.st_mode & S_IFMT != S_IFREG {
            throw AffettoError(.store, "'\(path)' is there and is no file")
        }
        // A link stays one: what it points at is replaced.
        let resolved = realpath(path, nil)
        defer { free(resolved) }
        let target = resolved.map { String(cString: $0) } ?? path
        let part = "\(target).part-\(getpid())-\(writes.add(1, ordering: .relaxed).newValue)"
        func failure(_ verb: String) -> AffettoError {
            let full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG
            let why = String(cString: strerror(errno))
            unlink(part)
            return AffettoError(full ? .storeFull : .store, "cannot \(verb) '\(path)': \(why)")
        }
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write") }
        var isOpen = true
        defer { if isOpen { close(descriptor) } }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                all.baseAddress.map { Glibc.write(descriptor, $0 + written, bytes.count - written) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write") }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure("write") }
        isOpen = false
        guard close(descriptor) == 0, rename(part, target) == 0 else { throw failure("write") }
    }
}
