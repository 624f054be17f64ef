import AffettoCore
import AffettoStore
import Foundation
import Testing

/// Plain numbers of the file, edited by somebody who can write it: an error, never a trap.
@Suite struct TamperTests {
    private func filled(_ folder: Folder) throws {
        let store = try Store(path: folder.store, key: key)
        for name in ["ana", "ben"] {
            try store.putLearner(name, assessment: Assessment(), at: 1)
            try store.grant(sampleConsent(), to: name, at: 1)
            let log = try store.begin(name)
            for n in 0..<5 { try log.append(sampleEvent(n), at: 0) }
            try log.end()
        }
        try store.makeStudy("s", budget: 1_000_000, at: 1)
        _ = try store.spend(1000, on: "{}", of: "s", at: 1)
        try store.setRetention(Retention(), at: 1)
        _ = try store.retain(now: 1_700_000_000)
        store.close()
    }

    private static let extremes: [Int64] = [.max, .min, -1, .max - 3600, 1 << 62]

    @Test(arguments: [
        "UPDATE setting SET value = # WHERE name = 'retention_pass'",
        "INSERT INTO setting VALUES ('retention_pass', #)",
        "UPDATE setting SET value = # WHERE name = 'retention_doubt'",
        "UPDATE setting SET value = # WHERE name = 'moments_days'",
        "UPDATE setting SET value = # WHERE name = 'sessions_days'", "UPDATE answer SET epsilon = #",
        "UPDATE study SET budget = #", "UPDATE study SET k = #", "UPDATE consent SET seq = #",
        "UPDATE audit SET seq = # WHERE seq = 3",
        "UPDATE audit SET detail = #", "UPDATE audit SET at = #", "UPDATE session SET number = # WHERE number = 1",
        "UPDATE item SET place = # WHERE place = (SELECT min(place) FROM item)", "UPDATE item SET count = #",
        "UPDATE attestation SET at = #",
    ])
    func absurdNumbers(_ sql: String) throws {
        for value in Self.extremes {
            let folder = try Folder()
            try filled(folder)
            _ = RawDatabase(folder.store).run(sql.replacingOccurrences(of: "#", with: "\(value)"))
            let session =
                RawDatabase(folder.store).blobs("SELECT CAST(id AS BLOB) FROM session ORDER BY number")
                .map { String(decoding: $0, as: UTF8.self) }.first ?? ""
            guard let store = try? Store(path: folder.store, key: key) else { continue }
            // Whatever comes of each, it comes back.
            let calls: [() throws -> Void] = [
                { _ = try store.retention() }, { _ = try store.retain(now: 1_800_000_000) },
                { _ = try store.retain(now: 1_800_003_600) }, { try store.setRetention(Retention(), at: 1) },
                { _ = try store.spend(1, on: "{}", of: "s", at: 1) }, { try store.fixK(10, of: "s") },
                { try store.grant(sampleConsent(), to: "ana", at: 1) }, { _ = try store.consents(of: "ana") },
                { _ = try store.check() }, { _ = try store.verifyAudit() }, { _ = try store.auditEntries() },
                { try store.audit(.exported, at: 1) }, { _ = try store.sessions(of: "ana").map(\.decisions) },
                { _ = try store.readSession(session, of: "ana") },
                { _ = try store.item(1, of: session, learner: "ana") },
                { _ = try store.forget(0..<(1 << 40), of: "ben", at: 1) }, { _ = try store.begin("ana") },
                { _ = try store.attestations() }, { try store.erase("ana", at: 1) },
            ]
            var codes: Set<AffettoError.Code> = []
            for call in calls { if let code = code(call) { codes.insert(code) } }
            #expect(!codes.contains(.internal))
        }
    }

    @Test(arguments: [
        ("UPDATE setting SET value = 9223372036854775807 WHERE name = 'sessions_days'", "retention"),
        ("UPDATE answer SET epsilon = -9223372036854775807", "spend"), ("UPDATE study SET budget = 10000001", "spend"),
        ("UPDATE consent SET seq = 9223372036854775807", "grant"),
    ])
    func theyAreCalledDamage(_ sql: String, _ what: String) throws {
        let folder = try Folder()
        try filled(folder)
        #expect(RawDatabase(folder.store).run(sql) == 0)
        let store = try Store(path: folder.store, key: key)
        let found = code {
            switch what {
            case "retention": _ = try store.retention()
            case "spend": _ = try store.spend(1, on: "{}", of: "s", at: 1)
            default: try store.grant(sampleConsent(), to: "ana", at: 1)
            }
        }
        #expect(found == .storeCorrupt)
    }

