/// The scalars of UTF-8 in their order, one after the other, without making a string of them.
struct ScalarReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next scalar begins.
    private(set) var position = 0

    /// - Parameter bytes: valid UTF-8 (`isValid`).
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func next() -> Unicode.Scalar? {
        guard position < bytes.count else { return nil }
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            return Unicode.Scalar(first)
        }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard position + width <= bytes.count else {
            position = bytes.count
            return nil
        }
        var value = UInt32(first) & (width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07)
        for i in 1..<width { value = value << 6 | UInt32(bytes[position + i] & 0x3F) }
        position += width
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// Whether these bytes are well-formed UTF-8 (Unicode 15, table 3-7).
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var i = 0
        while i < bytes.count {
            let first = bytes[i]
            if first < 0x80 {
                i += 1
                continue
            }
            guard first >= 0xC2, first <= 0xF4 else { return false }
            let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard i + width <= bytes.count else { return false }
            let least: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
            let most: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
            guard (least...most).contains(bytes[i + 1]) else { return false }
            for k in 2..<max(width, 2) where bytes[i + k] & 0xC0 != 0x80 { return false }
            i += width
        }
        return true
    }
}

extension String {
    /// The string's UTF-8, wherever it lies.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var copy = self
        return copy.withUTF8(body)
    }
}
