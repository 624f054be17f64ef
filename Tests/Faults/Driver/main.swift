import AffettoCore
import AffettoPolicy
import AffettoStore
import FaultVFS
import Foundation

// Breaks the store in every way that can be scripted and counts what is lost: failing and full disks at every write, power
// failures, kills, damaged files; looks for planted words in the files; and walks all cases of the policy.
//   affetto-faults [--long]     prints a table and, as its last line, one JSON object
// Inside a run it starts itself as: affetto-faults child FOLDER power N | affetto-faults child FOLDER write

let arguments = CommandLine.arguments
guard fault_vfs_install() == 0 else { fatalError("no file system to wrap") }
if arguments.count >= 4, arguments[1] == "child" {
    Child.run(folder: arguments[2], how: arguments[3], number: arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0)
    exit(0)
}
let isLong = arguments.contains("--long")
var figures: [(String, Int)] = []

let disk = DiskFaults.run(step: isLong ? 1 : 3)
print("failing and full disks     \(disk.faults) faults in scripted sessions, \(disk.lost) losses")
figures += [("store.vfs_faults", disk.faults), ("store.vfs_lost", disk.lost)]

let power = PowerFailures.run(step: isLong ? 1 : 7)
print("power failures             \(power.faults), \(power.lost) losses of what was durable")
figures += [("store.power_failures", power.faults), ("store.power_lost", power.lost)]

let kills = Kills.run(rounds: isLong ? 2000 : 100)
print("kill -9 while writing      \(kills.kills), at worst \(kills.worst) items lost, \(kills.beyond) beyond a group")
figures += [("store.kills", kills.kills), ("store.worst_loss", kills.worst), ("store.lost_beyond_group", kills.beyond)]

let damage = Damage.run(rounds: isLong ? 2000 : 300)
print(
    "damaged and foreign files  \(damage.tried) tried: \(damage.refused) refused or found by the check, "
        + "\(damage.harmless) without effect, \(damage.missed) missed")
figures += [("store.corrupt_files_refused", damage.refused), ("store.corrupt_files_missed", damage.missed)]

let found = Script.inFolder { script -> Int in
    script.run()
    return script.markersFound()
}
print("planted words in files     \(found)")
figures.append(("store.markers_found", found))

let policy = PolicyCases.run()
print("policy                     \(policy.checked) cases, \(policy.wrong) wrong")
figures += [("policy.cases_checked", policy.checked), ("policy.cases_wrong", policy.wrong)]

print("{" + figures.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
let isGood =
    disk.lost == 0 && power.lost == 0 && kills.beyond == 0 && damage.missed == 0 && found == 0 && policy.wrong == 0
exit(isGood ? 0 : 1)