    /// The ledger of a study cannot be emptied in silence.
    @Test(arguments: ["DELETE FROM answer", "UPDATE study SET budget = 9000000", "UPDATE answer SET epsilon = 1"])
    func aLedgerThatWasTidiedUpIsFound(_ sql: String) throws {
        let folder = try Folder()
        try filled(folder)
        #expect(RawDatabase(folder.store).run(sql) == 0)
        #expect(try !Store(path: folder.store, key: key).check().isSound)
    }
}

/// Two connections on one file.
@Suite struct TwoStoresTests {
    @Test func aNewEngineKeyShutsTheOtherOut() throws {
        let folder = try Folder()
        let first = try Store(path: folder.store, key: key)
        try first.putLearner("ana", assessment: Assessment(), at: 1)
        let second = try Store(path: folder.store, key: key)
        let other = KeySource.bytes([UInt8](repeating: 9, count: 32))
        try second.rekey(to: other)
        // A key locked by the old engine key would open for nobody again.
        #expect(code { try first.putLearner("zoe", assessment: Assessment(), at: 1) } == .key)
        #expect(code { _ = try first.assessment(of: "ana") } == .key)
        #expect(code { try first.rekey(to: key) } == .key)
        let third = try Store(path: folder.store, key: other)
        #expect(try third.learners() == ["ana"])
        try third.putLearner("zoe", assessment: Assessment(), at: 1)
        #expect(try third.check().isSound)
        try third.rekey(to: key)
        #expect(try Store(path: folder.store, key: key).learners() == ["ana", "zoe"])
    }

    @Test func aDamagedKeyStandsInNobodysWay() throws {
        let folder = try Folder()
        let today: Int64 = 20_000 * 86_400
        let store = try Store(path: folder.store, key: key)
        _ = try store.retain(now: today)
        for name in ["ana", "ben"] {
            try store.putLearner(name, assessment: Assessment(), at: 1)
            _ = try store.beginSession(
                learner: name, started: today - 400 * 86_400, task: .rest, purpose: .feedback, preset: "strict")
        }
        let one = try #require(RawDatabase(folder.ring).blobs("SELECT learner FROM key LIMIT 1").first)
        let hex = one.map { String(format: "%02x", $0) }.joined()
        #expect(RawDatabase(folder.ring).run("UPDATE key SET wrapped = zeroblob(72) WHERE learner = x'\(hex)'") == 0)
        let again = try Store(path: folder.store, key: key)
        #expect(try again.retain(now: today)?.sessions == 1)
        #expect(try again.learners().count == 1)
        #expect(try !again.check().isSound)
        let lost = try again.learners() == ["ana"] ? "ben" : "ana"
        try again.erase(lost, at: 1)
        #expect(try again.check().isSound)
        try again.putLearner(lost, assessment: Assessment(), at: 1)
        #expect(try again.learners() == ["ana", "ben"])
    }
}

@Suite struct ForgetAgainTests {
    /// Minutes 0, 10 … 50: each forgotten stretch is the one that was named, in whatever order they are.
    @Test(arguments: [[0, 10], [10, 0], [0, 20, 30], [50, 0, 10, 20]])
    func theStretchThatWasNamed(_ minutes: [Int64]) throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        for n in 0..<6 { try log.append(sampleEvent(1_000_000 + n * 600_000_000), at: 0) }
        try log.end()
        let start: Int64 = 1_700_000_000
        var left = Set((0..<6).map { Int64($0) * 10 })
        var record: SessionRecord?
        for minute in minutes {
            #expect(
                try store.forget((start + minute * 60 - 5)..<(start + minute * 60 + 5), of: "ana", at: 1).items == 1)
            left.remove(minute)
            record = try store.readSession(log.id, of: "ana")
            #expect(Set(record?.events.map { ($0.time - 1_000_000) / 60_000_000 } ?? []) == left)
        }
        // And in an export that came in again.
        let other = try Store(path: nil, key: nil)
        try other.putLearner("ana", assessment: Assessment(), at: 1)
        try other.importSession(try #require(record), of: "ana")
        let last = try #require(left.max())
        #expect(try other.forget((start + last * 60 - 5)..<(start + last * 60 + 5), of: "ana", at: 1).items == 1)
        #expect(try other.readSession(log.id, of: "ana").kinds == [.text])
    }
}
