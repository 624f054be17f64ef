import AffettoCore
import AffettoEngine
import AffettoSelfReport
import CAffetto

// Header section: session, sense: words for feelings, assessment, questionnaires.

@_cdecl("affetto_feeling_words") @implementation
public func affetto_feeling_words(
    _ language: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    list(FeelingWords.list, language, buffer, capacity, out_length)
}

@_cdecl("affetto_assessment_form") @implementation
public func affetto_assessment_form(
    _ language: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    list(AssessmentForm.items, language, buffer, capacity, out_length)
}

/// What there is in a language, English where none is named, as a JSON array.
private func list(
    _ items: (String) -> [some Encodable], _ language: UnsafePointer<CChar>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let language = try optionalText(language, "language") ?? "en"
        try give(try JSON.text(items(language)), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_assessment_fill") @implementation
public func affetto_assessment_fill(
    _ answers_json: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let answers = try text(answers_json, "answers_json")
        let assessment = try AssessmentForm.assessment(answers: Array(answers.utf8))
        try give(try JSON.text(assessment), buffer, capacity, out_length)
    }
}

@_cdecl("affetto_instrument_score") @implementation
public func affetto_instrument_score(
    _ definition_json: UnsafePointer<CChar>?, _ answers_json: UnsafePointer<CChar>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let instrument = try Instrument(json: Array(text(definition_json, "definition_json").utf8))
        let answers = try text(answers_json, "answers_json")
        let given = try JSON.decode([String: Float?].self, from: Array(answers.utf8), what: "the answers")
        try give(try JSON.text(try instrument.score(given)), buffer, capacity, out_length)
    }
}
