import AffettoCore

/// What the turns of a data set are made of, and what is to be learned about them.
public struct ConversationShape: Codable, Sendable, Equatable {
    /// A modality: every turn has `width` numbers of it, or lacks it.
    public struct Sense: Codable, Sendable, Equatable {
        public var name: String
        public var width: Int

        public init(name: String, width: Int) {
            self.name = name
            self.width = width
        }
    }

    public var senses: [Sense]
    /// Names of the classes; empty where only dimensions are learned.
    public var labels: [String]
    /// Whether valence, arousal and control are learned, too.
    public var hasDimensions: Bool

    public static let mostSenses = 8
    public static let mostLabels = 64
    public static let widest = 4096

    /// - Throws: `.range` where there are none or too many of something, `.argument` for names that are empty or said twice.
    public init(senses: [Sense], labels: [String], hasDimensions: Bool = false) throws(AffettoError) {
        guard (1...Self.mostSenses).contains(senses.count) else {
            throw AffettoError(.range, "\(senses.count) modalities; there must be 1…\(Self.mostSenses)")
        }
        for sense in senses where !(1...Self.widest).contains(sense.width) {
            throw AffettoError(
                .range, "modality '\(sense.name)' has \(sense.width) numbers; it must be 1…\(Self.widest)")
        }
        let isLabelled = (2...Self.mostLabels).contains(labels.count)
        guard isLabelled || (labels.isEmpty && hasDimensions) else {
            throw AffettoError(
                .range, "\(labels.count) labels; there must be 2…\(Self.mostLabels), or none beside dimensions")
        }
        for names in [senses.map(\.name), labels] {
            guard names.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 64 }), Set(names).count == names.count else {
                throw AffettoError(.argument, "names of modalities and labels must differ and have 1…64 bytes")
            }
        }
        self.senses = senses
        self.labels = labels
        self.hasDimensions = hasDimensions
    }

    private enum CodingKeys: String, CodingKey { case senses = "modalities", labels, hasDimensions = "dimensions" }

    /// From a pack's or a host's JSON, checked as by the other.
    public init(from decoder: any Decoder) throws {
        try JSON.requireFields(["modalities", "labels", "dimensions"], of: decoder)
        let box = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            senses: try box.decode([Sense].self, forKey: .senses),
            labels: try box.decodeIfPresent([String].self, forKey: .labels) ?? [],
            hasDimensions: try box.decodeIfPresent(Bool.self, forKey: .hasDimensions) ?? false)
    }

    /// Numbers that a model says of a turn.
    public var outputs: Int { labels.count + (hasDimensions ? 3 : 0) }
}

/// One utterance: who, what was sensed, and what is known of how they felt.
public struct ConversationTurn: Sendable {
    /// The same number for the same person within a conversation.
    public var party: Int32
    /// Per sense its numbers (one that is not finite is not known), or `nil` where the sense is missing. All missing: someone spoke.
    public var features: [[Float]?]
    /// Place in the shape's labels; `nil` = not labelled.
    public var label: Int?
    /// Valence, arousal and control, each −1…1; NaN = not known.
    public var dimensions: [Float]

    public init(party: Int32, features: [[Float]?], label: Int? = nil, dimensions: [Float] = [.nan, .nan, .nan]) {
        self.party = party
        self.features = features
        self.label = label
        self.dimensions = dimensions
    }

    /// - Throws: `.argument` or `.range` where the turn is not of this shape.
    public func check(_ shape: ConversationShape) throws(AffettoError) {
        guard features.count == shape.senses.count else {
            throw AffettoError(.argument, "a turn of \(features.count) modalities; there are \(shape.senses.count)")
        }
        for (sense, numbers) in zip(shape.senses, features) {
            guard let numbers else { continue }
            guard numbers.count == sense.width else {
                throw AffettoError(
                    .range, "\(numbers.count) numbers of modality '\(sense.name)'; there must be \(sense.width)")
            }
        }
        if let label, !shape.labels.indices.contains(label) {
            throw AffettoError(.range, "label \(label); there are \(shape.labels.count), from 0")
        }
        guard dimensions.count == 3, dimensions.allSatisfy({ $0.isNaN || abs($0) <= 1 }) else {
            throw AffettoError(.range, "valence, arousal and control must each be −1…1, or NaN where not known")
        }
    }
}

/// Turns in the order in which they were spoken.
public struct Conversation: Sendable {
    /// What must not straddle a split: a speaker, a video, a family.
    public var group: String
    public var turns: [ConversationTurn]

    public init(group: String, turns: [ConversationTurn]) {
        self.group = group
        self.turns = turns
    }
}
