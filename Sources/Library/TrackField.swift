import AffettoCore

/// The fields of a track that people fill in: columns of a table, keys of a JSON object, names in a correction.
public enum TrackField: String, CaseIterable, Sendable {
    case title, artist, uri, isrc, licence, rightsHolder = "rights_holder", permittedUse = "permitted_use", style, tags
    case lyricsLanguage = "lyrics_language"
    case isExplicit = "is_explicit"
    case minimumAge = "minimum_age"
    case valence
    case valenceSd = "valence_sd"
    case arousal
    case arousalSd = "arousal_sd"
    case labelSource = "label_source"
    case labelMethod = "label_method"
    case tempo = "tempo_bpm"
    case key

    /// What one field says, as text.
    public func text(of track: Track) -> String {
        switch self {
        case .title: track.title
        case .artist: track.artist
        case .uri: track.uri
        case .isrc: track.isrc
        case .licence: track.licence
        case .rightsHolder: track.rightsHolder
        case .permittedUse: track.permittedUse
        case .style: track.style
        case .tags: track.tags.joined(separator: "; ")
        case .lyricsLanguage: track.lyricsLanguage
        case .isExplicit: track.isExplicit ? "true" : "false"
        case .minimumAge: "\(track.minimumAge)"
        case .valence: "\(track.valence.mean)"
        case .valenceSd: "\(track.valence.sd)"
        case .arousal: "\(track.arousal.mean)"
        case .arousalSd: "\(track.arousal.sd)"
        case .labelSource: track.labelSource.name
        case .labelMethod: track.labelMethod
        case .tempo: "\(track.features.tempo)"
        case .key: Key.name(track.features.key, isMinor: track.features.isMinor)
        }
    }

    /// - Throws: `.argument` where the text does not say such a thing, `.range`.
    public func set(_ text: String, in track: inout Track) throws(AffettoError) {
        switch self {
        case .title: track.title = text
        case .artist: track.artist = text
        case .uri: track.uri = text
        case .isrc: track.isrc = try isrc(text)
        case .licence: track.licence = text
        case .rightsHolder: track.rightsHolder = text
        case .permittedUse: track.permittedUse = text
        case .style: track.style = text.lowercased()
        case .tags:
            track.tags = text.split(whereSeparator: { $0 == ";" || $0 == "," }).map { trimmed(String($0)).lowercased() }
                .filter { !$0.isEmpty }
        case .lyricsLanguage: track.lyricsLanguage = text
        case .isExplicit: track.isExplicit = try flag(text)
        case .minimumAge:
            guard let age = Int32(text), (0...21).contains(age) else { throw wrong(text, "0…21") }
            track.minimumAge = age
        case .valence: track.valence.mean = try number(text, -1...1)
        case .valenceSd: track.valence.sd = try number(text, 0...2)
        case .arousal: track.arousal.mean = try number(text, -1...1)
        case .arousalSd: track.arousal.sd = try number(text, 0...2)
        case .labelSource:
            guard let source = LabelSource(name: text) else { throw wrong(text, "model, crowd, expert or host") }
            track.labelSource = source
        case .labelMethod: track.labelMethod = text
        case .tempo: track.features.tempo = try number(text, 0...1000)
        case .key:
            guard let key = Key.parse(text) else { throw wrong(text, "a key, as \"C minor\" or \"F# major\"") }
            track.features.key = key.tonic
            track.features.isMinor = key.isMinor
        }
    }

    func copy(from old: Track, to new: inout Track) {
        switch self {
        case .title: new.title = old.title
        case .artist: new.artist = old.artist
        case .uri: new.uri = old.uri
        case .isrc: new.isrc = old.isrc
        case .licence: new.licence = old.licence
        case .rightsHolder: new.rightsHolder = old.rightsHolder
        case .permittedUse: new.permittedUse = old.permittedUse
        case .style: new.style = old.style
        case .tags: new.tags = old.tags
        case .lyricsLanguage: new.lyricsLanguage = old.lyricsLanguage
        case .isExplicit: new.isExplicit = old.isExplicit
        case .minimumAge: new.minimumAge = old.minimumAge
        case .valence, .valenceSd: (new.valence, new.labelSource) = (old.valence, old.labelSource)
        case .arousal, .arousalSd: (new.arousal, new.labelSource) = (old.arousal, old.labelSource)
        case .labelSource: new.labelSource = old.labelSource
        case .labelMethod: new.labelMethod = old.labelMethod
        case .tempo: new.features.tempo = old.features.tempo
        case .key: (new.features.key, new.features.isMinor) = (old.features.key, old.features.isMinor)
        }
    }

    private func wrong(_ text: String, _ wanted: String) -> AffettoError {
        AffettoError(.argument, "\(rawValue) is '\(text.prefix(40))'; it must be \(wanted)")
    }

    private func number(_ text: String, _ range: ClosedRange<Float>) throws(AffettoError) -> Float {
        guard let value = Float(trimmed(text)), value.isFinite else { throw wrong(text, "a number") }
        try requireInRange(value, range, rawValue)
        return value
    }

    private func flag(_ text: String) throws(AffettoError) -> Bool {
        switch trimmed(text).lowercased() {
        case "true", "1", "yes": return true
        case "false", "0", "no", "": return false
        default: throw wrong(text, "true or false")
        }
    }

    private func isrc(_ text: String) throws(AffettoError) -> String {
        let code = text.uppercased().filter { $0 != "-" && $0 != " " }
        guard code.isEmpty || (code.utf8.count == 12 && code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { throw wrong(text, "12 letters and digits, as \"US-RC1-76-07839\"") }
        return code
    }
}

func trimmed(_ text: String) -> String {
    var part = Substring(text)
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return String(part)
}

/// Names of keys.
public enum Key {
    private static let names = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"]

    public static func name(_ tonic: Int32, isMinor: Bool) -> String {
        names[Int(((tonic % 12) + 12) % 12)] + (isMinor ? " minor" : " major")
    }

    /// "C minor", "F# major", "Bb", "Am"; nothing else.
    public static func parse(_ text: String) -> (tonic: Int32, isMinor: Bool)? {
        var rest = Substring(trimmed(text))
        guard let letter = rest.popFirst(),
            let natural = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11][letter.uppercased()]
        else { return nil }
        var tonic = Int32(natural)
        if let sign = rest.first, ["#", "♯"].contains(sign) {
            tonic += 1
            rest.removeFirst()
        } else if let sign = rest.first, ["b", "♭"].contains(sign) {
            tonic += 11
            rest.removeFirst()
        }
        switch trimmed(String(rest)) {
        case "", "major", "maj": return (tonic % 12, false)
        case "m", "minor", "min": return (tonic % 12, true)
        default: return nil
        }
    }
}
