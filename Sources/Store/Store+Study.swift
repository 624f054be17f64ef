import AffettoCore
import CSodium

/// Studies: their privacy budget, and the pseudonyms of who takes part.
extension Store {
    /// Begins a study, or finds it as it is. `budget`: millionths of epsilon; `at`: seconds since 1970.
    public func makeStudy(_ id: String, budget: Int64, at: Int64) throws(AffettoError) {
        guard (1...64).contains(id.utf8.count) else {
            throw AffettoError(.argument, "a study's id has 1 to 64 bytes; this one has \(id.utf8.count)")
        }
        try use { files throws(AffettoError) in
            guard try files.budget(of: id) == nil else { return }
            try files.logged(.studyMade, subject: [], detail: budget, at: at) { () throws(AffettoError) in
                try files.database.run(
                    "INSERT OR IGNORE INTO study (id, budget) VALUES (?, ?)", .text(id), .integer(budget))
            }
        }
    }

    public func hasStudy(_ id: String) throws(AffettoError) -> Bool {
        try use { files throws(AffettoError) in try files.budget(of: id) != nil }
    }

    /// The study's k, which the first export sets: two exports with different ones, held against each other, give away who
    /// was left out of one of them.
    /// - Throws: `.range` where rows were exported with another k, `.notFound`.
    public func fixK(_ k: Int, of study: String) throws(AffettoError) {
        try use { files throws(AffettoError) in
            guard try files.budget(of: study) != nil else { throw AffettoError(.notFound, "there is no such study") }
            let known = try files.database.integer(
                "SELECT coalesce(k, 0) FROM study WHERE id = ?", .text(study), within: 0...1000)
            guard known != 0 else {
                return try files.database.transaction { () throws(AffettoError) in
                    try files.database.run(
                        "UPDATE study SET k = ? WHERE id = ?", .integer(Int64(k)), .text(study))
                }
            }
            guard known == k else {
                throw AffettoError(.range, "rows of this study were exported with k = \(known), and k stays as it was")
            }
        }
    }

    /// Takes the cost of a question from the study's budget, on the disk before this returns.
    ///
    /// - Parameters:
    ///   - cost: millionths of epsilon. - question: as asked, for the ledger.
    /// - Returns: what is left, in millionths.
    /// - Throws: `.notFound` (no such study), `.policy` (it is not left).
    public func spend(_ cost: Int64, on question: String, of study: String, at: Int64) throws(AffettoError) -> Int64 {
        try use { files throws(AffettoError) in
            guard let budget = try files.budget(of: study) else {
                throw AffettoError(.notFound, "there is no such study")
            }
            return try files.logged(.studyAnswered, subject: [], detail: cost, at: at) { () throws(AffettoError) in
                let spent = try files.database.integer(
                    "SELECT coalesce(sum(epsilon), 0) FROM answer WHERE study = ?", .text(study), within: 0...(1 << 40))
                guard cost > 0, cost <= budget - spent else {
                    throw AffettoError(
                        .policy,
                        "the study's privacy budget has \(Double(budget - spent) / 1e6) of epsilon left; this costs \(Double(cost) / 1e6)"
                    )
                }
                try files.database.run(
                    "INSERT INTO answer (study, at, question, epsilon) VALUES (?, ?, ?, ?)", .text(study), .integer(at),
                    .text(question), .integer(cost))
                return budget - spent - cost
            }
        }
    }

    /// The learner's pseudonym in a study, 16 hex digits, and a number to shift dates by. Both come from the learner's own
    /// key: erased, nobody can make them again.
    public func pseudonym(of learner: String, in study: String) throws(AffettoError) -> (name: String, number: UInt64) {
        try use { files throws(AffettoError) in
            let mac = try files.owner(learner).vault.key.mac(Array("study|\(study)".utf8))
            let number = mac[16..<24].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (hex(Array(mac.prefix(8))), number)
        }
    }

    /// 64 bits from the system's random source.
    public static func randomBits() -> UInt64 { randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

extension Store.Files {
    fileprivate func budget(of study: String) throws(AffettoError) -> Int64? {
        let budget = try database.first("SELECT budget FROM study WHERE id = ?", .text(study)) {
            row throws(AffettoError) in row.integer(0)
        }
        guard (0...10_000_000).contains(budget ?? 0) else { throw Database.unbelievable }
        return budget
    }
}
