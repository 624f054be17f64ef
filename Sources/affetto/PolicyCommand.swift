import AffettoCore
import AffettoPolicy
import ArgumentParser
import Foundation

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "What the policy presets allow, and what they rest on.",
        subcommands: [Explain.self, List.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All presets side by side.")

        func run() {
            let columns: [(head: String, width: Int)] =
                [("preset", 14)] + DataKind.allCases.map { (words($0), max(words($0).count, 9)) } + [
                    ("looked at by", 12)
                ]
            func line(_ cells: [String]) -> String {
                zip(cells, columns).map { $0.padding(toLength: $1.width, withPad: " ", startingAt: 0) }
                    .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
            }
            print(Terminal.bold(line(columns.map(\.head))))
            for preset in Preset.all {
                let rules = DataKind.allCases.map { brief(preset.rule(for: $0)) }
                let viewers = preset.view.roles.map(\.name).joined(separator: ", ")
                print(line([preset.name] + rules + [viewers.isEmpty ? "nobody" : viewers]))
            }
            print(
                """

                consent: anybody's will do. L learner, G guardian, C clinician: only theirs will. +: it must name a signed form.
                Learner and guardian always read what is theirs. affetto policy explain PRESET says why.
                """)
        }

        private func brief(_ rule: Rule) -> String {
            let form = rule.needsEvidence ? "+" : ""
            return switch rule.stance {
            case .forbidden: rule.isStatutory ? "never" : "no"
            case .allowed: "consent" + form
            case .consent(let roles): roles.map { $0.name.prefix(1).uppercased() }.joined(separator: "/") + form
            }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One preset, rule by rule; or, with --data, what it says about one use.")
        @Argument(help: "strict, eu_school, eu_home … (affetto policy list).") var preset = "strict"
        @Option(help: "One kind of data: voice, face, text, activity, self_report, typing_rhythm, singing.") var data:
            String?
        @Option(help: "What for: intervention, feedback, skill, research, safety.") var purpose = "intervention"
        @Option(
            help: "Whose consent is on file: learner, guardian, school, clinician, researcher; nobody's if left out.")
        var by: String?

        func run() throws {
            guard let known = Preset.all.first(where: { $0.name == preset }) else {
                throw AffettoError(
                    .argument, "'\(preset)' is no preset: \(Preset.all.map(\.name).joined(separator: ", "))")
            }
            if let data { return try explain(known, data) }
            print("\(Terminal.bold(known.name)), version \(known.version). Our reading of the law, not legal advice.\n")
            for kind in DataKind.allCases {
                let rule = known.rule(for: kind)
                show(words(kind), stance(rule), rule.text, rule.citation)
            }
            let viewers = ([.learner, .guardian] + known.view.roles).map(\.name).joined(separator: ", ")
            show("read one learner", viewers, known.view.text, known.view.citation)
            let play = known.play == .suggest ? "is suggested, and begins when somebody says so" : "may begin by itself"
            print("  \(pad("music", 18))\(play)")
            if known.reminderHours > 0 {
                print("  \(pad("", 18))the learner is reminded after \(known.reminderHours) hours a day")
            }
        }

        private func explain(_ preset: Preset, _ data: String) throws {
            let kind = try Self.word(DataKind.self, data, "data")
            let purpose = try Self.word(Purpose.self, purpose, "purpose")
            let consents = try by.map { name in
                [
                    Consent(
                        modality: kind, purpose: purpose, grantor: try Self.word(GrantorRole.self, name, "by"),
                        granted: 0,
                        expires: 1, method: "supposed", evidenceSha256: "supposed")
                ]
            }
            let verdict = Policy.verdict(
                preset: preset, modality: kind, purpose: purpose, consents: consents ?? [], at: 0)
            switch verdict {
            case .allowed:
                print("yes: \(preset.name): \(preset.rule(for: kind).text) [\(preset.rule(for: kind).citation)]")
            case .forbidden(let rule, let citation): print("no: \(rule) [\(citation)]")
            case .needsConsent(let rule): print("not without consent: \(rule)")
            }
        }

        private static func word<Word: NamedCode>(_ type: Word.Type, _ name: String, _ what: String) throws -> Word {
            guard let word = Word(name: name) else {
                throw AffettoError(
                    .argument, "--\(what) is one of \(Word.allCases.map(\.name).joined(separator: ", ")); not '\(name)'"
                )
            }
            return word
        }

        private func stance(_ rule: Rule) -> String {
            let form = rule.needsEvidence ? ", with a signed form" : ""
            return switch rule.stance {
            case .forbidden:
                rule.isStatutory ? "never: no consent unlocks it, and no host" : "never: no consent unlocks it"
            case .allowed: "by consent" + form
            case .consent(let roles): "by consent of \(roles.map(\.name).joined(separator: " or "))" + form
            }
        }

        private func show(_ head: String, _ stance: String, _ text: String, _ citation: String) {
            print("  \(pad(head, 18))\(Terminal.bold(stance))")
            print(Terminal.wrap(text, indent: String(repeating: " ", count: 20)))
            print(Terminal.dim(Terminal.wrap(citation, indent: String(repeating: " ", count: 20))))
        }

        private func pad(_ text: String, _ width: Int) -> String {
            text.padding(toLength: width, withPad: " ", startingAt: 0)
        }
    }
}

private func words(_ kind: DataKind) -> String { kind.name.replacingOccurrences(of: "_", with: " ") }
