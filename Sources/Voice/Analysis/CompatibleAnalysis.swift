import AffettoKernels
import AffettoSignal
import Glibc

/// Compatible mode: the signal at its own rate, as 16-bit samples; frames of 20 ms (Hamming) for the spectrum and of 60 ms
/// (Gauss) for pitch and harmonics, both beginning at k · 10 ms; one frame repeated at the end; frames whose pitch is
/// undecided when the signal ends left out of functionals.
final class CompatibleAnalysis: VoiceAnalysis {
    private static let pendingCount = 64
    /// Root mean square of the windowed frame below which no pitch is believed.
    private static let quiet: Float = 0.001

    struct Pending {
        var candidates = SubharmonicPitch.Candidates()
        var isLoud = false
    }

    var framePeriod: Double { Double(hop) / rate }
    private let rate: Double
    private let provides: Bool
    private let hop: Int
    private let frame: Int
    private let offset: Int
    private var history: SampleHistory
    private var spectral: SpectralStage
    private var formants: CompatibleFormants
    private let harmonics: CompatibleHarmonics
    private let pitch: SubharmonicPitch
    private var path = PitchPath()
    private var periods: PeriodTracker
    private let fft: RealFFT
    private let gauss: OwnedBuffer<Float>
    private let acf: OwnedBuffer<Float>
    private let scratch: OwnedBuffer<Double>
    private let block: OwnedBuffer<Float>
    /// Frames of the spectrum, which run ahead of those of the pitch, and those that wait for a decision.
    private let spectra: OwnedBuffer<VoiceFrame>
    private let pending: OwnedBuffer<Pending>
    private let magnitudes: OwnedBuffer<Float>
    private var spectraMade = 0
    private var pitchesMade = 0
    private var released = 0

    /// - Parameter provides: provisional frames are wanted.
    init(rate: Double, provides: Bool) {
        self.rate = rate
        self.provides = provides
        func samples(_ seconds: Double) -> Int { Int((seconds * rate + 0.5).rounded(.down)) }
        hop = samples(0.01)
        let length = samples(0.06)
        frame = length
        spectral = SpectralStage(rate: rate, mode: .compatible)
        formants = CompatibleFormants(rate: rate)
        var size = 1
        while size < length { size <<= 1 }
        fft = RealFFT(size)
        offset = (size - length) / 2
        let width = rate / Double(size)
        harmonics = CompatibleHarmonics(bins: fft.bins, width: width)
        pitch = SubharmonicPitch(bins: fft.bins, width: width)
        periods = PeriodTracker(rate: rate, hop: hop, frame: frame, mode: .compatible)
        let centre = Double(length - 1) / 2
        gauss = OwnedBuffer(
            (0..<length).map {
                let x = (Double($0) - centre) / (0.4 * centre)
                return Float(exp(-0.5 * x * x))
            })
        acf = OwnedBuffer(fft.bins, repeating: 0)
        scratch = OwnedBuffer(PeriodTracker.scratchCount(rate: rate, lowestF0: 50), repeating: 0)
        block = OwnedBuffer(length, repeating: 0)
        spectra = OwnedBuffer(Self.pendingCount, repeating: VoiceFrame.silent)
        pending = OwnedBuffer(Self.pendingCount, repeating: Pending())
        magnitudes = OwnedBuffer(Self.pendingCount * fft.bins, repeating: 0)
        history = SampleHistory(kept: Self.pendingCount * hop + 3 * length, maxBlock: length)
    }

    func push(_ samples: UnsafePointer<Float>, count: Int, to sink: FrameSink) {
        var done = 0
        while done < count {
            let step = min(count - done, block.count)
            for i in 0..<step {
                // 16-bit samples, full scale 32767.
                let whole = (samples[done + i] * 32768).rounded(.towardZero)
                block.start[i] = min(max(whole, -32768), 32767) / 32767
            }
            history.append(block.start, count: step)
            done += step
            while history.end - spectraMade * hop >= spectral.length { analyseSpectrum(sink) }
            while history.end - pitchesMade * hop >= frame { analysePitch(sink) }
        }
    }

    func finish(to sink: FrameSink) {
        path.flush { release($0, counts: false, sink) }
        guard released > 0 else { return sink.end(following: nil) }
        // The table's extra row: the spectral columns go on, the others repeat.
        let last = spectra.start[(released - 1) % Self.pendingCount]
        func continued(_ index: Int) -> VoiceFrame {
            var frame = last
            frame.index = released
            frame.time = Double(released * hop) / rate
            let own = spectra.start[min(index, spectraMade - 1) % Self.pendingCount]
            for lane in 0..<VoiceDescriptor.firstVoiced { frame.values[lane] = own.values[lane] }
            return frame
        }
        sink.take(final: continued(released), counts: false)
        sink.end(following: continued(released + 1))
    }

