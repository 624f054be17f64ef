import AffettoSignal
import Glibc

/// How much new sound begins in each hundredth of a second, and how bright the whole is.
///
/// Onset strength is the half-wave rectified rise of the log-compressed mel spectrum over two frames, averaged over 40
/// bands (Böck & Widmer 2013, without the maximum filter, which cost accuracy on plucked and struck sounds). Each
/// frame is measured against a slowly falling peak of the piece so far, so gain changes nothing. Kept: one number a
/// frame.
struct OnsetEnvelope: ~Copyable {
    static let hop = 220
    /// Frames per second: 22050 / 220.
    static let frameRate = MusicAnalyzer.workingRate / Double(hop)

    private static let size = 1024
    private static let bands = 40
    private static let lag = 2
    /// Full scale of the compression log(1 + γ p): sounds 15 dB under the peak still count well, noise does not.
    private static let gamma: Float = 30
    /// Power of the loudest mel band under which a frame counts as silence: about −78 dB re a full-scale sine.
    private static let silence: Float = 1e-3

    private let fft = RealFFT(size)
    private let mel: MelFilterBank
    private var frames = FrameBuffer(window: Window.hann(size), hop: hop)
    private var power = [Float](repeating: 0, count: size / 2 + 1)
    /// Compressed mel spectra of the last `lag` frames and, in front of them, the present one.
    private var history = [[Float]](repeating: [Float](repeating: 0, count: bands), count: lag + 1)
    private var peak = silence
    private let decay = Float(exp(-1 / (10 * frameRate)))
    private var magnitude = 0.0
    private var moment = 0.0

    /// Onset strength per frame, 0…1.
    private(set) var strength: [Float] = []

    init() {
        mel = MelFilterBank(bands: Self.bands, fftSize: Self.size, rate: MusicAnalyzer.workingRate, range: 30...11_000)
    }

    /// Takes samples at the working rate.
    mutating func push(_ samples: UnsafeBufferPointer<Float>) {
        var rest = samples
        while !rest.isEmpty {
            let (taken, isFrame) = frames.take(rest, into: fft.input)
            rest = UnsafeBufferPointer(rebasing: rest[taken...])
            if isFrame { addFrame() }
        }
    }

    private mutating func addFrame() {
        fft.forward()
        power.withUnsafeMutableBufferPointer { power in
            guard let base = power.baseAddress else { return }
            fft.power(into: base)
            for bin in 1..<power.count {
                let size = Double(power[bin].squareRoot())
                magnitude += size
                moment += size * Double(bin)
            }
        }
        var now = history.removeLast()
        now.withUnsafeMutableBufferPointer { out in
            guard let out = out.baseAddress else { return }
            power.withUnsafeBufferPointer { power in
                if let power = power.baseAddress { mel.apply(power, into: out) }
            }
        }
        peak = max(now.max() ?? 0, peak * decay, Self.silence)
        let before = history[Self.lag - 1]
        var rise: Float = 0
        for band in 0..<Self.bands {
            now[band] = log1p(Self.gamma * now[band] / peak) / log1p(Self.gamma)
            rise += max(0, now[band] - before[band])
        }
        history.insert(now, at: 0)
        strength.append(rise / Float(Self.bands))
    }

    /// Mean magnitude-weighted frequency over the piece, Hz; 0 for digital silence.
    var centroid: Double {
        magnitude > 0 ? moment / magnitude * MusicAnalyzer.workingRate / Double(Self.size) : 0
    }

    /// Mean onset strength per frame.
    var flux: Float { strength.isEmpty ? 0 : Statistics.mean(strength) }

    /// Onsets per second: frames that top their neighbours within 30 ms and stand out from the mean of the last 100 ms
    /// and the next 70 ms (Böck, Krebs & Schedl 2012). The margin grows a little with the piece's own strong onsets, so
    /// that the beating of held strings is not counted.
    var onsetRate: Float {
        let count = strength.count
        guard count > 2 else { return 0 }
        let kernel: [Float] = [0.06, 0.24, 0.4, 0.24, 0.06]
        var smooth = [Float](repeating: 0, count: count)
        for i in 0..<count {
            for (k, weight) in kernel.enumerated() { smooth[i] += weight * strength[min(max(i + k - 2, 0), count - 1)] }
        }
        let margin = 0.006 + 0.05 * Statistics.quantile(0.98, ofSorted: smooth.sorted())
        var onsets = 0
        var last = -10
        for i in 0..<count where i - last > 3 {
            let near = smooth[max(0, i - 3)...min(count - 1, i + 3)]
            guard smooth[i] >= near.max() ?? 0 else { continue }
            let around = smooth[max(0, i - 10)...min(count - 1, i + 7)]
            guard smooth[i] >= around.reduce(0, +) / Float(around.count) + margin else { continue }
            onsets += 1
            last = i
        }
        return Float(Double(onsets) * Self.frameRate / Double(count))
    }
}
