import AffettoCore
import AffettoFusion

/// Who speaks in a sitting and what their turns said; in memory only, and of a party without consent no more than that they spoke.
struct Turns {
    struct Party {
        let role: PartyRole
        var hasConsented: Bool
        /// How they seem to feel, but for the learner, whose state is the session's.
        var filter: AffectFilter?
    }

    struct Open {
        let party: Int
        let began: Microseconds
        /// In order of `TurnEvidence.modalities`.
        var evidence = [TurnEvidence](repeating: TurnEvidence(), count: TurnEvidence.modalities.count)
    }

    static let mostParties = 16
    /// What a conversation model looks back on.
    static let memory = 128
    /// The engine's own messages are turns, too, of an agent that the host need not declare.
    static let engine: Int32 = -1

    private(set) var parties = [Party(role: .learner, hasConsented: true)]
    var open: Open?
    private(set) var past: [ConversationTurn] = []

    mutating func add(_ role: PartyRole, hasConsented: Bool) throws(AffettoError) -> Int {
        guard role != .learner else { throw AffettoError(.argument, "the learner is party 0 from the beginning") }
        guard parties.count < Self.mostParties else {
            throw AffettoError(.range, "there are \(Self.mostParties) parties already")
        }
        parties.append(Party(role: role, hasConsented: hasConsented))
        return parties.count - 1
    }

    func check(_ party: Int) throws(AffettoError) {
        guard parties.indices.contains(party) else {
            throw AffettoError(.notFound, "there is no party \(party); there are 0…\(parties.count - 1)")
        }
    }

    /// Taken back: what was heard of them goes.
    mutating func setConsent(_ party: Int, _ hasConsented: Bool) {
        parties[party].hasConsented = hasConsented
        guard !hasConsented else { return }
        parties[party].filter = nil
        if open?.party == party { open = Open(party: party, began: open?.began ?? 0) }
        forget { $0.party == Int32(party) }
    }

    /// What a modality said of the learner goes.
    mutating func forget(_ modality: Modality) {
        guard let s = TurnEvidence.modalities.firstIndex(of: modality) else { return }
        if open?.party == 0 { open?.evidence[s] = TurnEvidence() }
        for i in past.indices where past[i].party == 0 { past[i].features[s] = nil }
    }

    private mutating func forget(_ isMeant: (ConversationTurn) -> Bool) {
        for i in past.indices where isMeant(past[i]) {
            past[i].features = Array(repeating: nil, count: past[i].features.count)
        }
    }

    mutating func forgetAll() {
        open = nil
        past.removeAll()
        for i in parties.indices { parties[i].filter = nil }
    }

    mutating func remember(_ turn: ConversationTurn) {
        if past.count >= Self.memory { past.removeFirst() }
        past.append(turn)
    }

    /// Evidence about another party than the learner.
    mutating func hear(_ evidence: Evidence, of party: Int) {
        var filter = parties[party].filter ?? AffectFilter(home: AffectPoint(valence: 0, arousal: 0), at: evidence.time)
        filter.update(evidence)
        parties[party].filter = filter
    }
}

/// A turn that has ended.
public struct TurnReading: Sendable {
    public var party: Int
    public var seconds: Double
    /// Of voice, face and text the numbers of `TurnEvidence`, or `nil` where nothing was said.
    public var evidence: [[Float]?]
    /// What the loaded conversation model says, in order of `Emotion`: NaN for what it cannot name, empty without one.
    public var probability: [Float]
}
