import AffettoCore

/// Frames → evidence twice a second: the mean of what was tracked, so that one frame's flicker says nothing.
public struct FaceStream: Sendable {
    private static let period: Microseconds = 500_000
    /// Older frames than this are forgotten: the mean is of one moment.
    private static let memory: Microseconds = 2_000_000
    private var sum = [Float](repeating: 0, count: Blendshapes.count)
    private var seen = [Float](repeating: 0, count: Blendshapes.count)
    private var tracking: Float = 0
    private var frames: Float = 0
    private var start: Microseconds?

    public init() {}

    /// - Parameters:
    ///   - blendshapes: 52 values in 0…1; NaN = not tracked.
    ///   - confidence: of the tracker, 0…1; NaN = 0.
    ///   - time: of the frame. Frames more than two seconds apart never meet in one mean.
    /// - Returns: mean blendshapes and quality when half a second is full.
    public mutating func push(
        _ blendshapes: UnsafeBufferPointer<Float>, tracking confidence: Float, at time: Microseconds
    ) -> (blendshapes: [Float], quality: Float)? {
        if let start, time < start || time - start > Self.memory { wipe() }
        let begun = start ?? time
        start = begun
        var present: Float = 0
        for i in 0..<min(Blendshapes.count, blendshapes.count) where blendshapes[i].isFinite {
            sum[i] += blendshapes[i]
            seen[i] += 1
            present += 1
        }
        frames += 1
        if confidence.isFinite { tracking += min(max(confidence, 0), 1) * present / Float(Blendshapes.count) }
        guard time - begun >= Self.period else { return nil }
        let mean = (0..<Blendshapes.count).map { seen[$0] > 0 ? sum[$0] / seen[$0] : .nan }
        let quality = tracking / frames
        wipe()
        return (mean, quality)
    }

    /// Zeroes what is held.
    public mutating func wipe() {
        for i in 0..<Blendshapes.count {
            sum[i] = 0
            seen[i] = 0
        }
        tracking = 0
        frames = 0
        start = nil
    }
}
