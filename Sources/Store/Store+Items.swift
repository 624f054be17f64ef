import AffettoCore

// The items of sessions as rows. What comes by the thousand lies in runs: a few items that follow one another, sealed
// together in one row that is named by the first. All else has a row of its own. A row's key, `place`, is the session's
// number times 2^32 and the number of the item in it.

/// Numbers of the column `item.kind`; never renumbered.
enum ItemKind: Int64 {
    case event = 0
    case state = 1
    case decision = 2
    case outcome = 3
    case prompt = 4
    /// Several events and states. Never inside a run.
    case run = 5

    /// In the name of a cell.
    var name: String {
        switch self {
        case .event: "event"
        case .state: "state"
        case .decision: "decision"
        case .outcome: "outcome"
        case .prompt: "prompt"
        case .run: "run"
        }
    }

    /// What happened moment by moment, and goes before the rest does.
    var isMoment: Bool { self != .decision && self != .outcome }

    fileprivate var joinsRuns: Bool { self == .event || self == .state }
}

extension SessionItem {
    var kind: ItemKind {
        switch self {
        case .event: .event
        case .state: .state
        case .decision: .decision
        case .outcome: .outcome
        case .prompt: .prompt
        }
    }

    /// - Throws: `.storeCorrupt` where the bytes are none of ours.
    init(_ kind: ItemKind, _ plain: ArraySlice<UInt8>) throws(AffettoError) {
        do throws(AffettoError) {
            self =
                switch kind {
                case .event: .event(try ItemCoding.event(plain))
                case .state: .state(try ItemCoding.state(plain))
                case .decision: .decision(try JSON.decode(Decision.self, from: plain, what: "decision"))
                case .outcome: .outcome(try JSON.decode(Outcome.self, from: plain, what: "outcome"))
                case .prompt: .prompt(try JSON.decode(Prompt.self, from: plain, what: "prompt"))
                case .run: throw damagedItem
                }
        } catch { throw damagedItem }
    }
}

private let damagedItem = AffettoError(.storeCorrupt, "the store is damaged: an item of a session is not as it was")

extension Store {
    /// One item, by the number that `SessionLog.append` gave it.
    /// - Throws: `.notFound`, `.storeCorrupt`.
    public func item(_ seq: Int64, of session: String, learner: String) throws(AffettoError) -> SessionItem {
        try use { files throws(AffettoError) in
            guard let vault = try files.ring.recentVault(of: learner) else {
                throw AffettoError(.notFound, "there is no such learner")
            }
            if let number = files.numbers.known[session],
                let item = try files.item(seq, of: session, number, vault)
            {
                return item
            }
            let number = try files.number(of: session)
            files.numbers.note(number, of: session)
            guard let item = try files.item(seq, of: session, number, vault) else {
                throw AffettoError(.notFound, "there is no such item")
            }
            return item
        }
    }
}

extension Store.Files {
    /// `nil` where the session, or what has this number now, has no such item.
    fileprivate func item(
        _ seq: Int64, of session: String, _ number: Int64, _ vault: Vault
    ) throws(AffettoError) -> SessionItem? {
        var place = ItemPlace(session)
        let found = try database.first(
            "SELECT place & 0xFFFFFFFF, kind, sealed_payload FROM item WHERE place <= ? ORDER BY place DESC LIMIT 1",
            .integer(number << 32 | (seq & 0xFFFF_FFFF))
        ) { row throws(AffettoError) -> (first: Int64, kind: ItemKind, plain: [UInt8])? in
            // What lies before may be another session's: it does not open here.
            let first = row.integer(0)
            guard let kind = ItemKind(rawValue: row.integer(1)) else { return nil }
            let place = place.bytes(first, kind)
            return row.withBlob(2) { vault.open($0, place: place) }.map { (first, kind, $0) }
        }
        guard let (first, kind, plain) = found ?? nil else { return nil }
        var reader = RunReader(first, kind, plain)
        while let next = try reader.next() {
            if next.seq == seq { return try SessionItem(next.kind, plain[next.bytes]) }
        }
        return nil
    }
}

