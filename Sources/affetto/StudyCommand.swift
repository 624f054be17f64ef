import AffettoCore
import AffettoEngine
import AffettoStudy
import ArgumentParser
import Foundation

struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Research on many learners who consented to it, never on one.",
        subcommands: [Create.self, Export.self, Count.self, Mean.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Begin a study with its privacy budget.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The study's id.") var study: String
        @Option(help: "What all its answers together may cost.") var epsilon = 1.0

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.makeStudy(study, epsilon: epsilon)
            print("The study \(study) is there.")
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A row a session, as JSON: pseudonyms, shifted days, nobody alone in a group.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The study's id.") var study: String
        @Option(help: "How many learners share each look; at least 10.") var k = 10

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let export = try engine.exportStudy(study, k: k)
            print(try JSON.text(export, pretty: true))
            let report = export.report
            let line =
                "\(report.rows) rows of \(report.learners - report.suppressed) learners; left out: \(report.suppressed) learners, "
                + "\(report.sessionsWithoutConsent) sessions without consent to research\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
    }

    struct Count: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How many learners or sessions, with noise.")
        @Argument(help: "The study's id.") var study: String
        @Argument(help: "learners or sessions.") var subject: String
        @OptionGroup var asking: Asking

        func run() throws { try asking.ask(study, .count, subject) }
    }

    struct Mean: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Mean over learners of their benefit, liking, valence or arousal, with noise.")
        @Argument(help: "The study's id.") var study: String
        @Argument(help: "benefit, liking, valence or arousal.") var subject: String
        @OptionGroup var asking: Asking

        func run() throws { try asking.ask(study, .mean, subject) }
    }
}

/// What counts and means have in common.
struct Asking: ParsableArguments {
    @OptionGroup var store: StoreOptions
    @Option(help: "What the answer costs of the study's budget: the less, the more noise.") var epsilon: Double
    @Option(help: "Only learners of this age band.") var ageBand: String?

    func ask(_ study: String, _ statistic: PrivateQuestion.Statistic, _ subject: String) throws {
        guard let of = PrivateQuestion.Subject(rawValue: subject) else {
            throw AffettoError(
                .argument, "'\(subject)' is none of learners, sessions, benefit, liking, valence, arousal")
        }
        let engine = try store.openExisting()
        defer { engine.close() }
        let question = PrivateQuestion(statistic, of: of, ageBand: ageBand, epsilon: epsilon)
        let answer = try engine.answer(question, of: study)
        let left = String(format: "%.3f of epsilon left", answer.epsilonLeft)
        guard let value = answer.value, let error = answer.standardError else {
            return print("too few learners to say; \(left)")
        }
        let digits = statistic == .count ? 0 : 2
        print(String(format: "%.*f ± %.*f (noise, one standard deviation); ", digits, value, digits, error) + left)
    }
}
