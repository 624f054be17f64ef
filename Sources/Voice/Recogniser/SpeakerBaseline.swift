/// What one speaker usually sounds like, as it becomes known: sums over standardised features of their earlier speech.
///
/// Standardising by it takes out the speaker, the microphone and the language; how much it is trusted grows with how much was
/// heard. It lives as long as the session and is kept nowhere: it would be a voiceprint.
public struct SpeakerBaseline: Sendable {
    /// So many stretches of speech does the prior weigh (that of the training speakers, which is 0 and 1).
    public static let prior: Float = 4
    static let outer: Float = 6
    static let inner: Float = 3

    /// Stretches of speech heard.
    public private(set) var count: Float = 0
    private var sum: [Float]
    private var squares: [Float]

    public init(features: Int) {
        sum = Array(repeating: 0, count: features)
        squares = sum
    }

    /// Adds standardised features; `weight` below 1 for stretches that overlap.
    public mutating func add(_ z: [Float], weight: Float = 1) {
        count += weight
        for i in sum.indices {
            let x = min(max(z[i], -Self.outer), Self.outer)
            sum[i] += weight * x
            squares[i] += weight * x * x
        }
    }

    /// How far this speaker and microphone are from the training speakers': mean square of the features' means, less what
    /// chance alone makes of so few stretches. `nil` before two were heard.
    public var distance: Float? {
        guard count >= 2 else { return nil }
        var total: Float = 0
        for i in sum.indices {
            let mean = sum[i] / count
            let variance = max(squares[i] / count - mean * mean, 0)
            total += mean * mean - variance / max(count - 1, 1)
        }
        return max(total / Float(sum.count), 0)
    }

    /// Features relative to the speaker; with nothing heard, as they are. Clipped to ± 3.
    public func relative(_ z: [Float]) -> [Float] {
        guard count > 0 else { return z.map { min(max($0, -Self.inner), Self.inner) } }
        let n = count + Self.prior
        return z.indices.map { i in
            let x = min(max(z[i], -Self.outer), Self.outer)
            let mean = sum[i] / n
            let variance = (squares[i] - 2 * mean * sum[i] + count * mean * mean + Self.prior) / n
            return min(max((x - mean) / max(variance, 1e-6).squareRoot(), -Self.inner), Self.inner)
        }
    }

    /// Forgets the speaker.
    public mutating func wipe() {
        count = 0
        for i in sum.indices {
            sum[i] = 0
            squares[i] = 0
        }
    }
}
