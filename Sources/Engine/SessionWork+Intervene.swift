import AffettoCore
import AffettoFusion
import AffettoGuidance
import AffettoIntervention
import AffettoPolicy

// Decide, guide, learn.
extension SessionWork {
    func decide(_ goal: Goal, isStopped: Bool, at now: Microseconds) throws(AffettoError) -> Decision {
        try setTime(now)
        filter.advance(to: now)
        followEmotion(at: now)
        if isStopped { noteStop(at: now) }
        let library = try engine.library.candidates(near: [state.point, goal.destination])
        let context = DecisionContext(
            id: nextDecision, time: now, goal: goal, task: task, playback: options.playback, state: state,
            emotionAge: (now - emotionSince).seconds, verdict: interventionVerdict, isCrisis: isCrisis,
            stopped: isStopped,
            paused: isPaused,
            mayAsk: mayPrompt(at: now), assessment: assessment, model: learned, library: library,
            played: played, path: path, step: step, seed: seed)
        let (decision, path, step) = engine.decider.decide(context)
        // On file before the track starts; only then does anything change here. What waits goes first: while the store
        // cannot be written, nothing is decided.
        try log.commit()
        try keepState(at: now)
        nextDecision += 1
        do {
            let number = try log.append(.decision(decision), at: now)
            try log.commit()
            filed[decision.id] = (number, false)
        } catch {
            // It may wait in the log and be written yet, but nobody will act on it: its number is spent, and said so.
            let withdrawn = SessionEvent(time: now, kind: "withdrawn", detail: ["decision": "\(decision.id)"])
            try keep(.event(withdrawn), at: now)
            throw error
        }
        decisions[decision.id] = (decision, filter.state.generation, false)
        if decision.id > Self.decisionsHeld { decisions[decision.id - Self.decisionsHeld] = nil }
        self.path = path
        self.step = step
        lastDecision = decision
        if let id = decision.track, let track = library.first(where: { $0.id == id }) { played.append(track) }
        if !decision.strategyProbability.isEmpty, !isCrisis {
            // A choice was made, be it silence: resting styles come one choice nearer.
            let resting = learned.resting
            learned.noteChoice()
            if learned.resting != resting { isUnsaved = true }
        }
        return decision
    }

    /// Music needs leave to use at least one kind of evidence for it.
    private var interventionVerdict: Verdict {
        Modality.allCases.contains { verdict($0, consents) == .allowed }
            ? .allowed
            : .needsConsent(rule: "No consent for \(options.purpose.name) is on file for any kind of evidence.")
    }

    func decision(_ id: UInt64) throws(AffettoError) -> Decision {
        try entry(id).decision
    }

    private func entry(_ id: UInt64) throws(AffettoError) -> DecisionEntry {
        if let entry = decisions[id] { return entry }
        guard let place = filed[id] else { throw AffettoError(.notFound, "this session made no decision \(id)") }
        guard case .decision(let decision) = try engine.store.item(place.decision, of: log.id, learner: learner) else {
            throw AffettoError(.storeCorrupt, "the store is damaged: decision \(id) is not as it was")
        }
        return (decision, 0, place.outcome)
    }

    func mayPrompt(at now: Microseconds) -> Bool {
        guard let last = prompts.last else { return true }
        return (now - last).seconds >= Self.promptGap
            && prompts.count { (now - $0).seconds < 3600 } < Self.promptsPerHour
    }

    func prompt(at now: Microseconds, peek: Bool) throws(AffettoError) -> Prompt {
        try setTime(now)
        filter.advance(to: now)
        guard mayPrompt(at: now) else { return Prompt(time: now, text: "", choices: []) }
        let state = filter.state
        let sources = Modality.allCases.filter { state.evidence[Int($0.rawValue)] > 0.15 }
            .sorted { state.evidence[Int($0.rawValue)] > state.evidence[Int($1.rawValue)] }
        let prompt = Prompter.prompt(for: state, at: now, lastDecision: lastDecision, sources: sources)
        guard !prompt.text.isEmpty, !peek else { return prompt }
        prompts.append(now)
        turns.remember(
            ConversationTurn(
                party: Turns.engine, features: Array(repeating: nil, count: TurnEvidence.modalities.count)))
        try keep(.prompt(prompt), at: now)
        return prompt
    }

