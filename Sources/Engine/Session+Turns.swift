import AffettoCore

// Conversation: who is there, and whose turn it is.
extension Session {
    /// Somebody besides the learner, who is party 0. - Returns: their number.
    public func addParty(_ role: PartyRole, hasConsented: Bool) throws(AffettoError) -> Int {
        try with { work throws(AffettoError) in try work.turns.add(role, hasConsented: hasConsented) }
    }

    /// A party gives or takes back their consent to be read; the learner's are the engine's ledger.
    public func setPartyConsent(_ party: Int, _ hasConsented: Bool) throws(AffettoError) {
        try with { work throws(AffettoError) in
            try work.turns.check(party)
            guard party != 0 else {
                throw AffettoError(.argument, "the learner's consents are granted and revoked by name")
            }
            work.turns.setConsent(party, hasConsented)
        }
    }

    /// From here on what is pushed in words is this party's; ends the turn before.
    public func beginTurn(of party: Int, at now: Microseconds) throws(AffettoError) {
        try with { work throws(AffettoError) in
            try work.turns.check(party)
            // A time that is refused must not cost the audio that waits.
            try work.setTime(now)
            if audio.isOpen { hear(work, at: now) }
            try work.beginTurn(of: party, at: now)
            board.publish(work.state)
        }
    }

    public func endTurn(at now: Microseconds) throws(AffettoError) -> TurnReading {
        try with { work throws(AffettoError) in
            try work.setTime(now)
            if audio.isOpen { hear(work, at: now) }
            defer { board.publish(work.state) }
            return try work.endTurn(at: now)
        }
    }

    /// How a party seems to feel; of party 0 the session's own state.
    public func state(of party: Int, at now: Microseconds) throws(AffettoError) -> AffectState {
        try with { work throws(AffettoError) in try work.state(of: party, at: now) }
    }

    /// As `state(of:at:)`, in the form of `poll`.
    public func poll(
        party: Int, at now: Microseconds, probability: UnsafeMutablePointer<Float>,
        evidence: UnsafeMutablePointer<Float>
    ) throws(AffettoError) -> StateSnapshot {
        StateBoard(try state(of: party, at: now)).read(probability: probability, evidence: evidence)
    }
}
