import AffettoCore

/// Rules that a host has loosened, on file with who answers for it.
extension Store {
    /// Files what a host attests, as JSON, unless the latest entry says the same.
    ///
    /// - Parameters:
    ///   - loosened: how many rules became looser than the preset's own. - at: seconds since 1970.
    public func attest(_ json: [UInt8]?, loosened: Int, at: Int64) throws(AffettoError) {
        try use { files throws(AffettoError) in
            try files.logged(.policyChanged, subject: [], detail: Int64(loosened), at: at) { () throws(AffettoError) in
                guard let json else { return }
                let last = try files.database.first("SELECT json FROM attestation ORDER BY seq DESC LIMIT 1") {
                    row throws(AffettoError) in row.blob(0)
                }
                guard last != json else { return }
                try files.database.run(
                    "INSERT INTO attestation (at, json) VALUES (?, ?)", .integer(at), .blob(json))
            }
        }
    }

    /// All attestations, oldest first: when (seconds since 1970), and what.
    public func attestations() throws(AffettoError) -> [(at: Int64, json: [UInt8])] {
        try use { files throws(AffettoError) in
            try files.database.rows("SELECT at, json FROM attestation ORDER BY seq") { row throws(AffettoError) in
                (row.integer(0), row.blob(1))
            }
        }
    }
}
