import AffettoKernels
import AffettoSignal
import Glibc

/// Mel-frequency cepstral coefficients and flatness, their means and deviations over a piece.
///
/// MFCC: orthonormal discrete cosine transform (type 2) of the natural logarithm of the power in 40 mel bands, held at
/// 60 dB under the loudest band of the frame (Davis & Mermelstein 1980). The first, which is level, is left out.
struct TimbreMeter: ~Copyable {
    static let coefficients = 13

    private let bands: Int
    private let cosines: OwnedBuffer<Float>
    private let logs: OwnedBuffer<Float>
    private let latest = OwnedBuffer<Float>(coefficients, repeating: 0)
    private let sums = OwnedBuffer<Double>(coefficients, repeating: 0)
    private let squares = OwnedBuffer<Double>(coefficients, repeating: 0)
    private var flatnesses = 0.0
    private var count = 0

    init(bands: Int) {
        self.bands = bands
        let scale = (2 / Double(bands)).squareRoot()
        cosines = OwnedBuffer(
            (1...Self.coefficients).flatMap { k in
                (0..<bands).map { Float(scale * cos(.pi * Double(k) * (Double($0) + 0.5) / Double(bands))) }
            })
        logs = OwnedBuffer(bands, repeating: 0)
    }

    /// Takes the power in each band.
    mutating func push(_ energies: UnsafePointer<Float>) {
        let logs = logs.start
        let floor = max(kernel_max(energies, bands) * 1e-6, 1e-20)
        var sum: Float = 0
        for band in 0..<bands {
            let held = max(energies[band], floor)
            sum += held
            logs[band] = held
        }
        kernel_log2(logs, logs, bands)
        var mean: Float = 0
        for band in 0..<bands { mean += logs[band] }
        flatnesses += Double(exp2(mean / Float(bands)) / (sum / Float(bands)))
        kernel_matvec(cosines.start, logs, latest.start, Self.coefficients, bands)
        let (now, sums, squares) = (latest.start, sums.start, squares.start)
        for k in 0..<Self.coefficients {
            now[k] *= 0.6931472  // binary to natural logarithms
            sums[k] += Double(now[k])
            squares[k] += Double(now[k]) * Double(now[k])
        }
        count += 1
    }

    /// The coefficients of the latest frame.
    var now: UnsafePointer<Float> { UnsafePointer(latest.start) }
    var flatness: Double { count > 0 ? flatnesses / Double(count) : 0 }

    /// Means and standard deviations; zeros for silence.
    var moments: (mean: [Float], sd: [Float]) {
        let n = Double(max(count, 1))
        let mean = (0..<Self.coefficients).map { sums.start[$0] / n }
        let sd = mean.enumerated().map { max(squares.start[$0] / n - $1 * $1, 0).squareRoot() }
        return (mean.map { Float($0) }, sd.map { Float($0) })
    }
}
