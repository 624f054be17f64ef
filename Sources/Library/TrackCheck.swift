import AffettoCore
import AffettoMusic

extension Track {
    /// The longest text of a field, bytes; of the id, which decisions carry about, 63.
    private static let longest = 4096

    /// - Throws: `.argument` for an id that is empty, too long or holds control characters and for texts too long, `.range`
    ///   for numbers that make no sense.
    func check() throws(AffettoError) {
        guard !id.isEmpty, id.utf8.count < 64, !id.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw AffettoError(.argument, "a track needs an id of 1…63 bytes without control characters")
        }
        let texts = [
            title, artist, uri, isrc, licence, rightsHolder, permittedUse, style, lyricsLanguage, labelMethod,
            fileStamp,
        ]
        guard (texts + tags + reviewReasons + corrected).allSatisfy({ $0.utf8.count <= Self.longest }),
            max(tags.count, reviewReasons.count, corrected.count) <= 256
        else {
            throw AffettoError(
                .argument, "a text of the track is longer than \(Self.longest) bytes, or a list than 256")
        }
        for (label, name) in [
            (valence, "valence"), (arousal, "arousal"), (measuredValence, "measured_valence"),
            (measuredArousal, "measured_arousal"),
        ] {
            guard let label else { continue }
            try requireInRange(label.mean, -1...1, "the track's \(name)")
            try requireInRange(label.sd, 0...2, "the track's \(name)_sd")
        }
        guard (0...21).contains(minimumAge) else {
            throw AffettoError(.range, "the track's minimum_age is \(minimumAge); it must be 0…21")
        }
        guard (0...1_000_000_000).contains(raters) else {
            throw AffettoError(.range, "the track's raters is \(raters)")
        }
        guard profile.isEmpty || profile.count == StyleSpace.dimensions,
            fingerprint.isEmpty || !Fingerprint.words(fingerprint).isEmpty
        else { throw AffettoError(.range, "the track's profile or fingerprint has another length") }
        try features.check()
    }
}

extension MusicFeatures {
    fileprivate func check() throws(AffettoError) {
        guard (0...11).contains(key) else { throw AffettoError(.range, "the track's key is \(key); it must be 0…11") }
        guard duration.isFinite, (0...864_000).contains(duration) else {
            throw AffettoError(.range, "the track's duration is \(duration) s; it must be 0…864000")
        }
        try requireInRange(tempo, 0...1000, "the track's tempo")
        // Levels, frequencies and shares all lie far within.
        for (name, value) in named { try requireInRange(Float(value), -1e6...1e6, "the track's \(name)") }
    }
}
