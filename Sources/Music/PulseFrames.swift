import AffettoKernels
import AffettoSignal
import Glibc

/// The short frames (46 ms every 10 ms): how much new sound begins, and what the sound is like.
///
/// Onset strength is the half-wave rectified rise of the log-compressed mel spectrum over two frames, averaged over 40
/// bands (Böck & Widmer 2013, without the maximum filter, which cost accuracy on plucked and struck sounds). Each
/// frame is measured against a slowly falling peak of the piece so far, so gain changes nothing.
struct PulseFrames: ~Copyable {
    static let hop = 220
    static let size = 1024
    /// Frames per second: 22050 / 220.
    static let rate = MusicRate.hertz / Double(hop)
    static let bands = 40

    private static let lag = 2
    /// Bands below about 250 Hz, where bass and bass drum begin.
    private static let lowBands = 5
    /// Full scale of the compression log(1 + γ p): sounds 15 dB under the peak still count well, noise does not.
    private static let gamma: Float = 30
    /// Power of the loudest mel band under which a frame counts as silence: about −78 dB re a full-scale sine.
    private static let silence: Float = 1e-3

    private let fft = RealFFT(size)
    private let mel: MelFilterBank
    private var frames = FrameBuffer(window: Window.hann(size), hop: hop)
    private let power = OwnedBuffer<Float>(size / 2 + 1, repeating: 0)
    private let magnitude = OwnedBuffer<Float>(size / 2 + 1, repeating: 0)
    private let binNumbers = OwnedBuffer<Float>((0...(size / 2)).map { Float($0) })
    private let ones = OwnedBuffer<Float>(size / 2 + 1, repeating: 1)
    /// The compressed mel spectra of the last three frames, in turn.
    private let compressed = OwnedBuffer<Float>((lag + 1) * bands, repeating: 0)
    private let energies = OwnedBuffer<Float>(bands, repeating: 0)
    private var count = 0
    private var peak = silence
    private let decay = Float(exp(-1 / (10 * rate)))

    private var totalMagnitude = 0.0
    private var moment = 0.0
    private var rolloffs = 0.0
    private var heard = 0
    private var rises = 0.0
    private(set) var timbre = TimbreMeter(bands: bands)
    private var strokes = StrokeMeter(bands: bands)

    /// Samples to the end of the next frame.
    var untilFrame: Int { frames.untilFrame }

    init() {
        mel = MelFilterBank(bands: Self.bands, fftSize: Self.size, rate: MusicRate.hertz, range: 30...11_000)
    }

    /// Takes samples at the working rate; `each` gets the onset strength of every frame, that of its low bands, and its
    /// cepstral coefficients where they were computed.
    mutating func push(
        _ samples: UnsafeBufferPointer<Float>,
        each: (_ strength: Float, _ low: Float, _ timbre: UnsafePointer<Float>?) -> Void
    ) {
        var rest = samples
        while !rest.isEmpty {
            let (taken, isFrame) = frames.take(rest, into: fft.input)
            rest = UnsafeBufferPointer(rebasing: rest[taken...])
            if isFrame {
                let before = heard
                let (strength, low) = addFrame()
                each(strength, low, heard > before ? timbre.now : nil)
            }
        }
    }

    private mutating func addFrame() -> (Float, Float) {
        fft.forward()
        kernel_power(fft.spectrum, power.start, fft.bins)
        mel.apply(power.start, into: energies.start)
        let now = compressed.start + (count % (Self.lag + 1)) * Self.bands
        // The ring's next place is the oldest: the frame `lag` frames ago.
        let before = compressed.start + ((count + 1) % (Self.lag + 1)) * Self.bands
        let top = kernel_max(energies.start, Self.bands)
        peak = max(top, peak * decay, Self.silence)
        let scale = Self.gamma / peak
        for band in 0..<Self.bands { now[band] = 1 + scale * energies.start[band] }
        kernel_log2(now, now, Self.bands)
        let unit = 1 / log2(1 + Self.gamma)
        var rise: Float = 0
        var low: Float = 0
        for band in 0..<Self.bands {
            now[band] *= unit
            rise += max(0, now[band] - before[band])
            if band == Self.lowBands - 1 { low = rise }
        }
        let strength = rise / Float(Self.bands)
        rises += Double(strength)
        count += 1
        if count % 2 == 0 { describe(compressed: now, isAudible: top > Self.silence) }
        return (strength, low / Float(Self.lowBands))
    }

    /// Timbre changes more slowly than onsets: every second frame will do.
    private mutating func describe(compressed now: UnsafePointer<Float>, isAudible: Bool) {
        strokes.push(now, energies.start)
        kernel_sqrt(power.start, magnitude.start, fft.bins)
        totalMagnitude += Double(kernel_dot(magnitude.start + 1, ones.start, fft.bins - 1))
        moment += Double(kernel_dot(magnitude.start, binNumbers.start, fft.bins))
        guard isAudible else { return }
        timbre.push(energies.start)
        let goal = 0.85 * kernel_dot(power.start, ones.start, fft.bins)
        var sum: Float = 0
        var bin = 0
        while bin < fft.bins - 1, sum + power.start[bin] < goal {
            sum += power.start[bin]
            bin += 1
        }
        rolloffs += Double(bin)
        heard += 1
    }

    private static let binWidth = MusicRate.hertz / Double(size)

    /// Mean magnitude-weighted frequency over the piece, Hz; 0 for digital silence.
    var centroid: Double { totalMagnitude > 0 ? moment / totalMagnitude * Self.binWidth : 0 }
    /// Hz; 0 for silence.
    var rolloff: Double { heard > 0 ? rolloffs / Double(heard) * Self.binWidth : 0 }
    /// Mean onset strength per frame.
    var flux: Double { count > 0 ? rises / Double(count) : 0 }
    var percussiveness: Double { strokes.share }
}
