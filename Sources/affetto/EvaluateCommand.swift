import AffettoCore
import AffettoEngine
import AffettoEvaluation
import ArgumentParser
import Foundation

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "What another policy would have brought, told from a log of choices.",
        discussion: """
            A LOG is what 'affetto export' prints of a learner: its choices of a strategy, with valence and arousal as context;
            several are judged together, and intervals are over learners. Or it has one JSON object a line: {"learner",
            "context": [numbers], "chances": [of each action under the policy that chose], "action": index, "outcome": number
            or null, "target": [chances under the policy to be judged]}.

            Prints four estimates (inverse propensity, self-normalised, direct, doubly robust) with 95 % intervals; none where
            the log says too little of the target.
            """)
    @Argument(help: "Exports of learners, or files of JSON lines.") var logs: [String]
    @Option(help: "line (each line's own), uniform, or the action always taken: a strategy's name, or an index.")
    var target = "line"
    @Option(help: "Of exports: benefit or liking.") var outcome = "benefit"
    @Option(help: "Resamplings of the learners.") var draws = 500
    @Option(help: "Seed of the resampling.") var seed: UInt64 = 1
    @Flag(help: "Print JSON.") var json = false

    /// The action that is always taken, if the target says so.
    private var action: Int? { Strategy(name: target).map { Int($0.rawValue) } ?? Int(target) }

    func validate() throws {
        guard ["line", "uniform"].contains(target) || action != nil else {
            throw ValidationError("--target is line, uniform, a strategy or an index.")
        }
        guard ChoiceLog.Measure(rawValue: outcome) != nil else {
            throw ValidationError("--outcome is benefit or liking.")
        }
        guard (10...100_000).contains(draws) else { throw ValidationError("--draws is 10…100000.") }
    }

    func run() throws {
        var choices = try read(logs[0])
        for log in logs.dropFirst() { choices.append(try read(log)) }
        var evaluation = OffPolicy()
        (evaluation.draws, evaluation.seed) = (draws, seed)
        let wanted: [[Double]] =
            switch target {
            case "line": try choices.namedTargets()
            case "uniform": choices.uniform
            default: try choices.always(action ?? -1)
            }
        let result = try evaluation.evaluate(choices.choices, target: wanted)
        if json {
            print(try JSON.text(result, pretty: true))
            return
        }
        print("\(result.choices) choices of \(result.learners) learners; \(result.unknown) without an outcome")
        print(
            String(
                format: "effective sample size %.1f, coverage %.3f", result.effectiveSampleSize, result.coverage))
        row("logged", result.logged)
        if let refusal = result.refusal { print("no estimate: \(refusal)") }
        for (name, estimate) in [("IPS", result.ips), ("SNIPS", result.snips), ("DM", result.dm), ("DR", result.dr)] {
            if let estimate { row(name, estimate) }
        }
    }

    private func read(_ path: String) throws -> ChoiceLog {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AffettoError(.notFound, "there is no file '\(path)'")
        }
        if let export = try? JSON.decode(LearnerExport.self, from: Array(data), what: "the export") {
            return ChoiceLog(export.sessions, measure: .init(rawValue: outcome) ?? .benefit)
        }
        return try ChoiceLog(Array(data))
    }

    private func row(_ name: String, _ estimate: OffPolicy.Estimate) {
        let label = name.padding(toLength: 8, withPad: " ", startingAt: 0)
        print("  \(label)" + String(format: "%+.4f   %+.4f … %+.4f", estimate.value, estimate.low, estimate.high))
    }
}
