/// Decoded audio, channels interleaved, full scale ±1.
public struct AudioClip: Sendable, Equatable {
    /// Frames per second, Hz.
    public var rate: Double
    public var channels: Int
    /// `frames` × `channels` numbers.
    public var samples: [Float]

    public init(rate: Double, channels: Int, samples: [Float]) {
        self.rate = rate
        self.channels = channels
        self.samples = samples
    }

    public var frames: Int { channels > 0 ? samples.count / channels : 0 }
    /// Seconds.
    public var duration: Double { rate > 0 ? Double(frames) / rate : 0 }
}
