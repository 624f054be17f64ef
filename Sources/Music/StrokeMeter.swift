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
    private let sorted = OwnedBuffer<Float>(span, repeating: 0)
    private var count = 0
    private var strokes = 0.0
    private var total = 0.0

    init(bands: Int) {
        self.bands = bands
        ring = OwnedBuffer(Self.span * bands, repeating: 0)
        powers = OwnedBuffer(Self.span * bands, repeating: 0)
    }

    /// Takes the compressed and the plain power in each band.
    mutating func push(_ compressed: UnsafePointer<Float>, _ power: UnsafePointer<Float>) {
        let place = (count % Self.span) * bands
        (ring.start + place).update(from: compressed, count: bands)
        (powers.start + place).update(from: power, count: bands)
        count += 1
        guard count >= Self.span else { return }
        let middle = ((count - 1 - Self.span / 2) % Self.span) * bands
        let (ring, powers, sorted) = (ring.start, powers.start, sorted.start)
        for band in 0..<bands {
            let weight = powers[middle + band]
            guard weight > 0 else { continue }
            for i in 0..<Self.span { Self.insert(ring[i * bands + band], sorted, i) }
            let line = sorted[Self.span / 2]
            let first = min(max(band - Self.span / 2, 0), bands - Self.span)
            for i in 0..<Self.span { Self.insert(ring[middle + first + i], sorted, i) }
            let stroke = sorted[Self.span / 2]
            let both = line * line + stroke * stroke
            total += Double(weight)
            if both > 0 { strokes += Double(weight * stroke * stroke / both) }
        }
    }

    @inline(__always)
    private static func insert(_ value: Float, _ sorted: UnsafeMutablePointer<Float>, _ filled: Int) {
        var i = filled
        while i > 0, sorted[i - 1] > value {
            sorted[i] = sorted[i - 1]
            i -= 1
        }
        sorted[i] = value
    }

    /// 0…1; 0 for silence.
    var share: Double { total > 0 ? strokes / total : 0 }
}
