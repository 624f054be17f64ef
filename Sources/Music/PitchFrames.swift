import AffettoKernels
import AffettoSignal
import Glibc

/// The long frames (186 ms every 23 ms): which pitches sound, when they change, how rough they are together and whether
/// they glide.
struct PitchFrames: ~Copyable {
    static let size = 4096
    static let hop = 512
    /// Frames per second.
    static let rate = MusicRate.hertz / Double(hop)
    /// A change is measured over this many frames on either side, so it is known that much later.
    static let lag = 2
    /// Semitones from C2 to C7.
    private static let semitones = 61
    private static let lowest = 36
    /// Compression of the semitone magnitudes re the loudest so far.
    private static let gamma: Float = 100
    /// Every fourth frame is looked at for partials.
    private static let stride = 4

    private let fft = RealFFT(size)
    private var frames = FrameBuffer(window: Window.hann(size), hop: hop)
    private let power: OwnedBuffer<Float>
    private let magnitude: OwnedBuffer<Float>
    private let spans: [(first: Int, count: Int, offset: Int)]
    private let weights: OwnedBuffer<Float>
    private let usedBins: Int
    /// The compressed semitone spectra of the last 2 · lag + 1 frames.
    private let ring = OwnedBuffer<Float>((2 * lag + 1) * semitones, repeating: 0)
    private var peak: Float = 1e-3
    private let decay = Float(exp(-1 / (10 * rate)))
    private var count = 0
    private(set) var histogram = PitchHistogram()
    private var partials = PartialMeter(width: MusicRate.hertz / Double(size))

    /// Samples to the end of the next frame.
    var untilFrame: Int { frames.untilFrame }

    init() {
        // Triangles two semitones wide: each note falls into its own and half into its neighbours.
        var spans: [(first: Int, count: Int, offset: Int)] = []
        var weights: [Float] = []
        let width = MusicRate.hertz / Double(Self.size)
        for semitone in 0..<Self.semitones {
            func bin(_ pitch: Double) -> Double { 440 * exp2((pitch - 69) / 12) / width }
            let pitch = Double(Self.lowest + semitone)
            let (first, last) = (Int(bin(pitch - 1)) + 1, Int(bin(pitch + 1)))
            let row = (first...last).map { 1 - abs(69 + 12 * log2(Double($0) * width / 440) - pitch) }
            let sum = row.reduce(0, +)
            spans.append((first, row.count, weights.count))
            weights += row.map { Float($0 / max(sum, 1e-9)) }
        }
        self.spans = spans
        self.weights = OwnedBuffer(weights)
        usedBins = (spans.last.map { $0.first + $0.count } ?? 0) + 1
        power = OwnedBuffer(Self.size / 2 + 1, repeating: 0)
        magnitude = OwnedBuffer(Self.size / 2 + 1, repeating: 0)
    }

    /// Takes samples at the working rate; `each` gets, for every frame, how much the pitches rose `lag` frames before,
    /// and the compressed semitone spectrum now (61 from C2).
    mutating func push(_ samples: UnsafeBufferPointer<Float>, each: (_ change: Float, UnsafePointer<Float>) -> Void) {
        var rest = samples
        while !rest.isEmpty {
            let (taken, isFrame) = frames.take(rest, into: fft.input)
            rest = UnsafeBufferPointer(rebasing: rest[taken...])
            if isFrame { addFrame(each) }
        }
    }

    private mutating func addFrame(_ each: (Float, UnsafePointer<Float>) -> Void) {
        fft.forward()
        kernel_power(fft.spectrum, power.start, fft.bins)
        kernel_sqrt(power.start, magnitude.start, usedBins)
        let places = 2 * Self.lag + 1
        let now = ring.start + (count % places) * Self.semitones
        let before = ring.start + ((count + 1) % places) * Self.semitones
        for semitone in 0..<Self.semitones {
            let span = spans[semitone]
            now[semitone] = kernel_dot(weights.start + span.offset, magnitude.start + span.first, span.count)
        }
        peak = max(kernel_max(now, Self.semitones), peak * decay)
        let scale = Self.gamma / peak
        for semitone in 0..<Self.semitones { now[semitone] = 1 + scale * now[semitone] }
        kernel_log2(now, now, Self.semitones)
        var rise: Float = 0
        if count >= 2 * Self.lag {
            for semitone in 0..<Self.semitones { rise += max(0, now[semitone] - before[semitone]) }
        }
        partials.push(power.start, looksCloser: count % Self.stride == 0, histogram: &histogram)
        count += 1
        each(rise / Float(Self.semitones), now)
    }

    var roughness: Double { partials.roughness }
    var vocalActivity: Double { partials.vocalActivity }
}
