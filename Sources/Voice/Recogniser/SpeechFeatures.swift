import AffettoSignal
import Glibc

/// What the recogniser sees of a stretch of speech: 617 numbers, all free of the recording's gain.
///
/// Eight groups, in order: pitch, level, rhythm (`+Prosody`), voice quality, spectral balance, cepstra, mel bands
/// (`+Spectrum`), modulation spectrum and correlations among contours (`+Contours`). A number that had nothing to measure is
/// NaN.
public final class SpeechFeatures {
    /// Grows when a name, its meaning or the order changes; a voice pack of another revision is refused.
    public static let revision = 2
    /// Fewest voiced frames from which the numbers mean something: 0.3 s.
    public static let minimumVoiced = 30
    public static let names: [String] = {
        let features = SpeechFeatures()
        var list = FeatureList(keepsNames: true)
        features.measure(SpeechContours([VoiceFrame](repeating: .silent, count: 20)), into: &list)
        return list.names
    }()

    /// Of the 64 frames (0.64 s) of a modulation spectrum.
    let modulation = RealFFT(64)
    let hann = Window.hann(64)

    public init() {}

    /// - Parameter frames: final ones, in order.
    /// - Returns: one number a name, or `nil` where fewer than 0.3 s are voiced.
    public func compute(_ frames: some RandomAccessCollection<VoiceFrame>) -> [Float]? {
        guard frames.count >= Self.minimumVoiced else { return nil }
        let contours = SpeechContours(Array(frames))
        guard contours.voiced.count >= Self.minimumVoiced else { return nil }
        var list = FeatureList(keepsNames: false)
        measure(contours, into: &list)
        return list.values
    }

    func wipe() { modulation.wipe() }

    private func measure(_ x: SpeechContours, into list: inout FeatureList) {
        addPitch(x, &list)
        addLevel(x, &list)
        addRhythm(x, &list)
        addQuality(x, &list)
        addBalance(x, &list)
        addCepstra(x, &list)
        addBands(x, &list)
        addModulation(x, &list)
        addCorrelations(x, &list)
    }
}

/// Features as they are made, with their names where somebody asks.
struct FeatureList {
    private(set) var values: [Float] = []
    private(set) var names: [String] = []
    let keepsNames: Bool

    init(keepsNames: Bool) { self.keepsNames = keepsNames }

    mutating func add(_ name: @autoclosure () -> String, _ value: Double) {
        values.append(Float(value))
        if keepsNames { names.append(name()) }
    }

    /// Statistics of a contour, one a letter: mean, sd, percentiles 10 (1), 50 (5) and 90 (9), range between the outer
    /// two, skewness (k).
    mutating func add(_ name: @autoclosure () -> String, _ x: [Double], _ which: String) {
        let (mean, sd) = Contour.moments(x)
        let sorted = which.contains(where: { "159r".contains($0) }) ? x.sorted() : []
        for letter in which {
            switch letter {
            case "m": add(name() + ".mean", mean)
            case "s": add(name() + ".sd", x.count > 1 ? sd : .nan)
            case "1": add(name() + ".p10", Contour.percentile(0.1, sorted))
            case "5": add(name() + ".p50", Contour.percentile(0.5, sorted))
            case "9": add(name() + ".p90", Contour.percentile(0.9, sorted))
            case "r": add(name() + ".range", Contour.percentile(0.9, sorted) - Contour.percentile(0.1, sorted))
            default:
                let cubes = x.reduce(0) { $0 + pow(($1 - mean) / (sd + 1e-6), 3) }
                add(name() + ".skew", x.count > 2 ? cubes / Double(x.count) : .nan)
            }
        }
    }
}

