import AffettoAudioFiles
import AffettoCore
import Glibc
import Testing

@Suite struct AudioFileTests {
    /// A new folder that the body may fill.
    private func inFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/affetto-audio-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
        #expect(made)
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            for name in ["a.wav", "empty.wav", "text.wav", "none.wav"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        try body(folder)
    }

    private func put(_ bytes: [UInt8], _ path: String) throws {
        let file = try #require(fopen(path, "wb"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    private func message(_ body: () throws -> Void) -> AffettoError? {
        do { try body() } catch { return error as? AffettoError }
        return nil
    }

    @Test func writtenIsReadBack() throws {
        try inFolder { folder in
            let samples = (0..<88_200).map { Float(sin(Double($0) / 30)) * 0.7 }
            let clip = AudioClip(rate: 44_100, channels: 2, samples: samples)
            try AudioFile.write("\(folder)/a.wav", clip)
            let back = try AudioFile.read("\(folder)/a.wav")
            #expect(back.rate == 44_100 && back.channels == 2 && back.frames == 44_100 && back.duration == 1)
            #expect(zip(back.samples, samples).allSatisfy { abs($0 - $1) <= 1 / 32_767 })
            var streamed: [Float] = []
            let frames = try AudioFile.stream("\(folder)/a.wav") { (block, rate, channels) throws(AffettoError) in
                #expect(rate == 44_100 && channels == 2 && block.count % 2 == 0)
                streamed += block
            }
            #expect(frames == 44_100 && streamed == back.samples)
        }
    }

    @Test func loudSamplesAreClippedNotWrapped() throws {
        try inFolder { folder in
            try AudioFile.write("\(folder)/a.wav", AudioClip(rate: 8000, channels: 1, samples: [1.5, -1.5, 1, -1]))
            let back = try AudioFile.read("\(folder)/a.wav").samples
            #expect(back[0] > 0.99 && back[1] < -0.99 && back[2] > 0.99 && back[3] < -0.99)
        }
    }

    @Test func refusalsSayWhy() throws {
        try inFolder { folder in
            #expect(message { _ = try AudioFile.read("\(folder)/none.wav") }?.code == .notFound)
            #expect(message { _ = try AudioFile.read(folder) }?.code == .argument)
            try put([], "\(folder)/empty.wav")
            #expect(message { _ = try AudioFile.read("\(folder)/empty.wav") }?.message.contains("empty") == true)
            try put(Array("these are words, not a sound at all, however long the line".utf8), "\(folder)/text.wav")
            let text = message { _ = try AudioFile.read("\(folder)/text.wav") }
            #expect(text?.code == .argument && text?.message.contains("\n") == false)
            // First a header that promises more than there is, then one that promises no frames.
            let clip = AudioClip(rate: 8000, channels: 1, samples: [Float](repeating: 0.1, count: 8000))
            try AudioFile.write("\(folder)/a.wav", clip)
            #expect(truncate("\(folder)/a.wav", 5000) == 0)
            #expect(message { _ = try AudioFile.read("\(folder)/a.wav") }?.message.contains("cut short") == true)
            try AudioFile.write("\(folder)/a.wav", AudioClip(rate: 8000, channels: 1, samples: [0]))
            let file = try #require(fopen("\(folder)/a.wav", "rb"))
            var header = [UInt8](repeating: 0, count: 44)
            #expect(fread(&header, 1, 44, file) == 44)
            fclose(file)
            for i in 40..<44 { header[i] = 0 }
            header[4] = 36
            try put(header, "\(folder)/a.wav")
            #expect(message { _ = try AudioFile.read("\(folder)/a.wav") }?.message.contains("no audio") == true)
        }
    }

    @Test func aThrowingBlockEndsTheReading() throws {
        try inFolder { folder in
            let clip = AudioClip(rate: 8000, channels: 1, samples: [Float](repeating: 0.1, count: 100_000))
            try AudioFile.write("\(folder)/a.wav", clip)
            var calls = 0
            let error = message {
                try AudioFile.stream("\(folder)/a.wav") { (_, _, _) throws(AffettoError) in
                    calls += 1
                    throw AffettoError(.state, "enough")
                }
            }
            #expect(calls == 1 && error?.message == "enough")
        }
    }

    @Test func badClipsAreNotWritten() throws {
        try inFolder { folder in
            let path = "\(folder)/a.wav"
            for clip in [
                AudioClip(rate: 8000, channels: 1, samples: []),
                AudioClip(rate: 8000, channels: 2, samples: [0, 0, 0]),
                AudioClip(rate: 0, channels: 1, samples: [0]), AudioClip(rate: .nan, channels: 1, samples: [0]),
                AudioClip(rate: 8000.5, channels: 1, samples: [0]), AudioClip(rate: 8000, channels: 0, samples: [0]),
                AudioClip(rate: 8000, channels: 1, samples: [.nan]),
            ] {
                #expect(message { try AudioFile.write(path, clip) } != nil)
                #expect(access(path, F_OK) != 0)
            }
            let good = AudioClip(rate: 8000, channels: 1, samples: [0, 0.5])
            #expect(message { try AudioFile.write("\(folder)/no/such/a.wav", good) }?.code == .argument)
        }
    }

    @Test func namesOfAudioFiles() {
        for name in ["a.wav", "/x/y.FLAC", "b.Ogg", "c.mp3", "d.e.opus"] { #expect(AudioFile.isAudio(name)) }
        for name in ["", "wav", ".wav", "a.txt", "a.wav/b", "mp3.", "a.mid"] { #expect(!AudioFile.isAudio(name)) }
    }
}
