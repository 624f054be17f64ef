import AffettoCore
import AffettoEngine
import ArgumentParser
import Foundation

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Keep the store: check it, copy it, change its key, read its audit log.",
        subcommands: [Check.self, Backup.self, Rekey.self, Retention.self, Retain.self, Audit.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read every page and every sealed field; fails where something is wrong.")
        @OptionGroup var store: StoreOptions

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let report = try engine.checkStore()
            print(
                "\(report.learners) learners, \(report.sessions) sessions, \(report.items) items, \(report.tracks) tracks; "
                    + "\(report.bytes / 1024) KiB, schema \(report.schema)")
            print("audit log: \(report.audit.finding)")
            for finding in report.findings { print("wrong: \(finding)") }
            guard report.isSound else { throw ExitCode.failure }
            print("The store is sound.")
        }
    }

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the store to a new file while it is in use. The key ring is not in it: back that up apart.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "File to write; it must not exist.") var file: String

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.backupStore(to: file)
            print("wrote \(file); to restore, put it in the store's place beside \(store.store)-keys")
        }
    }

    struct Rekey: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lock all keys by another engine key; the old one opens nothing afterwards.")
        @OptionGroup var store: StoreOptions
        @Option(help: "File of the new key, mode 0600; made if absent.") var newKey: String

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            try engine.rekeyStore(to: .file(newKey))
            print("The store now opens with \(newKey).")
        }
    }

    struct Retention: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say, or with options set, how long things are kept; and see to it.")
        @OptionGroup var store: StoreOptions
        @Option(help: "Days to keep what happened moment by moment; 0 = for ever.") var momentsDays: Int?
        @Option(help: "Days to keep whole sessions; 0 = for ever.") var sessionsDays: Int?
        @Flag(help: "Only say what would go.") var dryRun = false

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            var (retention, due) = try engine.retention()
            if momentsDays != nil || sessionsDays != nil, !dryRun {
                retention.momentsDays = momentsDays ?? retention.momentsDays
                retention.sessionsDays = sessionsDays ?? retention.sessionsDays
                try engine.setRetention(retention)
                due = try engine.retention().due
            }
            func days(_ count: Int) -> String { count == 0 ? "for ever" : "\(count) days" }
            print("moments are kept \(days(retention.momentsDays)), sessions \(days(retention.sessionsDays))")
            guard !dryRun else { return print("due: \(due.sessions) sessions, \(due.items) items") }
            guard let gone = try engine.retain() else {
                return print(
                    "nothing is deleted yet: nobody has seen this clock before. Run it again in an hour, for \(due.sessions) "
                        + "sessions and \(due.items) items")
            }
            print("deleted: \(gone.sessions) sessions, \(gone.items) items")
        }
    }

    struct Retain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete every session that began more than so many days ago, of all learners.")
        @OptionGroup var store: StoreOptions
        @Option(help: "Keep this many days.") var days: Int
        @Flag(help: "Only say what would go.") var dryRun = false

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let found = try engine.retain(days: days, isDryRun: dryRun)
            print("\(dryRun ? "would delete" : "deleted") \(found.sessions) sessions with \(found.items) items")
        }
    }

    struct Audit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the audit log and verify its chain; fails where an entry was removed, moved or edited.")
        @OptionGroup var store: StoreOptions

        func run() throws {
            let engine = try store.openExisting()
            defer { engine.close() }
            let log = try engine.auditLog()
            let format = ISO8601DateFormatter()
            for entry in log.entries {
                let subject = entry.subject.isEmpty ? "" : "  learner \(entry.subject)"
                let time = format.string(from: Date(timeIntervalSince1970: TimeInterval(entry.at)))
                print("\(String(format: "%6d", entry.seq))  \(time)  \(entry.action)\(subject)")
            }
            print(log.verdict.finding)
            guard log.verdict.isIntact else { throw ExitCode.failure }
        }
    }
}
