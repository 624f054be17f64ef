import AffettoCore

/// The engine's vocabulary in words for a page that learners, families and teachers read.
enum ReportWords {
    static func task(_ task: TaskKind) -> String {
        switch task {
        case .verbal: "reading or writing"
        case .numeric: "working with numbers"
        case .motor: "moving or practising"
        case .creative: "making something"
        case .rest: "resting"
        case .exam: "sitting an exam"
        case .lecture: "listening to a lesson"
        }
    }

    static func purpose(_ purpose: Purpose) -> String {
        switch purpose {
        case .intervention: "choosing music"
        case .feedback: "feedback to the learner"
        case .skill: "practising skills"
        case .research: "research"
        case .safety: "safety"
        }
    }

    static func action(_ action: Action) -> String {
        switch action {
        case .play: "Music:"
        case .silence: "Silence"
        case .ask: "A question"
        case .wait: "Waiting"
        case .handToPerson: "Over to a person"
        }
    }

    /// The second line of a decision: how the choice was meant, or what stood in the way.
    static func strategy(_ decision: Decision) -> String {
        if decision.gate != .none { return gate(decision.gate) }
        guard decision.action == .play || decision.action == .silence else { return "toward \(goal(decision.goal))" }
        let way =
            switch decision.strategy {
            case .iso: "begin where things stand, then lead"
            case .compensatory: "begin where things should lead"
            case .steady: "even music near the middle"
            case .silence: "a rest for the ears"
            case .selfChoice: "what the learner likes best"
            }
        return "\(way); toward \(goal(decision.goal))"
    }

    static func goal(_ goal: Goal) -> String {
        switch goal {
        case .calm: "calm"
        case .focus: "focus"
        case .create: "fresh ideas"
        case .motivate: "drive"
        case .uplift: "a lighter mood"
        case .express: "letting feelings out"
        }
    }

    static func gate(_ gate: Gate) -> String {
        switch gate {
        case .none: "no need"
        case .stopped: "the session was stopped"
        case .paused: "music was paused"
        case .policy: "the rules in force do not allow it"
        case .consent: "consent is missing"
        case .exam: "an exam was going on"
        case .lecture: "a lesson was going on"
        case .lowConfidence: "not sure enough about the state"
        case .flow: "work was going well"
        case .confusionGrace: "puzzling over something can be fruitful"
        case .burden: "too soon after the last time"
        case .noTrack: "no track in the library fitted"
        case .distress, .crisis: "a person should take over"
        }
    }

    static func modality(_ modality: Modality) -> String {
        switch modality {
        case .voice: "sound of the voice"
        case .face: "camera"
        case .text: "written words"
        case .activity: "how the task went"
        case .selfReport: "the learner's own word"
        }
    }

    static func event(_ kind: String) -> String {
        if let modality = Modality(name: kind) { return Self.modality(modality) }
        switch kind {
        case "task": return "change of task"
        case "stop": return "stop"
        case "resume": return "going on again"
        case "pause": return "pause"
        case "crisis", "crisis_acknowledged", "crisis_resolved", "crisis_prompt": return "word to a person"
        case "contradiction": return "the learner's word was another"
        case "veto": return "never-again word about a track"
        default: return kind
        }
    }
}