extension Store.Files {
    /// An item's number, kind and bytes.
    typealias Plain = (seq: Int64, kind: ItemKind, bytes: ArraySlice<UInt8>)

    private static let itemsOfSession = """
        SELECT place & 0xFFFFFFFF, kind, sealed_payload FROM item, session
        WHERE session.id = ? AND place BETWEEN session.number << 32 AND (session.number + 1 << 32) - 1 ORDER BY place
        """

    /// Deletes all items of a session, which stays.
    func dropItems(of session: String) throws(AffettoError) {
        let number = try number(of: session)
        try database.run(
            "DELETE FROM item WHERE place BETWEEN ? AND ?", .integer(number << 32), .integer((number + 1) << 32 - 1))
    }

    /// - Throws: `.notFound`.
    fileprivate func number(of session: String) throws(AffettoError) -> Int64 {
        let number = try database.integer("SELECT number FROM session WHERE id = ?", .text(session))
        guard number > 0, number < 1 << 31 else { throw Store.noSession }
        return number
    }

    /// Opens a session's items one after the other.
    func eachItem(
        of session: String, _ owner: Owner,
        _ body: (_ seq: Int64, _ kind: ItemKind, _ plain: ArraySlice<UInt8>) throws(AffettoError) -> Void
    ) throws(AffettoError) {
        var place = ItemPlace(session)
        _ = try database.rows(Self.itemsOfSession, .text(session)) { row throws(AffettoError) in
            let seq = row.integer(0)
            guard seq > 0, let kind = ItemKind(rawValue: row.integer(1)),
                let plain = owner.vault.open(row.blob(2), place: place.bytes(seq, kind))
            else { throw damagedItem }
            var reader = RunReader(seq, kind, plain)
            while let next = try reader.next() { try body(next.seq, next.kind, plain[next.bytes]) }
        }
    }

    /// How many of a learner's rows of items do not open.
    func damagedItems(of owner: Owner) throws(AffettoError) -> Int {
        var damaged = 0
        let sessions = try database.rows("SELECT id FROM session WHERE learner = ?", .blob(owner.row)) {
            row throws(AffettoError) in row.text(0)
        }
        for session in sessions {
            var place = ItemPlace(session)
            _ = try database.rows(Self.itemsOfSession, .text(session)) { row throws(AffettoError) in
                let seq = row.integer(0)
                guard seq > 0, let kind = ItemKind(rawValue: row.integer(1)),
                    owner.vault.open(row.blob(2), place: place.bytes(seq, kind)) != nil
                else { return damaged += 1 }
            }
        }
        return damaged
    }

    func put(_ items: [SessionLog.Numbered], in session: String, of owner: Owner) throws(AffettoError) {
        try put(items, in: session, of: owner, kind: { $0.item.kind }) { item, out throws(AffettoError) in
            try ItemCoding.encode(item.item, into: &out)
            return item.seq
        }
    }

    /// Puts back items that were read.
    func put(_ items: [Plain], in session: String, of owner: Owner) throws(AffettoError) {
        try put(items, in: session, of: owner, kind: { $0.kind }) { item, out throws(AffettoError) in
            out += item.bytes
            return item.seq
        }
    }

    /// Seals items and writes them. A row already there is replaced: a group whose commit seemed to fail may be written
    /// again, with more after it, and its runs then begin where they began before.
    private func put<Item>(
        _ items: [Item], in session: String, of owner: Owner, kind: (Item) -> ItemKind,
        encode: (Item, inout [UInt8]) throws(AffettoError) -> Int64
    ) throws(AffettoError) {
        let nonces = randomBytes(items.count * Vault.nonceBytes)
        var place = ItemPlace(session)
        var sealed: [UInt8] = []
        var run = Run()
        var rows = 0
        let number = try number(of: session)
        try database.batch("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)") { row throws(AffettoError) in
            func write() throws(AffettoError) {
                guard let (seq, kind, count) = run.head else { return }
                let nonce = nonces[(rows * Vault.nonceBytes)..<((rows + 1) * Vault.nonceBytes)]
                rows += 1
                owner.vault.seal(run.payload, place: place.bytes(seq, kind), nonce: nonce, into: &sealed)
                row.integer(number << 32 | seq, at: 1)
                row.integer(kind.rawValue, at: 2)
                row.integer(count, at: 3)
                try row.step(blob: sealed, at: 4)
                run.clear()
            }
            var plain: [UInt8] = []
            for item in items {
                plain.removeAll(keepingCapacity: true)
                let seq = try encode(item, &plain)
                if !run.takes(seq, kind(item), plain) {
                    try write()
                    run.begin(seq, kind(item), plain)
                }
            }
            try write()
        }
    }
}

