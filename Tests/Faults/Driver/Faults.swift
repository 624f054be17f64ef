import AffettoCore
import AffettoStore
import FaultVFS
import Foundation

/// Says on standard error what went wrong, a few times.
func complain(_ what: String, _ wrong: [String]) {
    FileHandle.standardError.write(Data("\(what): \(wrong.joined(separator: "; "))\n".utf8))
}

/// An I/O error, or a full disk, at one operation or from it on, for every operation of the scripted session.
enum DiskFaults {
    static func run(step: Int) -> (faults: Int, lost: Int) {
        var faults = 0
        var lost = 0
        for (kind, stays) in [(FAULT_IO, 0), (FAULT_IO, 1), (FAULT_FULL, 0), (FAULT_FULL, 1)] {
            var at = 1
            while true {
                let isDone = Script.inFolder { script -> Bool in
                    fault_vfs_arm(kind, at, Int32(stays))
                    let known = script.run()
                    let failures = fault_vfs_failures()
                    let operations = fault_vfs_operations()
                    fault_vfs_arm(FAULT_NONE, 0, 0)
                    faults += Int(failures)
                    let wrong = script.verify(known)
                    if !wrong.isEmpty {
                        lost += 1
                        if lost < 6 { complain("fault \(kind.rawValue) at \(at), stays \(stays)", wrong) }
                    }
                    return operations < at
                }
                if isDone { break }
                at += step
            }
        }
        return (faults, lost)
    }
}

/// What runs in a process of its own, to be ended in mid-work.
enum Child {
    static func run(folder: String, how: String, number: Int) {
        let script = Script(folder: folder)
        let path = folder + "/acknowledged"
        let file = fopen(path, "w")
        if how == "power" {
            fault_vfs_keep_synced(1)
            fault_vfs_arm(FAULT_POWER, number, 1)
        }
        func note(_ known: Script.Acknowledged) {
            guard let file, let line = try? JSONEncoder().encode(known) else { return }
            rewind(file)
            fputs(String(decoding: line, as: UTF8.self) + "\n" + String(repeating: " ", count: 80), file)
            fflush(file)
        }
        if how == "power" { script.run(note) } else { write(script) }
    }

    /// Writes events for ever, and prints the number of each one that was taken.
    private static func write(_ script: Script) {
        guard let store = try? Store(path: script.store, key: Script.key) else { return }
        if (try? store.hasLearner("ana")) != true { try? store.putLearner("ana", assessment: Assessment(), at: 1) }
        guard
            let log = try? store.beginSession(
                learner: "ana", started: 1, task: .verbal, purpose: .intervention, preset: "strict")
        else { return }
        print(log.id)
        for n in 1... {
            _ = try? log.append(.event(SessionEvent(time: Int64(n) * 1000, kind: "activity")), at: Int64(n) * 1000)
            try? log.commitIfDue(now: Int64(n) * 1000)
            print(n)
            fflush(nil)
        }
    }

    static func start(_ folder: String, _ arguments: [String], output: Any? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["child", folder] + arguments
        if let output { process.standardOutput = output }
        try process.run()
        return process
    }
}

/// The process ends at one operation, and of each file only what was synced is left.
enum PowerFailures {
    static func run(step: Int) -> (faults: Int, lost: Int) {
        var faults = 0
        var lost = 0
        var at = 1
        while true {
            let isDone = Script.inFolder { script -> Bool in
                guard let process = try? Child.start(script.folder, ["power", "\(at)"]) else { return true }
                process.waitUntilExit()
                guard process.terminationStatus == 9 else { return true }
                faults += 1
                losePower(script.folder)
                let line = FileManager.default.contents(atPath: script.folder + "/acknowledged") ?? Data()
                let known =
                    (try? JSONDecoder().decode(Script.Acknowledged.self, from: line.prefix { $0 != 10 }))
                    ?? Script.Acknowledged()
                let wrong = script.verify(known, isPowerLost: true)
                if !wrong.isEmpty {
                    lost += 1
                    if lost < 6 { complain("power lost at operation \(at)", wrong) }
                }
                return false
            }
            if isDone { return (faults, lost) }
            at += step
        }
    }

