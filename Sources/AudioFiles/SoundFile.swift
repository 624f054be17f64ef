import AffettoCore
import CSndfile
import Glibc

/// One open libsndfile handle; closes itself.
struct SoundFile: ~Copyable {
    let handle: OpaquePointer
    let rate: Double
    let channels: Int
    /// Fewer frames than these mean a file cut short; MP3 and Ogg only estimate, so a tenth is forgiven there.
    let leastFrames: Int

    /// Opens `path` for reading.
    init(reading path: String) throws(AffettoError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw AffettoError(.notFound, "\(path): \(Self.reason(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AffettoError(.argument, "\(path) is not a file")
        }
        guard status.st_size > 0 else { throw AffettoError(.argument, "\(path) is empty") }
        if let riff = Self.riffLength(path), status.st_size + 8 < riff {
            throw AffettoError(.argument, "\(path) is cut short: \(status.st_size) of \(riff) bytes")
        }
        var info = SF_INFO()
        guard let handle = sf_open(path, Int32(SFM_READ), &info) else {
            throw AffettoError(.argument, "\(path) is not audio that can be read: \(Self.lastError(nil))")
        }
        guard info.samplerate > 0, info.channels > 0 else {
            sf_close(handle)
            throw AffettoError(.argument, "\(path) has no audio channel")
        }
        self.handle = handle
        rate = Double(info.samplerate)
        channels = Int(info.channels)
        let container = info.format & Int32(SF_FORMAT_TYPEMASK)
        let isEstimate = container == Int32(SF_FORMAT_MPEG) || container == Int32(SF_FORMAT_OGG)
        leastFrames = max(0, isEstimate ? Int(info.frames) / 10 * 9 : Int(info.frames))
    }

    /// Creates or replaces `path` as a 16-bit WAV file.
    init(writing path: String, rate: Int32, channels: Int) throws(AffettoError) {
        var info = SF_INFO()
        info.samplerate = rate
        info.channels = Int32(channels)
        info.format = Int32(SF_FORMAT_WAV) | Int32(SF_FORMAT_PCM_16)
        guard let handle = sf_open(path, Int32(SFM_WRITE), &info) else {
            throw AffettoError(.argument, "\(path) cannot be written: \(Self.lastError(nil))")
        }
        // Without it a sample past full scale wraps round to the other side.
        sf_command(handle, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
        self.handle = handle
        self.rate = Double(rate)
        self.channels = channels
        leastFrames = 0
    }

    deinit { sf_close(handle) }

    /// The decoder's complaint about what was read, or `nil` if there was none.
    var complaint: String? { sf_error(handle) == 0 ? nil : Self.lastError(handle) }

    static func lastError(_ handle: OpaquePointer?) -> String {
        guard let text = sf_strerror(handle) else { return "unknown error" }
        var message = String(cString: text)
        if message.hasPrefix("Error : ") { message.removeFirst(8) }
        while let last = message.last, last == "." || last.isWhitespace { message.removeLast() }
        return message
    }

    /// Bytes that the header of a RIFF file promises, which libsndfile silently corrects; `nil` for other files and
    /// for those that a pipe wrote, whose length was not known.
    private static func riffLength(_ path: String) -> Int? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var head = [UInt8](repeating: 0, count: 8)
        guard fread(&head, 1, 8, file) == 8, head.starts(with: "RIFF".utf8) else { return nil }
        let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
        return (1..<0x7FFF_0000).contains(length) ? length + 8 : nil
    }

    private static func reason(_ code: Int32) -> String {
        code == ENOENT ? "no such file" : strerror(code).map { String(cString: $0) } ?? "cannot be opened"
    }
}
