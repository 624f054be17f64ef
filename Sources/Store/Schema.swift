import AffettoCore

/// What lies in one of our files, and how an older file becomes a present one. Forward only.
struct Schema {
    /// Of the file, for messages.
    let name: String
    /// Marks the file as ours in its header.
    let applicationID: Int64
    /// Set on every connection.
    let settings: [String]
    /// Tables that are checked on every opening, however large the file.
    let foundations: [String]
    /// Statements that lead from version i (in the file's header) to version i + 1.
    let migrations: [[String]]

    /// Makes the tables in an empty file, or checks that the file is ours, whole and not newer than this library, and
    /// brings it up to date. A file that is not ours is not written to.
    func adopt(_ database: Database) throws(AffettoError) {
        let applicationID = try database.integer("PRAGMA application_id")
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
        guard applicationID == self.applicationID || (applicationID == 0 && isEmpty) else {
            throw AffettoError(.storeCorrupt, "the file is not an Affetto \(name)")
        }
        let latest = Int64(migrations.count)
        let version = try database.integer("PRAGMA user_version")
        guard (0...latest).contains(version) else {
            throw AffettoError(
                .storeCorrupt, "the \(name) has schema \(version); this library reads up to \(latest): use a newer one")
        }
        if database.isReadOnly {
            guard version == latest else {
                throw AffettoError(.state, "the \(name) has an older schema: open it once for writing")
            }
        } else {
            for setting in settings { try database.run("PRAGMA \(setting)") }
        }
        if !isEmpty { try quickCheck(database) }
        if version < latest { try migrate(database) }
    }

    /// The whole file where it is small. Of a large one what everything else rests on: opening must not take longer the more
    /// is kept. A sealed field that is damaged shows when it is read; `Store.check` reads all.
    private func quickCheck(_ database: Database) throws(AffettoError) {
        let bytes = try database.integer("PRAGMA page_count") * database.integer("PRAGMA page_size")
        let checks =
            bytes <= Self.wholeCheckBytes ? ["PRAGMA quick_check(1)"] : foundations.map { "PRAGMA quick_check(\($0))" }
        for check in checks {
            let findings = try database.rows(check) { row throws(AffettoError) in row.text(0) }
            guard findings == ["ok"] else { throw AffettoError(.storeCorrupt, "the \(name) is damaged") }
        }
    }

    private static let wholeCheckBytes: Int64 = 32 << 20

    private func migrate(_ database: Database) throws(AffettoError) {
        try database.transaction { () throws(AffettoError) in
            // Read again inside the transaction: another process may have been faster.
            let version = Int(try database.integer("PRAGMA user_version"))
            for statement in migrations.dropFirst(version).joined() { try database.run(statement) }
            try database.run("PRAGMA application_id = \(applicationID)")
            try database.run("PRAGMA user_version = \(migrations.count)")
        }
    }
}

