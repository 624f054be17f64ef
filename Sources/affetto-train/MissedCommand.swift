import AffettoCore
import ArgumentParser

/// Which of our own sentences are read wrongly; for work on the sets that may be worked on.
struct Missed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List sentences of one of our sets that are read wrongly. The -held sets are not for this.")
    @Argument(help: "crisis-en-dev, crisis-zh-train and so on") var set: String
    @Option(help: "Instead: every crisis alarm among the messages of GoEmotions' split in this folder.") var data:
        String?

    func validate() throws {
        if set.hasSuffix("-held") { throw ValidationError("A held-out set stays so only while nobody looks at it.") }
    }

    func run() throws {
        let detector = try CrisisWork.detector()
        if let data {
            let folder = DataOptions.url(data)
            for row in try TextCorpora.goEmotions(folder, split: set) {
                for finding in detector.findings(row.text) {
                    let words = String(decoding: Array(row.text.utf8)[finding.place], as: UTF8.self)
                    print("\(finding.tier.name)\t\(words)\t\(row.text)")
                }
            }
            return
        }
        if set.hasPrefix("student") {
            // Nobody in them is in danger.
            for row in try Phrases.student(set) {
                let tier = detector.tier(row.text)
                if tier > .none { print("none read as \(tier.name)\t\(row.text)") }
            }
            return
        }
        for (tier, text) in try Phrases.crisis(set) {
            let found = detector.tier(text)
            if (tier == .none) != (found == .none) { print("\(tier.name) read as \(found.name)\t\(text)") }
        }
    }
}
