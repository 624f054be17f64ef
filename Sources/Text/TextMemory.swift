import AffettoCore

/// Memory for reading one message, kept for the next: once warm, reading asks for no more.
struct TextMemory {
    var bag = TextFeatures.Bag()
    var scratch = TextFeatures.Scratch()
    var row: TextVocabulary.Row = []
    var sums: [Float] = []
    var third: [Float] = []
    var dense: [Float] = []
    var prediction = TextModel.Prediction()
    var units = TextUnits()
    var phrases = PhraseMemory()
}

/// Memories that nobody uses just now: as many as were ever used at once, sixteen at most.
final class MemoryPool: Sendable {
    private let free = Guarded<[TextMemory]>([])

    func borrow<Result>(_ body: (inout TextMemory) -> Result) -> Result {
        var memory = free.withLock { $0.popLast() } ?? TextMemory()
        let result = body(&memory)
        if !memory.isLarge {
            memory.wipe()
            free.withLock { if $0.count < 16 { $0.append(memory) } }
        }
        return result
    }
}

extension TextMemory {
    /// Given back to the system and not kept: a megabyte is no measure for the next message.
    fileprivate var isLarge: Bool { units.isLarge || bag.letters.capacity > 1 << 16 || bag.words.capacity > 1 << 16 }

    /// Words leave no trace: what was read is forgotten before the memory is put by.
    fileprivate mutating func wipe() {
        scratch.wipe()
        bag.wipe()
        units.wipe()
    }
}
