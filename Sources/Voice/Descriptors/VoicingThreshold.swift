import Glibc

/// How periodic a frame must be to count as voiced: 0.45 where speech stands clear of the noise, as in Praat; less in
/// noise, because a share N/(S + N) of it lowers the periodicity of a perfect voice to S/(S + N); more where the frame is far
/// quieter than the speech around it, because hum and reverberation are periodic too.
struct VoicingThreshold {
    private static let clear: Float = 0.45
    private static let least: Float = 0.22
    /// The minimum of a noise's level lies this far under its mean, dB.
    private static let bias: Float = 1.5
    /// Quieter than this under the loudest, dB, is doubtful, and each further dB by so much more.
    private static let depth: Float = 28
    private static let perDecibel: Float = 0.08
    /// How fast the loudest is forgotten, dB a frame.
    private static let decay: Float = 0.01
    private static let blockFrames = 25
    private static let blocks = 6

    /// Lowest level of each of the last blocks of 0.25 s: minimum statistics (Martin 2001).
    private var lows = SIMD8<Float>(repeating: .infinity)
    private var block = 0
    private var inBlock = 0
    private var smooth: Float?
    /// Until speech is heard it is expected at this level.
    private var loudest: Float = -25

    /// - Parameter level: of the next frame, dB.
    mutating func update(level: Float) -> Float {
        let level = max(level, -100)
        let mean = smooth.map { $0 + 0.5 * (level - $0) } ?? level
        smooth = mean
        loudest = max(loudest - Self.decay, level)
        lows[block] = min(lows[block], mean)
        inBlock += 1
        if inBlock == Self.blockFrames {
            inBlock = 0
            block = (block + 1) % Self.blocks
            lows[block] = .infinity
        }
        let excess = max(level - (lows.min() + Self.bias), 0)
        let share = 1 - pow(10, -0.1 * excess)
        let quiet = max(loudest - Self.depth - level, 0) * Self.perDecibel
        return max(Self.least, Self.clear * share) + quiet
    }
}
