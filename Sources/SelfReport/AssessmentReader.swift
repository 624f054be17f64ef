import AffettoCore

/// Reads and checks the initial assessment. What it does not say stays unknown.
public enum AssessmentReader {
    static let longestList = 64

    /// - Parameter json: an `Assessment`, at most 64 KiB; fields of other names are passed over.
    /// - Throws: `.encoding` for what is not UTF-8, `.argument` for what is no assessment or names an unknown age band or goal, `.range` for a number
    ///   outside −1…1, a list of over 64 entries or an entry of over 128 bytes.
    public static func read(json: some Collection<UInt8>) throws(AffettoError) -> Assessment {
        guard json.count <= 65_536 else { throw AffettoError(.range, "the assessment is longer than 64 KiB") }
        guard String(validating: json, as: UTF8.self) != nil else {
            throw AffettoError(.encoding, "the assessment is not UTF-8")
        }
        let assessment = try JSON.decode(Assessment.self, from: json, what: "the assessment")
        if let valence = assessment.typicalValence { try requireInRange(valence, -1...1, "typical_valence") }
        if let arousal = assessment.typicalArousal { try requireInRange(arousal, -1...1, "typical_arousal") }
        if let band = assessment.ageBand, !Assessment.ageBands.contains(band) {
            throw AffettoError(
                .argument, "age_band is none of: \(Assessment.ageBands.sorted().joined(separator: ", "))")
        }
        let lists = [
            assessment.languages, assessment.likedStyles, assessment.dislikedStyles, assessment.neverPlay,
            assessment.goals?.map(\.name),
        ]
        for list in lists.compactMap(\.self) {
            guard list.count <= longestList, list.allSatisfy({ $0.utf8.count <= 128 }) else {
                throw AffettoError(
                    .range, "a list of the assessment has over \(longestList) entries or one of over 128 bytes")
            }
        }
        return assessment
    }
}
