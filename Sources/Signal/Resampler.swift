import Glibc

/// Streaming sample-rate conversion by a windowed sinc, mono, no allocation after `init`.
///
/// Output sample k lies at input time k · from / to; the filter spans 16 zero crossings of the lower of both
/// rates on each side under a Blackman window (Smith, "Digital Audio Resampling", 2002). Fed in blocks of any
/// size it gives the same bits, because each output depends on its position alone.
public struct Resampler: ~Copyable, @unchecked Sendable {
    private static let phases = 512
    private let ratio: Double
    private let identity: Bool
    private let half: Int
    private let table: UnsafeMutablePointer<Float>
    private let history: UnsafeMutablePointer<Float>
    private let capacity: Int
    private var filled = 0
    /// Input index of `history[0]`.
    private var origin = 0
    private var produced = 0
    private var consumed = 0

    /// - Parameters:
    ///   - from: input rate, Hz. - to: output rate, Hz. - maxBlock: the longest block that `push` will get.
    public init(from: Double, to: Double, maxBlock: Int) {
        ratio = from / to
        identity = from == to
        let cutoff = min(1, to / from) * 0.95
        half = Int((16 / cutoff).rounded(.up))
        capacity = 2 * half + max(maxBlock, 1) + 2
        history = .allocate(capacity: capacity)
        history.initialize(repeating: 0, count: capacity)
        let taps = 2 * half
        table = .allocate(capacity: (Self.phases + 1) * taps)
        for phase in 0...Self.phases {
            let fraction = Double(phase) / Double(Self.phases)
            var sum = 0.0
            for tap in 0..<taps {
                let x = Double(tap - half + 1) - fraction
                let u = x / Double(half)
                let window = abs(u) >= 1 ? 0 : 0.42 + 0.5 * cos(.pi * u) + 0.08 * cos(2 * .pi * u)
                let arg = .pi * cutoff * x
                let value = (abs(x) < 1e-9 ? 1 : sin(arg) / arg) * window
                table[phase * taps + tap] = Float(value)
                sum += value
            }
            for tap in 0..<taps { table[phase * taps + tap] /= Float(sum) }
        }
        filled = half - 1
        origin = -(half - 1)
    }

    deinit {
        table.deallocate()
        history.deallocate()
    }

    /// Takes up to `maxBlock` samples and hands each output sample to `emit`.
    public mutating func push(_ samples: UnsafePointer<Float>, count: Int, emit: (Float) -> Void) {
        if identity {
            for i in 0..<count { emit(samples[i]) }
            return
        }
        let taken = min(count, capacity - filled)
        (history + filled).update(from: samples, count: taken)
        filled += taken
        consumed += taken
        drain(until: .max, emit)
    }

    /// Hands out what the last samples still owe, as if silence followed.
    public mutating func flush(emit: (Float) -> Void) {
        guard !identity else { return }
        let pad = min(half + 1, capacity - filled)
        (history + filled).update(repeating: 0, count: pad)
        filled += pad
        drain(until: consumed, emit)
    }

    /// Emits what the history allows, up to input position `end`.
    private mutating func drain(until end: Int, _ emit: (Float) -> Void) {
        let taps = 2 * half
        while true {
            let position = Double(produced) * ratio
            guard position < Double(end) else { break }
            let base = position.rounded(.down)
            let start = Int(base) - half + 1 - origin
            guard start + taps <= filled else { break }
            let exact = (position - base) * Double(Self.phases)
            let phase = Int(exact)
            let blend = Float(exact - Double(phase))
            let a = table + phase * taps
            let b = a + (phase < Self.phases ? taps : 0)
            let x = history + start
            var low: Float = 0
            var high: Float = 0
            for tap in 0..<taps {
                low += a[tap] * x[tap]
                high += b[tap] * x[tap]
            }
            emit(low + (high - low) * blend)
            produced += 1
        }
        // Keep only what the next output can reach.
        let next = Int((Double(produced) * ratio).rounded(.down)) - half + 1 - origin
        if next > 0 {
            let keep = max(filled - next, 0)
            history.update(from: history + next, count: keep)
            filled = keep
            origin += next
        }
    }

    /// Overwrites what it has heard; it then goes on as if silence had come before.
    public mutating func wipe() { history.update(repeating: 0, count: capacity) }
}
