import FoundationEssentials

/// JSON text of any `Codable` value, keys in snake case and sorted, so the same value is the same bytes.
public enum JSON {
    public static func encode(_ value: some Encodable, pretty: Bool = false) throws(AffettoError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return Array(try encoder.encode(value)) } catch {
            throw AffettoError(.internal, "cannot write JSON: \(error)")
        }
    }

    public static func text(_ value: some Encodable, pretty: Bool = false) throws(AffettoError) -> String {
        String(decoding: try encode(value, pretty: pretty), as: UTF8.self)
    }

    /// Reads `value` of `what` (named in the error) from JSON bytes.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Collection<UInt8>, what: String
    ) throws(AffettoError) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return try decoder.decode(type, from: Data(bytes)) } catch {
            throw AffettoError(.argument, "\(what) is not valid: \(explain(error))")
        }
    }

    /// Refuses an object with fields that nobody reads: a slip in a name must not pass for a wish fulfilled.
    public static func requireFields(_ known: [String], of decoder: any Decoder) throws {
        let others = try decoder.container(keyedBy: AnyField.self).allKeys.filter { !known.contains($0.stringValue) }
        guard others.isEmpty else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a field is none of: \(known.map(snakeCase).joined(separator: ", "))"))
        }
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce("") { $0 + ($1.isUppercase ? "_" + $1.lowercased() : String($1)) }
    }

    private struct AnyField: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static func explain(_ error: any Error) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let keys = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
            return keys.isEmpty ? "" : "at \(keys.joined(separator: ".")): "
        }
        if let error = error as? AffettoError { return error.message }
        switch error as? DecodingError {
        case .dataCorrupted(let context): return path(context) + context.debugDescription
        case .keyNotFound(let key, let context): return path(context) + "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return path(context) + context.debugDescription
        default: return "it cannot be read"
        }
    }
}
