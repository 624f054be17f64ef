/// Descriptors of one frame; one frame every 10 ms.
public struct VoiceFrame: Sendable, Equatable {
    /// Number of the frame, from 0.
    public var index: Int
    /// Seconds from the first sample: the frame's centre, or in compatible mode its beginning, as openSMILE has it.
    public var time: Double
    /// The pitch and all that hangs on it are decided. A provisional frame is replaced by a final one of the same index.
    public var isFinal: Bool
    /// Fundamental frequency, Hz; 0 where unvoiced.
    public var f0: Float
    /// How periodic the frame is, 0…1: normalised autocorrelation at the pitch period, in compatible mode the voicing of
    /// the sub-harmonic sum.
    public var periodicity: Float
    /// Mean square of the frame in dB re full scale; −100 for digital silence.
    public var intensity: Float
    /// Voice activity: louder than the running noise floor, with a hangover of 150 ms.
    public var isSpeech: Bool
    /// The same without the hangover.
    public var isLoud = false
    /// A syllable nucleus was completed at this frame (the peak lies a few frames earlier).
    public var isNucleus: Bool
    /// The 25 descriptors of this frame alone.
    public var values: DescriptorVector
    /// The 25 descriptors smoothed over three frames, as they go into the functionals; as `values` in provisional frames.
    public var smoothed: DescriptorVector
    /// Natural logarithms of 26 mel bands' power, 20…8000 Hz, in lanes 0…25.
    public var mel: SIMD32<Float>

    /// Speech itself, not the silence that hangs on to it.
    public var isSpoken: Bool { isLoud || (isSpeech && f0 > 0) }

    static let silent = VoiceFrame(
        index: 0, time: 0, isFinal: false, f0: 0, periodicity: 0, intensity: -100, isSpeech: false, isNucleus: false,
        values: .zero, smoothed: .zero, mel: .zero)

    public subscript(descriptor: VoiceDescriptor) -> Float { smoothed[descriptor] }
}
