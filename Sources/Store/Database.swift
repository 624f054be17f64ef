import AffettoCore
import CSQLite3
import Glibc

/// A value bound to a parameter.
enum SQLValue {
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// The row a statement stands on; columns count from 0. Valid only inside the closure that receives it.
struct SQLRow {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    func text(_ column: Int32) -> String { String(decoding: blob(column), as: UTF8.self) }

    /// Empty where the column is NULL.
    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// A blob where SQLite has it, for as long as `body` runs.
    func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(statement, column)
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
}

/// One SQLite connection with its prepared statements. Not safe for threads: its owner guards it.
final class Database {
    private let handle: OpaquePointer
    /// Every attempt to write is refused.
    let isReadOnly: Bool
    private var statements: [String: OpaquePointer] = [:]

    /// Opens the file, or makes it for its owner alone (mode 0600); `nil` is a database in memory.
    init(path: String?) throws(AffettoError) {
        if let path { try Self.makeFile(path) }
        handle = try Self.opened(path ?? ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        isReadOnly = false
        sqlite3_busy_timeout(handle, 2000)
    }

    /// Opens an existing file for reading, in a folder that may be read-only, too.
    init(reading path: String) throws(AffettoError) {
        guard access(path, F_OK) == 0 else { throw AffettoError(.store, "there is no file '\(path)'") }
        guard access(path, R_OK) == 0 else {
            throw AffettoError(.store, "cannot read '\(path)': \(String(cString: strerror(errno)))")
        }
        var handle = try Self.opened(path, SQLITE_OPEN_READONLY)
        let code = sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", nil, nil, nil)
        if code & 0xFF == SQLITE_CANTOPEN || code & 0xFF == SQLITE_READONLY {
            sqlite3_close(handle)
            // Where SQLite cannot keep its shared memory, and nothing waits in the write-ahead log, the file is all there is.
            var wal = stat()
            guard stat(path + "-wal", &wal) != 0 || wal.st_size == 0 else {
                throw AffettoError(
                    .store, "'\(path)' was not closed: open it once where its folder can be written, then read it here")
            }
            handle = try Self.opened("file:\(Self.quoted(path))?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        }
        self.handle = handle
        isReadOnly = true
        sqlite3_busy_timeout(handle, 2000)
    }

    private static func opened(_ name: String, _ flags: Int32) throws(AffettoError) -> OpaquePointer {
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else {
            let error = error(code, handle)
            sqlite3_close(handle)
            throw error
        }
        return handle
    }

    /// For a URI: every byte but letters, digits and "/._-" as %XX.
    private static func quoted(_ path: String) -> String {
        var out = ""
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F:
                out.append(Character(Unicode.Scalar(byte)))
            default: out += "%" + hex([byte])
            }
        }
        return out
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs one statement and drops its rows.
    func run(_ sql: String, _ values: SQLValue...) throws(AffettoError) {
        try step(sql, values) { _ throws(AffettoError) in }
    }

    /// All rows of one statement. `read` must not run the same statement again.
    func rows<Value>(
        _ sql: String, _ values: SQLValue..., read: (SQLRow) throws(AffettoError) -> Value
    ) throws(AffettoError) -> [Value] {
        var found: [Value] = []
        try step(sql, values) { row throws(AffettoError) in found.append(try read(row)) }
        return found
    }

    /// The first row, or `nil`. `read` must not run the same statement again.
    func first<Value>(
        _ sql: String, _ values: SQLValue..., read: (SQLRow) throws(AffettoError) -> Value
    ) throws(AffettoError) -> Value? {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() { try bind(value, to: statement, at: Int32(index + 1)) }
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return try read(SQLRow(statement: statement))
        case SQLITE_DONE: return nil
        case let code: throw Self.error(code, handle)
        }
    }

    /// The first column of the first row as a number; 0 where there is no row.
    func integer(_ sql: String, _ values: SQLValue...) throws(AffettoError) -> Int64 {
        var found: Int64?
        try step(sql, values) { row throws(AffettoError) in found = found ?? row.integer(0) }
        return found ?? 0
    }

    /// As `integer`, for a number that arithmetic will trust: anybody may have edited the file.
    /// - Throws: `.storeCorrupt` outside `range`.
    func integer(
        _ sql: String, _ values: SQLValue..., within range: ClosedRange<Int64>
    ) throws(AffettoError) -> Int64 {
        var found: Int64?
        try step(sql, values) { row throws(AffettoError) in found = found ?? row.integer(0) }
        guard range.contains(found ?? 0) else { throw Self.unbelievable }
        return found ?? 0
    }

    static let unbelievable = AffettoError(.storeCorrupt, "the store is damaged: a number that cannot be")

    /// Runs one statement for many rows.
    func batch(_ sql: String, _ body: (Batch) throws(AffettoError) -> Void) throws(AffettoError) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try body(Batch(statement: statement, database: self))
    }

