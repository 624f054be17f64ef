import AffettoCore
import AffettoLearning

/// The voice recogniser: functionals of a stretch of speech → evidence.
public struct VoiceModel: Sendable {
    public static let task = "voice"
    public let classifier: AffectClassifier

    public init(pack: ModelPack) throws(AffettoError) {
        classifier = try AffectClassifier(
            pack: pack, task: Self.task, revision: VoiceFunctionals.revision, inputs: VoiceFunctionals.names.count)
    }

    /// - Parameter quality: see `SpeechQuality`.
    public func evidence(_ functionals: [Float], quality: Float, at time: Microseconds) -> Evidence {
        classifier.evidence(functionals, modality: .voice, quality: quality, at: time)
    }
}

/// How far a stretch of speech can be trusted: 0 (not at all) … 1 (as clean as the training data).
public enum SpeechQuality {
    /// - Parameters:
    ///   - snr: speech against its noise floor, dB. - clipped: share of samples at full scale.
    ///   - voicedSeconds: how much there was to measure.
    public static func score(snr: Float, clipped: Float, voicedSeconds: Float) -> Float {
        let noise = min(max((snr - 5) / 20, 0), 1)
        let distortion = min(max(1 - clipped * 50, 0), 1)
        return (snr.isFinite ? noise : 0) * distortion * min(voicedSeconds / 1, 1)
    }
}
