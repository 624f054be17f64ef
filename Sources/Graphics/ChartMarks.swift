import AffettoCore

/// A decision as charts draw it.
public struct DecisionMark: Sendable, Equatable {
    public var number: UInt64
    public var time: Microseconds
    public var action: Action
    /// Title of the track, or what was done instead.
    public var label: String
    /// Seconds that the track lasts; `nil` = not known.
    public var duration: Double?
    public var start: AffectPoint
    public var target: AffectPoint
    public var destination: AffectPoint
    /// Where the track lies in the plane.
    public var music: AffectPoint?

    /// `track` is the decision's own, where the library still has it.
    public init(_ decision: Decision, track: Track? = nil) {
        number = decision.id
        time = decision.time
        action = decision.action
        switch decision.action {
        case .play: label = [track?.title, decision.track].compactMap { $0 }.first { !$0.isEmpty } ?? "music"
        case .silence: label = "silence"
        case .ask: label = "asked"
        case .wait: label = "waited"
        case .handToPerson: label = "handed to a person"
        }
        duration = track.map(\.features.duration).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        start = decision.start
        target = decision.target
        destination = decision.destination
        music = track?.point
    }
}

/// What the learner said about their own state.
public struct ReportMark: Sendable, Equatable {
    public var time: Microseconds
    /// −1…1; `nil` = not said.
    public var valence: Float?
    public var arousal: Float?
    public var emotion: Emotion?

    public init(time: Microseconds, valence: Float? = nil, arousal: Float? = nil, emotion: Emotion? = nil) {
        self.time = time
        self.valence = valence
        self.arousal = arousal
        self.emotion = emotion
    }

    /// `nil` unless the event is a self-report; reads its "valence", "arousal" and "emotion".
    public init?(_ event: SessionEvent) {
        guard event.kind == Modality.selfReport.name else { return nil }
        func number(_ key: String) -> Float? {
            event.detail[key].flatMap(Float.init).flatMap { $0.isFinite ? min(max($0, -1), 1) : nil }
        }
        self.init(
            time: event.time, valence: number("valence"), arousal: number("arousal"),
            emotion: event.detail["emotion"].flatMap(Emotion.init(name:)))
    }

    /// Where the report lies in the plane: as given, or the emotion's prototype.
    public var point: AffectPoint? {
        if let valence, let arousal { return AffectPoint(valence: valence, arousal: arousal) }
        return emotion?.point
    }
}

extension AffectPoint {
    var isFinite: Bool { valence.isFinite && arousal.isFinite }
}
