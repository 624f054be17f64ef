import AffettoCore
import AffettoFusion
import Glibc

// Conversation: whose turn it is, and what the turn as a whole says.
extension SessionWork {
    func beginTurn(of party: Int, at now: Microseconds) throws(AffettoError) {
        try turns.check(party)
        try setTime(now)
        if turns.open != nil { _ = try endTurn(at: now) }
        turns.open = Turns.Open(party: party, began: now)
    }

    /// - Throws: `.state` where no turn is open.
    func endTurn(at now: Microseconds) throws(AffettoError) -> TurnReading {
        guard let open = turns.open else { throw AffettoError(.state, "no turn is open") }
        try setTime(now)
        turns.open = nil
        let role = turns.parties[open.party].role
        var reading = TurnReading(
            party: open.party, seconds: max((now - open.began).seconds, 0), evidence: open.evidence.map(\.numbers),
            probability: [])
        turns.remember(ConversationTurn(party: Int32(open.party), features: reading.evidence))
        if let model = models.conversation, !isCrisis, let evidence = try said(by: model, open, at: now) {
            reading.probability = evidence.logLikelihood.map { exp($0) }
            fuse(evidence, of: open.party)
        }
        let detail = ["role": role.name, "seconds": Self.short(Float(reading.seconds))]
        try keep(.event(SessionEvent(time: now, kind: "turn", detail: detail)), at: now)
        return reading
    }

    /// What the conversation so far makes of the turn that has just ended; `nil` where nothing was sensed in it.
    private func said(
        by model: ConversationModel, _ open: Turns.Open, at now: Microseconds
    ) throws(AffettoError) -> Evidence? {
        let places = model.shape.senses.compactMap { sense in
            TurnEvidence.modalities.firstIndex { $0.name == sense.name }
        }
        let best = places.max { open.evidence[$0].bestQuality < open.evidence[$1].bestQuality } ?? 0
        guard open.evidence[best].bestQuality > 0 else { return nil }
        let history = turns.past.map { turn in
            ConversationTurn(party: turn.party, features: places.map { turn.features[$0] })
        }
        return try model.evidence(
            history, modality: TurnEvidence.modalities[best], quality: open.evidence[best].bestQuality, at: now)
    }

    private func fuse(_ evidence: Evidence, of party: Int) {
        if party == 0 { filter.update(evidence) } else { turns.hear(evidence, of: party) }
    }

    /// Evidence of a modality that a turn is made of, on its way into the state.
    /// - Returns: what of it enters at once: where a conversation model will speak of the turn, no classes before it does.
    func collect(_ evidence: Evidence) -> Evidence {
        guard let open = turns.open, open.party == 0,
            let s = TurnEvidence.modalities.firstIndex(of: evidence.modality)
        else { return evidence }
        turns.open?.evidence[s].add(evidence)
        guard models.conversation?.shape.senses.contains(where: { $0.name == evidence.modality.name }) ?? false else {
            return evidence
        }
        var out = evidence
        out.logLikelihood = []
        return out
    }

    /// The words of another party, in their turn. - Returns: grave words of a peer, which somebody should see.
    func takeText(
        _ text: String, of party: Int, at now: Microseconds
    ) throws(AffettoError) -> CrisisReport? {
        let speaker = turns.parties[party]
        guard speaker.hasConsented else {
            throw AffettoError(
                .consent, "party \(party) (\(speaker.role.name)) has not consented: only that they spoke is kept")
        }
        // The learner's consent is not asked for another's words, but the preset's leave is.
        if let refusal = refusal(.text), refusal.code == .policy { throw refusal }
        guard text.utf8.count <= 1 << 20 else { throw AffettoError(.range, "the text is longer than 1 MiB") }
        let reading = models.text.read(text)
        // A tutor may have to ask about what is grave; a peer who writes it is a person to look after.
        if speaker.role == .peer, let (tier, source) = engine.crisis(in: text, reading: reading.crisis) {
            return crisisReport(tier, source, detail: ["role": speaker.role.name], at: now)
        }
        try setTime(now)
        guard !isCrisis, let evidence = reading.evidence(at: now) else { return nil }
        turns.hear(evidence, of: party)
        if let s = TurnEvidence.modalities.firstIndex(of: .text) { turns.open?.evidence[s].add(evidence) }
        return nil
    }

    /// How another party seems to feel.
    func state(of party: Int, at now: Microseconds) throws(AffettoError) -> AffectState {
        try turns.check(party)
        try Self.checkTime(now)
        guard party != 0 else { return state }
        guard turns.parties[party].hasConsented else {
            throw AffettoError(.consent, "party \(party) has not consented: nothing is known of how they feel")
        }
        guard !isCrisis, var filter = turns.parties[party].filter else { return AffectState.unknown(at: now) }
        filter.advance(to: now)
        return filter.state
    }
}
