import AffettoCore
import AffettoStore
import CSQLite3
import Foundation

let keyBytes = [UInt8](repeating: 7, count: 32)
let key = KeySource.bytes(keyBytes)

/// A folder of its own for one test, removed with it.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "affetto-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var store: String { path + "/learners.affetto" }
    var ring: String { store + "-keys" }

    func copyStore(to name: String, withRing: Bool = true) throws -> String {
        let copy = path + "/" + name
        for suffix in ["", "-wal"] + (withRing ? ["-keys"] : [])
        where FileManager.default.fileExists(atPath: store + suffix) {
            try FileManager.default.copyItem(atPath: store + suffix, toPath: copy + suffix)
        }
        return copy
    }

    /// The bytes of every file in the folder, end to end.
    func allBytes() throws -> Data {
        var all = Data()
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
            let file = path + "/" + name
            // Foundation leaks its buffer when it reads an empty file.
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            if size > 0 { all += try Data(contentsOf: URL(fileURLWithPath: file)) }
        }
        return all
    }
}

/// The code of the `AffettoError` that `body` throws.
func code(_ body: () throws -> Void) -> AffettoError.Code? {
    do { try body() } catch { return (error as? AffettoError)?.code }
    return nil
}

/// What `body` says went wrong.
func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return (error as? AffettoError)?.message ?? "" }
    return ""
}

/// SQLite without Affetto: looks into a file and damages it.
final class RawDatabase {
    private var handle: OpaquePointer?

    init(_ path: String) { sqlite3_open(path, &handle) }
    deinit { sqlite3_close(handle) }

    func run(_ sql: String) -> Int32 { sqlite3_exec(handle, sql, nil, nil, nil) }

    func blobs(_ sql: String) -> [Data] {
        var statement: OpaquePointer?
        sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        defer { sqlite3_finalize(statement) }
        var found: [Data] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            guard let start = sqlite3_column_blob(statement, 0) else { continue }
            found.append(Data(bytes: start, count: Int(sqlite3_column_bytes(statement, 0))))
        }
        return found
    }
}

// MARK: Samples

func sampleAssessment(_ style: String = "bossa nova") -> Assessment {
    var assessment = Assessment()
    assessment.ageBand = "13_15"
    assessment.languages = ["pt-BR", "en"]
    assessment.typicalValence = -0.1
    assessment.goals = [.focus, .calm]
    assessment.likedStyles = [style]
    assessment.feelsWorseAfterSadMusic = true
    return assessment
}

func sampleConsent(_ modality: DataKind = .text, _ purpose: Purpose = .intervention) -> Consent {
    Consent(
        modality: modality, purpose: purpose, grantor: .guardian, granted: 1_700_000_000, expires: 1_731_536_000,
        method: "paper form", evidenceSha256: "9f86d081")
}

func sampleEvent(_ index: Int, _ kind: String = "text") -> SessionItem {
    .event(SessionEvent(time: Int64(index), kind: kind, detail: ["qualityOf_it": "0.5", "n": "\(index)"]))
}

func sampleDecision(_ id: UInt64) -> Decision {
    Decision(
        id: id, time: 5_000_000, action: .play, gate: .none, strategy: .iso, goal: .calm, track: "track-é",
        propensity: 0.123_456_789_012_345_67, strategyProbability: [0.1, 0.2, 0.3, 0.2, 0.2],
        candidates: [Candidate(track: "track-é", probability: 1 / 3)], expectedBenefit: 0.1,
        expectedLiking: .nan, start: AffectPoint(valence: -0.5, arousal: 0.6),
        target: AffectPoint(valence: -0.4, arousal: 0.5), destination: AffectPoint(valence: 0.5, arousal: -0.4),
        reasons: [Reason("near", "begins near where you are", weight: 0.4)])
}

func sampleTrack(_ index: Int) -> Track {
    Track(
        id: "track-\(index)", title: "Estudo n.º \(index)", artist: "Someone", uri: "file:a/b.flac",
        valence: Estimate(0.1, sd: 0.3), arousal: Estimate(-0.2, sd: 0.3), labelSource: .model,
        features: MusicFeatures(
            duration: 180.5, tempo: 92.3, pulseClarity: 0.5, key: 9, isMinor: true, keyClarity: 0.2,
            majorness: -0.3, loudness: -14.2, energy: -18, brightness: 1800, flux: 0.4, onsetRate: 2.5))
}

extension Store {
    func begin(_ learner: String) throws(AffettoError) -> SessionLog {
        try beginSession(
            learner: learner, started: 1_700_000_000, task: .numeric, purpose: .feedback, preset: "eu_school")
    }
}

/// Undoes what the fourth schema made of the library; the views on it are gone already.
let backToThirdLibrary = """
    DROP TABLE track_text; DROP TABLE rating; DROP TABLE track_detail; DROP TABLE track;
    CREATE TABLE track (id TEXT PRIMARY KEY, json BLOB NOT NULL) STRICT, WITHOUT ROWID;
    """
