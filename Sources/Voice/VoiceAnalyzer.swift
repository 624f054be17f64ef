import AffettoCore
import AffettoSignal
import Glibc

/// Streaming voice analysis: any rate in, one `VoiceFrame` each 10 ms out, 0.3 s late, because pitch is decided by what
/// follows. Nothing is allocated after `init`, and the numbers do not depend on how the samples were cut into blocks.
public final class VoiceAnalyzer {
    public static let rate = 16_000.0
    public static let hop = 160
    static let window = 640
    static let fftSize = 1024
    static let melBands = 26
    /// Longest block that `push` takes at once; longer ones are cut.
    public static let maxBlock = 4096
    /// +80 dB re full scale: louder samples are taken for this, so that no sum of squares can overflow.
    public static let limit: Float = 1e4

    private var resampler: Resampler
    private let fft = RealFFT(VoiceAnalyzer.fftSize)
    private let mel = MelFilterBank(bands: melBands, fftSize: fftSize, rate: rate, range: 20...8000)
    private let hann = Window.hann(window)
    private var pitch: PitchTracker
    private var activity = SpeechActivity()
    private var nuclei = SyllableNuclei()
    private let buffer: UnsafeMutablePointer<Float>
    private let power: UnsafeMutablePointer<Float>
    private let bands: UnsafeMutablePointer<Float>
    private let lastBands: UnsafeMutablePointer<Float>
    private let cosines: [Float]
    private var filled = 0
    private var frames = 0
    /// Frames that wait for their pitch, oldest first from `pendingStart`.
    private var pending = [VoiceFrame](repeating: .silent, count: PitchTracker.lookAhead + 1)
    private var pendingStart = 0
    private var pendingCount = 0

    /// - Parameter rate: of the samples to come, 8000…96000 Hz.
    public init(rate: Double) throws(AffettoError) {
        guard rate >= 8000, rate <= 96_000 else {
            throw AffettoError(.range, "the audio rate is \(rate) Hz; it must be 8000…96000")
        }
        resampler = Resampler(from: rate, to: Self.rate, maxBlock: Self.maxBlock)
        pitch = PitchTracker(rate: Float(Self.rate), window: hann)
        buffer = .allocate(capacity: Self.window)
        power = .allocate(capacity: fft.bins)
        bands = .allocate(capacity: Self.melBands)
        lastBands = .allocate(capacity: Self.melBands)
        buffer.initialize(repeating: 0, count: Self.window)
        power.initialize(repeating: 0, count: fft.bins)
        bands.initialize(repeating: 0, count: Self.melBands)
        lastBands.initialize(repeating: 0, count: Self.melBands)
        cosines = (1...12).flatMap { n in
            (0..<Self.melBands).map { cos(.pi * Float(n) * (Float($0) + 0.5) / Float(Self.melBands)) }
        }
    }

    deinit {
        wipe()
        buffer.deallocate()
        power.deallocate()
        bands.deallocate()
        lastBands.deallocate()
    }

    /// Analyses `count` mono samples; `emit` gets each frame that they complete.
    public func push(_ samples: UnsafePointer<Float>, count: Int, emit: (VoiceFrame) -> Void) {
        var start = 0
        while start < count {
            let block = min(count - start, Self.maxBlock)
            resampler.push(samples + start, count: block) { take($0, emit) }
            start += block
        }
    }

    /// Analyses what the resampler still holds. The last incomplete frame is not invented.
    public func finish(emit: (VoiceFrame) -> Void) {
        resampler.flush { take($0, emit) }
        while pendingCount > 0, let (f0, periodicity) = pitch.flush() { emit(release(f0, periodicity)) }
    }

    /// Overwrites every sample and spectrum held.
    public func wipe() {
        resampler.wipe()
        fft.wipe()
        buffer.update(repeating: 0, count: Self.window)
        power.update(repeating: 0, count: fft.bins)
        bands.update(repeating: 0, count: Self.melBands)
        lastBands.update(repeating: 0, count: Self.melBands)
        pitch.wipe()
        for i in pending.indices { pending[i] = .silent }
        pendingCount = 0
    }

