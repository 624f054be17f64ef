import AffettoCore
import AffettoGraphics

/// What can be said about a session in a few plain sentences: modest, tentative, and without claiming causes.
struct SessionSummary {
    let record: SessionRecord
    /// In order of time.
    let states: [AffectState]
    /// Seconds from the first to the last moment.
    let duration: Double
    /// Seconds for which each emotion was named, in order of `Emotion`.
    private(set) var named = [Double](repeating: 0, count: Emotion.count)
    /// Seconds in which no emotion was named.
    private(set) var unsure = 0.0
    /// Share of the evidence from each modality, in order of `Modality`, over time; all 0 without evidence.
    private(set) var evidence = [Double](repeating: 0, count: Modality.count)

    init(_ record: SessionRecord, states: [AffectState], duration: Double) {
        self.record = record
        self.states = states
        self.duration = duration
        for (state, next) in zip(states, states.dropFirst()) {
            let seconds = max(next.time.seconds - state.time.seconds, 0)
            if state.abstain == .none, let emotion = state.emotion {
                named[Int(emotion.rawValue)] += seconds
            } else {
                unsure += seconds
            }
            for (index, share) in state.evidence.prefix(Modality.count).enumerated() where share.isFinite && share > 0 {
                evidence[index] += Double(share) * seconds
            }
        }
        let total = evidence.reduce(0, +)
        if total > 0 { for index in evidence.indices { evidence[index] /= total } }
    }

    /// Share of time for each emotion that was named, most first.
    var feelings: [(emotion: Emotion, share: Double)] {
        let total = named.reduce(unsure, +)
        guard total > 0 else { return [] }
        return Emotion.allCases.map { ($0, named[Int($0.rawValue)] / total) }.filter { $0.1 > 0 }
            .sorted { ($0.1, $1.0.rawValue) > ($1.1, $0.0.rawValue) }
    }

    /// Share of time in which no emotion was named; `nil` without states.
    var unsureShare: Double? {
        let total = named.reduce(unsure, +)
        return total > 0 ? unsure / total : nil
    }

    var sentences: [String] { [length, course, doubt, deeds, ownWord].compactMap { $0 } }

    private var length: String {
        guard duration >= 60 else { return "The session lasted less than a minute." }
        return "The session lasted \(Self.count(Int((duration / 60).rounded()), "minute"))."
    }

    /// From the first to the last tenth, by where the state lay, not by cause.
    private var course: String? {
        let points = states.filter { $0.generation > 0 && $0.valence.mean.isFinite && $0.arousal.mean.isFinite }
        guard points.count >= 4 else { return nil }
        let tenth = max(points.count / 10, 1)
        func middle(_ part: ArraySlice<AffectState>) -> AffectPoint {
            let sum = part.reduce((0.0, 0.0)) { ($0.0 + Double($1.valence.mean), $0.1 + Double($1.arousal.mean)) }
            return AffectPoint(
                valence: Float(sum.0 / Double(part.count)), arousal: Float(sum.1 / Double(part.count)))
        }
        let (first, last) = (middle(points.prefix(tenth)), middle(points.suffix(tenth)))
        let (from, to) = (Self.words(first), Self.words(last))
        if from == to { return "It may have felt \(from) at the beginning and much the same at the end." }
        return "It may have felt \(from) at the beginning and \(to) at the end; "
            + "whether the music had a part in that, one session cannot tell."
    }

    private var doubt: String? {
        guard let unsureShare else { return nil }
        guard unsureShare < 1 else { return "At no time was Affetto sure enough to name a feeling." }
        guard unsureShare > 0 else { return nil }
        return "For \(Markup.percent(unsureShare)) of the time Affetto was not sure enough to name a feeling."
    }

    private var deeds: String? {
        func times(_ action: Action) -> Int { record.decisions.count { $0.action == action } }
        var parts: [String] = []
        if times(.play) > 0 { parts.append("chose music \(Self.times(times(.play)))") }
        // An exam or a stop is not a choice.
        let silences = record.decisions.count { $0.action == .silence && $0.gate == .none }
        if silences > 0 { parts.append("chose silence \(Self.times(silences))") }
        if times(.ask) > 0 { parts.append("asked \(Self.times(times(.ask)))") }
        if times(.handToPerson) > 0 { parts.append("handed over to a person \(Self.times(times(.handToPerson)))") }
        return parts.isEmpty ? nil : "Affetto \(Self.list(parts))."
    }

    private var ownWord: String? {
        let reports = record.events.count { $0.kind == Modality.selfReport.name }
        guard reports > 0 else { return "The learner did not say how they felt, so all of this is guesswork." }
        return "The learner said \(Self.times(reports)) how they felt; that counts more than any guess."
    }

    /// "unpleasant and full of energy": valence and arousal in words.
    static func words(_ point: AffectPoint) -> String {
        let valence = point.valence < -0.2 ? "unpleasant" : point.valence > 0.2 ? "pleasant" : "neither good nor bad"
        let arousal = point.arousal < -0.2 ? "quiet" : point.arousal > 0.2 ? "high in energy" : "at middling energy"
        return "\(valence) and \(arousal)"
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func times(_ number: Int) -> String {
        switch number {
        case 1: "once"
        case 2: "twice"
        default: "\(number) times"
        }
    }

    /// "a", "a and b", "a, b and c".
    static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }
}