extension Schema {
    /// Learners and library. Personal columns are sealed; a learner's row is named by a keyed hash of the id.
    static let store = Schema(
        name: "store", applicationID: 0x4146_4654,  // "AFFT"
        settings: [
            "trusted_schema = OFF", "cell_size_check = ON", "foreign_keys = ON", "secure_delete = ON",
            "journal_mode = WAL", "synchronous = NORMAL",
        ],
        foundations: ["ring", "learner", "consent"],
        migrations: [
            [
                // Which key ring this store belongs to.
                "CREATE TABLE ring (id BLOB NOT NULL) STRICT",
                """
                CREATE TABLE learner (
                    key BLOB PRIMARY KEY,
                    sealed_id BLOB NOT NULL,
                    sealed_assessment BLOB NOT NULL,
                    sealed_model BLOB
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE consent (
                    learner BLOB NOT NULL REFERENCES learner (key) ON DELETE CASCADE,
                    seq INTEGER NOT NULL,
                    sealed_consent BLOB NOT NULL,
                    PRIMARY KEY (learner, seq)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE session (
                    number INTEGER PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    learner BLOB NOT NULL REFERENCES learner (key) ON DELETE CASCADE,
                    sealed_header BLOB NOT NULL
                ) STRICT
                """,
                "CREATE INDEX session_of_learner ON session (learner)",
                """
                CREATE TABLE item (
                    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
                    seq INTEGER NOT NULL,
                    kind INTEGER NOT NULL,
                    sealed_payload BLOB NOT NULL,
                    PRIMARY KEY (session, seq)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE TABLE track (id TEXT PRIMARY KEY, json BLOB NOT NULL) STRICT, WITHOUT ROWID",
            ],
            [
                // What was done, never what it was about: `Store+Audit.swift`.
                """
                CREATE TABLE audit (
                    seq INTEGER PRIMARY KEY,
                    at INTEGER NOT NULL,
                    action INTEGER NOT NULL,
                    detail INTEGER NOT NULL,
                    subject BLOB NOT NULL,
                    mac BLOB NOT NULL
                ) STRICT
                """
            ],
            [
                // Rows by number, so that those of a session lie together whatever their size: `Store+Items.swift`.
                "ALTER TABLE item RENAME TO old_item",
                """
                CREATE TABLE item (
                    place INTEGER PRIMARY KEY,
                    kind INTEGER NOT NULL,
                    count INTEGER NOT NULL,
                    sealed_payload BLOB NOT NULL
                ) STRICT
                """,
                """
                INSERT INTO item SELECT session.number << 32 | seq, kind, 1, sealed_payload
                FROM old_item JOIN session ON session.id = old_item.session
                """,
                "DROP TABLE old_item",
                """
                CREATE TRIGGER items_go_with_their_session AFTER DELETE ON session BEGIN
                    DELETE FROM item WHERE place BETWEEN old.number << 32 AND (old.number + 1 << 32) - 1;
                END
                """,
                // How long things are kept, and when that was last seen to: `Store+Retention.swift`.
                "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
                // Rules of the preset that a host has loosened, and who answers for it: `Store+Attestation.swift`.
                "CREATE TABLE attestation (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, json BLOB NOT NULL) STRICT",
                // Studies, and what each answer has cost of their privacy budget, in millionths of epsilon:
                // `Store+Study.swift`.
                "CREATE TABLE study (id TEXT PRIMARY KEY, budget INTEGER NOT NULL, k INTEGER) STRICT, WITHOUT ROWID",
                """
                CREATE TABLE answer (
                    seq INTEGER PRIMARY KEY,
                    study TEXT NOT NULL REFERENCES study (id),
                    at INTEGER NOT NULL,
                    question TEXT NOT NULL,
                    epsilon INTEGER NOT NULL
                ) STRICT
                """,
                // For analysts: nothing personal.
                holdings,
                """
                CREATE VIEW audit_by_day AS
                    SELECT date(at, 'unixepoch') AS day, action, count(*) AS entries FROM audit GROUP BY day, action
                """,
                """
                CREATE VIEW track_labels AS
                    SELECT id, json_extract(json, '$.title') AS title, json_extract(json, '$.artist') AS artist,
                        json_extract(json, '$.style') AS style, json_extract(json, '$.valence.mean') AS valence,
                        json_extract(json, '$.arousal.mean') AS arousal, json_extract(json, '$.label_source') AS label_source,
                        json_extract(json, '$.features.tempo') AS tempo, json_extract(json, '$.features.loudness') AS loudness
                    FROM track
                """,
                """
                CREATE VIEW studies AS
                    SELECT study.id AS study, budget / 1e6 AS epsilon_budget, coalesce(sum(epsilon), 0) / 1e6 AS epsilon_spent,
                        count(answer.seq) AS answers
                    FROM study LEFT JOIN answer ON answer.study = study.id GROUP BY study.id
                """,
            ],
            libraryTables,
        ])

    private static let holdings = """
        CREATE VIEW holdings AS
            SELECT 'learners' AS what, count(*) AS number FROM learner
            UNION ALL SELECT 'consents', count(*) FROM consent
            UNION ALL SELECT 'sessions', count(*) FROM session
            UNION ALL SELECT 'items', coalesce(sum(count), 0) FROM item
            UNION ALL SELECT 'decisions', count(*) FROM item WHERE kind = 2
            UNION ALL SELECT 'outcomes', count(*) FROM item WHERE kind = 3
            UNION ALL SELECT 'tracks', count(*) FROM track
        """

    /// Tracks by number, what is searched for in columns of its own: `Store+Library.swift`. Earlier ones had an id and a text.
    private static let libraryTables = [
        "DROP VIEW holdings",
        "DROP VIEW track_labels",
        "ALTER TABLE track RENAME TO old_track",
        """
        CREATE TABLE track (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            uri TEXT NOT NULL,
            valence REAL NOT NULL,
            arousal REAL NOT NULL,
            duration REAL NOT NULL,
            tempo REAL NOT NULL,
            key INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            minimum_age INTEGER NOT NULL,
            review INTEGER NOT NULL,
            style TEXT NOT NULL,
            profile BLOB NOT NULL,
            fingerprint BLOB NOT NULL,
            json TEXT NOT NULL
        ) STRICT
        """,
        """
        INSERT INTO track SELECT row_number() OVER (ORDER BY id), id, coalesce(json_extract(json, '$.uri'), ''),
            json_extract(json, '$.valence.mean'), json_extract(json, '$.arousal.mean'),
            json_extract(json, '$.features.duration'), json_extract(json, '$.features.tempo'),
            json_extract(json, '$.features.key') + 12 * json_extract(json, '$.features.is_minor'),
            (json_extract(json, '$.lyrics_language') <> '') + 2 * json_extract(json, '$.is_explicit'), 0, 0,
            coalesce(json_extract(json, '$.style'), ''), x'', x'',
            json_patch('{"isrc":"","rights_holder":"","permitted_use":"","tags":[],"minimum_age":0,"label_method":"",'
            || '"raters":0,"review":"none","review_reasons":[],"corrected":[],"profile":[],"fingerprint":"","file_stamp":"",'
            || '"features":{"tempo_stability":0,"second_tempo":0,"third_tempo":0,"second_tempo_fit":0,"third_tempo_fit":0,'
            || '"beats_per_bar":0,"tuning":0,"loudness_range":0,"max_momentary":-70,"true_peak":-120,"crest":0,"attack":0,'
            || '"rolloff":0,"flatness":0,"onset_strength":0,"percussiveness":0,"roughness":0,"vocal_activity":0}}',
            json)
        FROM (SELECT id, CAST(json AS TEXT) AS json FROM old_track)
        """,
        "DROP TABLE old_track",
        "CREATE INDEX track_of_uri ON track (uri)",
        "CREATE INDEX track_of_review ON track (review)",
        // What of a track is seldom asked for.
        """
        CREATE TABLE track_detail (
            track INTEGER PRIMARY KEY REFERENCES track (number) ON DELETE CASCADE,
            json TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE rating (
            track INTEGER NOT NULL REFERENCES track (number) ON DELETE CASCADE,
            rater TEXT NOT NULL,
            source INTEGER NOT NULL,
            valence REAL NOT NULL,
            arousal REAL NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (track, rater)
        ) STRICT, WITHOUT ROWID
        """,
        // Any three letters of title, artist, style and tags in a row, in any script.
        "CREATE VIRTUAL TABLE track_text USING fts5 (words, tokenize = 'trigram')",
        """
        INSERT INTO track_text (rowid, words) SELECT number, json_extract(json, '$.title') || char(10)
            || json_extract(json, '$.artist') || char(10) || style FROM track
        """,
        holdings,
        """
        CREATE VIEW track_labels AS
            SELECT id, json_extract(json, '$.title') AS title, json_extract(json, '$.artist') AS artist, style, valence, arousal,
                json_extract(json, '$.label_source') AS label_source, tempo, json_extract(json, '$.features.loudness') AS loudness
            FROM track
        """,
    ]

    /// The keys, apart from what they lock. Deleted keys are overwritten, and every change reaches the disk.
    static let keyRing = Schema(
        name: "key ring", applicationID: 0x4146_464B,  // "AFFK"
        settings: [
            "trusted_schema = OFF", "cell_size_check = ON", "secure_delete = ON", "journal_mode = DELETE",
            "synchronous = FULL",
        ],
        foundations: ["ring", "key", "erasure"],
        migrations: [
            [
                """
                CREATE TABLE ring (
                    id BLOB NOT NULL,
                    salt BLOB NOT NULL,
                    passes INTEGER NOT NULL,
                    memory INTEGER NOT NULL,
                    sealed_check BLOB NOT NULL
                ) STRICT
                """,
                "CREATE TABLE key (learner BLOB PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID",
                // Learners whose key is gone and whose rows are still to be swept.
                "CREATE TABLE erasure (learner BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
            ],
            [
                // Secrets that outlive the engine key, wrapped by it; how far the audit log had come.
                "CREATE TABLE secret (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID",
                "CREATE TABLE anchor (seq INTEGER NOT NULL, mac BLOB NOT NULL) STRICT",
            ],
        ])
}
