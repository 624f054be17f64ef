// The closed vocabularies of the engine; numbers are ABI (Include/affetto.h) and are never renumbered.

/// Where evidence comes from.
public enum Modality: Int32, NamedCode {
    case voice = 0
    case face, text, activity, selfReport
    public static let count = 5
}

/// What a rule or a consent can be about: each modality under its own number, and what else can be read off a person.
public enum DataKind: Int32, NamedCode {
    case voice = 0
    case face, text, activity, selfReport
    /// When keys go down and up. Nothing in the engine reads it yet.
    case typingRhythm
    /// The pitch of a sung exercise, as a skill and not as a feeling. Nothing in the engine reads it yet.
    case singing

    public init(_ modality: Modality) { self = DataKind(rawValue: modality.rawValue) ?? .voice }
}

/// What data may be used for. Consent is given, and checked, per purpose.
public enum Purpose: Int32, NamedCode {
    case intervention = 0
    case feedback, skill, research, safety
}

/// Who granted a consent.
public enum GrantorRole: Int32, NamedCode {
    case learner = 0
    case guardian, school, clinician, researcher
}

/// What the learner is doing; decides whether lyrics, or music at all, fit. Unknown counts as verbal.
public enum TaskKind: Int32, NamedCode {
    case verbal = 0
    case numeric, motor, creative, rest, exam, lecture
}

/// Who hears the music.
public enum PlaybackScope: Int32, NamedCode {
    case own = 0
    case shared
}

/// Where the music should lead.
public enum Goal: Int32, NamedCode {
    case calm = 0
    case focus, create, motivate, uplift, express
}

/// How to get there. Silence is always among the choices.
public enum Strategy: Int32, NamedCode {
    case iso = 0
    case compensatory, steady, silence, selfChoice
}

/// What a decision asks the host to do.
public enum Action: Int32, NamedCode {
    case play = 0
    case silence, ask, wait, handToPerson
}

/// Why an intervention was withheld or delayed; 0 = nothing stood in the way.
public enum Gate: Int32, NamedCode {
    case none = 0
    case stopped, paused, policy, consent, exam, lecture, lowConfidence, flow, confusionGrace, burden, noTrack,
        distress, crisis
}

/// One thing the learner did in the exercise.
public enum ActivityKind: Int32, NamedCode {
    case itemShown = 0
    case answer, hint, edit, idle, navigation, helpRequest, abandon, resume
}

/// Why the engine does not name an emotion; 0 = it does.
public enum AbstainReason: Int32, NamedCode {
    case none = 0
    case noEvidence, lowProbability, highEntropy, stale, crisis
}

/// Who made a label of a track.
public enum LabelSource: Int32, NamedCode {
    case model = 0
    case crowd, expert, host
}

/// Whether a track waits for somebody to look at it.
public enum ReviewStatus: Int32, NamedCode {
    case none = 0
    /// Something contradicts something else.
    case needed
    /// A person looked, and it stays as it is.
    case accepted
    /// A person looked, and it is not to be played.
    case rejected
}

/// Who speaks in a conversation.
public enum PartyRole: Int32, NamedCode {
    case learner = 0
    case tutor, agent, peer
}
