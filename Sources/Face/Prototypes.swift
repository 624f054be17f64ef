import Glibc

/// Expressions from action units alone, where no model was trained: how much of each prototype is shown, against what else is.
///
/// Weights are the shares of 230 people in whom a unit was seen (Du, Tao & Martinez 2014, table 1); contempt's are ours. Units that a
/// tool lacks are left out of a prototype.
enum Prototypes {
    /// In order of `FaceModel.labels`; neutral has none.
    private static let weights: [[(unit: Int, weight: Float)]] = [
        [],
        [(12, 1), (25, 1), (6, 0.51)],
        [(1, 1), (2, 1), (25, 1), (26, 1), (5, 0.66)],
        [(4, 1), (15, 1), (1, 0.6), (6, 0.5), (11, 0.26), (17, 0.67)],
        [(4, 1), (7, 1), (24, 1), (10, 0.26), (17, 0.52), (23, 0.29)],
        [(9, 1), (10, 1), (17, 1), (4, 0.31), (24, 0.26)],
        [(1, 1), (4, 1), (20, 1), (25, 1), (2, 0.57), (5, 0.63), (26, 0.33)],
        [(14, 1), (12, 0.3)],
    ].map { row in row.compactMap { entry in ActionUnits.index(entry.0).map { ($0, Float(entry.1)) } } }

    /// Fitted to the training votes by way of blendshapes: what is shown of a prototype counts from here on, what else is shown
    /// against it, and how sharply.
    private static let neutral: Float = 0.3
    private static let penalty: Float = 0.5
    private static let sharpness: Float = 8
    /// With fewer units nothing is said.
    private static let least = 8

    /// - Parameter units: intensities 0…1 in order of `ActionUnits.numbers`; not a number where unknown.
    /// - Returns: in order of `FaceModel.labels`; `nil` where too few are known.
    static func probability(_ units: UnsafePointer<Float>) -> SIMD8<Float>? {
        var (known, all): (Float, Float) = (0, 0)
        for i in 0..<ActionUnits.count where !units[i].isNaN {
            known += 1
            all += units[i]
        }
        guard Int(known) >= least else { return nil }
        var out = SIMD8<Float>.zero
        for (label, prototype) in weights.enumerated() {
            var (shown, weight, inside, count): (Float, Float, Float, Float) = (0, 0, 0, 0)
            for (unit, share) in prototype where !units[unit].isNaN {
                shown += share * units[unit]
                weight += share
                inside += units[unit]
                count += 1
            }
            let score =
                label == 0
                ? neutral : weight == 0 ? 0 : shown / weight - penalty * (all - inside) / max(known - count, 1)
            out[label] = exp(sharpness * score)
        }
        return out / out.sum()
    }
}