    struct Batch {
        fileprivate let statement: OpaquePointer
        fileprivate let database: Database

        /// Copied once, and stays bound for all rows.
        func keep(_ value: SQLValue, at index: Int32) throws(AffettoError) {
            try database.bind(value, to: statement, at: index)
        }

        func integer(_ value: Int64, at index: Int32) { sqlite3_bind_int64(statement, index, value) }

        /// Runs the statement, with these bytes, which are not copied.
        func step(blob bytes: [UInt8], at index: Int32) throws(AffettoError) {
            let code = bytes.withUnsafeBytes { bytes in
                sqlite3_bind_blob64(statement, index, bytes.baseAddress, UInt64(bytes.count), nil)
                let code = sqlite3_step(statement)
                sqlite3_reset(statement)
                return code
            }
            guard code == SQLITE_DONE else { throw Database.error(code, database.handle) }
        }
    }

    /// All of `body` or, when it throws, none of it.
    ///
    /// - Parameter isDurable: on the disk before this returns, so that not even a power failure takes it back. Otherwise
    ///   a power failure may cost the latest transactions, and nothing but those.
    func transaction<Result>(
        isDurable: Bool = false, _ body: () throws(AffettoError) -> Result
    ) throws(AffettoError) -> Result {
        guard !isReadOnly else { throw Self.readOnly }
        guard !isDurable else {
            try run("PRAGMA synchronous = FULL")
            defer { try? run("PRAGMA synchronous = NORMAL") }
            return try transaction(body)
        }
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // After some failures SQLite has rolled back by itself.
            if sqlite3_get_autocommit(handle) == 0 { try run("ROLLBACK") }
            throw error
        }
    }

    // MARK: Statements

    private func step(
        _ sql: String, _ values: [SQLValue], _ read: (SQLRow) throws(AffettoError) -> Void
    ) throws(AffettoError) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() { try bind(value, to: statement, at: Int32(index + 1)) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try read(SQLRow(statement: statement))
            case SQLITE_DONE: return
            case let code: throw Self.error(code, handle)
            }
        }
    }

    private func prepared(_ sql: String) throws(AffettoError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else {
            // Our statements fit our schema; where one does not, the schema in the file is damaged.
            throw Self.error(code == SQLITE_ERROR ? SQLITE_CORRUPT : code, handle)
        }
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) throws(AffettoError) {
        // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch value {
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .real(let number): sqlite3_bind_double(statement, index, number)
            case .text(let text):
                sqlite3_bind_text64(
                    statement, index, text, UInt64(text.utf8.count), transient, UInt8(SQLITE_UTF8))
            case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, index, 0)
            case .blob(let bytes): sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), transient)
            }
        guard code == SQLITE_OK else { throw Self.error(code, handle) }
    }

    // MARK: Files and failures

    static let readOnly = AffettoError(.state, "the store can only be read: it was opened so, or its file is")

    /// An existing file is not opened here: to close a second descriptor would drop the locks that another
    /// connection of this process holds on it (POSIX advisory locks belong to the process).
    private static func makeFile(_ path: String) throws(AffettoError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(folder, F_OK) == 0 else {
            throw AffettoError(.store, "cannot open '\(path)': its folder does not exist")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw AffettoError(.store, "cannot open '\(path)': its folder is not writable")
        }
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno == EEXIST {
            chmod(path, 0o600)
        } else {
            throw AffettoError(.store, "cannot make '\(path)': \(String(cString: strerror(errno)))")
        }
    }

    private static func error(_ code: Int32, _ handle: OpaquePointer?) -> AffettoError {
        let reason = String(cString: handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
        return switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: AffettoError(.busy, "another process or thread is writing to the store")
        case SQLITE_FULL: AffettoError(.storeFull, "no space is left for the store")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            AffettoError(.storeCorrupt, "the store is damaged or is not a store of ours: \(reason)")
        case SQLITE_READONLY: readOnly
        case SQLITE_NOMEM: AffettoError(.memory, "no memory is left for the store")
        default: AffettoError(.store, "the store cannot be read or written: \(reason)")
        }
    }
}
