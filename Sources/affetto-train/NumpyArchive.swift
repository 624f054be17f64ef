import AffettoCore
import CZlib
import Foundation

/// Reads arrays of a NumPy .npz file: a ZIP of .npy entries, stored or deflated (PKWARE APPNOTE; NEP 1).
struct NumpyArchive {
    struct Array {
        var shape: [Int]
        var values: [Float]
        subscript(index: Int) -> Float { values[index] }
    }

    private let data: Data
    private var entries: [String: (offset: Int, packed: Int, size: Int, method: Int)] = [:]

    init(_ url: URL) throws {
        guard let bytes = FileManager.default.contents(atPath: url.path) else {
            throw AffettoError(.notFound, "there is no file '\(url.path)'")
        }
        data = bytes
        // The end record lies in the last 64 KiB; the central directory names every entry.
        guard
            let end = (max(0, data.count - 65_557)...max(0, data.count - 22)).last(where: { word($0, 4) == 0x0605_4B50 }
            )
        else { throw AffettoError(.argument, "'\(url.path)' is not an .npz file") }
        var at = word(end + 16, 4)
        for _ in 0..<word(end + 10, 2) {
            guard word(at, 4) == 0x0201_4B50 else { throw AffettoError(.argument, "'\(url.path)' is damaged") }
            let name = String(decoding: data[(at + 46)..<(at + 46 + word(at + 28, 2))], as: UTF8.self)
            entries[name] = (word(at + 42, 4), word(at + 20, 4), word(at + 24, 4), word(at + 10, 2))
            at += 46 + word(at + 28, 2) + word(at + 30, 2) + word(at + 32, 2)
        }
    }

    private func word(_ at: Int, _ size: Int) -> Int {
        guard at >= 0, at + size <= data.count else { return 0 }
        return (0..<size).reduce(0) { $0 | Int(data[at + $1]) << (8 * $1) }
    }

    func array(_ name: String) throws -> Array {
        guard let entry = entries[name + ".npy"] else {
            throw AffettoError(.argument, "the .npz has no array '\(name)'")
        }
        let start = entry.offset + 30 + word(entry.offset + 26, 2) + word(entry.offset + 28, 2)
        guard start + entry.packed <= data.count else { throw AffettoError(.argument, "array '\(name)' is cut short") }
        let packed = data[start..<(start + entry.packed)]
        let bytes = entry.method == 0 ? [UInt8](packed) : try inflate(packed, size: entry.size)
        guard bytes.count > 10, bytes[0] == 0x93 else { throw AffettoError(.argument, "array '\(name)' is not .npy") }
        let headerLength = Int(bytes[8]) | Int(bytes[9]) << 8
        let header = String(decoding: bytes[10..<(10 + headerLength)], as: UTF8.self)
        guard let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")") else {
            throw AffettoError(.argument, "array '\(name)' has no shape")
        }
        let shape = header[header.index(after: open)..<close].split(separator: ",")
            .compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        let count = shape.reduce(1, *)
        let body = 10 + headerLength
        let kinds: [(String, Int, (Int) -> Float)] = [
            ("|u1", 1, { Float(bytes[$0]) }), ("|b1", 1, { Float(bytes[$0]) }),
            ("|i1", 1, { Float(Int8(bitPattern: bytes[$0])) }),
            ("<u2", 2, { Float(UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) }),
            (
                "<f4", 4,
                { at in Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }) }
            ),
            ("<i2", 2, { Float(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) }),
        ]
        guard let kind = kinds.first(where: { header.contains($0.0) }), body + count * kind.1 <= bytes.count else {
            throw AffettoError(.argument, "array '\(name)' has a type this reader does not know")
        }
        return Array(shape: shape, values: (0..<count).map { kind.2(body + $0 * kind.1) })
    }

    private func inflate(_ packed: Data, size: Int) throws -> [UInt8] {
        var out = [UInt8](repeating: 0, count: size)
        var input = [UInt8](packed)
        var stream = z_stream()
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw AffettoError(.memory, "zlib cannot start")
        }
        defer { inflateEnd(&stream) }
        let status = input.withUnsafeMutableBufferPointer { source in
            out.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw AffettoError(.argument, "the .npz is damaged") }
        return out
    }
}
