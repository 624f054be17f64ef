import AffettoCore
import AffettoVoice
import Foundation
import Testing

@Suite struct LiveVoiceTests {
    private func live(
        _ mode: VoiceMode = .corrected, rate: Double = 16_000, window: Double = 0, hop: Double = 1,
        provisional: Bool = false
    ) throws -> LiveVoice {
        var options = LiveVoice.Options()
        options.rate = rate
        options.mode = mode
        options.window = window
        options.hop = hop
        options.provisional = provisional
        return try LiveVoice(options)
    }

    private func feed(_ voice: LiveVoice, _ x: [Float], block: Int) throws -> [VoiceFrame] {
        var out: [VoiceFrame] = []
        var at = 0
        while at < x.count {
            let n = min(block, x.count - at)
            try x.withUnsafeBufferPointer { try voice.push($0.baseAddress! + at, frames: n) }
            try voice.advance()
            _ = voice.poll(1000) { out.append($1) }
            at += n
        }
        try voice.finish()
        _ = voice.poll(1000) { out.append($1) }
        return out
    }

    @Test(arguments: VoiceMode.allCases, [1, 160, 999, 30_000])
    func equalsTheBatchBitForBit(_ mode: VoiceMode, _ block: Int) throws {
        let rate = 22_050.0
        let x = buzz(f0: 150, seconds: block == 1 ? 0.4 : 2, rate: rate)
        var batch: [VoiceFrame] = []
        try x.withUnsafeBufferPointer { x in
            try VoiceFeatures.frames(x, rate: rate, channels: 1, mode: mode) { batch.append($0) }
        }
        let voice = try live(mode, rate: rate, provisional: true)
        let all = try feed(voice, x, block: block)
        #expect(all.filter(\.isFinal) == batch)
        let functionals = try x.withUnsafeBufferPointer {
            try VoiceFeatures.functionals($0, rate: rate, channels: 1, mode: mode)
        }
        #expect(voice.functionals == functionals)
        guard mode == .corrected else { return }
        // As text, because NaN is not equal to itself.
        #expect("\(try summary(x, rate: rate))" == "\(voice.summary)")
    }

    /// Provisional frames come first, at most 25 ms after their centre, and are mostly right.
    @Test func provisionalFramesComeAtOnce() throws {
        let voice = try live(provisional: true)
        let x = buzz(f0: 180, seconds: 2, rate: 16_000, syllable: 0.4)
        var heard = 0
        var first: [Int: (f0: Float, late: Double)] = [:]
        var final: [Int: Float] = [:]
        while heard + 160 <= x.count {
            try x.withUnsafeBufferPointer { try voice.push($0.baseAddress! + heard, frames: 160) }
            heard += 160
            try voice.advance()
            _ = voice.poll(100) { _, frame in
                if frame.isFinal {
                    #expect(first[frame.index] != nil)
                    final[frame.index] = frame.f0
                } else {
                    first[frame.index] = (frame.f0, Double(heard) / 16_000 - frame.time)
                }
            }
        }
        #expect(first.count > 190)
        #expect(first.values.allSatisfy { $0.late <= 0.0251 })
        let voiced = final.filter { $0.value > 0 }
        let agreeing = voiced.filter { abs((first[$0.key]?.f0 ?? 0) / $0.value - 1) < 0.03 }
        #expect(Double(agreeing.count) > 0.9 * Double(voiced.count))
    }

    @Test func windowsAreFunctionalsOfTheirOwnFrames() throws {
        let x = buzz(f0: 150, seconds: 6, rate: 16_000) + buzz(f0: 250, seconds: 6, rate: 16_000)
        let voice = try live(window: 4, hop: 2)
        _ = try feed(voice, x, block: 4000)
        var windows: [(start: Double, end: Double, features: [Float])] = []
        _ = voice.pollWindows(64) { _, window in
            windows.append((window.start, window.end, (0..<EGeMAPS.count).map { window.features[$0] }))
        }
        #expect(windows.map(\.start) == [0, 2, 4, 6, 8])
        #expect(windows.allSatisfy { abs($0.end - $0.start - 4) < 1e-9 })
        // The first window against the same 4 s alone: only what its last frame sees beyond the end differs.
        let alone = try x[0..<64_000].withUnsafeBufferPointer {
            try VoiceFeatures.functionals($0, rate: 16_000, channels: 1)
        }
        let median = EGeMAPS.names.firstIndex(of: "F0semitoneFrom27.5Hz_sma3nz_percentile50.0")!
        #expect(abs(windows[0].features[median] - alone[median]) < 0.02)
        #expect(abs(windows[0].features[87] - alone[87]) < 0.05)
        #expect(abs(windows[4].features[median] - Float(12 * log2(250 / 27.5))) < 0.1)
    }

