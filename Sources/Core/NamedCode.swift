/// A closed vocabulary with fixed ABI numbers, written by name in JSON (`self_report`, never `4`).
public protocol NamedCode: RawRepresentable<Int32>, CaseIterable, Codable, Sendable, Hashable {}

extension NamedCode {
    /// The case's name in snake case, as the C header and JSON spell it.
    public var name: String {
        var out = ""
        for character in String(describing: self) {
            if character.isUppercase { out += "_" + character.lowercased() } else { out.append(character) }
        }
        return out
    }

    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(name: text) else {
            let known = Self.allCases.map(\.name).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "it is none of: \(known)"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
