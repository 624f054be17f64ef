import Glibc

/// Triangular filters evenly spaced on the mel scale, mel(f) = 1127 ln(1 + f / 700) (O'Shaughnessy 1987).
public struct MelFilterBank: Sendable {
    public let bands: Int
    /// Per power bin: the lower of the two bands it feeds (−1 = none) and its weight there; the rest feeds the next.
    private let lower: [Int32]
    private let weight: [Float]
    private let firstBin: Int
    private let lastBin: Int

    /// - Parameters:
    ///   - fftSize: of the transform whose power spectrum will be filtered.
    ///   - range: of the outer edges, Hz.
    public init(bands: Int, fftSize: Int, rate: Double, range: ClosedRange<Double>) {
        func mel(_ f: Double) -> Double { 1127 * log(1 + f / 700) }
        self.bands = bands
        let top = min(range.upperBound, rate / 2)
        let low = mel(range.lowerBound)
        let step = (mel(top) - low) / Double(bands + 1)
        var lower: [Int32] = []
        var weight: [Float] = []
        var first = Int.max
        var last = -1
        for bin in 0...(fftSize / 2) {
            let f = Double(bin) * rate / Double(fftSize)
            let position = (mel(f) - low) / step
            guard f > range.lowerBound, f < top, position > 0, position < Double(bands + 1) else {
                lower.append(-2)
                weight.append(0)
                continue
            }
            first = min(first, bin)
            last = bin
            let edge = Int(position)
            lower.append(Int32(edge) - 1)
            weight.append(Float(1 - (position - Double(edge))))
        }
        self.lower = lower
        self.weight = weight
        firstBin = first
        lastBin = last
    }

    /// `power` (fftSize / 2 + 1 bins) → `out` (`bands` sums).
    public func apply(_ power: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
        out.update(repeating: 0, count: bands)
        guard firstBin <= lastBin else { return }
        lower.withUnsafeBufferPointer { lower in
            weight.withUnsafeBufferPointer { weight in
                for bin in firstBin...lastBin {
                    let band = Int(lower[bin])
                    if band >= 0 { out[band] += weight[bin] * power[bin] }
                    if band + 1 >= 0, band + 1 < bands { out[band + 1] += (1 - weight[bin]) * power[bin] }
                }
            }
        }
    }
}
