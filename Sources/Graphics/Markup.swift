/// Text and numbers for XML and HTML.
public enum Markup {
    /// `text` as character data or attribute value: the five special characters become references, and characters that
    /// XML 1.0 forbids (controls, U+FFFE, U+FFFF) are dropped, as are controls that turn the writing direction.
    public static func escape(_ text: String) -> String {
        var out = ""
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: out += "&amp;"
            case 0x3C: out += "&lt;"
            case 0x3E: out += "&gt;"
            case 0x22: out += "&quot;"
            case 0x27: out += "&#39;"
            case 0x09, 0x0A, 0x0D: out += " "
            case 0x00...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF: continue
            case 0x202A...0x202E, 0x2066...0x2069: continue
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// `value` with `places` (0…6) decimals; "–" where it is not a number. Held within ±1e9.
    public static func fixed(_ value: Double, places: Int = 2) -> String {
        guard !value.isNaN else { return "–" }
        var scale = 1
        let places = min(max(places, 0), 6)
        for _ in 0..<places { scale *= 10 }
        let units = Int((min(max(value, -1e9), 1e9) * Double(scale)).rounded())
        let digits = String(abs(units))
        let sign = units < 0 ? "-" : ""
        if places == 0 { return sign + digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }

    /// A coordinate: two decimals at most, no trailing zeros, 0 for what is not a number.
    static func coordinate(_ value: Double) -> String {
        var text = fixed(value.isNaN ? 0 : value, places: 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    /// A share of 0…1 in whole per cent: "38%", "<1%", "–" where it is not a number.
    public static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        let share = min(max(share, 0), 1)
        if share > 0 && share < 0.005 { return "<1%" }
        if share < 1 && share >= 0.995 { return ">99%" }
        return fixed(share * 100, places: 0) + "%"
    }
}

/// How wide text is likely to be, for layout without fonts: rough advance widths of a humanist sans serif.
enum TextMetrics {
    static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
        var ems = 0.0
        for scalar in text.unicodeScalars { ems += advance(scalar) }
        return ems * size * (isBold ? 1.12 : 1)
    }

    /// `text`, or as much of it as fits into `width` with an ellipsis; "" where not even two characters fit.
    static func fitted(_ text: String, size: Double, width: Double) -> String {
        var ems = 0.0
        var kept = ""
        var room = ""
        for character in text {
            for scalar in character.unicodeScalars { ems += advance(scalar) }
            if ems * size > width { break }
            kept.append(character)
            if (ems + 0.9) * size <= width { room.append(character) }
        }
        if ems * size <= width { return text }
        while room.hasSuffix(" ") || room.hasSuffix(",") { room.removeLast() }
        return room.count < 2 ? "" : room + "…"
    }

    private static func advance(_ scalar: Unicode.Scalar) -> Double {
        switch scalar.value {
        case 0x20, 0x21, 0x27, 0x2C, 0x2E, 0x3A, 0x3B, 0x49, 0x69, 0x6A, 0x6C, 0x7C: 0.32
        case 0x66, 0x72, 0x74, 0x28, 0x29, 0x2D: 0.42
        case 0x4D, 0x57, 0x6D, 0x77, 0x40, 0x25: 0.92
        case 0x41...0x5A: 0.7
        case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
        case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x1F000...0x3FFFF: 1
        default: 0.61
        }
    }
}
