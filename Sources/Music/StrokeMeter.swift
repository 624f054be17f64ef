import AffettoKernels
import AffettoSignal

/// How much of the sound is strokes (short, at all heights) and how much lines (long, at one height).
///
/// A median over time keeps lines, one over neighbouring bands keeps strokes (FitzGerald 2010); each mel band's power is
/// shared between the two by the squares of what is left. Nine frames 20 ms apart against nine of 40 bands.
struct StrokeMeter: ~Copyable {
    private static let span = 9
    private let bands: Int
    private let ring: OwnedBuffer<Float>
    private let powers: OwnedBuffer<Float>
    private let lines: OwnedBuffer<Float>
    private let strokes: OwnedBuffer<Float>
    private let rows = OwnedBuffer<UnsafePointer<Float>?>(span, repeating: nil)
    private var count = 0
    private var inStrokes = 0.0
    private var total = 0.0

    init(bands: Int) {
        self.bands = bands
        ring = OwnedBuffer(Self.span * bands, repeating: 0)
        powers = OwnedBuffer(Self.span * bands, repeating: 0)
        lines = OwnedBuffer(bands, repeating: 0)
        strokes = OwnedBuffer(bands, repeating: 0)
    }

    /// Takes the compressed and the plain power in each band.
    mutating func push(_ compressed: UnsafePointer<Float>, _ power: UnsafePointer<Float>) {
        let place = (count % Self.span) * bands
        (ring.start + place).update(from: compressed, count: bands)
        (powers.start + place).update(from: power, count: bands)
        count += 1
        guard count >= Self.span else { return }
        let middle = ((count - 1 - Self.span / 2) % Self.span) * bands
        let (ring, powers, lines, strokes, rows) = (
            ring.start, powers.start, lines.start, strokes.start, rows.start
        )
        for i in 0..<Self.span { rows[i] = UnsafePointer(ring + i * bands) }
        kernel_median9(rows, lines, bands)
        // Along the bands: nine rows, each a band further; the outermost bands take what their neighbours have.
        for i in 0..<Self.span { rows[i] = UnsafePointer(ring + middle + i) }
        let edge = Self.span / 2
        kernel_median9(rows, strokes + edge, bands - 2 * edge)
        for band in 0..<edge {
            strokes[band] = strokes[edge]
            strokes[bands - 1 - band] = strokes[bands - 1 - edge]
        }
        for band in 0..<bands {
            let weight = powers[middle + band]
            let both = lines[band] * lines[band] + strokes[band] * strokes[band]
            total += Double(weight)
            if both > 0 { inStrokes += Double(weight * strokes[band] * strokes[band] / both) }
        }
    }

    /// 0…1; 0 for silence.
    var share: Double { total > 0 ? inStrokes / total : 0 }
}
