import AffettoCore

/// One session of somebody, for analysis elsewhere. `nil` = not known, or made coarser.
public struct StudyRow: Codable, Sendable, Equatable {
    public var pseudonym: String
    public var ageBand: String?
    public var language: String?
    /// Days since 1970, moved by the learner's secret shift.
    public var day: Int64
    public var task: TaskKind
    public var minutes: Double
    public var states: Int
    public var valenceFirst: Float?
    public var valenceLast: Float?
    public var valenceMean: Float?
    public var arousalFirst: Float?
    public var arousalLast: Float?
    public var arousalMean: Float?
    public var decisions: Int
    public var plays: Int
    public var silences: Int
    public var questions: Int
    public var outcomes: Int
    public var benefitMean: Float?
    public var likingMean: Float?
}

/// What was changed and left out so that nobody stands alone.
public struct SuppressionReport: Codable, Sendable, Equatable {
    public var k: Int
    /// Learners who consented to research, and in how many of their sessions a kind of evidence lacked that consent.
    public var learners = 0
    public var sessionsWithoutConsent = 0
    /// Learners and sessions that are damaged; `affetto store check` says more.
    public var unreadable = 0
    /// Learners whose language, or whose language and age band, was left out of their rows.
    public var languageHidden = 0
    public var ageBandHidden = 0
    /// Learners who are not in the rows at all.
    public var suppressed = 0
    public var rows = 0
    /// Size of each group of learners who look the same.
    public var groups: [Int] = []

    init(k: Int) { self.k = k }
}

/// Rows of a study, each combination of age band and language shared by at least `k` learners.
public struct StudyExport: Codable, Sendable, Equatable {
    public var study: String
    public var rows: [StudyRow]
    public var report: SuppressionReport

    /// Smaller groups let people be found (customary for education records).
    public static let smallestGroup = 10

    /// - Parameter sessionsWithoutConsent: how many sessions of these people are not among theirs, for the report.
    /// - Throws: `.range` unless `k` is 10…1000.
    public init(
        study: String, people: [Participant], k: Int, sessionsWithoutConsent: Int, unreadable: Int = 0
    ) throws(AffettoError) {
        guard (Self.smallestGroup...1000).contains(k) else {
            throw AffettoError(.range, "k is \(k); it must be \(Self.smallestGroup)…1000")
        }
        var report = SuppressionReport(k: k)
        report.learners = people.count
        report.sessionsWithoutConsent = sessionsWithoutConsent
        report.unreadable = unreadable
        let looks = Self.coarsened(people, k, &report)
        var groups: [Look: Int] = [:]
        rows = []
        for (person, look) in zip(people, looks) {
            guard let look else { continue }
            groups[look, default: 0] += 1
            rows += person.sessions.map { StudyRow($0, of: person, as: look) }
        }
        // In no order that tells who came first.
        rows.sort { ($0.pseudonym, $0.day) < ($1.pseudonym, $1.day) }
        report.rows = rows.count
        report.groups = groups.values.sorted()
        self.study = study
        self.report = report
    }

    /// What a row shows of a learner that others may know, too.
    struct Look: Hashable {
        var ageBand: String?
        var language: String?
    }

    /// For each person how they may be shown, or `nil` for not at all. First the language goes, then the age band, then the
    /// person; those who were made coarser join those who were so from the beginning.
    private static func coarsened(
        _ people: [Participant], _ k: Int, _ report: inout SuppressionReport
    ) -> [Look?] {
        var looks: [Look?] = people.map { Look(ageBand: $0.ageBand, language: $0.language) }
        func hide(_ change: (Look) -> Look?) -> Int {
            let sizes = Dictionary(looks.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
            var hidden = 0
            for i in looks.indices {
                guard let look = looks[i], sizes[look, default: 0] < k, change(look) != look else { continue }
                looks[i] = change(look)
                hidden += 1
            }
            return hidden
        }
        report.languageHidden = hide { Look(ageBand: $0.ageBand, language: nil) }
        report.ageBandHidden = hide { _ in Look() }
        report.suppressed = hide { _ in nil }
        return looks
    }
}

extension StudyRow {
    fileprivate init(_ session: SessionRecord, of person: Participant, as look: StudyExport.Look) {
        func mean(_ values: [Float]) -> Float? {
            let values = values.filter(\.isFinite)
            return values.isEmpty ? nil : values.reduce(0, +) / Float(values.count)
        }
        let known = session.states.filter { $0.generation > 0 }
        let times = session.events.map(\.time) + session.states.map(\.time) + session.decisions.map(\.time)
        pseudonym = person.pseudonym
        ageBand = look.ageBand
        language = look.language
        day = session.started / 86_400 + person.shiftDays
        task = session.task
        // To whole minutes: to the microsecond it would be as good as a name.
        minutes = ((((times.max() ?? 0) - (times.min() ?? 0)).seconds) / 60).rounded()
        states = known.count
        valenceFirst = known.first?.valence.mean
        valenceLast = known.last?.valence.mean
        valenceMean = mean(known.map(\.valence.mean))
        arousalFirst = known.first?.arousal.mean
        arousalLast = known.last?.arousal.mean
        arousalMean = mean(known.map(\.arousal.mean))
        decisions = session.decisions.count
        plays = session.decisions.count { $0.action == .play }
        silences = session.decisions.count { $0.action == .silence }
        questions = session.decisions.count { $0.action == .ask }
        outcomes = session.outcomes.count
        benefitMean = mean(session.outcomes.compactMap(\.benefit))
        likingMean = mean(session.outcomes.compactMap(\.liking))
    }
}