    private static func losePower(_ folder: String) {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where !name.hasSuffix(".synced") && name != "acknowledged" {
            let path = folder + "/" + name
            try? manager.removeItem(atPath: path)
            if name.hasSuffix("-shm") { continue }
            if manager.fileExists(atPath: path + ".synced") {
                try? manager.moveItem(atPath: path + ".synced", toPath: path)
                chmod(path, 0o600)
            } else {
                // Made, never synced: a file without content.
                _ = manager.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: 0o600])
            }
        }
    }
}

/// A writer is killed at random moments; each time the store is opened again and counted.
enum Kills {
    static func run(rounds: Int) -> (kills: Int, worst: Int, beyond: Int) {
        var worst = 0
        var beyond = 0
        var random = SeededRandom(seed: 1)
        Script.inFolder { script in
            for round in 0..<rounds {
                let pipe = Pipe()
                guard let process = try? Child.start(script.folder, ["write"], output: pipe) else { return }
                usleep(UInt32(20_000 + random.below(60_000)))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                let lines = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    .split(separator: "\n")
                guard let id = lines.first, lines.count > 1 else { continue }
                let taken = Int(lines[lines.count - 1]) ?? Int(lines[lines.count - 2]) ?? 0
                do {
                    let store = try Store(path: script.store, key: Script.key)
                    defer { store.close() }
                    let kept = try store.readSession(String(id), of: "ana").events.count
                    worst = max(worst, taken - kept)
                    let verdict = try store.verifyAudit()
                    if taken - kept > SessionLog.groupSize || !verdict.isIntact {
                        beyond += 1
                        complain("kill \(round)", ["\(taken) taken, \(kept) kept", verdict.finding])
                    }
                } catch {
                    beyond += 1
                    complain("kill \(round)", ["\(error)"])
                }
            }
        }
        return (rounds, worst, beyond)
    }
}

/// Files that were cut, had bits turned, were exchanged or are not ours.
enum Damage {
    static func run(rounds: Int) -> (tried: Int, refused: Int, harmless: Int, missed: Int) {
        var out = (tried: 0, refused: 0, harmless: 0, missed: 0)
        var random = SeededRandom(seed: 2)
        Script.inFolder { script in
            let known = script.run()
            let manager = FileManager.default
            guard let store = manager.contents(atPath: script.store),
                let ring = manager.contents(atPath: script.store + "-keys")
            else { return }
            for round in 0..<rounds {
                Script.inFolder { other in
                    let isRing = round % 5 == 4
                    var bytes = isRing ? ring : store
                    switch round % 3 {
                    case 0: bytes = bytes.prefix(random.below(bytes.count))
                    case 1:
                        for _ in 0..<(1 + random.below(4)) {
                            bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
                        }
                    default:
                        let start = random.below(bytes.count)
                        for i in start..<min(start + 200, bytes.count) { bytes[i] = UInt8(random.below(256)) }
                    }
                    try? (isRing ? store : bytes).write(to: URL(fileURLWithPath: other.store))
                    try? (isRing ? bytes : ring).write(to: URL(fileURLWithPath: other.store + "-keys"))
                    out.tried += 1
                    // Found by opening or checking, or without effect on anything that was kept; never lost in silence.
                    let wrong = other.verify(known)
                    let isSilent = wrong.allSatisfy { $0.hasSuffix("lost") }
                    if wrong.isEmpty {
                        out.harmless += 1
                    } else if isSilent {
                        out.missed += 1
                        complain("damage \(round)", wrong)
                    } else {
                        out.refused += 1
                    }
                }
            }
        }
        return out
    }
}
