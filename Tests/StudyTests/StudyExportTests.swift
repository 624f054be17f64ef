import AffettoCore
import AffettoStudy
import Testing

private func session(_ started: Int64, benefit: Float? = nil, states: [Float] = []) -> SessionRecord {
    var record = SessionRecord(
        id: "s", learner: "ana", started: started, task: .verbal, purpose: .intervention, preset: "eu_home")
    record.states = states.enumerated().map { index, valence in
        var state = AffectState.unknown(at: Int64(index) * 60_000_000)
        state.valence = Estimate(valence, sd: 0.1)
        state.generation = UInt64(index) + 1
        return state
    }
    record.outcomes = [Outcome(decision: 1, time: 0, benefit: benefit, liking: nil)]
    return record
}

private func person(
    _ n: Int, _ age: String? = "adult", _ language: String? = "en", shift: Int64 = 0, sessions: [SessionRecord]? = nil
) -> Participant {
    Participant(
        pseudonym: "p\(n)", shiftDays: shift, ageBand: age, language: language,
        sessions: sessions ?? [session(1_700_000_000)])
}

@Suite struct StudyExportTests {
    private func rows(_ people: [Participant], k: Int = 10) throws -> StudyExport {
        try StudyExport(study: "s", people: people, k: k, sessionsWithoutConsent: 0)
    }

    /// Whatever the people: each look in the rows is shared by k of them, and every person is accounted for.
    @Test func everyLookIsSharedByK() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            let ages = ["under_13", "13_15", "16_17", "adult", nil]
            let languages = ["en", "de", "zh", "pt-BR", nil]
            let people = (0..<random.below(120)).map {
                person($0, ages[random.below(random.below(5) + 1)], languages[random.below(random.below(5) + 1)])
            }
            let k = 10 + random.below(10)
            let export = try rows(people, k: k)
            var looks: [String: Set<String>] = [:]
            for row in export.rows {
                looks["\(row.ageBand ?? "-") \(row.language ?? "-")", default: []].insert(row.pseudonym)
            }
            #expect(looks.values.allSatisfy { $0.count >= k })
            #expect(export.report.groups == looks.values.map(\.count).sorted())
            #expect(Set(export.rows.map(\.pseudonym)).count + export.report.suppressed == people.count)
            // Nothing is shown that was not so.
            for row in export.rows {
                let truth = people.first { $0.pseudonym == row.pseudonym }
                #expect(row.ageBand == nil || row.ageBand == truth?.ageBand)
                #expect(row.language == nil || row.language == truth?.language)
            }
        }
    }

    @Test func languageGoesBeforeAgeBeforePerson() throws {
        let many = (0..<12).map { person($0, "adult", "en") }
        let few = [person(50, "adult", "de"), person(51, "adult", "zh")]
        let child = [person(60, "under_13", "en")]
        let export = try rows(many + few + child)
        #expect(export.report.languageHidden == 3 && export.report.ageBandHidden == 3 && export.report.suppressed == 3)
        let others = (0..<9).map { person(100 + $0, "adult", "language \($0)") }
        let joined = try rows(many + few + others)
        #expect(joined.report.languageHidden == 11 && joined.report.suppressed == 0)
        #expect(joined.report.groups == [11, 12])
    }

    @Test(arguments: [9, 0, -1, 1001])
    func kHasItsRange(_ k: Int) {
        #expect(throws: AffettoError.self) { try rows([], k: k) }
    }

    @Test func daysMoveTogetherAndTimesOfDayGo() throws {
        let people = (0..<10).map {
            person(
                $0, shift: Int64($0) * 7,
                sessions: [session(86_400 * 100 + 5000), session(86_400 * 103 + 80_000, states: [0.5, .nan, -0.5])])
        }
        for row in try rows(people).rows {
            let shift = Int64(row.pseudonym.dropFirst()).map { $0 * 7 } ?? 0
            #expect([100, 103].contains(row.day - shift))
            if row.day - shift == 103 {
                #expect(row.valenceFirst == 0.5 && row.valenceLast == -0.5 && row.valenceMean == 0 && row.minutes == 2)
            } else {
                #expect(row.valenceFirst == nil && row.states == 0 && row.benefitMean == nil)
            }
        }
    }
}

@Suite struct PrivateAnswerTests {
    private let people = (0..<400).map { n in
        person(
            n, n % 4 == 0 ? "under_13" : "adult",
            sessions: [session(1, benefit: n % 2 == 0 ? 0.6 : 0.2, states: [0.25])]
                + (0..<(n == 7 ? 1000 : 0)).map { _ in session(1, benefit: -1) })
    }

    private func answers(_ question: PrivateQuestion, _ count: Int = 400) throws -> [PrivateAnswer] {
        let random = seededBits(3)
        return try (0..<count).map { _ in try question.answer(people, epsilonLeft: 1, random: random) }
    }

    private func spread(_ values: [Double]) -> (mean: Double, sd: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
    }

    private static let questions: [(PrivateQuestion, Double)] = [
        (PrivateQuestion(.count, of: .learners, epsilon: 0.1), 400),
        (PrivateQuestion(.count, of: .learners, ageBand: "under_13", epsilon: 0.5), 100),
        (PrivateQuestion(.count, of: .sessions, epsilon: 1), 419),
        (PrivateQuestion(.mean, of: .valence, epsilon: 0.5), 0.25),
        (PrivateQuestion(.mean, of: .benefit, ageBand: "under_13", epsilon: 1), 0.6),
    ]

    /// Right on average, and as far off as it says.
    @Test(arguments: questions)
    func noise(_ question: PrivateQuestion, _ truth: Double) throws {
        let found = try answers(question)
        let (mean, sd) = spread(found.compactMap(\.value))
        let said = spread(found.compactMap(\.standardError)).mean
        #expect(abs(mean - truth) < 5 * sd / 20 + 0.001 * abs(truth))
        #expect(sd / said > 0.8 && sd / said < 1.25)
        #expect(Set(found.compactMap(\.value)).count > 10)
    }

    /// A thousand sessions, or a thousand outcomes, of one learner weigh as one learner.
    @Test func nobodyWeighsMoreThanOne() throws {
        let (mean, _) = spread(try answers(PrivateQuestion(.mean, of: .benefit, epsilon: 10)).compactMap(\.value))
        #expect(abs(mean - (0.4 * 400 - 0.2 - 0.998) / 400) < 0.002)
    }

    @Test func tooFewForAMean() throws {
        let none = PrivateQuestion(.mean, of: .liking, epsilon: 0.1)
        let found = try answers(none, 200)
        #expect(found.contains { $0.value == nil })
        #expect(found.allSatisfy { $0.value.map { (-1...1).contains($0) } ?? true })
    }

    @Test(arguments: [0, -1, .nan, .infinity, 0.0001, 10.1])
    func epsilonHasItsRange(_ epsilon: Double) {
        #expect(throws: AffettoError.self) { try PrivateQuestion(.count, of: .learners, epsilon: epsilon).cost() }
    }
}
