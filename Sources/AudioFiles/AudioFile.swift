import AffettoCore
import CSndfile

/// Reads and writes audio files through libsndfile: WAV, FLAC, Ogg (Vorbis, Opus), MP3, AIFF and others it knows.
public enum AudioFile {
    /// Lower-case file name extensions that `isAudio` accepts.
    public static let extensions: Set<String> = [
        "wav", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "au", "w64", "caf",
    ]

    private static let blockFrames = 16_384
    /// The most samples that `read` holds: 2^29, 2 GiB of memory; `stream` has no such limit.
    private static let maxSamples = 1 << 29

    /// Whether the name of `path` ends like an audio file; the file itself is not looked at.
    public static func isAudio(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        return extensions.contains(name[name.index(after: dot)...].lowercased())
    }

    /// Reads a whole file.
    /// - Throws: as `stream`; `.range` where the file would need more than 2 GiB.
    public static func read(_ path: String) throws(AffettoError) -> AudioClip {
        var clip = AudioClip(rate: 0, channels: 0, samples: [])
        try stream(path) { (block, rate, channels) throws(AffettoError) in
            clip.rate = rate
            clip.channels = channels
            guard clip.samples.count <= maxSamples - block.count else {
                throw AffettoError(.range, "\(path) is too long to be read at once")
            }
            clip.samples.append(contentsOf: block)
        }
        return clip
    }

    /// Reads a file of any length block by block, in constant memory.
    /// - Parameter block: gets interleaved samples (a whole number of frames, valid during the call), the rate in Hz
    ///   and the number of channels; what it throws ends the reading.
    /// - Returns: the number of frames.
    /// - Throws: `.notFound` (no such file), `.argument` (not audio, empty, damaged, cut short). An Ogg stream that ends
    ///   early but cleanly passes for a shorter piece, as the format allows.
    @discardableResult
    public static func stream(
        _ path: String, block: (UnsafeBufferPointer<Float>, Double, Int) throws(AffettoError) -> Void
    ) throws(AffettoError) -> Int {
        let file = try SoundFile(reading: path)
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: blockFrames * file.channels)
        defer { buffer.deallocate() }
        var frames = 0
        while true {
            let got = Int(sf_readf_float(file.handle, buffer, sf_count_t(blockFrames)))
            guard got > 0 else { break }
            frames += got
            try block(UnsafeBufferPointer(start: buffer, count: got * file.channels), file.rate, file.channels)
        }
        if let complaint = file.complaint {
            throw AffettoError(.argument, "\(path) is damaged after \(frames) frames: \(complaint)")
        }
        guard frames > 0 else { throw AffettoError(.argument, "\(path) holds no audio") }
        guard frames >= file.leastFrames else {
            throw AffettoError(.argument, "\(path) is cut short: \(frames) frames and no more")
        }
        return frames
    }

    /// Writes `clip` as a 16-bit WAV file; what lies beyond ±1 is clipped.
    /// - Throws: `.argument` (no samples, not whole frames, cannot be written), `.range` (rate, channels, NaN).
    public static func write(_ path: String, _ clip: AudioClip) throws(AffettoError) {
        guard (1...1024).contains(clip.channels) else {
            throw AffettoError(.range, "channels is \(clip.channels); it must be 1…1024")
        }
        guard clip.rate >= 1, clip.rate <= 1_000_000, clip.rate == clip.rate.rounded() else {
            throw AffettoError(.range, "rate is \(clip.rate) Hz; it must be a whole number in 1…1000000")
        }
        guard !clip.samples.isEmpty, clip.samples.count % clip.channels == 0 else {
            let count = clip.samples.count
            throw AffettoError(.argument, "\(count) samples are not whole frames of \(clip.channels) channels")
        }
        guard clip.samples.allSatisfy(\.isFinite) else {
            throw AffettoError(.range, "a sample is not a finite number")
        }
        let file = try SoundFile(writing: path, rate: Int32(clip.rate), channels: clip.channels)
        let written = clip.samples.withUnsafeBufferPointer { samples in
            sf_writef_float(file.handle, samples.baseAddress, sf_count_t(clip.frames))
        }
        sf_write_sync(file.handle)
        guard written == sf_count_t(clip.frames), file.complaint == nil else {
            throw AffettoError(.argument, "\(path) could not be written in full: \(SoundFile.lastError(file.handle))")
        }
    }
}
