import AffettoKernels
import AffettoSignal
import Glibc

/// Corrected mode. Everything is resampled to 16 kHz, so that features do not hang on the recording's rate. Frame k is
/// centred on k · 10 ms + 5 ms for all descriptors: 20 ms (Hamming) for the spectral ones, 40 ms (Hann) for pitch, formants
/// and harmonics. Silence stands in for what lies before the beginning and after the end, so that no frame is lost.
final class CorrectedAnalysis: VoiceAnalysis {
    static let rate = 16_000.0
    static let hop = 160
    static let frame = 640
    static let fftSize = 1024
    /// Quieter frames are not voiced, dB re full scale.
    static let silence: Float = -65
    private static let lead = (frame - hop) / 2
    private static let pendingCount = PitchTracker.lookAhead + 2

    var framePeriod: Double { VoiceScale.hop }
    private let provides: Bool
    private var resampler: Resampler
    private var history: SampleHistory
    private var spectral = SpectralStage(rate: rate, mode: .corrected)
    private let fft = RealFFT(fftSize)
    private let hann: OwnedBuffer<Float>
    private var pitch: PitchTracker
    private var voicing = VoicingThreshold()
    private var formants = FormantStage()
    /// For provisional frames: their roots must not steer the final ones'.
    private var provisionalFormants = FormantStage()
    private var periods = PeriodTracker(rate: rate, hop: hop, frame: frame, mode: .corrected)
    private let scratch: OwnedBuffer<Double>
    private let block: OwnedBuffer<Float>
    /// Frames that wait for their pitch, and their power spectra below 5.5 kHz.
    private let pending: OwnedBuffer<VoiceFrame>
    private let spectra: OwnedBuffer<Float>
    private var analysed = 0
    private var released = 0
    /// Samples taken at 16 kHz.
    private var taken = 0

    /// - Parameter provides: provisional frames are wanted.
    init(rate: Double, provides: Bool) {
        self.provides = provides
        let window = Window.hann(Self.frame)
        hann = OwnedBuffer(window)
        pitch = PitchTracker(rate: Float(Self.rate), window: window)
        let maxOut = Int((Double(VoiceScale.maxBlock) * Self.rate / rate).rounded(.up)) + 64
        resampler = Resampler(from: rate, to: Self.rate, maxBlock: VoiceScale.maxBlock)
        block = OwnedBuffer(maxOut, repeating: 0)
        history = SampleHistory(kept: (Self.pendingCount + 2) * Self.hop + 3 * Self.frame, maxBlock: maxOut)
        scratch = OwnedBuffer(
            PeriodTracker.scratchCount(rate: Self.rate, lowestF0: Double(PitchTracker.floor)), repeating: 0)
        pending = OwnedBuffer(Self.pendingCount, repeating: VoiceFrame.silent)
        spectra = OwnedBuffer(Self.pendingCount * FormantStage.bins, repeating: 0)
        history.append(repeating: 0, count: Self.lead)
    }

    func push(_ samples: UnsafePointer<Float>, count: Int, to sink: FrameSink) {
        let made = resampler.push(samples, count: count, into: block.start, capacity: block.count)
        add(block.start, made, sink)
    }

    private func add(_ samples: UnsafePointer<Float>, _ count: Int, _ sink: FrameSink) {
        // In steps of a frame, so that what `history` keeps is always enough.
        var done = 0
        while done < count {
            let step = min(count - done, Self.frame)
            history.append(samples + done, count: step)
            taken += step
            done += step
            while history.end - analysed * Self.hop >= Self.frame { analyse(sink) }
        }
    }

    func finish(to sink: FrameSink) {
        while true {
            let made = resampler.flush(into: block.start, capacity: block.count)
            if made == 0 { break }
            add(block.start, made, sink)
        }
        let total = taken / Self.hop
        history.append(repeating: 0, count: Self.frame)
        while analysed < total { analyse(sink) }
        while released < analysed, let (f0, periodicity) = pitch.flush() { release(f0, periodicity, sink) }
        sink.end(following: nil)
    }

