import AffettoCore

/// Features of a whole recording in one call.
public enum VoiceFeatures {
    /// The 88 functionals, in the order of `EGeMAPS.names`.
    ///
    /// - Parameters:
    ///   - samples: interleaved, finite, at least 0.1 s. - rate: 8000…96000 Hz.
    /// - Throws: `.range`, `.argument`.
    public static func functionals(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int, mode: VoiceMode = .corrected
    ) throws(AffettoError) -> [Float] {
        let analyzer = try VoiceAnalyzer(rate: rate, mode: mode, accumulates: true)
        try run(samples, rate: rate, channels: channels, mode: mode, analyzer) { _ in }
        return analyzer.functionals
    }

    /// Every frame, final and in order.
    public static func frames(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int, mode: VoiceMode = .corrected,
        emit: (VoiceFrame) -> Void
    ) throws(AffettoError) {
        try run(samples, rate: rate, channels: channels, mode: mode, VoiceAnalyzer(rate: rate, mode: mode), emit)
    }

    /// How many frames a recording of `samples` samples a channel has.
    public static func frameCount(samples: Int, rate: Double, mode: VoiceMode) -> Int {
        switch mode {
        case .corrected:
            return Int((Double(samples) * CorrectedAnalysis.rate / rate).rounded(.up)) / CorrectedAnalysis.hop
        case .compatible:
            let hop = Int((0.01 * rate + 0.5).rounded(.down))
            let frame = Int((0.06 * rate + 0.5).rounded(.down))
            return samples < frame ? 0 : (samples - frame) / hop + 2
        }
    }

    private static func run(
        _ samples: UnsafeBufferPointer<Float>, rate: Double, channels: Int, mode: VoiceMode, _ analyzer: VoiceAnalyzer,
        _ emit: (VoiceFrame) -> Void
    ) throws(AffettoError) {
        var blocks = try MonoBlocks(samples, channels: channels, rate: rate)
        blocks.takesFirst = mode == .compatible
        try blocks.forEach { block, count in analyzer.push(block, count: count, emit: emit) }
        analyzer.finish(emit: emit)
    }
}
