import AffettoAudioFiles
import AffettoCore
import AffettoMusic
import AffettoVoice

/// Voice features of a file of any length, block by block.
struct VoiceReading {
    let path: String
    let mode: VoiceMode

    func summary() throws -> FeatureRow {
        let voice = try listen { _ in }
        let s = voice.summary
        return [
            ("duration_s", s.duration), ("speech_ratio", s.speechRatio), ("voiced_ratio", s.voicedRatio),
            ("f0_mean_hz", s.f0Mean), ("f0_sd_semitones", s.f0Sd), ("intensity_db", s.intensity),
            ("intensity_sd_db", s.intensitySd), ("syllables_per_s", s.syllableRate), ("alpha_ratio_db", s.alphaRatio),
            ("snr_db", s.snr), ("clipped_ratio", s.clippedRatio), ("pauses_per_min", s.pausesPerMinute),
            ("pause_mean_s", s.pauseMean), ("bandwidth_hz", s.bandwidth),
        ].map { ($0.0, Double($0.1)) }
    }

    func functionals() throws -> FeatureRow {
        let voice = try listen { _ in }
        return zip(EGeMAPS.names, voice.functionals).map { ($0, Double($1)) }
    }

    func windows(_ seconds: Double, hop: Double, _ emit: (FeatureRow) -> Void) throws {
        try requireInRange(Float(seconds), 0.5...600, "window_s")
        var count = 0
        _ = try listen(window: seconds, hop: hop) { voice in
            count += voice.pollWindows(64) { _, window in
                let values = EGeMAPS.names.enumerated().map { ($1, Double(window.features[$0])) }
                emit([("start_s", window.start), ("end_s", window.end)] + values)
            }
        }
        guard count > 0 else { throw AffettoError(.argument, "\(path) is shorter than one window of \(seconds) s") }
    }

    func frames(_ emit: (FeatureRow) -> Void) throws {
        _ = try listen { voice in
            _ = voice.poll(LiveVoice.framesKept) { _, frame in
                var row: FeatureRow = [
                    ("time_s", frame.time), ("f0_hz", Double(frame.f0)), ("periodicity", Double(frame.periodicity)),
                    ("intensity_db", Double(frame.intensity)), ("is_speech", frame.isSpeech ? 1 : 0),
                    ("is_nucleus", frame.isNucleus ? 1 : 0),
                ]
                for d in VoiceDescriptor.allCases { row.append((d.name, Double(frame[d]))) }
                emit(row)
            }
        }
    }

    /// Runs the file through a live analysis; `each` is called after every block and at the end.
    private func listen(
        window: Double = 0, hop: Double = 1, _ each: (LiveVoice) -> Void
    ) throws(AffettoError) -> LiveVoice {
        var live: LiveVoice?
        var heard = 0.0
        try AudioFile.stream(path) { (block, rate, channels) throws(AffettoError) in
            if live == nil {
                var options = LiveVoice.Options()
                options.rate = rate
                options.channels = channels
                options.mode = mode
                options.window = window
                options.hop = hop
                live = try LiveVoice(options)
            }
            guard let live, let base = block.baseAddress else { return }
            heard += Double(block.count / channels) / rate
            try live.push(base, frames: block.count / channels)
            try live.advance()
            each(live)
        }
        guard let live, heard >= 0.1 else { throw AffettoError(.argument, "\(path) is shorter than 0.1 s") }
        try live.finish()
        each(live)
        return live
    }
}

enum MusicReading {
    static func analyze(_ path: String) throws(AffettoError) -> MusicAnalysis {
        var analyzer: MusicAnalyzer?
        try AudioFile.stream(path) { (block, rate, channels) throws(AffettoError) in
            if analyzer == nil { analyzer = try MusicAnalyzer(rate: rate, channels: channels) }
            if let base = block.baseAddress { analyzer?.push(base, frames: block.count / channels) }
        }
        guard let analyzer else { throw AffettoError(.argument, "\(path) is empty") }
        do { return try analyzer.finish() } catch { throw AffettoError(error.code, "\(path): \(error.message)") }
    }

    static func read(_ path: String) throws(AffettoError) -> FeatureRow {
        let heard = try analyze(path)
        return heard.features.named.map { ($0.name, $0.value) } + [
            ("sections", Double(heard.sections.count)), ("valence", Double(heard.valence.mean)),
            ("valence_sd", Double(heard.valence.sd)), ("arousal", Double(heard.arousal.mean)),
            ("arousal_sd", Double(heard.arousal.sd)), ("energy", Double(heard.energy)),
            ("tension", Double(heard.tension)),
        ]
            + heard.chroma.enumerated().map { ("chroma_\($0)", Double($1)) }
            + heard.mfcc.enumerated().map { ("mfcc_\($0 + 1)", Double($1)) }
            + heard.mfccDeviation.enumerated().map { ("mfcc_sd_\($0 + 1)", Double($1)) }
    }
}
