import AffettoCore
import AffettoStore
import Foundation
import Testing

@Suite struct SessionLogTests {
    /// How many items of a store's file are on file, seen from outside.
    private func committed(_ folder: Folder) -> Int {
        let sum = RawDatabase(folder.store).blobs("SELECT CAST(sum(count) AS BLOB) FROM item").first
        return sum.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    private func begun(_ folder: Folder) throws -> (Store, SessionLog) {
        let store = try Store(path: folder.store, key: key)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        return (store, try store.begin("ana"))
    }

    @Test func groupsOfSixtyFour() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        for index in 1...130 {
            #expect(try log.append(sampleEvent(index), at: 0) == index)
            // To append is never to write.
            #expect(committed(folder) == (index - 1) / 64 * 64)
            try log.commitIfDue(now: 0)
            #expect(committed(folder) == index / 64 * 64)
        }
        try log.end()
        #expect(committed(folder) == 130)
        #expect(try store.readSession(log.id, of: "ana").events.map(\.time) == (1...130).map { Int64($0) })
    }

    @Test func fiftyMilliseconds() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        defer { store.close() }
        try log.commitIfDue(now: 10)
        try log.append(sampleEvent(1), at: 1_000)
        try log.append(sampleEvent(2), at: 40_000)
        try log.commitIfDue(now: 50_999)
        #expect(committed(folder) == 0)
        try log.commitIfDue(now: 51_000)
        #expect(committed(folder) == 2)
        try log.append(sampleEvent(3), at: 60_000)
        try log.append(sampleEvent(4), at: 110_000)
        try log.commitIfDue(now: 110_000)
        #expect(committed(folder) == 4)
        // Clocks that jump as far as they can do no harm.
        try log.append(sampleEvent(5), at: .min)
        try log.commitIfDue(now: .max)
        #expect(committed(folder) == 5)
        try log.append(sampleEvent(6), at: 0)
        try log.commitIfDue(now: -1)
        #expect(committed(folder) == 5)
    }

    @Test func commitIsNow() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        defer { store.close() }
        try log.append(.decision(sampleDecision(1)), at: 0)
        try log.commit()
        #expect(committed(folder) == 1)
        try log.commit()
        #expect(committed(folder) == 1)
    }

    @Test func endedLogTakesNothing() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        defer { store.close() }
        try log.append(sampleEvent(1), at: 0)
        try log.end()
        try log.end()
        #expect(committed(folder) == 1)
        #expect(code { try log.append(sampleEvent(2), at: 0) } == .closed)
    }

    /// What a killed process leaves behind is what is in the files at that moment.
    @Test func everyCommittedGroupIsInTheFiles() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        defer { store.close() }
        for index in 1...1000 {
            try log.append(sampleEvent(index), at: Int64(index) * 100)
            try log.commitIfDue(now: Int64(index) * 100)
            guard index % 111 == 0 else { continue }
            let copy = try Store(path: folder.copyStore(to: "copy \(index)"), key: key)
            let kept = try copy.readSession(log.id, of: "ana").events
            #expect(index - kept.count < 64)
            #expect(kept.map(\.time) == kept.indices.map { Int64($0 + 1) })
        }
    }

    @Test func failedCommitLosesNothing() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        let other = RawDatabase(folder.store)
        #expect(other.run("BEGIN IMMEDIATE") == 0)
        for index in 1...64 { try log.append(sampleEvent(index), at: 0) }
        #expect(code { try log.commitIfDue(now: 0) } == .busy)
        try log.append(sampleEvent(65), at: 0)
        // Not tried again before its time: each try may take two seconds.
        try log.commitIfDue(now: 49_999)
        #expect(other.run("ROLLBACK") == 0)
        try log.commit()
        #expect(try store.readSession(log.id, of: "ana").events.map(\.time) == (1...65).map { Int64($0) })
    }

    @Test func waitingItemsAreBounded() throws {
        let store = try Store(path: nil, key: nil)
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        let log = try store.begin("ana")
        store.close()
        for index in 1..<SessionLog.capacity { try log.append(sampleEvent(index), at: 0) }
        #expect(log.hasRoom)
        try log.append(sampleEvent(0), at: 0)
        #expect(!log.hasRoom)
        for index in 0..<SessionLog.capacity { try log.append(sampleEvent(index), at: 0) }
        #expect(code { try log.append(sampleEvent(0), at: 0) } == .storeFull)
    }

    @Test func appendDoesNotWaitForACommit() async throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        defer { store.close() }
        let other = RawDatabase(folder.store)
        #expect(other.run("BEGIN IMMEDIATE") == 0)
        try log.append(sampleEvent(1), at: 0)
        let commit = Task.detached { code { try log.commit() } }
        // The commit waits for the other writer, and would fail had these waited for it.
        try await Task.sleep(for: .milliseconds(200))
        for index in 2...100 { try log.append(sampleEvent(index), at: 0) }
        #expect(other.run("ROLLBACK") == 0)
        #expect(await commit.value == nil)
        try log.end()
        #expect(try store.readSession(log.id, of: "ana").events.map(\.time) == (1...100).map { Int64($0) })
    }

    @Test func erasedLearnerLeavesNothingWaiting() throws {
        let folder = try Folder()
        let (store, log) = try begun(folder)
        try log.append(sampleEvent(1), at: 0)
        try store.erase("ana", at: 1)
        #expect(code { try log.commit() } == .notFound)
        try log.commit()
        #expect(code { try log.append(sampleEvent(2), at: 0) } == .closed)
        // Made anew, the learner does not inherit the old session.
        try store.putLearner("ana", assessment: Assessment(), at: 1)
        try log.end()
        #expect(try store.sessions(of: "ana").isEmpty)
    }
}
