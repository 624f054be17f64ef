import Glibc

/// How much each pitch sounds over the whole piece, in steps of 10 cents from C1; folds into a chroma at the end, when
/// the tuning is known. Memory does not grow.
struct PitchHistogram {
    /// Where bass, chords and most melodies have their fundamentals, Hz. Higher up overtones outnumber them, and their
    /// fifths and major thirds would pass for played notes.
    static let range: ClosedRange<Double> = 40...800
    private static let stepsPerOctave = 120
    /// C1 at A4 = 440 Hz.
    private static let lowest = 32.70319566

    private var weights = [Double](repeating: 0, count: 5 * stepsPerOctave)

    /// A partial: Hz, and its amplitude relative to the frame's largest, so that every frame votes alike, however loud.
    mutating func add(_ frequency: Double, _ amplitude: Double) {
        let step = Int((Double(Self.stepsPerOctave) * log2(frequency / Self.lowest)).rounded())
        if weights.indices.contains(step) { weights[step] += amplitude }
    }

    /// Deviation from A4 = 440 Hz that fits the partials best, −50…50 cents.
    var tuning: Double {
        var x = 0.0
        var y = 0.0
        for (step, weight) in weights.enumerated() {
            x += weight * cos(2 * .pi * Double(step) / 10)
            y += weight * sin(2 * .pi * Double(step) / 10)
        }
        return x == 0 && y == 0 ? 0 : atan2(y, x) / (2 * .pi) * 100
    }

    /// Weight of each pitch class, C to B; all 0 when nothing sounded.
    var chroma: [Double] {
        var chroma = [Double](repeating: 0, count: 12)
        let offset = tuning / 10
        for (step, weight) in weights.enumerated() where weight > 0 {
            let pitch = (Double(step) - offset) / 10
            let nearest = pitch.rounded()
            let closeness = cos(.pi * (pitch - nearest))
            chroma[((Int(nearest) % 12) + 12) % 12] += weight * closeness * closeness
        }
        return chroma
    }
}
