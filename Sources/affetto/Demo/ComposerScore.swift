import AffettoCore
import Glibc

/// Seven-note scales.
enum Scale: Sendable {
    case major, lydian, mixolydian, minor, dorian, phrygian

    var isMinor: Bool { self == .minor || self == .dorian || self == .phrygian }

    /// Semitones above the tonic.
    var steps: [Int] {
        switch self {
        case .major: [0, 2, 4, 5, 7, 9, 11]
        case .lydian: [0, 2, 4, 6, 7, 9, 11]
        case .mixolydian: [0, 2, 4, 5, 7, 9, 10]
        case .minor: [0, 2, 3, 5, 7, 8, 10]
        case .dorian: [0, 2, 3, 5, 7, 9, 10]
        case .phrygian: [0, 1, 3, 5, 7, 8, 10]
        }
    }
}

/// The frame that all layers share: bars, chords and time.
struct Score {
    let spec: PieceSpec
    let bars: Int
    /// Scale degree of each bar's chord; the last bar comes home.
    let degrees: [Int]

    init(_ spec: PieceSpec, bars: Int) {
        self.spec = spec
        self.bars = bars
        degrees = (0..<bars).map { $0 == bars - 1 ? 0 : spec.progression[$0 % spec.progression.count] }
    }

    var beat: Double { 60 / spec.tempo }

    /// Seconds at which `step` of `count` equal steps of a bar falls, with swing.
    func time(bar: Int, step: Int, of count: Int) -> Double {
        let beats = Double(step * spec.beatsPerBar) / Double(count)
        let half = (beats * 2).rounded(.down)
        let late = beats * 2 == half && Int(half) % 2 == 1 ? spec.swing : 0
        return 0.15 + (Double(bar * spec.beatsPerBar) + beats + late) * beat
    }

    /// MIDI number of a scale step counted from the tonic below middle C.
    func pitch(_ step: Int) -> Int {
        let octave = Int((Double(step) / 7).rounded(.down))
        return 48 + spec.tonic + 12 * octave + spec.scale.steps[step - 7 * octave]
    }

    /// Pitch classes of a bar's chord, root first. A minor key's dominant gets its leading note.
    func chord(_ bar: Int) -> [Int] {
        let degree = degrees[bar]
        let size = spec.sevenths ? 4 : 3
        return (0..<size).map { voice in
            let raised = spec.scale == .minor && degree == 4 && voice == 1 ? 1 : 0
            return (pitch(degree + 2 * voice) + raised) % 12
        }
    }

    /// The chord in the octave around `centre` that moves least from `previous`; ascending MIDI numbers.
    func voicing(_ bar: Int, centre: Int, after previous: [Int]) -> [Int] {
        let classes = chord(bar)
        var best: [Int] = []
        var least = Int.max
        for inversion in 0..<classes.count {
            for octave in -1...1 {
                var low = centre - 6 + 12 * octave
                var voices: [Int] = []
                for k in 0..<classes.count {
                    let pitchClass = classes[(inversion + k) % classes.count]
                    while low % 12 != pitchClass { low += 1 }
                    voices.append(low)
                    low += 1
                }
                let anchor = previous.count == voices.count ? previous : voices.map { _ in centre }
                let travel = zip(voices, anchor).reduce(0) { $0 + abs($1.0 - $1.1) }
                let drift = abs(voices.reduce(0, +) / voices.count - centre)
                if travel + drift < least {
                    least = travel + drift
                    best = voices
                }
            }
        }
        return best
    }
}

/// One bar written as text: "x" a note, "X" an accent, "-" it goes on, "." rest; spaces are for the eye.
struct Rhythm: Sendable, ExpressibleByStringLiteral {
    struct Hit: Sendable {
        var step: Int
        var length: Int
        var isAccent: Bool
    }

    let steps: Int
    let hits: [Hit]

    init(stringLiteral text: String) {
        var hits: [Hit] = []
        var step = 0
        for mark in text where mark != " " {
            switch mark {
            case "x", "X": hits.append(Hit(step: step, length: 1, isAccent: mark == "X"))
            case "-" where !hits.isEmpty: hits[hits.count - 1].length += 1
            default: break
            }
            step += 1
        }
        steps = max(step, 1)
        self.hits = hits
    }
}
