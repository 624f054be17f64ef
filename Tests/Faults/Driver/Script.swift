import AffettoCore
import AffettoStore
import Foundation

/// A scripted session, and what it was told is on file.
struct Script {
    static let key = KeySource.bytes([UInt8](repeating: 7, count: 32))
    /// Words that must never lie in a file in the clear.
    static let markers = ["marker-ana-4711", "marker-style-4711", "marker-method-4711"]

    let folder: String
    var store: String { folder + "/s.affetto" }

    /// What the store has acknowledged, in the order in which it did.
    struct Acknowledged: Codable, Equatable {
        var learner = false
        var consents = 0
        var items = 0
        /// Acknowledged as durable: a decision had been committed when so many items were in.
        var durable = 0
        var erased = false
    }

    /// Runs it; an error of the store is what it may be, and the script goes on. - Parameter note: gets each
    /// acknowledgement at once.
    @discardableResult
    func run(_ note: (Acknowledged) -> Void = { _ in }) -> Acknowledged {
        var known = Acknowledged()
        func acknowledge(_ change: (inout Acknowledged) -> Void) {
            change(&known)
            note(known)
        }
        guard let store = try? Store(path: self.store, key: Self.key) else { return known }
        defer { store.close() }
        var assessment = Assessment()
        assessment.likedStyles = [Self.markers[1]]
        // Once more after a failure, as a host would.
        for _ in 0..<2 where !known.learner {
            if (try? store.putLearner(Self.markers[0], assessment: assessment, at: 1)) != nil {
                acknowledge { $0.learner = true }
            }
        }
        guard known.learner else { return known }
        for modality in DataKind.allCases.prefix(5) {
            let consent = Consent(
                modality: modality, purpose: .intervention, grantor: .guardian, granted: 0, expires: 1 << 40,
                method: Self.markers[2])
            if (try? store.grant(consent, to: Self.markers[0], at: 2)) != nil { acknowledge { $0.consents += 1 } }
        }
        guard
            let log = try? store.beginSession(
                learner: Self.markers[0], started: 3, task: .verbal, purpose: .intervention, preset: "eu_home")
        else { return known }
        var given = 0
        for i in 0..<240 {
            let isDecision = i % 60 == 59
            let item: SessionItem =
                isDecision
                ? .decision(Decision.sample(UInt64(i)))
                : .event(SessionEvent(time: Int64(i) * 1000, kind: "activity", detail: ["n": "\(i)"]))
            let before = given
            given += 1
            // A commit that fails keeps its items; they go with the next one.
            _ = try? log.append(item, at: Int64(i) * 1000)
            try? log.commitIfDue(now: Int64(i) * 1000)
            if isDecision, (try? log.commit()) != nil {
                acknowledge {
                    $0.items = before + 1
                    $0.durable = before + 1
                }
            }
        }
        for _ in 0..<2 where (try? log.end()) != nil || (try? log.commit()) != nil {
            acknowledge { $0.items = given }
            break
        }
        return known
    }

    /// What is wrong with the files now, given what was acknowledged; empty = nothing.
    ///
    /// - Parameter isPowerLost: only what is durable must be there.
    func verify(_ known: Acknowledged, isPowerLost: Bool = false) -> [String] {
        var wrong: [String] = []
        do {
            let store = try Store(path: self.store, key: Self.key)
            defer { store.close() }
            let report = try store.check()
            wrong += report.findings
            let isThere = try store.hasLearner(Self.markers[0])
            if known.learner, !isThere { wrong.append("the learner is lost") }
            guard isThere else { return wrong }
            let consents = try store.consents(of: Self.markers[0]).count
            if consents < known.consents { wrong.append("\(known.consents - consents) consents are lost") }
            let wanted = isPowerLost ? known.durable : known.items
            var found = 0
            for session in try store.sessions(of: Self.markers[0]) {
                let record = try store.readSession(session.id, of: Self.markers[0])
                found = max(found, record.events.count + record.decisions.count)
            }
            if found < wanted { wrong.append("\(wanted - found) items are lost") }
        } catch {
            // Nothing acknowledged, nothing owed: a store that was never made may be refused.
            if known != Acknowledged() { wrong.append("it does not open: \(error.message)") }
        }
        return wrong
    }

    /// How often a marker lies in a file of the folder.
    func markersFound() -> Int {
        var found = 0
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name), name != "acknowledged" else {
                continue
            }
            for marker in Self.markers where data.range(of: Data(marker.utf8)) != nil { found += 1 }
        }
        return found
    }

    /// A fresh folder for one run, removed after it.
    static func inFolder<Result>(_ body: (Script) throws -> Result) rethrows -> Result {
        let folder = NSTemporaryDirectory() + "affetto-faults-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(Script(folder: folder))
    }
}

extension Decision {
    fileprivate static func sample(_ id: UInt64) -> Decision {
        let middle = AffectPoint(valence: 0, arousal: 0)
        return Decision(
            id: id, time: Int64(id) * 1000, action: .play, gate: .none, strategy: .iso, goal: .calm, track: "t",
            propensity: 0.25, start: middle, target: middle, destination: middle, reasons: [])
    }
}
