import AffettoCore
import AffettoEvaluation
import ArgumentParser
import Foundation

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "What another policy would have brought, told from a log of choices.",
        discussion: """
            LOG has one JSON object a line: {"learner", "context": [numbers], "chances": [of each action under the policy that
            chose], "action": index, "outcome": number or null, "target": [chances under the policy to be judged]}.

            Prints four estimates (inverse propensity, self-normalised, direct, doubly robust) with 95 % intervals over learners;
            none where the log says too little of the target.
            """)
    @Argument(help: "A file of JSON lines.") var log: String
    @Option(help: "line (each line's own), uniform, or the index of an action that is always taken.") var target =
        "line"
    @Option(help: "Resamplings of the learners.") var draws = 500
    @Option(help: "Seed of the resampling.") var seed: UInt64 = 1
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard ["line", "uniform"].contains(target) || Int(target) != nil else {
            throw ValidationError("--target is line, uniform or an index.")
        }
        guard (10...100_000).contains(draws) else { throw ValidationError("--draws is 10…100000.") }
    }

    func run() throws {
        guard let data = FileManager.default.contents(atPath: log) else {
            throw AffettoError(.notFound, "there is no file '\(log)'")
        }
        let choices = try ChoiceLog(Array(data))
        var evaluation = OffPolicy()
        (evaluation.draws, evaluation.seed) = (draws, seed)
        let wanted: [[Double]] =
            switch target {
            case "line": try choices.namedTargets()
            case "uniform": choices.uniform
            default: try choices.always(Int(target) ?? -1)
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

    private func row(_ name: String, _ estimate: OffPolicy.Estimate) {
        let label = name.padding(toLength: 8, withPad: " ", startingAt: 0)
        print("  \(label)" + String(format: "%+.4f   %+.4f … %+.4f", estimate.value, estimate.low, estimate.high))
    }
}