    private func analyse(_ sink: FrameSink) {
        let slot = analysed % Self.pendingCount
        let x = history.at(analysed * Self.hop)
        var frame = VoiceFrame.silent
        frame.index = analysed
        frame.time = (Double(analysed) + 0.5) * Double(Self.hop) / Self.rate
        let meanSquare = spectral.analyse(
            x + (Self.frame - spectral.length) / 2, into: &frame.values, bands: &frame.mel)
        frame.intensity = 10 * log10(max(meanSquare, 1e-10))
        sink.take(spectral: frame.values, meanSquare: meanSquare)

        pending.start[slot] = frame
        let isSilent = frame.intensity < Self.silence
        if !isSilent { correlate(x, slot) }
        analysed += 1
        let decided = pitch.push(
            fft.input, isSilent: isSilent, threshold: voicing.update(level: frame.intensity))
        if let (f0, periodicity) = decided { release(f0, periodicity, sink) }
        if provides { offer(slot, sink) }
    }

    /// The 40 ms frame's power spectrum into its slot, and its autocorrelation into `fft.input`.
    private func correlate(_ x: UnsafePointer<Float>, _ slot: Int) {
        kernel_multiply(x, hann.start, fft.input, Self.frame)
        (fft.input + Self.frame).update(repeating: 0, count: Self.fftSize - Self.frame)
        fft.forward()
        kernel_power(fft.spectrum, spectra.start + slot * FormantStage.bins, FormantStage.bins)
        kernel_conjugate(fft.spectrum, fft.bins)
        fft.inverse()
    }

    /// The oldest waiting frame with its pitch, and all that hangs on it.
    private func release(_ f0: Float, _ periodicity: Float, _ sink: FrameSink) {
        let slot = released % Self.pendingCount
        var frame = describe(slot, f0, periodicity, &formants)
        let perturbation = periods.measure(
            start: released * Self.hop, f0: f0, history, scratch: scratch.start)
        frame.values[.jitterLocal] = perturbation.jitter
        frame.values[.shimmerLocal] = perturbation.shimmer
        frame.isFinal = true
        released += 1
        sink.take(final: frame, counts: true)
    }

    /// The newest frame as it looks now. Its stages have memories of their own: final numbers must not hang on it.
    private func offer(_ slot: Int, _ sink: FrameSink) {
        let (f0, periodicity) = pitch.provisional()
        var frame = describe(slot, f0, periodicity, &provisionalFormants)
        var periods = periods
        let perturbation = periods.measure(
            start: frame.index * Self.hop, f0: f0, history, scratch: scratch.start)
        frame.values[.jitterLocal] = perturbation.jitter
        frame.values[.shimmerLocal] = perturbation.shimmer
        sink.take(provisional: frame)
    }

    private func describe(
        _ slot: Int, _ f0: Float, _ periodicity: Float, _ formants: inout FormantStage
    ) -> VoiceFrame {
        var frame = pending.start[slot]
        frame.f0 = f0
        frame.periodicity = periodicity
        guard f0 > 0 else { return frame }
        frame.values[.f0semitone] = 12 * log2(f0 / 27.5)
        // Between lags the autocorrelation is known to about 1e-4: no more than 40 dB can be told.
        let strength = min(max(periodicity, 1e-9), 1 - 1e-4)
        frame.values[.hnr] = 10 * log10(strength / (1 - strength))
        let power = UnsafePointer(spectra.start + slot * FormantStage.bins)
        formants.analyse(power, into: &frame.values)
        HarmonicStage.analyse(
            power, bins: FormantStage.bins,
            width: Float(Self.rate) / Float(Self.fftSize), f0: f0, into: &frame.values)
        return frame
    }

    func wipe() {
        resampler.wipe()
        history.wipe()
        spectral.wipe()
        fft.wipe()
        pitch.wipe()
        voicing = VoicingThreshold()
        formants.wipe()
        provisionalFormants.wipe()
        periods.wipe()
        block.fill(0)
        scratch.fill(0)
        spectra.fill(0)
        pending.fill(.silent)
        // Frames that waited are gone.
        released = analysed
    }
}
