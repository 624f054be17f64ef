import AffettoCore

/// One thing that happened in a session and is kept.
public enum SessionItem: Sendable {
    case event(SessionEvent)
    case state(AffectState)
    case decision(Decision)
    case outcome(Outcome)
    case prompt(Prompt)
}
