import Glibc

/// Key by correlation of the chroma with major and minor profiles in all twelve keys (Krumhansl 1990).
///
/// The profiles are the mean of two, each divided by its standard deviation: Albrecht & Shanahan's (2013), counted from
/// the beginnings and ends of classical pieces, and Faraldo's "bgate" (2017), from electronic dance music, in which minor
/// has its seventh low. On 19 rendered scores they name 17 keys, on 14 produced tracks 13; the choice among some dozens
/// was made on these, so the figures flatter it.
enum KeyEstimator {
    private static let major = mixed(
        [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
        [1, 0, 0.42, 0, 0.53, 0.37, 0, 0.77, 0, 0.38, 0.21, 0.30])
    private static let minor = mixed(
        [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
        [1, 0, 0.36, 0.39, 0, 0.38, 0, 0.74, 0.27, 0, 0.42, 0.23])

    struct Result {
        /// 0 = C … 11 = B.
        var tonic = 0
        var isMinor = false
        /// Best correlation less the mean of the other 23, 0…1.
        var clarity = 0.0
        /// Best major correlation less best minor correlation.
        var majorness = 0.0
    }

    /// - Parameter chroma: twelve weights from C; without any contrast the result is C major with clarity 0.
    static func estimate(_ chroma: [Double]) -> Result {
        // A power below 1 keeps one held note from drowning the scale.
        let chroma = chroma.map { pow(max($0, 0), 0.75) }
        let fits = [major, minor].map { profile in (0..<12).map { correlation(chroma, profile, rotation: $0) } }
        var result = Result()
        var best = -Double.infinity
        for (mode, row) in fits.enumerated() {
            for (tonic, fit) in row.enumerated() where fit > best {
                best = fit
                result.tonic = tonic
                result.isMinor = mode == 1
            }
        }
        let all = fits.joined().reduce(0, +)
        result.clarity = min(max(best - (all - best) / 23, 0), 1)
        result.majorness = (fits[0].max() ?? 0) - (fits[1].max() ?? 0)
        return result
    }

    private static func mixed(_ scores: [Double], _ dance: [Double]) -> [Double] {
        func deviation(_ x: [Double]) -> Double {
            let mean = x.reduce(0, +) / 12
            return (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 12).squareRoot()
        }
        let (a, b) = (deviation(scores), deviation(dance))
        return zip(scores, dance).map { 0.5 * ($0 / a + $1 / b) }
    }

    /// Pearson correlation; 0 where the chroma is flat.
    private static func correlation(_ chroma: [Double], _ profile: [Double], rotation: Int) -> Double {
        let meanX = chroma.reduce(0, +) / 12
        let meanY = profile.reduce(0, +) / 12
        var xy = 0.0
        var xx = 0.0
        var yy = 0.0
        for i in 0..<12 {
            let x = chroma[(i + rotation) % 12] - meanX
            let y = profile[i] - meanY
            xy += x * y
            xx += x * x
            yy += y * y
        }
        return xx > 1e-12 * meanX * meanX && xx > 0 ? xy / (xx * yy).squareRoot() : 0
    }
}
