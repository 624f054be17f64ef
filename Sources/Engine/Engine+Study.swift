import AffettoCore
import AffettoPolicy
import AffettoStore
import AffettoStudy

/// Research on many learners: rows under pseudonyms, and numbers with noise.
extension Engine {
    /// Begins a study with its privacy budget, 0.01…10; one that is there goes on with the budget it has.
    public func makeStudy(_ id: String, epsilon: Double) throws(AffettoError) {
        guard epsilon.isFinite, (0.01...10).contains(epsilon) else {
            throw AffettoError(.range, "epsilon is \(epsilon); it must be 0.01…10")
        }
        try store.makeStudy(id, budget: Int64((epsilon * 1e6).rounded()), at: Self.unixNow)
    }

    /// A row a session, every combination of what others may know shared by `k` learners.
    public func exportStudy(_ id: String, k: Int, logs: Bool = true) throws(AffettoError) -> StudyExport {
        try requireStudy(id)
        let (people, left, unreadable) = try participants(of: id)
        let export = try StudyExport(
            study: id, people: people, k: k, sessionsWithoutConsent: left, unreadable: unreadable)
        try store.fixK(k, of: id)
        if logs { try note(.studyExported) }
        return export
    }

    /// One number with noise; its cost is on file before it is given.
    public func answer(_ question: PrivateQuestion, of study: String) throws(AffettoError) -> PrivateAnswer {
        try requireStudy(study)
        let cost = try question.cost()
        let people = try participants(of: study).people
        let left = try store.spend(
            cost, on: try JSON.text(question), of: study, at: Self.unixNow)
        return try question.answer(people, epsilonLeft: Double(left) / 1e6, random: Store.randomBits)
    }

    private func requireStudy(_ id: String) throws(AffettoError) {
        guard try store.hasStudy(id) else { throw AffettoError(.notFound, "there is no such study") }
    }

    /// Everybody who consented to research, with the sessions whose every kind of evidence that consent covers; and how
    /// many sessions it does not cover, and how many learners and sessions could not be read.
    private func participants(
        of study: String
    ) throws(AffettoError) -> (people: [Participant], left: Int, unreadable: Int) {
        try commitSessions()
        var people: [Participant] = []
        var left = 0
        var unreadable = 0
        let preset = preset
        for learner in try store.learners() {
            // Damaged, or erased this moment by another process: the others are still to be had.
            guard let consents = try? store.consents(of: learner), let assessment = try? store.assessment(of: learner)
            else {
                unreadable += 1
                continue
            }
            func isGiven(_ kind: DataKind) -> Bool {
                Self.verdict(preset, kind, .research, assessment, consents) == .allowed
            }
            guard DataKind.allCases.contains(where: isGiven) else { continue }
            var sessions: [SessionRecord] = []
            for summary in (try? store.sessions(of: learner)) ?? [] {
                guard let session = try? store.readSession(summary.id, of: learner) else {
                    unreadable += 1
                    continue
                }
                let kinds = session.dataKinds
                if !kinds.isEmpty, kinds.allSatisfy(isGiven) { sessions.append(session) } else { left += 1 }
            }
            guard let (name, number) = try? store.pseudonym(of: learner, in: study) else { continue }
            // Whole weeks: a Monday stays a Monday.
            let shift = (Int64(number % 53) - 26) * 7
            people.append(
                Participant(
                    pseudonym: name, shiftDays: shift, ageBand: assessment.ageBand,
                    language: assessment.languages?.first,
                    sessions: sessions))
        }
        return (people, left, unreadable)
    }
}
