import AffettoCore
import AffettoModelData
import AffettoText

/// The crisis channel, measured on our phrases and on what people write otherwise.
enum CrisisWork {
    static func detector() throws -> CrisisDetector {
        CrisisDetector(
            packs: try ["crisis-en", "crisis-zh"].map { name in
                var size = 0
                guard let start = affetto_model_data(name, &size) else {
                    throw AffettoError(.model, "the pattern pack \(name) is missing")
                }
                return try PhrasePack(text: UnsafeRawBufferPointer(start: start, count: size))
            })
    }

    /// - Parameter ordinary: messages of other people, among which there should be next to none.
    static func measure(_ figures: inout Figures, _ reader: TextReader, ordinary: [String]) throws {
        for language in ["en", "zh"] {
            let set = try Phrases.crisis("crisis-\(language)-held").map { row -> Row in
                (row.tier, reader.crisis(row.text), reader.patterns.tier(row.text))
            }
            let grave = set.filter { $0.meant >= .selfHarm }
            figures.add(
                "text.crisis.recall_\(language)", share(grave) { $0.found > .none },
                note: "imminent, ideation and self-harm, n = \(grave.count); "
                    + "by patterns alone \(TextFigures.percent(share(grave) { $0.patterns > .none }))")
            let other = set.filter { $0.meant == .abuse || $0.meant == .distress }
            figures.add(
                "text.crisis.recall_other_\(language)", share(other) { $0.found > .none },
                note: "abuse and distress, n = \(other.count)")
            let harmless = set.filter { $0.meant == .none }
            figures.add(
                "text.crisis.idiom_alarms_\(language)", share(harmless) { $0.found > .none },
                note: "idioms, fiction, lessons, n = \(harmless.count)")
            let students = try Phrases.student("student-\(language)-held").map { reader.crisis($0.text) }
            figures.add(
                "text.crisis.student_alarms_\(language)",
                Double(students.count { $0 > .none }) / Double(students.count),
                note: "students in no danger, n = \(students.count)")
        }
        let found = ordinary.map { reader.crisis($0) }
        func perThousand(_ holds: (CrisisTier) -> Bool) -> Double {
            1000 * Double(found.count(where: holds)) / Double(max(found.count, 1))
        }
        figures.add(
            "text.crisis.false_alarms_per_1000", perThousand { $0 > .none },
            note: "messages of GoEmotions, n = \(ordinary.count); some of them rightly")
        figures.add("text.crisis.grave_alarms_per_1000", perThousand { $0 >= .selfHarm })
    }

    private typealias Row = (meant: CrisisTier, found: CrisisTier, patterns: CrisisTier)

    private static func share(_ rows: [Row], _ holds: (Row) -> Bool) -> Double {
        Double(rows.count(where: holds)) / Double(max(rows.count, 1))
    }
}
