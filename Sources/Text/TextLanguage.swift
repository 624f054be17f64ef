/// The language a message is written in, as far as it matters here: by script, and among Latin letters by small words.
public enum TextLanguage: Int32, Sendable, CaseIterable {
    /// Something else, or nothing that could be told.
    case unknown = 0
    case english, chineseSimplified, chineseTraditional

    /// BCP 47.
    public var code: String {
        switch self {
        case .unknown: "und"
        case .english: "en"
        case .chineseSimplified: "zh-Hans"
        case .chineseTraditional: "zh-Hant"
        }
    }

    public var isChinese: Bool { self == .chineseSimplified || self == .chineseTraditional }

    /// One Han character weighs as half a word. Kana beside them mean Japanese. Latin letters are English unless the message
    /// has two or more small words of another language, and more of those than of English ones.
    public static func detect(_ text: String) -> TextLanguage { text.withBytes { detect($0) } }

    static func detect(_ bytes: UnsafeBufferPointer<UInt8>) -> TextLanguage {
        var counts = (han: 0, kana: 0, latin: 0, other: 0, traditional: 0, simplified: 0, emoji: 0)
        var reader = ScalarReader(bytes)
        while let scalar = reader.next() {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: counts.latin += 1
            case 0..<0xC0: continue
            case 0x3040...0x30FF: counts.kana += 1
            default:
                if TextUnits.isHan(scalar) {
                    counts.han += 1
                    if HanForms.isTraditional(scalar) {
                        counts.traditional += 1
                    } else if HanForms.isSimplified(scalar) {
                        counts.simplified += 1
                    }
                } else if scalar.properties.isAlphabetic {
                    counts.other += 1
                } else if scalar.properties.isEmojiPresentation {
                    counts.emoji += 1
                }
            }
        }
        let isMostlyHan = counts.han > 0 && counts.han * 3 >= counts.latin
        if isMostlyHan, counts.kana * 4 < counts.han, counts.other <= counts.han {
            return counts.traditional > counts.simplified ? .chineseTraditional : .chineseSimplified
        }
        guard counts.latin >= counts.other + counts.kana + counts.han else { return .unknown }
        // Emoji and marks alone are read by the English model.
        guard counts.latin > 0 else { return .english }
        return isForeign(bytes) ? .unknown : .english
    }

    private static func isForeign(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var english = 0
        var foreign = 0
        var word: UInt64 = TextUnits.basis
        var isOpen = false
        func close() {
            if isOpen {
                if smallEnglish.contains(word) { english += 1 } else if smallForeign.contains(word) { foreign += 1 }
            }
            word = TextUnits.basis
            isOpen = false
        }
        for byte in bytes {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x80...:
                word = TextUnits.add(byte < 0x80 ? byte | 0x20 : byte, to: word)
                isOpen = true
            case 0x27: continue
            default: close()
            }
        }
        close()
        return foreign >= 2 && foreign > english
    }

    private static func hashes(_ words: String) -> Set<UInt64> {
        Set(words.split(separator: " ").map { TextUnits.hash(String($0)) })
    }

    private static let smallEnglish = hashes(
        "the and i you it is was are be to of in that this my me for on with not so but have has had do does did dont im its "
            + "we he she they what how why when who can cant will would just all at from if or as up out about get got your "
            + "our his her them there been am no yes like know think really very too because only even still more now")

    /// German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Swedish, Indonesian; none is an English word.
    private static let smallForeign = hashes(
        "ich und nicht das ist ein eine der die den dem mit auf für auch wir sie mir mich habe kein sehr aber wie zu "
            + "je ne pas les des une est que qui dans pour avec sur mais très c'est nous vous mon ma mes suis "
            + "el los las una que es por para con pero muy más estoy yo mi como esto esta "
            + "não uma você muito mas eu meu minha isso estou com "
            + "che non è per sono mi ho ma più della questo molto "
            + "het een niet ik van dat maar heb zijn voor met je wel "
            + "się nie jest na że jak mam to bardzo ale "
            + "bir ve bu çok ben için değil ama ne "
            + "och jag inte det är att som på en men "
            + "saya tidak yang dan ini itu aku ada")
}
