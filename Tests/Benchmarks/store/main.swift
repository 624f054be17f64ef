import AffettoCore
import AffettoEngine
import AffettoStore
import Foundation
import RawSQLite

// The sealed store against SQLite alone, in the same process and by turns: rows inserted in groups of 64, rows read one by
// one from a file that no cache holds, both in CPU time; then what opening and erasing take with many learners.
// Last line: one JSON object.

let key = KeySource.bytes([UInt8](repeating: 7, count: 32))
let folder = NSTemporaryDirectory() + "affetto-store-\(UUID().uuidString)"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

func cpuSeconds(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    let start = now()
    try body()
    return now() - start
}

func wallMilliseconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .milliseconds(1)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// What a session writes by the thousand: an event of some evidence, then the state that it led to.
func item(_ n: Int) -> SessionItem {
    if n % 2 == 0 {
        return .event(
            SessionEvent(
                time: Int64(n) * 20_000, kind: "voice",
                detail: ["f0_hz": "\(100 + n % 90).2", "intensity_db": "-31.4", "quality": "0.8", "arousal": "0.31"]))
    }
    var state = AffectState.unknown(at: Int64(n) * 20_000)
    state.valence = Estimate(Float(n % 100) / 100, sd: 0.3)
    state.generation = UInt64(n)
    return .state(state)
}

/// The same rows for SQLite alone: their bytes as our store has them before it seals them.
func plain(_ items: [SessionItem]) throws -> (bytes: [UInt8], offsets: [Int]) {
    var bytes: [UInt8] = []
    var offsets = [0]
    for item in items {
        bytes += try item.plainBytes()
        offsets.append(bytes.count)
    }
    return (bytes, offsets)
}

// MARK: Rows in groups of 64, rows one by one

let learners = 200
let perSession = 2560
let group = SessionLog.groupSize
let items = (0..<perSession).map(item)
let rows = try plain(items)
let store = try Store(path: folder + "/sealed", key: key)
guard let raw = raw_open(folder + "/raw") else { fatalError("SQLite opens no file") }
var logs: [SessionLog] = []
for n in 0..<learners {
    try store.putLearner("learner-\(n)", assessment: Assessment(), at: 1)
    logs.append(
        try store.beginSession(
            learner: "learner-\(n)", started: 1, task: .verbal, purpose: .intervention, preset: "eu_home"))
}
var sealedInsert: [Double] = []
var rawInsert: [Double] = []
for log in logs {
    sealedInsert.append(
        try cpuSeconds {
            for n in 0..<perSession {
                try log.append(items[n], at: 0)
                if n % group == group - 1 { try log.commitIfDue(now: 0) }
            }
        })
    rawInsert.append(
        cpuSeconds {
            for start in stride(from: 0, to: perSession, by: group) {
                let failed = rows.offsets[start...].withUnsafeBufferPointer { offsets in
                    raw_insert(raw, log.id, Int64(start) + 1, group, rows.bytes, offsets.baseAddress)
                }
                guard failed == 0 else { fatalError("SQLite inserts no rows") }
            }
        })
}
let batched = rawInsert.reduce(0, +) / sealedInsert.reduce(0, +)
let count = Double(learners * perSession)
func micros(_ seconds: [Double], _ count: Double) -> String {
    String(format: "%6.2f µs", seconds.reduce(0, +) / count * 1e6)
}
print("insert, groups of \(group)   sealed \(micros(sealedInsert, count))   SQLite \(micros(rawInsert, count)) a row")

var random = SeededRandom(seed: 1)
var sealedRead: [Double] = []
var rawRead: [Double] = []
let rounds = 20
let perRound = 5000
var buffer = [UInt8](repeating: 0, count: 4096)
for _ in 0..<rounds {
    let places = (0..<perRound).map { _ in (random.below(learners), Int64(random.below(perSession) + 1)) }
    sealedRead.append(
        try cpuSeconds {
            for (n, seq) in places { _ = try store.item(seq, of: logs[n].id, learner: "learner-\(n)") }
        })
    rawRead.append(
        cpuSeconds {
            for (n, seq) in places {
                guard raw_read(raw, logs[n].id, seq, &buffer, buffer.count) > 0 else { fatalError("a row is missing") }
            }
        })
}
let reads = rawRead.reduce(0, +) / sealedRead.reduce(0, +)
let readCount = Double(rounds * perRound)
print(
    "one row of \(learners * perSession)      sealed \(micros(sealedRead, readCount))   SQLite \(micros(rawRead, readCount)) a row"
)
store.close()
raw_close(raw)

if CommandLine.arguments.contains("rows") { exit(0) }

// MARK: Many learners

let many = 10_000
do {
    let store = try Store(path: folder + "/many", key: key)
    for n in 0..<many {
        try store.putLearner("learner-\(n)", assessment: Assessment(), at: 1)
        let log = try store.beginSession(
            learner: "learner-\(n)", started: 1, task: .verbal, purpose: .intervention, preset: "eu_home")
        for m in 0..<20 { try log.append(items[m], at: 0) }
        try log.end()
        if n % 1000 == 999 { FileHandle.standardError.write(Data("\(n + 1) learners\n".utf8)) }
    }
    store.close()
}
var options = EngineOptions()
options.storePath = folder + "/many"
options.key = key
let size = (try FileManager.default.attributesOfItem(atPath: folder + "/many")[.size] as? Int ?? 0) >> 20
var opening: [Double] = []
var erasing: [Double] = []
for n in 0..<11 {
    var engine: Engine?
    opening.append(try wallMilliseconds { engine = try Engine(options) })
    if n % 3 == 0 { erasing.append(try wallMilliseconds { try engine?.erase("learner-\(n)") }) }
    engine?.close()
}
print(String(format: "open, %d learners, %d MB   %.1f ms (median of %d)", many, size, median(opening), opening.count))
print(String(format: "erase one of them          %.0f ms (median of %d)", median(erasing), erasing.count))
print(
    String(
        format:
            "{\"store.batched_vs_sqlite\": %.2f, \"store.reads_vs_sqlite\": %.2f, \"store.open_10k_ms\": %.1f, "
            + "\"store.erase_ms\": %.0f}", batched, reads, median(opening), median(erasing)))