/// Plain arithmetic on contours; what is empty gives NaN.
enum Contour {
    static func moments(_ x: [Double]) -> (mean: Double, sd: Double) {
        guard !x.isEmpty else { return (.nan, .nan) }
        let mean = x.reduce(0, +) / Double(x.count)
        return (mean, (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)).squareRoot())
    }

    static func percentile(_ p: Double, _ sorted: [Double]) -> Double {
        guard let last = sorted.last else { return .nan }
        let position = p * Double(sorted.count - 1)
        let i = Int(position)
        guard i + 1 < sorted.count else { return last }
        return sorted[i] + (sorted[i + 1] - sorted[i]) * (position - Double(i))
    }

    /// Least-squares slope of `x` over `t`.
    static func slope(_ t: [Double], _ x: [Double]) -> Double {
        guard x.count >= 4 else { return .nan }
        let middle = t.reduce(0, +) / Double(t.count)
        var xy = 0.0
        var xx = 0.0
        for (t, x) in zip(t, x) {
            xy += (t - middle) * x
            xx += (t - middle) * (t - middle)
        }
        return xy / (xx + 1e-9)
    }

    /// Change a frame: regression over five frames, the ends repeated.
    static func delta(_ x: [Double]) -> [Double] {
        let n = x.count
        func at(_ i: Int) -> Double { x[min(max(i, 0), n - 1)] }
        return (0..<n).map { (2 * (at($0 + 2) - at($0 - 2)) + at($0 + 1) - at($0 - 1)) / 10 }
    }

    /// Stretches where `mask` holds.
    static func runs(_ mask: some RandomAccessCollection<Bool>) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var start: Int?
        for (i, isIn) in mask.enumerated() {
            if isIn, start == nil { start = i }
            if !isIn, let from = start {
                out.append(from..<i)
                start = nil
            }
        }
        if let from = start { out.append(from..<mask.count) }
        return out
    }

    static func part(_ x: [Double], _ i: Int, of count: Int) -> [Double] {
        Array(x[(x.count * i / count)..<(x.count * (i + 1) / count)])
    }

    static func mean(_ x: [Double]) -> Double { moments(x).mean }

    /// Correlations of every two columns, the lower triangle row by row.
    static func correlations(_ columns: [[Double]]) -> [Double] {
        let n = Double(columns.first?.count ?? 0)
        let z = columns.map { column -> [Double] in
            let (mean, sd) = moments(column)
            return column.map { ($0 - mean) / (sd + 1e-6) }
        }
        return z.indices.flatMap { i in (0..<i).map { j in zip(z[i], z[j]).reduce(0) { $0 + $1.0 * $1.1 } / n } }
    }
}

/// The contours of a stretch of speech that several groups share.
struct SpeechContours {
    static let bands = SpectralStage.bands
    /// Natural logarithm of power to dB.
    static let decibels = 10 / log(10.0)

    let frames: [VoiceFrame]
    /// Frame × band: natural log power.
    let mel: [[Double]]
    /// dB over all bands, and relative to its own 95th percentile, not below −40.
    let energy: [Double]
    let level: [Double]
    /// Semitones over 27.5 Hz; 0 where unvoiced.
    let height: [Double]
    let isSpeech: [Bool]
    let isVoiced: [Bool]
    /// Numbers of the frames of speech, and of its voiced and unvoiced ones.
    let speech: [Int]
    let voiced: [Int]
    let unvoiced: [Int]
    /// From the first frame of speech to the last.
    let span: Range<Int>
    /// Voiced stretches of four frames or more.
    let segments: [Range<Int>]
    /// Cepstral coefficients 1…12: coefficient × frame; and their deltas.
    let cepstra: [[Double]]
    let deltas: [[Double]]

    init(_ frames: [VoiceFrame]) {
        self.frames = frames
        let powers = frames.map { frame in (0..<Self.bands).map { Double(frame.mel[$0]) } }
        mel = powers
        energy = powers.map { Self.decibels * log($0.reduce(0) { $0 + exp($1) }) }
        let sorted = energy.sorted()
        let top = Contour.percentile(0.95, sorted)
        level = energy.map { max($0 - top, -40) }
        // Speech by level alone, relative to the stretch itself.
        let floor = max(top - 30, min(Contour.percentile(0.05, sorted) + 3, top - 15))
        var isSpeech = energy.map { $0 > floor }
        if isSpeech.count(where: { $0 }) < 10 {
            let tenth = sorted[max(sorted.count - 10, 0)]
            isSpeech = energy.map { $0 >= tenth }
        }
        self.isSpeech = isSpeech
        isVoiced = zip(frames, isSpeech).map { $0.f0 > 0 && $1 }
        height = frames.map { $0.f0 > 0 ? 12 * log2(Double($0.f0) / 27.5) : 0 }
        speech = isSpeech.indices.filter { isSpeech[$0] }
        voiced = speech.filter { frames[$0].f0 > 0 }
        unvoiced = speech.filter { frames[$0].f0 == 0 }
        span = (speech.first ?? 0)..<((speech.last ?? 0) + 1)
        segments = Contour.runs(isVoiced).filter { $0.count >= 4 }
        cepstra = (1...12).map { n in
            let row = (0..<Self.bands).map {
                (2 / Double(Self.bands)).squareRoot() * cos(.pi * Double(n) * (Double($0) + 0.5) / Double(Self.bands))
            }
            return powers.map { zip($0, row).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        deltas = cepstra.map(Contour.delta)
    }

    func values(_ d: VoiceDescriptor, _ which: [Int]) -> [Double] { which.map { Double(frames[$0][d]) } }
}

extension Array where Element == Double {
    func at(_ indices: [Int]) -> [Double] { indices.map { self[$0] } }
}
