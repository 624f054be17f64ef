import AffettoCore
import AffettoGuidance
import AffettoStore
import Glibc

/// What is kept of a learner, read back: by whom and what for is said with every call.
extension Engine {
    /// The learner's sessions in the order in which they began.
    /// - Throws: `.policy` where this reader may not look at one learner.
    public func sessions(of learner: String, for access: Access = .own) throws(AffettoError) -> [SessionSummary] {
        try require(access, to: learner, held: [])
        return try store.sessions(of: learner)
    }

    /// One session as it is kept.
    public func session(
        _ id: String, of learner: String, for access: Access = .own, logs: Bool = true
    ) throws(AffettoError) -> SessionRecord {
        let record = try record(id, of: learner, for: access)
        if logs { try note(.sessionRead, of: learner) }
        return record
    }

    /// One session as a self-contained HTML page.
    public func report(
        _ id: String, of learner: String, for access: Access = .own, logs: Bool = true
    ) throws(AffettoError) -> String {
        let record = try record(id, of: learner, for: access)
        var tracks: [String: Track] = [:]
        for track in Set(record.decisions.compactMap(\.track)) { tracks[track] = try library.track(track) }
        let page = try SessionReport.html(record, tracks: tracks)
        if logs { try note(.reportMade, of: learner) }
        return page
    }

    private func record(_ id: String, of learner: String, for access: Access) throws(AffettoError) -> SessionRecord {
        try commitSessions(of: learner)
        // Before the session is opened for a reader who may not even know of it.
        if access.role != .learner, access.role != .guardian { try require(access, to: learner, held: []) }
        let record = try store.readSession(id, of: learner)
        try require(access, to: learner, held: record.dataKinds)
        return record
    }

    /// Everything held about the learner as files in a new folder that only its owner can open: `export.json`, which
    /// `importLearner` takes, and a CSV table for each kind of thing.
    /// - Throws: `.argument` (the folder is there already), `.store` (it cannot be made or written).
    public func export(_ learner: String, to folder: String) throws(AffettoError) {
        let all = try gather(learner)
        guard access(folder, F_OK) != 0 else {
            throw AffettoError(.argument, "the folder is there already; an export never overwrites")
        }
        guard mkdir(folder, 0o700) == 0 else {
            throw AffettoError(.store, "cannot make the folder: \(String(cString: strerror(errno)))")
        }
        var files = [("export.json", try JSON.encode(all, pretty: true))]
        files += ExportTables.of(all).map { ("\($0.name).csv", Array($0.csv.utf8)) }
        do {
            // Logged first: what cannot be logged is not handed out.
            try note(.exported, of: learner)
            for (name, bytes) in files { try Self.write(bytes, to: "\(folder)/\(name)") }
        } catch {
            // Half an export is a leak that nobody knows of.
            for (name, _) in files { unlink("\(folder)/\(name)") }
            rmdir(folder)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(AffettoError) {
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw AffettoError(.store, "cannot make a file of the export: \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || (count < 0 && errno == EINTR) else {
                let isFull = errno == ENOSPC || errno == EDQUOT
                throw AffettoError(
                    isFull ? .storeFull : .store,
                    "cannot write a file of the export: \(String(cString: strerror(errno)))")
            }
            done += max(count, 0)
        }
    }
}

extension SessionRecord {
    /// What evidence the session rests on, gone or not.
    var dataKinds: [DataKind] {
        let kinds = Set(events.compactMap { DataKind(name: $0.kind) }).union(kinds ?? [])
        return DataKind.allCases.filter { kinds.contains($0) }
    }
}
