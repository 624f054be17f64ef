import AffettoCore
import AffettoKernels
import AffettoSignal

/// Interleaved audio of any length as mono blocks, checked: what every batch analysis reads.
struct MonoBlocks {
    let samples: UnsafeBufferPointer<Float>
    let channels: Int
    /// Take the first channel instead of the mean of all.
    var takesFirst = false

    /// - Throws: `.range` (channels; a sample that is not finite), `.argument` (shorter than 0.1 s).
    init(_ samples: UnsafeBufferPointer<Float>, channels: Int, rate: Double) throws(AffettoError) {
        guard (1...8).contains(channels) else { throw AffettoError(.range, "channels is \(channels); it must be 1…8") }
        guard samples.count / channels >= Int(0.1 * rate) else {
            throw AffettoError(.argument, "the recording is shorter than 0.1 s")
        }
        self.samples = samples
        self.channels = channels
    }

    var frames: Int { samples.count / channels }

    /// Hands out all frames in order.
    func forEach(_ body: (UnsafePointer<Float>, Int) -> Void) throws(AffettoError) {
        let block = OwnedBuffer<Float>(VoiceScale.maxBlock, repeating: 0)
        guard let base = samples.baseAddress else { return }
        var start = 0
        while start < frames {
            let count = min(block.count, frames - start)
            if channels > 1 {
                for i in 0..<count {
                    block.start[i] = Mixdown.sample(base, start + i, channels, takesFirst: takesFirst)
                }
            }
            let mono = channels > 1 ? UnsafePointer(block.start) : base + start
            guard kernel_clip(mono, VoiceScale.limit, block.start, count) == 0 else {
                throw AffettoError(.range, "the audio holds a sample that is not a finite number")
            }
            body(block.start, count)
            start += count
        }
    }
}

/// How several channels become one, to the bit the same for recordings and for live audio.
public enum Mixdown {
    @inline(__always)
    public static func sample(
        _ samples: UnsafePointer<Float>?, _ frame: Int, _ channels: Int, takesFirst: Bool = false
    ) -> Float {
        guard let samples else { return 0 }
        var sum = samples[frame * channels]
        if channels > 1, !takesFirst {
            for channel in 1..<channels { sum += samples[frame * channels + channel] }
            sum *= 1 / Float(channels)
        }
        // NaN stays NaN, for the caller to refuse.
        return sum.isNaN || sum.isInfinite ? .nan : min(max(sum, -VoiceScale.limit), VoiceScale.limit)
    }
}
