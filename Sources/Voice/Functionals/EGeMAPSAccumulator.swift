import AffettoKernels
import AffettoSignal
import Glibc

/// Gathers the 88 functionals frame by frame in constant memory.
///
/// Percentiles and slopes of pitch and loudness need the whole contour: it is held for up to `ContourStatistics.capacity`
/// frames (ten minutes) and folded into histograms and sums after that.
final class EGeMAPSAccumulator {
    private let mode: VoiceMode
    /// Held here so that it is made now and not on an audio thread.
    private let sources = EGeMAPS.sources
    /// Count, sum and sum of squares of each lane, for each set of frames.
    private let moments: OwnedBuffer<Double>
    private var pitch: ContourStatistics
    private var loudness: ContourStatistics
    private var segments: SegmentCounter
    private var frames = 0
    private var spectralFrames = 0
    private var energy = 0.0
    /// The last two spectral frames, of which `spectralHeld` are there.
    private var beforeSpectral = DescriptorVector.zero
    private var hereSpectral = DescriptorVector.zero
    private var spectralHeld = 0

    init(mode: VoiceMode, capacity: Int = ContourStatistics.capacity) {
        self.mode = mode
        moments = OwnedBuffer(3 * 3 * 32, repeating: 0)
        pitch = ContourStatistics(scale: .linear(from: 0, to: 64), mode: mode, capacity: capacity)
        loudness = ContourStatistics(scale: .logarithmic(from: 1e-4, to: 1e3), mode: mode, capacity: capacity)
        segments = SegmentCounter(mode: mode)
    }

    /// The spectral descriptors of the next frame and its mean square. In compatible mode there are more of them than of
    /// whole frames.
    func take(spectral values: DescriptorVector, meanSquare: Float) {
        energy += Double(meanSquare)
        spectralFrames += 1
        addSpectral(after: values)
        beforeSpectral = hereSpectral
        hereSpectral = values
        spectralHeld = min(spectralHeld + 1, 2)
    }

    func finishSpectral() {
        addSpectral(after: hereSpectral)
        spectralHeld = 0
    }

    private func addSpectral(after: DescriptorVector) {
        guard spectralHeld > 0 else { return }
        var smooth = DescriptorVector.zero
        Smoothing.smooth(spectralHeld > 1 ? beforeSpectral : hereSpectral, hereSpectral, after, into: &smooth)
        add(smooth, lanes: 0..<VoiceDescriptor.firstVoiced, set: .all)
        loudness.add(smooth[.loudness])
    }

    /// The next frame, with its `smoothed` filled, and its neighbours.
    func take(_ frame: VoiceFrame, between before: VoiceFrame, and after: VoiceFrame) {
        frames += 1
        add(frame.smoothed, lanes: VoiceDescriptor.firstVoiced..<VoiceDescriptor.count, set: .all)
        let isVoiced = frame.f0 > 0
        var masked = DescriptorVector.zero
        Smoothing.smooth(
            before.values, frame.values, after.values,
            takes: ((before.f0 > 0) == isVoiced, (after.f0 > 0) == isVoiced), into: &masked)
        add(masked, lanes: 0..<VoiceDescriptor.count, set: isVoiced ? .voiced : .unvoiced)
        let height = frame.smoothed[.f0semitone]
        if height != 0 { pitch.add(height) }
        segments.add(isVoiced: height != 0)
    }

    /// A window of frames as if it were a recording; `before` and `after` in it are its own edge frames.
    func take(window count: Int, _ frame: (Int) -> VoiceFrame) {
        for i in 0..<count {
            var middle = frame(i)
            let before = frame(max(i - 1, 0))
            let after = frame(min(i + 1, count - 1))
            Smoothing.smooth(before.values, middle.values, after.values, into: &middle.smoothed)
            // −100 dB is the scale's end: digital silence.
            take(spectral: middle.values, meanSquare: middle.intensity > -100 ? pow(10, middle.intensity / 10) : 0)
            take(middle, between: before, and: after)
        }
        finishSpectral()
    }

    private func add(_ values: DescriptorVector, lanes: Range<Int>, set: EGeMAPS.FrameSet) {
        // Without a mask a spectral 0 is a value like any other.
        let plain = set == .all ? VoiceDescriptor.firstVoiced : 0
        withLanes(values) {
            kernel_moments($0, moments.start + set.rawValue * 96, lanes.lowerBound, lanes.upperBound, plain)
        }
    }

    private func mean(_ set: EGeMAPS.FrameSet, _ d: VoiceDescriptor) -> (mean: Double, sd: Double) {
        let m = moments.start + set.rawValue * 96 + d.rawValue
        guard m[0] > 0 else { return (0, 0) }
        let mean = m[32] / m[0]
        return (mean, max(m[64] / m[0] - mean * mean, 0).squareRoot())
    }

    private func variation(_ set: EGeMAPS.FrameSet, _ d: VoiceDescriptor) -> Double {
        let (mean, sd) = mean(set, d)
        // A spread that is rounding of the sums counts as none.
        guard sd > 1e-7 * abs(mean) else { return 0 }
        guard mean != 0 else { return sd }
        return mode == .compatible ? sd / mean : sd / abs(mean)
    }

    /// The numbers in the order of `EGeMAPS.functionals`; 0 where there was nothing to measure.
    func functionals() -> [Float] {
        [Float](unsafeUninitializedCapacity: EGeMAPS.count) { buffer, count in
            if let base = buffer.baseAddress { write(functionals: base) }
            count = EGeMAPS.count
        }
    }

    /// The same into `out`, which holds 88 numbers; allocates nothing.
    func write(functionals out: UnsafeMutablePointer<Float>) {
        let heights = pitch.figures()
        let levels = loudness.figures()
        let lengths = segments.figures()
        let seconds = Double(frames) * VoiceScale.hop
        let spectralSeconds = Double(spectralFrames) * VoiceScale.hop
        for i in 0..<EGeMAPS.count {
            let value: Double
            switch sources[i] {
            case .mean(let set, let d): value = mean(set, d).mean
            case .variation(let set, let d): value = variation(set, d)
            case .shape(let d, let shape): value = (d == .loudness ? levels : heights).shape[shape.rawValue]
            case .loudnessPeaksPerSecond: value = spectralFrames > 0 ? levels.peaks / spectralSeconds : 0
            case .segment(.rate): value = frames > 0 ? lengths.voicedCount / seconds : 0
            case .segment(.voicedMean): value = lengths.voiced.mean
            case .segment(.voicedSd): value = lengths.voiced.sd
            case .segment(.unvoicedMean): value = lengths.unvoiced.mean
            case .segment(.unvoicedSd): value = lengths.unvoiced.sd
            case .equivalentLevel:
                value = spectralFrames > 0 ? 10 * log10(max(energy / Double(spectralFrames), 1e-12)) : -120
            }
            out[i] = Float(value)
        }
    }

    /// See `ContourStatistics.touch`.
    func touch() {
        pitch.touch()
        loudness.touch()
    }

    /// Overwrites what was measured.
    func wipe() {
        pitch.wipe()
        loudness.wipe()
        reset()
    }

    /// Starts anew, for the next window.
    func reset() {
        moments.fill(0)
        pitch.reset()
        loudness.reset()
        segments = SegmentCounter(mode: mode)
        frames = 0
        spectralFrames = 0
        energy = 0
        beforeSpectral = .zero
        hereSpectral = .zero
        spectralHeld = 0
    }
}
