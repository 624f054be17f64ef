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
            guard Mixdown.isFinite(base + start * channels, count * channels) else { throw Mixdown.notFinite }
            if channels > 1 {
                for i in 0..<count {
                    block.start[i] = Mixdown.sample(base, start + i, channels, takesFirst: takesFirst)
                }
            }
            let mono = channels > 1 ? UnsafePointer(block.start) : base + start
            _ = kernel_clip(mono, VoiceScale.limit, block.start, count)
            body(block.start, count)
            start += count
        }
    }
}

/// How several channels become one, to the bit the same for recordings and for live audio.
public enum Mixdown {
    /// Made once: throwing must not allocate on an audio thread.
    public static let notFinite = AffettoError(.range, "the audio holds a sample that is not a finite number")

    public static func isFinite(_ samples: UnsafePointer<Float>, _ count: Int) -> Bool {
        // Integers without branches: this becomes vector code.
        let top: UInt32 = 0x7f80_0000
        var found: UInt32 = 0
        for i in 0..<count { found |= samples[i].bitPattern & top == top ? 1 : 0 }
        return found == 0
    }

    /// Finite samples only.
    @inline(__always)
    public static func sample(
        _ samples: UnsafePointer<Float>, _ frame: Int, _ channels: Int, takesFirst: Bool = false
    ) -> Float {
        func clamped(_ x: Float) -> Float { min(max(x, -VoiceScale.limit), VoiceScale.limit) }
        var sum = clamped(samples[frame * channels])
        guard channels > 1, !takesFirst else { return sum }
        for channel in 1..<channels { sum += clamped(samples[frame * channels + channel]) }
        return sum * (1 / Float(channels))
    }
}
