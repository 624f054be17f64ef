import AffettoCore
import AffettoVoice
import CAffetto

// Header section: research, voice features without a session.

extension affetto_voice_frame: Sized {}
extension affetto_voice_summary: Sized {}
extension affetto_voice_options: Sized {}
extension affetto_voice_window: Sized {}

@_cdecl("affetto_voice_frame_init") @implementation
public func affetto_voice_frame_init(_ frame: UnsafeMutablePointer<affetto_voice_frame>?, _ size: UInt32) {
    initialise(frame, size, affetto_voice_frame())
}

@_cdecl("affetto_voice_summary_init") @implementation
public func affetto_voice_summary_init(_ summary: UnsafeMutablePointer<affetto_voice_summary>?, _ size: UInt32) {
    initialise(summary, size, affetto_voice_summary())
}

@_cdecl("affetto_voice_options_init") @implementation
public func affetto_voice_options_init(_ options: UnsafeMutablePointer<affetto_voice_options>?, _ size: UInt32) {
    initialise(options, size, optionDefaults())
}

@_cdecl("affetto_voice_window_init") @implementation
public func affetto_voice_window_init(_ window: UnsafeMutablePointer<affetto_voice_window>?, _ size: UInt32) {
    initialise(window, size, affetto_voice_window())
}

private func optionDefaults() -> affetto_voice_options {
    var defaults = affetto_voice_options()
    defaults.rate_hz = 16_000
    defaults.channels = 1
    defaults.hop_s = 1
    return defaults
}

// MARK: Names

private let featureNames = EGeMAPS.functionals.map { (name: ConstantText($0.name), unit: ConstantText($0.unit)) }
private let descriptorNames = VoiceDescriptor.allCases.map {
    (name: ConstantText($0.name), unit: ConstantText($0.unit))
}

private func entry(
    _ table: [(name: ConstantText, unit: ConstantText)], _ index: Int32
) -> (name: ConstantText, unit: ConstantText)? {
    table.indices.contains(Int(index)) ? table[Int(index)] : nil
}

@_cdecl("affetto_voice_feature_count") @implementation
public func affetto_voice_feature_count() -> Int32 { Int32(EGeMAPS.count) }

@_cdecl("affetto_voice_descriptor_count") @implementation
public func affetto_voice_descriptor_count() -> Int32 { Int32(VoiceDescriptor.count) }

@_cdecl("affetto_voice_feature_name") @implementation
public func affetto_voice_feature_name(_ index: Int32) -> UnsafePointer<CChar>? {
    entry(featureNames, index)?.name.pointer
}

@_cdecl("affetto_voice_feature_unit") @implementation
public func affetto_voice_feature_unit(_ index: Int32) -> UnsafePointer<CChar>? {
    entry(featureNames, index)?.unit.pointer
}

@_cdecl("affetto_voice_descriptor_name") @implementation
public func affetto_voice_descriptor_name(_ index: Int32) -> UnsafePointer<CChar>? {
    entry(descriptorNames, index)?.name.pointer
}

@_cdecl("affetto_voice_descriptor_unit") @implementation
public func affetto_voice_descriptor_unit(_ index: Int32) -> UnsafePointer<CChar>? {
    entry(descriptorNames, index)?.unit.pointer
}

// MARK: One call

private func mode(_ number: Int32) throws(AffettoError) -> VoiceMode {
    guard let mode = VoiceMode(rawValue: number) else {
        throw AffettoError(.range, "mode is \(number); it must be 0 (corrected) or 1 (compatible)")
    }
    return mode
}

/// Room for numbers by the buffer rule: `nil` where only the count is asked.
private func room(
    _ out: UnsafeMutablePointer<Float>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) throws(AffettoError) -> UnsafeMutablePointer<Float>? {
    guard let count else { throw AffettoError(.argument, "out_count is NULL") }
    count.pointee = EGeMAPS.count
    if out == nil, capacity == 0 { return nil }
    guard let out else { throw AffettoError(.argument, "out is NULL but capacity is not 0") }
    guard capacity >= EGeMAPS.count else {
        throw AffettoError(.bufferTooSmall, "there are \(EGeMAPS.count) features; there is room for \(capacity)")
    }
    return out
}

@_cdecl("affetto_voice_features") @implementation
public func affetto_voice_features(
    _ audio: UnsafePointer<affetto_audio>?, _ mode_number: Int32, _ out: UnsafeMutablePointer<Float>?,
    _ capacity: Int, _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out = try room(out, capacity, out_count) else { return }
        let mode = try mode(mode_number)
        let (samples, rate, channels) = try samples(audio)
        let features = try VoiceFeatures.functionals(samples, rate: rate, channels: channels, mode: mode)
        for (i, value) in features.enumerated() { out[i] = value }
    }
}

