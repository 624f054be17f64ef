import AffettoCore
import Glibc

/// How a piece of music would be called by most listeners: pleasant or not, lively or not. Not what one listener feels.
///
/// An open formula that was not fitted to any label:
///
///     valence = z(mode) + z(majorness) + ½ z(key clarity)
///     arousal = z(flux) + z(onset rate) + z(loudness) + z(brightness)
///
/// divided by the sum of the weights, times 0.6, and squashed by tanh. z = (x − mean) / sd, held within ±3, with mean and sd as this
/// analyzer measured them over 63 clips of 30 s that carry no emotion labels: 34 rendered scores (chorales, fiddle
/// tunes, pop piano) and 29 produced recordings (CC BY and CC0), by `affetto-train scales`. Mode counts 1 for major and 0
/// for minor.
///
/// The order of pieces is surer than the zero, which moves with a collection's loudness; the doubt that `estimate` gives
/// is wide for that reason.
public enum PerceivedAffect {
    /// Below 1, so that only extreme pieces reach the rim of the plane: a choice, not a measurement.
    private static let spread: Float = 0.6

    /// Mean and standard deviation over the reference clips.
    private static let mode = Scale(0.476, 0.503)
    private static let majorness = Scale(-0.008, 0.204)
    private static let keyClarity = Scale(0.885, 0.090)
    private static let flux = Scale(0.0090, 0.0037)
    private static let onsetRate = Scale(2.97, 1.12)
    private static let loudness = Scale(-22.7, 5.88)
    private static let brightness = Scale(1769, 610)

    /// - Returns: perceived valence and arousal, each in −1…1 with its standard deviation. Silence has unknown valence
    ///   (0 with a wide doubt) and the least arousal.
    public static func estimate(_ features: MusicFeatures) -> (valence: Estimate, arousal: Estimate) {
        let tonal =
            mode.z(features.isMinor ? 0 : 1) + majorness.z(features.majorness) + 0.5 * keyClarity.z(features.keyClarity)
        let energetic =
            flux.z(features.flux) + onsetRate.z(features.onsetRate) + loudness.z(features.loudness)
            + brightness.z(features.brightness)
        let valence = features.keyClarity > 0 ? Estimate(tanh(spread * tonal / 2.5), sd: 0.5) : Estimate(0, sd: 0.6)
        return (valence, Estimate(tanh(spread * energetic / 4), sd: 0.4))
    }

    private struct Scale {
        let mean: Float
        let sd: Float

        init(_ mean: Float, _ sd: Float) {
            self.mean = mean
            self.sd = sd
        }

        /// 0 where the value is not a number.
        func z(_ value: Float) -> Float { value.isNaN ? 0 : min(max((value - mean) / sd, -3), 3) }
    }
}
