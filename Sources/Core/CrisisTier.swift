/// How urgent it is that a person looks at what a learner wrote. A reading of words, not of the person.
public enum CrisisTier: Int32, NamedCode, Comparable {
    case none = 0
    case distress, abuse, selfHarm, ideation, imminent

    public static func < (a: CrisisTier, b: CrisisTier) -> Bool { a.rawValue < b.rawValue }
}

/// Who noticed.
public enum CrisisSource: Int32, NamedCode {
    case engine = 0
    /// The host's classifier.
    case host
    case both
}
