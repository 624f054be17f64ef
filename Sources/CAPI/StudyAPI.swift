import AffettoCore
import AffettoEngine
import AffettoStudy
import CAffetto

// Header section: studies.

@_cdecl("affetto_study_create") @implementation
public func affetto_study_create(
    _ engine: OpaquePointer?, _ study: UnsafePointer<CChar>?, _ epsilon: Double
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let study = try text(study, "study")
        try withEngine(engine) { engine throws(AffettoError) in try engine.makeStudy(study, epsilon: epsilon) }
    }
}

@_cdecl("affetto_study_export") @implementation
public func affetto_study_export(
    _ engine: OpaquePointer?, _ study: UnsafePointer<CChar>?, _ k: Int32, _ buffer: UnsafeMutablePointer<CChar>?,
    _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let study = try text(study, "study")
        try withEngine(engine) { engine throws(AffettoError) in
            let json = try JSON.text(try engine.exportStudy(study, k: Int(k), logs: false), pretty: true)
            // Logged first: what cannot be logged is not handed out.
            if buffer != nil, capacity > json.utf8.count { try engine.note(.studyExported) }
            try give(json, buffer, capacity, out_length)
        }
    }
}

@_cdecl("affetto_study_answer") @implementation
public func affetto_study_answer(
    _ engine: OpaquePointer?, _ study: UnsafePointer<CChar>?, _ question: UnsafePointer<CChar>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let study = try text(study, "study")
        let json = try text(question, "question")
        let question = try JSON.decode(PrivateQuestion.self, from: json.utf8, what: "the question")
        try giveOnce(256, buffer, capacity, out_length) { () throws(AffettoError) in
            try withEngine(engine) { engine throws(AffettoError) in try engine.answer(question, of: study) }
        }
    }
}