@_cdecl("affetto_voice_frames") @implementation
public func affetto_voice_frames(
    _ audio: UnsafePointer<affetto_audio>?, _ mode_number: Int32, _ out: UnsafeMutablePointer<affetto_voice_frame>?,
    _ capacity: Int, _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_count else { throw AffettoError(.argument, "out_count is NULL") }
        let mode = try mode(mode_number)
        let (samples, rate, channels) = try samples(audio)
        let count = VoiceFeatures.frameCount(samples: samples.count / channels, rate: rate, mode: mode)
        out_count.pointee = count
        if out == nil, capacity == 0 { return }
        guard let out else { throw AffettoError(.argument, "out is NULL but capacity is not 0") }
        guard capacity >= count else {
            throw AffettoError(.bufferTooSmall, "there are \(count) frames; there is room for \(capacity)")
        }
        try requireSizes(out, count)
        var written = 0
        try VoiceFeatures.frames(samples, rate: rate, channels: channels, mode: mode) { frame in
            guard written < count else { return }
            fill(out + written, frame)
            written += 1
        }
    }
}

@_cdecl("affetto_voice_analyze") @implementation
public func affetto_voice_analyze(
    _ audio: UnsafePointer<affetto_audio>?, _ out_summary: UnsafeMutablePointer<affetto_voice_summary>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let (samples, rate, channels) = try samples(audio)
        try write(affetto_voice_summary(), to: out_summary, "out_summary")
        let summary = try VoiceSummary.analyze(samples, rate: rate, channels: channels)
        try write(affetto_voice_summary(summary), to: out_summary, "out_summary")
    }
}

extension affetto_voice_summary {
    init(_ s: VoiceSummary) {
        self.init(
            struct_size: 0, duration_s: s.duration, speech_ratio: s.speechRatio, voiced_ratio: s.voicedRatio,
            f0_mean_hz: s.f0Mean, f0_sd_semitones: s.f0Sd, intensity_db: s.intensity, intensity_sd_db: s.intensitySd,
            syllables_per_s: s.syllableRate, alpha_ratio_db: s.alphaRatio, snr_db: s.snr,
            clipped_ratio: s.clippedRatio, pauses_per_min: s.pausesPerMinute, pause_mean_s: s.pauseMean,
            bandwidth_hz: s.bandwidth)
    }
}

/// Elements of a caller's array: sized, or zero, which means this header's.
private func requireSizes<Value: Sized>(
    _ out: UnsafeMutablePointer<Value>, _ count: Int
) throws(AffettoError) {
    let own = MemoryLayout<Value>.size
    for i in 0..<count where out[i].struct_size != 0 && Int(out[i].struct_size) != own {
        throw AffettoError(.argument, "out[\(i)] has struct_size \(out[i].struct_size); in an array it must be \(own)")
    }
}

private func fill(_ out: UnsafeMutablePointer<affetto_voice_frame>, _ frame: VoiceFrame) {
    out.pointee.struct_size = UInt32(MemoryLayout<affetto_voice_frame>.size)
    out.pointee.is_final = frame.isFinal ? 1 : 0
    out.pointee.index = Int64(frame.index)
    out.pointee.time_s = frame.time
    out.pointee.f0_hz = frame.f0
    out.pointee.periodicity = frame.periodicity
    out.pointee.intensity_db = frame.intensity
    out.pointee.is_speech = frame.isSpeech ? 1 : 0
    out.pointee.is_nucleus = frame.isNucleus ? 1 : 0
    withUnsafeBytes(of: frame.smoothed) { lanes in
        withUnsafeMutableBytes(of: &out.pointee.descriptor) { to in
            to.copyMemory(from: UnsafeRawBufferPointer(rebasing: lanes[0..<to.count]))
        }
    }
}

// MARK: Stream

private func withVoice<Result>(
    _ handle: OpaquePointer?, _ body: (LiveVoice) throws(AffettoError) -> Result
) throws(AffettoError) -> Result {
    try HandleTable.shared.with(handle, .voice, as: LiveVoice.self, body)
}

