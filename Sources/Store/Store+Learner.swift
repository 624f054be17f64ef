import AffettoCore

/// Learners: assessment, consents, what was learned, erasure. All but `putLearner`, `hasLearner` and `learners` throw
/// `.notFound` when there is no such learner.
extension Store {
    /// Creates a learner. One who exists gets the new assessment and keeps everything else.
    ///
    /// - Parameter at: seconds since 1970, for the audit log.
    /// - Throws: `.argument` unless the id has 1…128 bytes.
    public func putLearner(_ id: String, assessment: Assessment, at: Int64) throws(AffettoError) {
        guard (1...128).contains(id.utf8.count), !id.utf8.contains(0) else {
            throw AffettoError(
                .argument, "a learner's id has 1 to 128 bytes, none of them 0; this one has \(id.utf8.count)")
        }
        try use { files throws(AffettoError) in
            let row = files.ring.row(of: id)
            let known = try files.ring.vault(of: row)
            let vault: Vault
            if let known {
                vault = known
            } else {
                // An erasure that was cut short must not later sweep the learner made here.
                try files.sweep()
                vault = try files.ring.makeVault(of: row)
            }
            let owner = Files.Owner(row: row, vault: vault)
            let sealed = try owner.vault.seal(json: assessment, in: owner.cell("assessment"))
            let action: AuditAction = known == nil ? .learnerCreated : .assessmentChanged
            try files.logged(action, subject: files.subject(id), at: at) { () throws(AffettoError) in
                // Rows without a key come from a backup older than an erasure: nothing can open them.
                if known == nil { try files.database.run("DELETE FROM learner WHERE key = ?", .blob(row)) }
                try files.database.run(
                    """
                    INSERT INTO learner (key, sealed_id, sealed_assessment) VALUES (?, ?, ?)
                    ON CONFLICT (key) DO UPDATE SET sealed_assessment = excluded.sealed_assessment
                    """, .blob(row), .blob(owner.vault.seal(id.utf8, in: owner.cell("id"))), .blob(sealed))
            }
        }
    }

    public func hasLearner(_ id: String) throws(AffettoError) -> Bool {
        try use { files throws(AffettoError) in
            let row = files.ring.row(of: id)
            guard try files.ring.vault(of: row) != nil else { return false }
            return try files.hasRow(row)
        }
    }

    /// The ids of all learners, sorted.
    public func learners() throws(AffettoError) -> [String] {
        try use { files throws(AffettoError) in
            let rows = try files.database.rows("SELECT key, sealed_id FROM learner") { row throws(AffettoError) in
                (key: row.blob(0), id: row.blob(1))
            }
            var ids: [String] = []
            for row in rows {
                // What is damaged is for `check` to name.
                guard let vault = try? files.ring.vault(of: row.key) else { continue }
                let cell = Files.Owner(row: row.key, vault: vault).cell("id")
                guard let id = vault.open(row.id, in: cell) else { continue }
                ids.append(String(decoding: id, as: UTF8.self))
            }
            return ids.sorted()
        }
    }

    public func assessment(of learner: String) throws(AffettoError) -> Assessment {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let sealed = try files.column("SELECT sealed_assessment FROM learner WHERE key = ?", of: owner)
            return try owner.vault.open(Assessment.self, sealed ?? [], in: owner.cell("assessment"))
        }
    }

    /// What was learned about the learner, as `putModel` got it; `nil` before that.
    public func model(of learner: String) throws(AffettoError) -> [UInt8]? {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            guard let sealed = try files.column("SELECT sealed_model FROM learner WHERE key = ?", of: owner) else {
                return nil
            }
            guard let plain = owner.vault.open(sealed, in: owner.cell("model")) else {
                throw Vault.damaged(owner.cell("model"))
            }
            return plain
        }
    }

    public func putModel(_ bytes: [UInt8], of learner: String) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            try files.database.run(
                "UPDATE learner SET sealed_model = ? WHERE key = ?",
                .blob(owner.vault.seal(bytes, in: owner.cell("model"))), .blob(owner.row))
        }
    }

    /// Destroys the learner's key, deletes the rows, rewrites the file and empties its write-ahead log. Afterwards
    /// nothing in the files or in an earlier backup of the store decrypts. After `.busy` the key is gone and the rows
    /// cannot be read; erase again, or open the store again, to finish.
    ///
    /// - Parameter at: seconds since 1970, for the audit log.
    public func erase(_ learner: String, at: Int64) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let row = files.ring.row(of: learner)
            // A key that no longer opens can still be destroyed.
            let isKnown = try files.ring.hasKey(of: row)
            let hasRow = try files.hasRow(row)
            let isHalfErased = try files.ring.unswept().contains(row)
            guard isKnown || hasRow || isHalfErased else {
                throw AffettoError(.notFound, "there is no such learner")
            }
            let subject = (try? files.subject(learner)) ?? []
            try files.ring.destroyKey(of: row)
            try files.sweep(erased: (subject, at))
        }
    }
}

