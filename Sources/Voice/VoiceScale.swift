/// Sizes that all of the voice analysis shares.
public enum VoiceScale {
    /// Seconds between frames.
    public static let hop = 0.01
    /// Longest block that is handled at once; longer ones are cut.
    public static let maxBlock = 4096
    /// +80 dB re full scale: louder samples are taken for this, so that no sum of squares can overflow.
    public static let limit: Float = 1e4
}
