import AffettoKernels
import AffettoSignal
import Glibc

/// The highest peak between the samples: BS.1770-4 Annex 2, by four times oversampling.
///
/// A windowed sinc of twelve taps a phase, as long as the standard's. What could not reach the peak so far, by the
/// largest gain the filter has, is not filtered at all.
struct TruePeakMeter: ~Copyable {
    private static let taps = 12
    private static let phases = 4
    /// The filter's phases between the samples; the samples themselves need none.
    private let filters: OwnedBuffer<Float>
    private let gain: Float
    private let channels: Int
    /// Each channel: the last samples of the block before, then the block.
    private let buffer: OwnedBuffer<Float>
    private let maxBlock: Int
    private(set) var peak: Float = 0

    init(channels: Int, maxBlock: Int) {
        self.channels = channels
        self.maxBlock = maxBlock
        var rows: [Float] = []
        var gain: Float = 0
        for phase in 1..<Self.phases {
            let row = (0..<Self.taps).map { tap -> Double in
                let x = Double(tap - Self.taps / 2 + 1) - Double(phase) / Double(Self.phases)
                let window = 0.5 + 0.5 * cos(.pi * x / (Double(Self.taps) / 2 + 0.5))
                return sin(.pi * x) / (.pi * x) * window
            }
            let sum = row.reduce(0, +)
            rows += row.map { Float($0 / sum) }
            gain = max(gain, Float(row.reduce(0) { $0 + abs($1) } / sum))
        }
        filters = OwnedBuffer(rows)
        self.gain = gain
        buffer = OwnedBuffer(channels * (maxBlock + Self.taps), repeating: 0)
    }

    /// Looks between the samples of those stretches that could reach the peak so far.
    private mutating func search(_ line: UnsafePointer<Float>, _ frames: Int, _ top: Float) {
        let stretch = 16
        peak = max(peak, top)
        for start in stride(from: 0, to: frames, by: stretch) {
            let end = min(start + stretch, frames)
            var near: Float = 0
            for i in start..<(end + Self.taps - 1) { near = max(near, abs(line[i])) }
            guard near * gain > peak else { continue }
            for i in start..<end {
                for phase in 0..<(Self.phases - 1) {
                    peak = max(peak, abs(kernel_dot(filters.start + phase * Self.taps, line + i, Self.taps)))
                }
            }
        }
    }

    /// Takes interleaved samples, at most `maxBlock` frames.
    mutating func push(_ samples: UnsafePointer<Float>, frames: Int) {
        for channel in 0..<channels {
            let line = buffer.start + channel * (maxBlock + Self.taps)
            let block = line + Self.taps - 1
            var top: Float = 0
            for i in 0..<frames {
                let x = samples[i * channels + channel]
                block[i] = x
                top = max(top, abs(x))
            }
            for i in 0..<(Self.taps - 1) { top = max(top, abs(line[i])) }
            if top * gain > peak { search(line, frames, top) }
            for i in 0..<(Self.taps - 1) { line[i] = line[frames + i] }
        }
    }
}
