import AffettoKernels
import Glibc

/// Triangular filters evenly spaced on the mel scale, mel(f) = 1127 ln(1 + f / 700) (O'Shaughnessy 1987).
public struct MelFilterBank: Sendable {
    public let bands: Int
    /// Centre of each band, Hz.
    public let centres: [Float]
    /// Each band's bins: the first, how many, and where their weights begin.
    private let spans: [(first: Int, count: Int, offset: Int)]
    private let weights: [Float]

    /// - Parameters:
    ///   - fftSize: of the transform whose power spectrum will be filtered.
    ///   - range: of the outer edges, Hz.
    ///   - bins: which bins count; all inside the edges where not given.
    public init(bands: Int, fftSize: Int, rate: Double, range: ClosedRange<Double>, bins: Range<Int>? = nil) {
        func mel(_ f: Double) -> Double { 1127 * log(1 + f / 700) }
        let top = min(range.upperBound, rate / 2)
        let low = mel(range.lowerBound)
        let step = (mel(top) - low) / Double(bands + 1)
        self.bands = bands
        centres = (1...bands).map { Float(700 * (exp((low + Double($0) * step) / 1127) - 1)) }
        var members = [[(bin: Int, weight: Float)]](repeating: [], count: bands)
        for bin in bins ?? 0..<(fftSize / 2 + 1) {
            let f = Double(bin) * rate / Double(fftSize)
            let position = (mel(f) - low) / step
            guard bins != nil || (f > range.lowerBound && f < top), position > 0, position < Double(bands + 1) else {
                continue
            }
            // Between centre `edge` and the next one; a bin on a centre counts as below it.
            let edge = Int(position.rounded(.up)) - 1
            let rising = Float(position - Double(edge))
            if edge >= 1 { members[edge - 1].append((bin, 1 - rising)) }
            if edge < bands { members[edge].append((bin, rising)) }
        }
        var spans: [(Int, Int, Int)] = []
        var weights: [Float] = []
        for band in members {
            spans.append((band.first?.bin ?? 0, band.count, weights.count))
            weights += band.map(\.weight)
        }
        self.spans = spans
        self.weights = weights
    }

    /// `power` (fftSize / 2 + 1 bins) → `out` (`bands` sums).
    public func apply(_ power: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
        weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else {
                out.update(repeating: 0, count: bands)
                return
            }
            for band in 0..<bands {
                let span = spans[band]
                out[band] = kernel_dot(weights + span.offset, power + span.first, span.count)
            }
        }
    }
}
