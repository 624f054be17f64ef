import AffettoCore

/// A made-up session of 41 minutes: homework that begins tense and ends calmer.
enum HomeworkEvening {
    static let second: Int64 = 1_000_000
    /// The host's clock when the session begins.
    static let origin = 5_000 * second

    static func at(_ minutes: Double) -> Microseconds { origin + Microseconds(seconds: minutes * 60) }

    static let tracks: [String: Track] = {
        let all = [
            track("sat-01", "Gymnopédie No. 1", "Erik Satie", 0.25, -0.45, 196),
            track("rain-7", "Rain on Glass", "Halldóra Ý", -0.15, 0.2, 262),
            track("lamp-2", "A Lamp in the Window & Other Lights", "Kestrel", 0.1, -0.1, 241),
            track("tide-3", "Slow Tide", "Mira Oduya", 0.4, -0.4, 305),
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }()

    static func track(
        _ id: String, _ title: String, _ artist: String, _ valence: Float, _ arousal: Float, _ duration: Double
    ) -> Track {
        Track(
            id: id, title: title, artist: artist, valence: Estimate(valence, sd: 0.2),
            arousal: Estimate(arousal, sd: 0.2),
            labelSource: .expert,
            features: MusicFeatures(
                duration: duration, tempo: 72, pulseClarity: 0.5, key: 2, isMinor: false, keyClarity: 0.6,
                majorness: 0.2,
                loudness: -19, energy: -22, brightness: 1400, flux: 0.1, onsetRate: 1.5))
    }

    /// Minute, valence, arousal, emotion; straight lines between.
    private static let way: [(Double, Float, Float, Emotion?)] = [
        (0, 0, 0, nil), (1.5, -0.15, 0.1, nil), (3, -0.35, 0.35, .anxious), (6, -0.55, 0.6, .anxious),
        (9, -0.5, 0.58, .anxious), (11, -0.42, 0.45, .frustrated), (14, -0.35, 0.38, .frustrated),
        (17, -0.2, 0.22, nil), (20, -0.1, 0.2, .confused), (23, 0.02, 0.1, nil), (26, 0.2, 0.12, .engaged),
        (31, 0.4, 0.18, .engaged), (35, 0.45, -0.05, .calm), (41, 0.5, -0.32, .calm),
    ]

    static var states: [AffectState] {
        var random = SeededRandom(seed: 7)
        var wobble: (Float, Float) = (0, 0)
        return (0...246).map { step in
            let minute = Double(step) / 6
            let next = max(way.firstIndex { $0.0 > minute } ?? way.count - 1, 1)
            let (a, b) = (way[next - 1], way[next])
            let share = Float(min(max((minute - a.0) / (b.0 - a.0), 0), 1))
            wobble.0 = wobble.0 * 0.9 + Float(random.uniform() - 0.5) * 0.06
            wobble.1 = wobble.1 * 0.9 + Float(random.uniform() - 0.5) * 0.07
            let sd: Float = a.3 == nil ? 0.34 : 0.17
            let emotion = a.3
            var probability = [Float](repeating: 0.03, count: Emotion.count)
            if let emotion { probability[Int(emotion.rawValue)] = 0.61 }
            return AffectState(
                time: at(minute), emotion: emotion,
                valence: Estimate(a.1 + (b.1 - a.1) * share + wobble.0, sd: sd),
                arousal: Estimate(a.2 + (b.2 - a.2) * share + wobble.1, sd: sd + 0.03), control: Estimate(0, sd: 0.3),
                probability: probability, confidence: emotion == nil ? 0.3 : 0.61,
                abstain: emotion == nil ? .highEntropy : .none, evidence: [0, 0, 0.33, 0.45, 0.22],
                generation: UInt64(step))
        }
    }

    static func decision(
        _ id: UInt64, _ minute: Double, _ action: Action, gate: Gate = .none, _ strategy: Strategy,
        track: String? = nil,
        propensity: Double, _ start: AffectPoint, _ target: AffectPoint, _ reasons: [Reason]
    ) -> Decision {
        Decision(
            id: id, time: at(minute), action: action, gate: gate, strategy: strategy, goal: .calm, track: track,
            propensity: propensity, start: start, target: target,
            destination: AffectPoint(valence: 0.55, arousal: -0.5), reasons: reasons)
    }

    static let decisions: [Decision] = [
        decision(
            1, 2.2, .ask, gate: .lowConfidence, .steady, propensity: 1, AffectPoint(valence: -0.2, arousal: 0.2),
            AffectPoint(valence: -0.2, arousal: 0.2),
            [Reason("low_confidence", "The state was not clear enough to act on.", weight: 1)]),
        decision(
            2, 6.5, .play, .iso, track: "rain-7", propensity: 0.184, AffectPoint(valence: -0.54, arousal: 0.6),
            AffectPoint(valence: -0.2, arousal: 0.26),
            [
                Reason("path", "It lies near the first step from tense to calm.", weight: 0.8),
                Reason("no_lyrics", "It has no lyrics, which fits reading and writing.", weight: 0.6),
                Reason("liked", "You liked pieces in this style before.", weight: 0.3),
            ]),
        decision(
            3, 12, .play, .iso, track: "lamp-2", propensity: 0.231, AffectPoint(valence: -0.4, arousal: 0.42),
            AffectPoint(valence: 0.05, arousal: -0.05),
            [
                Reason("path", "It lies near the second step from tense to calm.", weight: 0.8),
                Reason("tempo", "Its tempo follows on from the piece before.", weight: 0.4),
            ]),
        decision(
            4, 17.5, .silence, .silence, propensity: 0.15, AffectPoint(valence: -0.2, arousal: 0.22),
            AffectPoint(valence: -0.2, arousal: 0.22),
            [Reason("silence", "Silence is always one of the choices, and this time it was drawn.", weight: 0.5)]),
        decision(
            5, 22, .play, .compensatory, track: "sat-01", propensity: 0.302, AffectPoint(valence: 0, arousal: 0.12),
            AffectPoint(valence: 0.3, arousal: -0.4),
            [
                Reason("path", "It lies near the last step.", weight: 0.7),
                Reason("choice", "You asked for it by name two weeks ago.", weight: 0.5),
            ]),
        decision(
            6, 28, .wait, gate: .flow, .steady, propensity: 1, AffectPoint(valence: 0.3, arousal: 0.15),
            AffectPoint(valence: 0.3, arousal: 0.15), []),
    ]

    static let record = SessionRecord(
        id: "s-2026-03-12-1", learner: "Noor", started: 1_773_338_700, task: .verbal, purpose: .intervention,
        preset: "eu_home",
        events: (0..<24).map { SessionEvent(time: at(1.5 + Double($0) * 1.6), kind: "activity") }
            + (0..<7).map { SessionEvent(time: at(3 + Double($0) * 4), kind: "text") } + [
                SessionEvent(
                    time: at(4), kind: "self_report",
                    detail: ["valence": "-0.60", "arousal": "0.70", "emotion": "anxious"]),
                SessionEvent(
                    time: at(24), kind: "self_report", detail: ["valence": "0.10", "arousal": "0.00"]),
                SessionEvent(
                    time: at(39), kind: "self_report",
                    detail: ["valence": "0.55", "arousal": "-0.35", "emotion": "calm"]),
            ],
        states: states, decisions: decisions,
        outcomes: [
            Outcome(decision: 2, time: at(11), benefit: 0.12, liking: 0.5),
            Outcome(decision: 3, time: at(17), benefit: 0.21, liking: -0.25),
            Outcome(decision: 5, time: at(27), benefit: 0.26, liking: nil),
        ],
        prompts: [
            Prompt(
                time: at(2.2), text: "How are you feeling right now?",
                choices: ["good", "okay", "not so good", "rather not say"]),
            Prompt(
                time: at(13),
                text: "From how the task went, you might be feeling stuck or annoyed. Does one of these fit?",
                choices: ["stuck", "annoyed", "let down", "ready to give up", "something else", "rather not say"]),
        ])
}