// MARK: Consent

extension Store {
    /// Puts a consent on file, after those already there.
    ///
    /// - Parameter at: seconds since 1970, for the audit log.
    public func grant(_ consent: Consent, to learner: String, at: Int64) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let detail = AuditAction.detail(consent.modality, consent.purpose)
            try files.logged(
                .consentGranted, subject: files.subject(learner), detail: detail, at: at
            ) { () throws(AffettoError) in
                let seq =
                    try files.database.integer(
                        "SELECT coalesce(max(seq), 0) FROM consent WHERE learner = ?", .blob(owner.row),
                        within: 0...(1 << 40)) + 1
                try files.database.run(
                    "INSERT INTO consent VALUES (?, ?, ?)", .blob(owner.row), .integer(seq),
                    .blob(try owner.vault.seal(json: consent, in: owner.consentCell(seq))))
            }
        }
    }

    /// Marks every consent for this modality and purpose as revoked from `at` on, in seconds since 1970. They stay on
    /// file. No such consent is not an error.
    public func revoke(
        modality: DataKind, purpose: Purpose, of learner: String, at: Int64
    ) throws(AffettoError) {
        try use { files throws(AffettoError) in
            let owner = try files.owner(learner)
            let detail = AuditAction.detail(modality, purpose)
            try files.logged(
                .consentRevoked, subject: files.subject(learner), detail: detail, at: at
            ) { () throws(AffettoError) in
                for (seq, var consent) in try files.consents(of: owner)
                where consent.modality == modality && consent.purpose == purpose && consent.revoked == nil {
                    consent.revoked = at
                    try files.database.run(
                        "UPDATE consent SET sealed_consent = ? WHERE learner = ? AND seq = ?",
                        .blob(try owner.vault.seal(json: consent, in: owner.consentCell(seq))), .blob(owner.row),
                        .integer(seq))
                }
            }
        }
    }

    /// All consents ever given, oldest first, the expired and the revoked among them.
    public func consents(of learner: String) throws(AffettoError) -> [Consent] {
        try use { files throws(AffettoError) in try files.consents(of: files.owner(learner)).map(\.consent) }
    }
}

extension Store.Files {
    fileprivate func column(_ sql: String, of owner: Owner) throws(AffettoError) -> [UInt8]? {
        try database.rows(sql, .blob(owner.row)) { row throws(AffettoError) in
            row.isNull(0) ? nil : row.blob(0)
        }.first ?? nil
    }

    fileprivate func consents(of owner: Owner) throws(AffettoError) -> [(seq: Int64, consent: Consent)] {
        try database.rows(
            "SELECT seq, sealed_consent FROM consent WHERE learner = ? ORDER BY seq", .blob(owner.row)
        ) { row throws(AffettoError) in
            let seq = row.integer(0)
            return (seq, try owner.vault.open(Consent.self, row.blob(1), in: owner.consentCell(seq)))
        }
    }
}

extension Store.Files.Owner {
    func cell(_ column: String) -> Cell { Cell("learner", name, column) }
    func consentCell(_ seq: Int64) -> Cell { Cell("consent", "\(name)/\(seq)", "consent") }
}