    @Test func aFullRingSaysSoAndCounts() throws {
        let voice = try live()
        let second = [Float](repeating: 0.1, count: 16_000)
        for _ in 0..<4 { try voice.push(second, frames: second.count) }
        var refused = 0
        for _ in 0..<3 {
            do { try voice.push(second, frames: second.count) } catch {
                #expect(error.code == .overrun)
                refused += 1
            }
        }
        #expect(refused == 3 || refused == 2)
        #expect(voice.dropped > 16_000)
        try voice.advance()
        try voice.push(second, frames: second.count)
    }

    @Test func badInputIsRefused() throws {
        #expect(throws: AffettoError.self) { try live(rate: 7999) }
        #expect(throws: AffettoError.self) { try live(window: 0.1) }
        #expect(throws: AffettoError.self) { try live(window: 3, hop: .nan) }
        // The step of windows that nobody asked for counts for nothing, whatever it is.
        for hop in [Double.nan, .infinity, -.infinity, 1e30, -1, 0] { _ = try live(hop: hop) }
        let voice = try live()
        #expect(throws: AffettoError.self) { try voice.push([0, .nan, 0], frames: 3) }
        // Nothing of the refused block was taken.
        try voice.finish()
        #expect(voice.summary.duration == 0)
        #expect(throws: AffettoError.self) { try voice.advance() }
        #expect(throws: AffettoError.self) { try voice.finish() }
        #expect(throws: AffettoError.self) { try voice.push([0, 0, 0], frames: 3) }
    }

    /// A recording and a stream take and refuse the same samples.
    @Test(arguments: VoiceMode.allCases, [[Float.greatestFiniteMagnitude, .greatestFiniteMagnitude], [0, .nan]])
    func streamAndBatchAgreeOnWhatIsFinite(_ mode: VoiceMode, _ pair: [Float]) throws {
        let x = (0..<2000).flatMap { _ in pair }
        var options = LiveVoice.Options()
        (options.channels, options.mode) = (2, mode)
        let voice = try LiveVoice(options)
        let isFine = pair.allSatisfy(\.isFinite)
        func takes(_ body: () throws -> Void) -> Bool { (try? body()) != nil }
        #expect(takes { try voice.push(x, frames: 2000) } == isFine)
        let batch = takes {
            _ = try x.withUnsafeBufferPointer {
                try VoiceFeatures.functionals($0, rate: 16_000, channels: 2, mode: mode)
            }
        }
        #expect(batch == isFine)
    }

    /// Windows keep the time of their frames where 10 ms is not a whole number of samples.
    @Test(arguments: [11_025.0, 22_050]) func windowsDoNotDrift(_ rate: Double) throws {
        let voice = try live(.compatible, rate: rate, window: 1, hop: 1)
        let frames = try feed(voice, buzz(f0: 150, seconds: 30, rate: rate), block: 4096)
        var ends: [Double] = []
        _ = voice.pollWindows(64) { _, window in ends.append(window.end) }
        #expect(ends.count >= 29)
        for (i, end) in ends.enumerated() { #expect(abs(end - frames[(i + 1) * 100].time) < 1e-6) }
    }

    @Test func unpolledFramesAreKeptUpToALimit() throws {
        let voice = try live()
        let x = buzz(f0: 150, seconds: 30, rate: 16_000)
        var at = 0
        while at < x.count {
            try x.withUnsafeBufferPointer { try voice.push($0.baseAddress! + at, frames: 16_000) }
            try voice.advance()
            at += 16_000
        }
        var indices: [Int] = []
        #expect(voice.poll(5000) { indices.append($1.index) } == LiveVoice.framesKept)
        // The latest of them.
        #expect(indices.last! > 2900 && indices.first! == indices.last! - LiveVoice.framesKept + 1)
    }
}