@_cdecl("affetto_voice_create") @implementation
public func affetto_voice_create(
    _ options: UnsafePointer<affetto_voice_options>?, _ out_voice: UnsafeMutablePointer<OpaquePointer?>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_voice else { throw AffettoError(.argument, "out_voice is NULL") }
        out_voice.pointee = nil
        let c = try read(options, "options")
        var wanted = LiveVoice.Options()
        wanted.rate = Double(c.rate_hz)
        wanted.channels = Int(c.channels)
        wanted.mode = try mode(c.mode)
        wanted.provisional = c.provisional != 0
        wanted.window = Double(c.window_s)
        wanted.hop = Double(c.hop_s)
        out_voice.pointee = try HandleTable.shared.insert(try LiveVoice(wanted), kind: .voice)
    }
}

@_cdecl("affetto_voice_destroy") @implementation
public func affetto_voice_destroy(_ voice: OpaquePointer?) {
    (HandleTable.shared.remove(voice, .voice) as? LiveVoice)?.wipe()
}

@_cdecl("affetto_voice_push") @implementation
public func affetto_voice_push(
    _ voice: OpaquePointer?, _ samples: UnsafePointer<Float>?, _ frames: Int
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard frames >= 0, frames <= 1 << 28 else { throw AffettoError(.range, "frames must be 0…2^28") }
        guard let samples else { throw AffettoError(.argument, "samples is NULL") }
        try withVoice(voice) { voice throws(AffettoError) in try voice.push(samples, frames: frames) }
    }
}

@_cdecl("affetto_voice_advance") @implementation
public func affetto_voice_advance(_ voice: OpaquePointer?) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withVoice(voice) { voice throws(AffettoError) in try voice.advance() }
    }
}

@_cdecl("affetto_voice_finish") @implementation
public func affetto_voice_finish(_ voice: OpaquePointer?) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withVoice(voice) { voice throws(AffettoError) in try voice.finish() }
    }
}

/// Checks a poll's array.
private func requireArray<Value: Sized>(
    _ out: UnsafeMutablePointer<Value>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) throws(AffettoError) -> (UnsafeMutablePointer<Value>, UnsafeMutablePointer<Int>) {
    guard let count else { throw AffettoError(.argument, "out_count is NULL") }
    count.pointee = 0
    guard let out, capacity >= 0, capacity <= 1 << 28 else {
        throw AffettoError(.argument, "out is NULL or capacity makes no sense")
    }
    return (out, count)
}

@_cdecl("affetto_voice_poll") @implementation
public func affetto_voice_poll(
    _ voice: OpaquePointer?, _ out: UnsafeMutablePointer<affetto_voice_frame>?, _ capacity: Int,
    _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let (out, count) = try requireArray(out, capacity, out_count)
        let room = min(capacity, LiveVoice.framesKept)
        try requireSizes(out, room)
        count.pointee = try withVoice(voice) { voice in voice.poll(room) { fill(out + $0, $1) } }
    }
}

@_cdecl("affetto_voice_poll_windows") @implementation
public func affetto_voice_poll_windows(
    _ voice: OpaquePointer?, _ out: UnsafeMutablePointer<affetto_voice_window>?, _ capacity: Int,
    _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let (out, count) = try requireArray(out, capacity, out_count)
        let room = min(capacity, LiveVoice.windowsKept)
        try requireSizes(out, room)
        count.pointee = try withVoice(voice) { voice in
            voice.pollWindows(room) { i, window in
                out[i].struct_size = UInt32(MemoryLayout<affetto_voice_window>.size)
                out[i].reserved = 0
                out[i].start_s = window.start
                out[i].end_s = window.end
                withUnsafeMutableBytes(of: &out[i].feature) { to in
                    to.copyMemory(from: UnsafeRawBufferPointer(start: window.features, count: to.count))
                }
            }
        }
    }
}

@_cdecl("affetto_voice_functionals") @implementation
public func affetto_voice_functionals(
    _ voice: OpaquePointer?, _ out: UnsafeMutablePointer<Float>?, _ capacity: Int,
    _ out_count: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out = try room(out, capacity, out_count) else { return }
        try withVoice(voice) { $0.write(functionals: out) }
    }
}

@_cdecl("affetto_voice_summarize") @implementation
public func affetto_voice_summarize(
    _ voice: OpaquePointer?, _ out_summary: UnsafeMutablePointer<affetto_voice_summary>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let summary = try withVoice(voice) { $0.summary }
        try write(affetto_voice_summary(summary), to: out_summary, "out_summary")
    }
}

@_cdecl("affetto_voice_dropped") @implementation
public func affetto_voice_dropped(
    _ voice: OpaquePointer?, _ out_frames: UnsafeMutablePointer<UInt64>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_frames else { throw AffettoError(.argument, "out_frames is NULL") }
        out_frames.pointee = try withVoice(voice) { $0.dropped }
    }
}