/// A row in the making. In a run each item is its kind (1 byte), its length (2 bytes) and its bytes.
private struct Run {
    /// Bytes: longer runs are written faster, shorter ones are opened faster when one item of them is wanted.
    static let limit = 400

    private var first: Int64 = 0
    private var kind: ItemKind = .event
    private var count: Int64 = 0
    private var bytes: [UInt8] = []

    /// The first item's number, the row's kind and how many items it has; `nil` when empty.
    var head: (seq: Int64, kind: ItemKind, count: Int64)? {
        count == 0 ? nil : (first, count == 1 ? kind : .run, count)
    }

    var payload: ArraySlice<UInt8> { count == 1 ? bytes.dropFirst(3) : bytes[...] }

    mutating func begin(_ seq: Int64, _ kind: ItemKind, _ plain: [UInt8]) {
        first = seq
        self.kind = kind
        append(kind, plain)
    }

    /// Whether the item was added.
    mutating func takes(_ seq: Int64, _ kind: ItemKind, _ plain: [UInt8]) -> Bool {
        guard count > 0, seq == first + count, kind.joinsRuns, self.kind.joinsRuns,
            bytes.count + plain.count + 3 <= Self.limit
        else { return false }
        append(kind, plain)
        return true
    }

    mutating func clear() {
        count = 0
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ kind: ItemKind, _ plain: [UInt8]) {
        // An item alone may be longer than its length here can say; nobody reads it then.
        bytes.append(UInt8(kind.rawValue))
        bytes.append(UInt8(truncatingIfNeeded: plain.count))
        bytes.append(UInt8(truncatingIfNeeded: plain.count >> 8))
        bytes += plain
        count += 1
    }
}

/// Finds the items in a row's bytes.
private struct RunReader {
    private let kind: ItemKind
    private let plain: [UInt8]
    private var seq: Int64
    private var at = 0

    init(_ first: Int64, _ kind: ItemKind, _ plain: [UInt8]) {
        self.kind = kind
        self.plain = plain
        seq = first
    }

    mutating func next() throws(AffettoError) -> (seq: Int64, kind: ItemKind, bytes: Range<Int>)? {
        guard at < plain.count else { return nil }
        guard kind == .run else {
            at = plain.count
            return (seq, kind, 0..<plain.count)
        }
        guard at + 3 <= plain.count, let kind = ItemKind(rawValue: Int64(plain[at])), kind.joinsRuns else {
            throw damagedItem
        }
        let start = at + 3
        let end = start + Int(plain[at + 1]) + Int(plain[at + 2]) << 8
        guard end <= plain.count else { throw damagedItem }
        at = end
        defer { seq += 1 }
        return (seq, kind, start..<end)
    }
}

/// The bytes of a session's item cells, "item|SESSION/SEQ|KIND", made in place.
private struct ItemPlace {
    private var buffer: [UInt8]
    private let prefix: Int

    init(_ session: String) {
        buffer = []
        buffer.reserveCapacity(session.utf8.count + 40)
        buffer.append(contentsOf: "item|".utf8)
        buffer.append(contentsOf: session.utf8)
        buffer.append(UInt8(ascii: "/"))
        prefix = buffer.count
    }

    mutating func bytes(_ seq: Int64, _ kind: ItemKind) -> [UInt8] {
        buffer.removeSubrange(prefix...)
        var rest = UInt64(max(seq, 0))
        repeat {
            buffer.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        buffer[prefix...].reverse()
        buffer.append(UInt8(ascii: "|"))
        buffer.append(contentsOf: kind.name.utf8)
        return buffer
    }
}
