import Glibc

/// A sound made of up to eight partials, each a decaying or held sine.
struct Instrument: Sendable {
    /// Frequency of each partial over that of the note.
    var ratios: SIMD8<Float>
    var amplitudes: SIMD8<Float>
    /// Seconds in which the first partial of middle C falls to 1/e; infinite = held. Higher notes and partials fall
    /// sooner.
    var decay: Float
    var attack: Float
    /// Seconds to 1/e once the key is up.
    var release: Float
    /// Cents between two copies left and right; 0 = one copy.
    var spread: Float = 0

    private static let harmonic = SIMD8<Float>(1, 2, 3, 4, 5, 6, 7, 8)
    /// Stiff strings stretch their partials.
    private static let struck = SIMD8<Float>(1, 2.001, 3.003, 4.008, 5.015, 6.026, 7.04, 8.06)

    static let piano = Instrument(
        ratios: struck, amplitudes: .init(1, 0.55, 0.32, 0.2, 0.12, 0.07, 0.04, 0.025), decay: 1.3, attack: 0.004,
        release: 0.18, spread: 3)
    static let felt = Instrument(
        ratios: struck, amplitudes: .init(1, 0.3, 0.1, 0.04, 0.015, 0.005, 0, 0), decay: 1.5, attack: 0.014,
        release: 0.35, spread: 4)
    static let electricPiano = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.18, 0.1, 0.04, 0.01, 0, 0, 0), decay: 1.4, attack: 0.008,
        release: 0.2, spread: 6)
    static let guitar = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.65, 0.42, 0.24, 0.16, 0.1, 0.06, 0.04), decay: 0.75, attack: 0.003,
        release: 0.12)
    static let harp = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.35, 0.14, 0.06, 0.02, 0.01, 0, 0), decay: 0.95, attack: 0.005,
        release: 0.5, spread: 3)
    static let marimba = Instrument(
        ratios: .init(1, 3.93, 9.2, 2, 1, 1, 1, 1), amplitudes: .init(1, 0.35, 0.1, 0.05, 0, 0, 0, 0), decay: 0.32,
        attack: 0.002, release: 0.15)
    static let musicBox = Instrument(
        ratios: .init(1, 2, 3.01, 5.4, 8.9, 1, 1, 1), amplitudes: .init(1, 0.2, 0.16, 0.12, 0.03, 0, 0, 0), decay: 0.9,
        attack: 0.003, release: 0.6)
    static let bell = Instrument(
        ratios: .init(1, 2, 2.76, 4.07, 5.4, 1, 1, 1), amplitudes: .init(1, 0.4, 0.2, 0.12, 0.05, 0, 0, 0), decay: 2,
        attack: 0.02, release: 1.2, spread: 5)
    static let strings = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.52, 0.34, 0.22, 0.16, 0.1, 0.07, 0.05), decay: .infinity, attack: 0.28,
        release: 0.3, spread: 11)
    static let spiccato = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.75, 0.6, 0.45, 0.34, 0.25, 0.2, 0.15), decay: 0.28, attack: 0.012,
        release: 0.07, spread: 13)
    static let brass = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.9, 0.75, 0.55, 0.4, 0.26, 0.17, 0.1), decay: .infinity, attack: 0.05,
        release: 0.1, spread: 8)
    static let warmPad = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.28, 0.12, 0.05, 0.02, 0, 0, 0), decay: .infinity, attack: 0.9,
        release: 0.9, spread: 9)
    static let flute = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.3, 0.1, 0.03, 0.01, 0, 0, 0), decay: .infinity, attack: 0.06,
        release: 0.12, spread: 4)
    static let square = Instrument(
        ratios: .init(1, 3, 5, 7, 9, 11, 13, 15), amplitudes: .init(1, 0.33, 0.2, 0.143, 0.11, 0.09, 0.077, 0.067),
        decay: .infinity, attack: 0.002, release: 0.02)
    static let saw = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.5, 0.33, 0.25, 0.2, 0.167, 0.143, 0.125), decay: .infinity,
        attack: 0.006, release: 0.05, spread: 14)
    static let roundBass = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.4, 0.12, 0.04, 0, 0, 0, 0), decay: 1.1, attack: 0.008, release: 0.08)
    static let growlBass = Instrument(
        ratios: harmonic, amplitudes: .init(1, 0.8, 0.6, 0.45, 0.32, 0.22, 0.15, 0.1), decay: 0.9, attack: 0.004,
        release: 0.05)
}

/// One sounding note.
struct Note {
    /// Seconds from the start, and until the key goes up.
    var time: Double
    var length: Double
    /// MIDI number, 60 = middle C.
    var pitch: Int
    /// 0…1; soft notes are also darker.
    var velocity: Float
    var instrument: Instrument
    /// −1 left … 1 right.
    var pan: Float = 0
}

extension Mixer {
    /// Adds the note to the mix.
    mutating func add(_ note: Note) {
        let cents = note.instrument.spread
        guard cents > 0 else { return addCopy(note, detune: 0, pan: note.pan, gain: 1) }
        addCopy(note, detune: -cents / 2, pan: max(note.pan - 0.4, -1), gain: 0.7)
        addCopy(note, detune: cents / 2, pan: min(note.pan + 0.4, 1), gain: 0.7)
    }

    /// Eight partials turn as eight complex numbers, one multiplication a sample.
    private mutating func addCopy(_ note: Note, detune: Float, pan: Float, gain: Float) {
        let instrument = note.instrument
        let fundamental = 440 * exp2f((Float(note.pitch - 69) + detune / 100) / 12)
        let sampleRate = Float(rate)
        var cosine = SIMD8<Float>(repeating: 1)
        var sine = SIMD8<Float>()
        var re = SIMD8<Float>()
        var im = SIMD8<Float>()
        let height = exp2f(Float(60 - note.pitch) / 24)
        for k in 0..<8 {
            let frequency = fundamental * instrument.ratios[k]
            guard frequency < 0.4 * sampleRate, instrument.amplitudes[k] > 0 else { continue }
            let angle = 2 * Float.pi * frequency / sampleRate
            let tau = instrument.decay * height / (1 + 0.35 * (instrument.ratios[k] - 1))
            let fall = instrument.decay.isFinite ? expf(-1 / (tau * sampleRate)) : 1
            cosine[k] = cosf(angle) * fall
            sine[k] = sinf(angle) * fall
            let amplitude = instrument.amplitudes[k] * powf(note.velocity, 0.25 * Float(k))
            // Phases that differ from copy to copy keep the two from cancelling at the start.
            let phase = instrument.decay.isFinite ? 0 : Float(k * k) * 1.3 + detune + Float(note.pitch)
            re[k] = amplitude * cosf(phase)
            im[k] = amplitude * sinf(phase)
        }
        let level = 0.12 * gain * note.velocity
        let angle = (pan + 1) * Float.pi / 4
        let (toLeft, toRight) = (level * cosf(angle), level * sinf(angle))
        let start = max(0, Int(note.time * rate))
        let held = Int(note.length * rate)
        let end = min(start + held + Int(Double(instrument.release) * 6 * rate), frames)
        let rise = 1 / max(1, instrument.attack * sampleRate)
        let fade = expf(-1 / (instrument.release * sampleRate))
        var envelope: Float = 0
        var key: Float = 1
        guard start < end else { return }
        for i in start..<end {
            envelope = min(1, envelope + rise)
            if i - start >= held { key *= fade }
            let y = im.sum() * envelope * key
            left[i] += toLeft * y
            right[i] += toRight * y
            let turned = re * cosine - im * sine
            im = re * sine + im * cosine
            re = turned
        }
    }
}
