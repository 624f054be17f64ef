import AffettoActivity
import AffettoCore
import AffettoFace
import AffettoSelfReport

// Sense: each push, from consent to evidence.
extension SessionWork {
    /// - Returns: grave words, for the handler; they are no evidence of a feeling, and nothing of them is kept but their tier.
    func takeText(_ text: String, at now: Microseconds) throws(AffettoError) -> CrisisReport? {
        if let open = turns.open, open.party != 0 { return try takeText(text, of: open.party, at: now) }
        // Read as soon as it may be: a full log or a clock that errs must not keep grave words from the handler.
        if let refusal = refusal(.text) { throw refusal }
        guard text.utf8.count <= 1 << 20 else { throw AffettoError(.range, "the text is longer than 1 MiB") }
        let reading = models.text.read(text)
        if let (tier, source) = engine.crisis(in: text, reading: reading.crisis) {
            return crisisReport(tier, source, detail: [:], at: now)
        }
        try require(.text)
        try setTime(now)
        guard !isCrisis, let evidence = reading.evidence(at: now) else { return nil }
        infer(evidence)
        try note("text", evidence, ["bytes": "\(text.utf8.count)", "language": reading.language.code], at: now)
        return nil
    }

    /// Opens the session's crisis, whatever the clock and the log say, and tells of it.
    func crisisReport(
        _ tier: CrisisTier, _ source: CrisisSource, detail: [String: String], at now: Microseconds
    ) -> CrisisReport {
        setCrisis(true)
        let isInTime = (try? setTime(now)) != nil
        let time = isInTime ? now : lastTime
        var detail = detail
        (detail["tier"], detail["source"]) = (tier.name, source.name)
        if log.hasRoom { try? keep(.event(SessionEvent(time: time, kind: "crisis", detail: detail)), at: time) }
        return CrisisReport(
            learner: learner, session: log.id, tier: tier, source: source, time: time,
            deadline: time + Microseconds(seconds: engine.crisisOptions.deadline))
    }

    /// - Parameter fill: puts what the host has into an empty frame, once the learner's leave is certain.
    func takeFace(
        at now: Microseconds, _ fill: (inout FaceFrame) throws(AffettoError) -> Void
    ) throws(AffettoError) {
        try require(.face)
        try setTime(now)
        faceFrame.clear()
        defer { faceFrame.clear() }
        try fill(&faceFrame)
        try faceFrame.check()
        guard let moment = face.push(faceFrame, at: now),
            let evidence = models.face.evidence(moment.reading, quality: moment.quality, at: now)
        else { return }
        infer(evidence)
        try note("face", evidence, ["basis": moment.reading.basis.rawValue], at: now)
    }

    func takeActivity(_ event: ActivityEvent, at now: Microseconds) throws(AffettoError) {
        try require(.activity)
        try setTime(now)
        activity.push(try event.checked(), at: now)
        var detail = ["kind": event.kind.name]
        if let correct = event.correct { detail["correct"] = correct ? "yes" : "no" }
        try keep(.event(SessionEvent(time: now, kind: "activity", detail: detail)), at: now)
        let features = activity.features(at: now)
        belief.update(features, at: now)
        guard let evidence = belief.evidence(features, at: now) else { return }
        infer(evidence)
    }

    func takeSelfReport(_ report: SelfReport, at now: Microseconds) throws(AffettoError) {
        try require(.selfReport)
        try setTime(now)
        let evidence = try report.evidence(at: now)
        try compare(report, evidence, at: now)
        filter.update(evidence)
        var detail: [String: String] = [:]
        detail["emotion"] = report.emotion?.name
        detail["word"] = report.word
        try note("self_report", evidence, detail, at: now)
        try keepState(at: now)
    }

    /// A crisis opens or ends: what was inferred before or meanwhile is held against nobody's word.
    func setCrisis(_ isOpen: Bool) {
        if isOpen != isCrisis { lastInferred.removeAll() }
        isCrisis = isOpen
    }

    /// Inference enters the state as it is worth for this learner; in a crisis nothing is inferred.
    private func infer(_ evidence: Evidence) {
        guard !isCrisis else { return }
        lastInferred[evidence.modality] = evidence
        filter.trustsFace = learned.senses.count(.face) >= Self.faceHistory
        filter.update(collect(learned.senses.corrected(evidence)))
    }

    /// The learner's word against what was inferred shortly before: an error with its label, which adapts this learner's model and,
    /// where it is plain, goes on file. Never argued with.
    private func compare(_ report: SelfReport, _ said: Evidence, at now: Microseconds) throws(AffettoError) {
        guard !isCrisis else { return }
        filter.advance(to: now)
        let before = filter.state
        var hasLearned = false
        for (_, evidence) in lastInferred.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where (now - evidence.time).seconds <= Self.comparable {
            let isAlarm = learned.learnSense(evidence, saidValence: said.valence?.mean, saidArousal: said.arousal?.mean)
            hasLearned = true
            if isAlarm {
                let detail = ["modality": evidence.modality.name]
                try keep(.event(SessionEvent(time: now, kind: "drift", detail: detail)), at: now)
            }
        }
        if hasLearned {
            learned.senseHistory.mark(learned.senses)
            isUnsaved = true
        }
        let error = said.valence.map { $0.mean - before.valence.mean }
        let isOther = before.emotion != nil && report.emotion != nil && before.emotion != report.emotion
        guard before.generation > 0, isOther || abs(error ?? 0) >= Self.plainError else { return }
        var detail = ["inferred": before.emotion?.name ?? "unknown"]
        detail["said"] = report.emotion?.name
        if let error { detail["valence_error"] = Self.short(error) }
        try keep(.event(SessionEvent(time: now, kind: "contradiction", detail: detail)), at: now)
    }

    /// Analyses `count` samples of `scratch`.
    func hear(_ count: Int, at now: Microseconds) {
        // Another's voice is not the learner's, and is not listened to.
        if let open = turns.open, open.party != 0 { return }
        scratch.withUnsafeBufferPointer { scratch in
            guard let samples = scratch.baseAddress else { return }
            voice.push(samples, count: count, at: now) { hop in
                guard hop.evidence.quality > 0.05 else { return }
                infer(hop.evidence)
                let detail = ["f0_hz": Self.short(hop.f0), "intensity_db": Self.short(hop.intensity)]
                try? note("voice", hop.evidence, detail, at: now)
            }
        }
    }

    /// Keeps what evidence said, never what it was made from.
    private func note(
        _ kind: String, _ evidence: Evidence, _ detail: [String: String], at now: Microseconds
    ) throws(AffettoError) {
        var detail = detail
        detail["quality"] = Self.short(evidence.quality)
        if let valence = evidence.valence { detail["valence"] = Self.short(valence.mean) }
        if let arousal = evidence.arousal { detail["arousal"] = Self.short(arousal.mean) }
        try keep(.event(SessionEvent(time: now, kind: kind, detail: detail)), at: now)
    }
}
