import AffettoKernels
import AffettoSignal

/// Cuts a stream of samples into windowed, overlapping frames; silence is taken to come before the first sample.
struct FrameBuffer: ~Copyable {
    private let window: OwnedBuffer<Float>
    private let hop: Int
    /// The latest samples, twice as many as a frame holds at most.
    private let history: OwnedBuffer<Float>
    private var end: Int
    /// Samples to the end of the next frame.
    private(set) var untilFrame: Int

    init(window: [Float], hop: Int) {
        self.window = OwnedBuffer(window)
        self.hop = hop
        history = OwnedBuffer(4 * window.count, repeating: 0)
        end = window.count
        untilFrame = hop
    }

    /// Takes samples from the front of `samples` until a frame is due or they run out.
    /// - Returns: how many it took, and whether a frame was written to `frame` (as long as the window).
    mutating func take(
        _ samples: UnsafeBufferPointer<Float>, into frame: UnsafeMutablePointer<Float>
    ) -> (taken: Int, isFrame: Bool) {
        let size = window.count
        let taken = min(samples.count, untilFrame)
        if end + taken > history.count {
            history.start.update(from: history.start + end - size, count: size)
            end = size
        }
        if let base = samples.baseAddress { (history.start + end).update(from: base, count: taken) }
        end += taken
        untilFrame -= taken
        guard untilFrame == 0 else { return (taken, false) }
        untilFrame = hop
        kernel_multiply(history.start + end - size, window.start, frame, size)
        return (taken, true)
    }
}
