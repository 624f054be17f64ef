import Glibc

/// The sharpest rise of level: for listeners whom sudden sounds startle.
struct AttackMeter {
    /// Samples of one level at the working rate, 10 ms, and how many levels back a rise is measured.
    private static let step = 220
    private static let reach = 5
    /// Softer than this, dB re full scale, counts as this.
    private static let floor = -60.0

    private var levels = [Double](repeating: floor, count: reach)
    private var next = 0
    private var energy = 0.0
    private var filled = 0
    private var loudest = floor
    /// dB, 0…60.
    private(set) var sharpest = 0.0

    mutating func push(_ samples: UnsafeBufferPointer<Float>) {
        for x in samples {
            energy += Double(x * x)
            filled += 1
            if filled == Self.step { endStep() }
        }
    }

    private mutating func endStep() {
        let level = max(10 * log10(energy / Double(Self.step) + 1e-12), Self.floor)
        loudest = max(loudest, level)
        if level > loudest - 20 { sharpest = max(sharpest, min(level - levels[next], 60)) }
        levels[next] = level
        next = (next + 1) % Self.reach
        energy = 0
        filled = 0
    }
}