    private func analyseSpectrum(_ sink: FrameSink) {
        let x = history.at(spectraMade * hop)
        var frame = VoiceFrame.silent
        frame.index = spectraMade
        frame.time = Double(spectraMade * hop) / rate
        let meanSquare = spectral.analyse(x, into: &frame.values, bands: &frame.mel)
        frame.intensity = 10 * log10(max(meanSquare, 1e-10))
        formants.analyse(x, into: &frame.values)
        spectra.start[spectraMade % Self.pendingCount] = frame
        spectraMade += 1
        sink.take(spectral: frame.values, meanSquare: meanSquare)
    }

    private func analysePitch(_ sink: FrameSink) {
        let slot = pitchesMade % Self.pendingCount
        let x = history.at(pitchesMade * hop)
        let windowed = fft.input + offset
        kernel_multiply(x, gauss.start, windowed, frame)
        let energy = kernel_dot(windowed, windowed, frame)
        (fft.input).update(repeating: 0, count: offset)
        (windowed + frame).update(repeating: 0, count: fft.size - offset - frame)
        fft.forward()
        let m = magnitudes.start + slot * fft.bins
        kernel_power(fft.spectrum, m, fft.bins)
        kernel_sqrt(m, m, fft.bins)
        let found = pitch.find(m)
        pending.start[slot] = Pending(
            candidates: found, isLoud: (energy / Float(frame)).squareRoot() > Self.quiet)
        pitchesMade += 1
        path.push(found) { release($0, counts: true, sink) }
        if provides { offer(slot, sink) }
    }

    private func release(_ state: Int, counts: Bool, _ sink: FrameSink) {
        let slot = released % Self.pendingCount
        var frame = describe(released, state)
        let perturbation = periods.measure(start: released * hop, f0: frame.f0, history, scratch: scratch.start)
        frame.values[.jitterLocal] = perturbation.jitter
        frame.values[.shimmerLocal] = perturbation.shimmer
        frame.isFinal = true
        spectra.start[slot] = frame
        released += 1
        sink.take(final: frame, counts: counts)
    }

    private func offer(_ slot: Int, _ sink: FrameSink) {
        // The strongest candidate, were it to be voiced.
        let index = pitchesMade - 1
        var frame = describe(index, pending.start[slot].candidates.voicing[0] >= 0.7 ? 0 : SubharmonicPitch.candidates)
        var periods = periods
        let perturbation = periods.measure(start: index * hop, f0: frame.f0, history, scratch: scratch.start)
        frame.values[.jitterLocal] = perturbation.jitter
        frame.values[.shimmerLocal] = perturbation.shimmer
        sink.take(provisional: frame)
    }

    private func describe(_ index: Int, _ state: Int) -> VoiceFrame {
        let slot = index % Self.pendingCount
        let own = pending.start[slot]
        var frame = spectra.start[slot]
        let isVoiced = state < SubharmonicPitch.candidates && own.isLoud && own.candidates.frequency[state] > 0
        frame.periodicity = Float(own.candidates.voicing[isVoiced ? state : 0])
        guard isVoiced else {
            CompatibleHarmonics.unvoiced(&frame.values)
            return frame
        }
        let f0 = own.candidates.frequency[state]
        frame.f0 = Float(f0)
        frame.values[.f0semitone] = f0 > 29.136 ? Float(12 * log2(f0 / 27.5)) : 1
        let m = magnitudes.start + slot * fft.bins
        for b in 0..<fft.bins {
            fft.spectrum[2 * b] = m[b] * m[b]
            fft.spectrum[2 * b + 1] = 0
        }
        fft.inverse()
        for lag in 0..<fft.bins { acf.start[lag] = abs(fft.input[lag]) }
        frame.values[.hnr] = harmonics.harmonicity(acf.start, lag: Int(rate / f0))
        harmonics.analyse(m, f0: f0, into: &frame.values)
        return frame
    }

    func wipe() {
        history.wipe()
        spectral.wipe()
        formants.wipe()
        harmonics.wipe()
        pitch.wipe()
        path.wipe()
        periods.wipe()
        fft.wipe()
        block.fill(0)
        scratch.fill(0)
        acf.fill(0)
        magnitudes.fill(0)
        spectra.fill(.silent)
        pending.fill(Pending())
        // Frames that waited are gone, those of the spectrum that ran ahead too.
        pitchesMade = spectraMade
        released = spectraMade
    }
}
