import AffettoCore
import Glibc

/// One part of a piece.
struct Layer: Sendable {
    enum Part: Sendable {
        /// The chord, held for a bar.
        case pad
        /// The chord on every note of the rhythm.
        case chords(Rhythm)
        /// The chord's notes one by one, taken in `order` (0 = lowest; beyond the chord, an octave higher).
        case broken(Rhythm, order: [Int])
        /// The root; the fifth above on every third note where `walks`.
        case bass(Rhythm, walks: Bool)
        /// A tune over the chords: rhythms alternate by the bar.
        case melody([Rhythm])
        case drums([(Drum, Rhythm)])
    }

    var part: Part
    var instrument: Instrument = .piano
    /// MIDI number around which it plays.
    var centre = 60
    var level: Float = 0.7
    var pan: Float = 0
    /// First bar, as a share of the piece.
    var from = 0.0

    func play(_ score: Score, on mixer: inout Mixer, random: inout SeededRandom) {
        let first = Int((from * Double(score.bars)).rounded())
        var voices: [Int] = []
        var tune = Tune(score, centre: centre, random: &random)
        for bar in first..<max(first, score.bars) {
            let isLast = bar == score.bars - 1
            voices = score.voicing(bar, centre: centre, after: voices)
            switch part {
            case .pad: strike(voices, bar, Rhythm("x"), score, &mixer, &random)
            case .chords(let rhythm): strike(voices, bar, isLast ? "X" : rhythm, score, &mixer, &random)
            case .broken(let rhythm, let order): scatter(voices, order, bar, rhythm, isLast, score, &mixer, &random)
            case .bass(let rhythm, let walks): root(bar, isLast ? "X" : rhythm, walks, score, &mixer, &random)
            case .melody(let rhythms):
                let rhythm = rhythms[bar % rhythms.count]
                for (hit, pitch) in tune.bar(bar, rhythm: isLast ? "X" : rhythm, random: &random) {
                    sound(pitch, bar, hit, of: isLast ? 1 : rhythm.steps, score, &mixer, &random)
                }
            case .drums(let kit):
                for (drum, rhythm) in kit where !isLast {
                    for hit in rhythm.hits {
                        let time = score.time(bar: bar, step: hit.step, of: rhythm.steps) + 0.004 * random.uniform()
                        let accent: Float = hit.isAccent ? 1 : 0.65
                        let stroke = level * accent * Float(0.88 + 0.12 * random.uniform())
                        mixer.add(drum, at: time, level: stroke, random: &random)
                    }
                }
            }
        }
    }

    private func strike(
        _ voices: [Int], _ bar: Int, _ rhythm: Rhythm, _ score: Score, _ mixer: inout Mixer,
        _ random: inout SeededRandom
    ) {
        for hit in rhythm.hits {
            for pitch in voices { sound(pitch, bar, hit, of: rhythm.steps, score, &mixer, &random) }
        }
    }

    private func scatter(
        _ voices: [Int], _ order: [Int], _ bar: Int, _ rhythm: Rhythm, _ isLast: Bool, _ score: Score,
        _ mixer: inout Mixer, _ random: inout SeededRandom
    ) {
        for (i, hit) in rhythm.hits.enumerated() {
            let index = order[i % order.count]
            let pitch = voices[index % voices.count] + 12 * (index / voices.count)
            sound(pitch, bar, hit, of: rhythm.steps, score, &mixer, &random)
            // The last bar stops on its first notes.
            if isLast, i >= 2 { break }
        }
    }

    private func root(
        _ bar: Int, _ rhythm: Rhythm, _ walks: Bool, _ score: Score, _ mixer: inout Mixer, _ random: inout SeededRandom
    ) {
        let chord = score.chord(bar)
        for (i, hit) in rhythm.hits.enumerated() {
            let pitchClass = walks && i % 3 == 2 ? chord[2] : chord[0]
            let low = centre - 6
            let pitch = low + ((pitchClass - low) % 12 + 12) % 12
            sound(pitch, bar, hit, of: rhythm.steps, score, &mixer, &random)
        }
    }

    /// One note, a few milliseconds and a shade of loudness off, as hands are.
    private func sound(
        _ pitch: Int, _ bar: Int, _ hit: Rhythm.Hit, of steps: Int, _ score: Score, _ mixer: inout Mixer,
        _ random: inout SeededRandom
    ) {
        let start = score.time(bar: bar, step: hit.step, of: steps)
        let length = Double(hit.length * score.spec.beatsPerBar) / Double(steps) * score.beat
        let accent: Float = hit.isAccent ? 1 : 0.8
        let velocity = min(1, level * accent * Float(0.88 + 0.2 * random.uniform()))
        mixer.add(
            Note(
                time: start + 0.012 * random.uniform(), length: length * 0.96, pitch: pitch, velocity: velocity,
                instrument: instrument, pan: pan))
    }
}

/// Makes a tune: two bars' worth of steps are drawn once and come back, so that the ear meets them again.
private struct Tune {
    private let score: Score
    private let centre: Int
    private let contours: [[Int]]
    private var step: Int

    init(_ score: Score, centre: Int, random: inout SeededRandom) {
        self.score = score
        self.centre = centre
        let moves = [-2, -1, -1, -1, 0, 1, 1, 1, 2, 3]
        var contours: [[Int]] = []
        for _ in 0..<2 { contours.append((0..<16).map { _ in moves[random.below(moves.count)] }) }
        self.contours = contours
        step = 0
        while score.pitch(step) < centre { step += 1 }
    }

    /// Long notes and first notes belong to the chord; others move by the contour through the scale.
    mutating func bar(_ bar: Int, rhythm: Rhythm, random: inout SeededRandom) -> [(Rhythm.Hit, Int)] {
        let contour = contours[bar % 4 == 1 || bar % 4 == 2 ? 1 : 0]
        let chord = score.chord(bar)
        let isLast = bar == score.bars - 1
        var out: [(Rhythm.Hit, Int)] = []
        for (i, hit) in rhythm.hits.enumerated() {
            step += contour[i % contour.count]
            let offset = score.pitch(step) - centre
            if offset > 9 { step -= 3 } else if offset < -7 { step += 3 }
            let mustFit = i == 0 || hit.length * 4 >= rhythm.steps
            let allowed = isLast ? [score.spec.tonic % 12] : chord
            var reach = 0
            while mustFit || isLast, !allowed.contains(score.pitch(step) % 12), reach < 7 {
                reach += 1
                step += reach % 2 == 0 ? reach : -reach
            }
            // Over a minor key's dominant the seventh step is raised, in the tune as in the chord.
            let isLeading = score.spec.scale == .minor && score.degrees[bar] == 4 && (step % 7 + 7) % 7 == 6
            out.append((hit, score.pitch(step) + (isLeading ? 1 : 0)))
        }
        return out
    }
}
