/// Cuts a stream of samples into windowed, overlapping frames; silence is taken to come before the first sample.
struct FrameBuffer {
    private let window: [Float]
    private let hop: Int
    private var ring: [Float]
    private var head = 0
    private var untilFrame: Int

    init(window: [Float], hop: Int) {
        self.window = window
        self.hop = hop
        ring = [Float](repeating: 0, count: window.count)
        untilFrame = hop
    }

    /// Takes samples from the front of `samples` until a frame is due or they run out.
    /// - Returns: how many it took, and whether a frame was written to `frame` (as long as the window).
    mutating func take(
        _ samples: UnsafeBufferPointer<Float>, into frame: UnsafeMutablePointer<Float>
    ) -> (taken: Int, isFrame: Bool) {
        let size = window.count
        let taken = min(samples.count, untilFrame)
        for i in 0..<taken {
            ring[head] = samples[i]
            head = head + 1 == size ? 0 : head + 1
        }
        untilFrame -= taken
        guard untilFrame == 0 else { return (taken, false) }
        untilFrame = hop
        for i in 0..<(size - head) { frame[i] = ring[head + i] * window[i] }
        for i in 0..<head { frame[size - head + i] = ring[i] * window[size - head + i] }
        return (taken, true)
    }
}