    private func take(_ sample: Float, _ emit: (VoiceFrame) -> Void) {
        buffer[filled] = sample.isFinite ? min(max(sample, -Self.limit), Self.limit) : 0
        filled += 1
        guard filled == Self.window else { return }
        analyse(emit)
        buffer.update(from: buffer + Self.hop, count: Self.window - Self.hop)
        filled -= Self.hop
        frames += 1
    }

    private func analyse(_ emit: (VoiceFrame) -> Void) {
        var frame = VoiceFrame.silent
        frame.time = (Double(frames * Self.hop) + Double(Self.window) / 2) / Self.rate
        var square: Float = 0
        hann.withUnsafeBufferPointer { hann in
            for i in 0..<Self.window {
                fft.input[i] = buffer[i] * hann[i]
                // Level over the middle 20 ms: syllables move faster than 40 ms.
                if i >= 160, i < 480 { square += buffer[i] * buffer[i] }
            }
        }
        frame.intensity = 10 * log10(max(square / 320, 1e-10))
        (fft.input + Self.window).update(repeating: 0, count: Self.fftSize - Self.window)
        fft.forward()
        fft.power(into: power)
        spectralShape(&frame)
        cepstrum(&frame)
        for bin in 0..<fft.bins {
            fft.spectrum[2 * bin] = power[bin]
            fft.spectrum[2 * bin + 1] = 0
        }
        fft.inverse()
        pending[(pendingStart + pendingCount) % pending.count] = frame
        pendingCount += 1
        if let (f0, periodicity) = pitch.push(fft.input, isSilent: frame.intensity < -65) {
            emit(release(f0, periodicity))
        }
    }

    /// The oldest waiting frame with its pitch, and what follows from pitch and level in order.
    private func release(_ f0: Float, _ periodicity: Float) -> VoiceFrame {
        var frame = pending[pendingStart]
        pendingStart = (pendingStart + 1) % pending.count
        pendingCount -= 1
        frame.f0 = f0
        frame.periodicity = periodicity
        frame.isSpeech = activity.update(intensity: frame.intensity)
        frame.isNucleus = nuclei.update(frame)
        return frame
    }

    private func spectralShape(_ frame: inout VoiceFrame) {
        let width = Float(Self.rate) / Float(Self.fftSize)
        func bin(_ hertz: Float) -> Int { min(Int(hertz / width), fft.bins - 1) }
        var low: Float = 1e-12
        var high: Float = 1e-12
        var sum: Float = 1e-12
        var weighted: Float = 0
        var peakLow: Float = 1e-12
        var peakHigh: Float = 1e-12
        for b in bin(50)...bin(5000) {
            let f = Float(b) * width
            let p = power[b]
            sum += p
            weighted += p * f
            if f < 1000 { low += p } else { high += p }
            if f < 2000 { peakLow = max(peakLow, p) } else { peakHigh = max(peakHigh, p) }
        }
        frame.alphaRatio = 10 * log10(high / low)
        frame.hammarberg = 10 * log10(peakLow / peakHigh)
        frame.centroid = weighted / sum
        frame.slopeLow = slope(from: bin(20), to: bin(500), width: width)
        frame.slopeHigh = slope(from: bin(500), to: bin(1500), width: width)
    }

    /// Regression slope of 10 log10 power over the bins, dB per kHz; free of gain.
    private func slope(from first: Int, to last: Int, width: Float) -> Float {
        var y: Float = 0
        var xy: Float = 0
        var xx: Float = 0
        let centre = Float(first + last) / 2
        for b in first...last {
            let x = Float(b) - centre
            let db = 10 * log10(max(power[b], 1e-12))
            y += db
            xy += x * db
            xx += x * x
        }
        return xy / xx / width * 1000
    }

    private func cepstrum(_ frame: inout VoiceFrame) {
        mel.apply(power, into: bands)
        var flux: Float = 0
        for band in 0..<Self.melBands {
            bands[band] = log(max(bands[band], 1e-10))
            flux += abs(bands[band] - lastBands[band])
            lastBands[band] = bands[band]
        }
        frame.flux = frames == 0 ? 0 : flux / Float(Self.melBands) * 4.342_945
        let scale = (2 / Float(Self.melBands)).squareRoot()
        for n in 0..<12 {
            var sum: Float = 0
            for band in 0..<Self.melBands { sum += bands[band] * cosines[n * Self.melBands + band] }
            frame.mfcc[n] = sum * scale
        }
    }
}
