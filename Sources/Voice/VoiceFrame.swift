/// Descriptors of one analysis frame: 40 ms of 16 kHz speech, every 10 ms.
public struct VoiceFrame: Sendable, Equatable {
    /// Centre of the frame, seconds from the first sample.
    public var time: Double
    /// Mean square of the frame in dB re full scale; −100 for digital silence.
    public var intensity: Float
    /// Fundamental frequency, Hz; 0 where unvoiced.
    public var f0: Float
    /// Normalised autocorrelation at the pitch period, 0…1.
    public var periodicity: Float
    /// Voice activity: louder than the running noise floor, with a hangover of 150 ms.
    public var isSpeech: Bool
    /// A syllable nucleus was completed at this frame (the peak lies a few frames earlier).
    public var isNucleus: Bool
    /// Energy 1–5 kHz over 50 Hz–1 kHz, dB.
    public var alphaRatio: Float
    /// Strongest peak below 2 kHz over strongest in 2–5 kHz, dB.
    public var hammarberg: Float
    /// Regression slope of the power spectrum in dB over 0–500 Hz and 500–1500 Hz, dB per kHz.
    public var slopeLow: Float
    public var slopeHigh: Float
    /// Spectral centroid, Hz.
    public var centroid: Float
    /// Mean absolute change of the log-mel spectrum since the last frame, dB; free of gain.
    public var flux: Float
    /// Mel-frequency cepstral coefficients 1…12 in elements 0…11.
    public var mfcc: SIMD16<Float>

    static let silent = VoiceFrame(
        time: 0, intensity: -100, f0: 0, periodicity: 0, isSpeech: false, isNucleus: false, alphaRatio: 0,
        hammarberg: 0, slopeLow: 0, slopeHigh: 0, centroid: 0, flux: 0, mfcc: .zero)
}