    /// The fixed words and whom to reach, as often as it is asked for.
    func crisisPrompt(_ language: String, at now: Microseconds, peek: Bool) throws(AffettoError) -> Prompt {
        try setTime(now)
        let prompt = engine.crisisOptions.words.prompt(in: language, at: now)
        if !peek { try keep(.event(SessionEvent(time: now, kind: "crisis_prompt")), at: now) }
        return prompt
    }

    func feedback(
        _ id: UInt64, liking: Float?, benefit: Float?, skipped: Bool, at now: Microseconds
    ) throws(AffettoError) {
        try setTime(now)
        if let liking { try requireInRange(liking, -1...1, "liking") }
        if let benefit { try requireInRange(benefit, -1...1, "benefit") }
        let (decision, generation, given) = try entry(id)
        guard !given else { throw AffettoError(.state, "feedback on decision \(id) was already given") }
        try log.commit()
        filter.advance(to: now)
        // A skip without a word is a mild no.
        let said = liking ?? (skipped ? -0.5 : nil)
        let outcome = Outcome(
            decision: id, time: now, benefit: benefit ?? measuredBenefit(decision, since: generation), liking: said)
        let track = try decision.track.flatMap { id throws(AffettoError) in try engine.library.track(id) }
        try keep(.outcome(outcome), at: now)
        // Taken: it counts, and is not taken again, even when the writing of it fails below.
        if decisions[id] != nil { decisions[id] = (decision, generation, true) }
        filed[id]?.outcome = true
        // What is felt in a crisis says nothing about music.
        if !isCrisis {
            learned.learn(
                outcome, track: track, strategy: decision.strategy, emotion: decision.emotion,
                settings: engine.decider.settings)
            isUnsaved = true
        }
        try log.commit()
        if isUnsaved { try saveModel() }
    }

    /// Change of state towards the goal, in shares of the way; `nil` where nothing was learned about the state since.
    private func measuredBenefit(_ decision: Decision, since generation: UInt64) -> Float? {
        let state = filter.state
        guard state.generation > generation else { return nil }
        let before = decision.start.distance(to: decision.destination)
        let after = state.point.distance(to: decision.destination)
        return min(max((before - after) / max(before, 0.3), -1), 1)
    }

    // MARK: Human override

    func noteStop(at now: Microseconds) {
        guard !stopNoted else { return }
        stopNoted = true
        try? keep(.event(SessionEvent(time: now, kind: "stop")), at: now)
    }

    func setPaused(_ paused: Bool, at now: Microseconds) throws(AffettoError) {
        try setTime(now)
        isPaused = paused
        if !paused { stopNoted = false }
        try keep(.event(SessionEvent(time: now, kind: paused ? "pause" : "resume")), at: now)
    }

    func veto(_ track: String, at now: Microseconds) throws(AffettoError) {
        try setTime(now)
        guard try engine.library.track(track) != nil else {
            throw AffettoError(.notFound, "the library has no track with this id")
        }
        avoid(track)
        // Holds from here on in this session; on file for later ones when this returns.
        try saveModel()
        try keep(.event(SessionEvent(time: now, kind: "veto", detail: ["track": track])), at: now)
    }

    func avoid(_ track: String) {
        if !learned.vetoed.contains(track) { learned.vetoed.append(track) }
    }

    func setTask(_ task: TaskKind, at now: Microseconds) throws(AffettoError) {
        try setTime(now)
        self.task = task
        try keep(.event(SessionEvent(time: now, kind: "task", detail: ["task": task.name])), at: now)
    }
}
