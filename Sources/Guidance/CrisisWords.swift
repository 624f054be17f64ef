import AffettoCore

/// What a learner reads after grave words: fixed sentences, never composed for the moment, and whom to reach as the host knows it.
public struct CrisisWords: Sendable, Equatable {
    public struct Contact: Codable, Sendable, Equatable {
        /// Who: "School counsellor, room 12".
        public var name: String
        /// How: a number, an address, opening hours.
        public var reach: String
    }

    public struct Language: Codable, Sendable, Equatable {
        /// In place of the sentences below; reviewed by the host.
        public var text: String?
        public var contacts: [Contact]
    }

    /// By language, BCP 47: "en", "zh-Hans", "zh-Hant", or another for which the host brings its own text.
    public let languages: [String: Language]

    /// - Parameter json: {"en": {"contacts": [{"name": "...", "reach": "..."}], "text": "..."}, …}, at most 64 KiB.
    /// - Throws: `.argument` naming what is missing: a language, a contact, a text in a language that there is none in.
    public init(json: some Collection<UInt8>) throws(AffettoError) {
        guard json.count <= 65_536 else { throw AffettoError(.range, "the crisis resources are longer than 64 KiB") }
        languages = try JSON.decode([String: Language].self, from: json, what: "the crisis resources")
        guard !languages.isEmpty else { throw AffettoError(.argument, "the crisis resources name no language") }
        for (code, language) in languages {
            guard !language.contacts.isEmpty, language.contacts.allSatisfy({ !$0.name.isEmpty && !$0.reach.isEmpty })
            else {
                throw AffettoError(.argument, "the crisis resources for '\(code)' name nobody to reach")
            }
            guard Self.texts[code] != nil || language.text?.isEmpty == false else {
                throw AffettoError(.argument, "the crisis resources need a \"text\" in '\(code)'")
            }
        }
    }

    /// Without contacts: the fixed sentences alone.
    public init() { languages = [:] }

    /// Words and contacts, each in the language asked for where there are any, else in the nearest: its script, its first part,
    /// English, whatever there is.
    public func prompt(in code: String, at time: Microseconds) -> Prompt {
        let wanted = Self.chain(code)
        let place = (wanted + languages.keys.sorted()).first { languages[$0] != nil }
        let words =
            wanted.lazy.compactMap { languages[$0]?.text ?? Self.texts[$0] }.first
            ?? place.flatMap { languages[$0]?.text } ?? ""
        let contacts = place.flatMap { languages[$0]?.contacts } ?? []
        return Prompt(
            time: time, text: ([words] + contacts.map { "\($0.name): \($0.reach)" }).joined(separator: "\n"),
            choices: [])
    }

    /// "zh-TW" → "zh-TW", "zh-Hant", "zh", "zh-Hans", "en".
    private static func chain(_ code: String) -> [String] {
        let parts = code.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" }).map(String.init)
        guard parts.first == "zh" else { return [code, parts.first ?? code, "en"] }
        let isTraditional = parts.contains { ["hant", "tw", "hk", "mo"].contains($0) }
        return [code] + (isTraditional ? ["zh-Hant", "zh", "zh-Hans"] : ["zh-Hans", "zh", "zh-Hant"]) + ["en"]
    }

    /// Reviewed as a whole; to change one is to have it reviewed again.
    public static let texts = [
        "en": "It sounds as if things are very hard right now. You do not have to carry this alone. "
            + "Please talk to someone who can be with you. If you are in danger now, call the emergency number.",
        "zh": "听起来你现在很难受。你不用一个人扛着。请找一个能陪你的人说一说。如果你现在有危险，请马上拨打急救电话。",
        "zh-Hans": "听起来你现在很难受。你不用一个人扛着。请找一个能陪你的人说一说。如果你现在有危险，请马上拨打急救电话。",
        "zh-Hant": "聽起來你現在很難受。你不用一個人扛著。請找一個能陪你的人說一說。如果你現在有危險，請馬上撥打急救電話。",
    ]
}
