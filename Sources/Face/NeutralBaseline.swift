/// How this learner's face looks when it shows nothing: what is usual for them is taken off before anything is read.
///
/// The first 20 seconds of moments (half seconds with a face) give a low quantile of each blendshape and action unit, which a stray
/// smile does not move; it is trusted no further than one and a half standard deviations from other people's neutral faces, so that
/// someone who starts out smiling is not taken to look so. Afterwards it follows slowly.
struct NeutralBaseline: Sendable {
    private static let width = FaceFrame.actionUnits.upperBound
    /// Moments kept, and those without which nothing is taken off.
    private static let moments = 40
    private static let least = 8
    private static let quantile = 0.3
    /// How far the baseline moves with a moment once it stands: half of the way in about four minutes.
    private static let rate: Float = 0.003
    private static let trust: Float = 1.5

    private let mean: [Float]
    private let sd: [Float]
    private var history: [Float]
    private var sorted: [Float]
    private var usual: [Float]
    private var count = 0

    /// - Parameters: mean and standard deviation of neutral faces' blendshapes.
    init(mean: [Float], sd: [Float]) {
        // Trackers of action units leave them near 0 at rest.
        self.mean = mean + Array(repeating: 0, count: ActionUnits.count)
        self.sd = sd + Array(repeating: 0.08, count: ActionUnits.count)
        history = Array(repeating: .nan, count: Self.width * Self.moments)
        sorted = Array(repeating: 0, count: Self.moments)
        usual = Array(repeating: .nan, count: Self.width)
    }

    /// Learns from a moment of the face. - Parameter values: as in a frame.
    mutating func add(_ values: UnsafePointer<Float>) {
        if count < Self.moments {
            for i in 0..<Self.width { history[i * Self.moments + count] = values[i] }
            count += 1
            if count >= Self.least { for i in 0..<Self.width { usual[i] = lowQuantile(i) } }
            return
        }
        for i in 0..<Self.width where !values[i].isNaN {
            // Towards the quantile: down where the face shows less, up, more slowly, where it shows more.
            let share: Float = values[i] < usual[i] ? 1 - Float(Self.quantile) : Float(Self.quantile)
            usual[i] = usual[i].isNaN ? values[i] : usual[i] + Self.rate * share * (values[i] - usual[i])
        }
    }

    private mutating func lowQuantile(_ i: Int) -> Float {
        var known = 0
        for k in 0..<count {
            let value = history[i * Self.moments + k]
            if value.isNaN { continue }
            var at = known
            while at > 0, sorted[at - 1] > value {
                sorted[at] = sorted[at - 1]
                at -= 1
            }
            sorted[at] = value
            known += 1
        }
        return known < Self.least ? .nan : sorted[Int(Self.quantile * Double(known))]
    }

    /// Takes off what is this learner's own. - Parameter values: as in a frame.
    func apply(_ values: UnsafeMutablePointer<Float>) {
        guard count >= Self.least else { return }
        for i in 0..<Self.width where !usual[i].isNaN && !values[i].isNaN {
            let reach = Self.trust * sd[i]
            let own = min(max(usual[i] - mean[i], -reach), reach)
            values[i] = min(max(values[i] - own, 0), 1)
        }
    }

    mutating func wipe() {
        count = 0
        for i in history.indices { history[i] = .nan }
        for i in usual.indices { usual[i] = .nan }
        for i in sorted.indices { sorted[i] = 0 }
    }
}
