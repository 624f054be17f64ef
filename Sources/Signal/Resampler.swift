import AffettoKernels
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
        // The same rate needs no filter.
        for phase in 0...Self.phases where !identity {
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

    /// Takes up to `maxBlock` samples and writes what they complete to `out`; `capacity` must hold count · to / from + 2.
    ///
    /// - Returns: how many were written.
    public mutating func push(
        _ samples: UnsafePointer<Float>, count: Int, into out: UnsafeMutablePointer<Float>, capacity room: Int
    ) -> Int {
        if identity {
            out.update(from: samples, count: min(count, room))
            return min(count, room)
        }
        let taken = min(count, capacity - filled)
        (history + filled).update(from: samples, count: taken)
        filled += taken
        consumed += taken
        return drain(until: .max, out, room)
    }

    /// Writes what the last samples still owe, as if silence followed; call it until it writes nothing.
    public mutating func flush(into out: UnsafeMutablePointer<Float>, capacity room: Int) -> Int {
        guard !identity else { return 0 }
        let pad = min(half + 1, capacity - filled)
        (history + filled).update(repeating: 0, count: pad)
        filled += pad
        return drain(until: consumed, out, room)
    }

    /// Writes what the history allows, up to input position `end`.
    private mutating func drain(until end: Int, _ out: UnsafeMutablePointer<Float>, _ room: Int) -> Int {
        let taps = 2 * half
        var made = 0
        while made < room {
            let position = Double(produced) * ratio
            guard position < Double(end) else { break }
            let base = position.rounded(.down)
            let start = Int(base) - half + 1 - origin
            guard start + taps <= filled else { break }
            let exact = (position - base) * Double(Self.phases)
            let phase = Int(exact)
            let blend = Float(exact - Double(phase))
            let a = table + phase * taps
            let x = history + start
            let low = kernel_dot(a, x, taps)
            let high = blend > 0 ? kernel_dot(a + taps, x, taps) : low
            out[made] = low + (high - low) * blend
            made += 1
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
        return made
    }

    /// Overwrites what it has heard; it then goes on as if silence had come before.
    public mutating func wipe() { history.update(repeating: 0, count: capacity) }
}
