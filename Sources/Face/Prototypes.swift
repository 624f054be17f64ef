import Glibc

/// Expressions from action units alone, where no model was trained: how much of each prototype is shown.
///
/// Weights are the shares of 230 people in whom a unit was seen (Du, Tao & Martinez 2014, table 1), but for the parted lips of a smile,
/// which count less (a smile with closed lips is one, too), and for contempt, whose are ours.
enum Prototypes {
    /// In order of `FaceModel.labels`; neutral has none.
    private static let weights: [[(unit: Int, weight: Float)]] = [
        [],
        [(12, 1), (6, 0.51), (25, 0.3)],
        [(1, 1), (2, 1), (25, 1), (26, 1), (5, 0.66)],
        [(4, 1), (15, 1), (1, 0.6), (6, 0.5), (11, 0.26), (17, 0.67)],
        [(4, 1), (7, 1), (24, 1), (10, 0.26), (17, 0.52), (23, 0.29)],
        [(9, 1), (10, 1), (17, 1), (4, 0.31), (24, 0.26)],
        [(1, 1), (4, 1), (20, 1), (25, 1), (2, 0.57), (5, 0.63), (26, 0.33)],
        [(14, 1), (12, 0.3)],
    ].map { row in row.compactMap { entry in ActionUnits.index(entry.0).map { ($0, Float(entry.1)) } } }

    /// Fitted to the training votes by way of blendshapes: from where on a prototype counts, and how sharply.
    private static let neutral: Float = 0.3
    private static let sharpness: Float = 10
    /// With fewer units nothing is said; and a prototype of which less than this share of the weight is known cannot be named.
    private static let least = 8
    private static let share: Float = 0.6

    /// - Parameter units: intensities 0…1 in order of `ActionUnits.numbers`; not a number where unknown.
    /// - Returns: in order of `FaceModel.labels`, 0 = cannot be named; `nil` where too few are known.
    static func probability(_ units: UnsafePointer<Float>) -> SIMD8<Float>? {
        var known = 0
        for i in 0..<ActionUnits.count where !units[i].isNaN { known += 1 }
        guard known >= least else { return nil }
        var out = SIMD8<Float>.zero
        out[0] = exp(sharpness * neutral)
        for (label, prototype) in weights.enumerated() where label > 0 {
            var (shown, weight, whole): (Float, Float, Float) = (0, 0, 0)
            for (unit, share) in prototype {
                whole += share
                guard !units[unit].isNaN else { continue }
                shown += share * units[unit]
                weight += share
            }
            if weight >= share * whole { out[label] = exp(sharpness * shown / weight) }
        }
        return out / out.sum()
    }
}
