import AffettoCore

/// A trained model as bytes: one file format for embedding, loading at run time and exchange.
///
/// Layout, little-endian: magic "AFFETTO\0" · UInt32 format · UInt32 header length · UInt64 FNV-1a checksum of all that
/// follows · JSON header (`Header`), padded with spaces to a multiple of 64 · tensors, each aligned to 64 bytes.
/// Reading is zero-copy: a pack made from static memory keeps pointing there.
public final class ModelPack: @unchecked Sendable {  // immutable after init
    public static let format: UInt32 = 1
    static let magic: [UInt8] = Array("AFFETTO\0".utf8)
    static let prefix = 24
    static let alignment = 64

    public enum Element: String, Codable, Sendable {
        case float32 = "f32"
        case int8 = "i8"
        var size: Int { self == .float32 ? 4 : 1 }
    }

    public struct Tensor: Codable, Sendable {
        public var name: String
        public var element: Element
        public var shape: [Int]
        /// Bytes from the end of the header.
        public var offset: Int
    }

    public struct Header: Codable, Sendable {
        /// "voice", "face", "text".
        public var task: String
        /// Grows when the features or the meaning of outputs change; the task's reader checks it.
        public var revision: Int
        /// The head's own labels, in order.
        public var labels: [String]
        /// Corpora it was trained on: figures on them mean nothing.
        public var corpora: [String]
        /// Numbers the reader needs: temperatures, residual deviations.
        public var settings: [String: Double]
        /// Text for the reader, by name.
        public var notes: [String: String]?
        public var tensors: [Tensor]
    }

    public let header: Header
    private let base: UnsafeRawPointer
    private let payload: Int
    private let length: Int
    private let owned: UnsafeMutableRawPointer?

    /// A pack over memory that lives as long as the process (embedded packs).
    public convenience init(staticBytes: UnsafeRawBufferPointer) throws(AffettoError) {
        try self.init(bytes: staticBytes, owned: nil)
    }

    /// A pack over a copy of `bytes`.
    public convenience init(copying bytes: [UInt8]) throws(AffettoError) {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: Self.alignment)
        bytes.withUnsafeBytes {
            copy.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: bytes.count)
        }
        do {
            try self.init(bytes: UnsafeRawBufferPointer(start: copy, count: bytes.count), owned: copy)
        } catch {
            copy.deallocate()
            throw error
        }
    }

    private init(bytes: UnsafeRawBufferPointer, owned: UnsafeMutableRawPointer?) throws(AffettoError) {
        func damaged(_ why: String) -> AffettoError { AffettoError(.model, "not a usable model pack: \(why)") }
        guard let start = bytes.baseAddress, bytes.count >= Self.prefix, Array(bytes.prefix(8)) == Self.magic else {
            throw damaged("it does not begin like one")
        }
        let format = start.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
        guard format == Self.format else {
            throw AffettoError(.modelVersion, "the model pack has format \(format); this library reads \(Self.format)")
        }
        let headerLength = Int(start.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        guard headerLength <= bytes.count - Self.prefix else { throw damaged("it is cut short") }
        let checksum = start.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        guard checksum == Self.checksum(UnsafeRawBufferPointer(rebasing: bytes[Self.prefix...])) else {
            throw damaged("its checksum is wrong: truncated or damaged")
        }
        let text = bytes[Self.prefix..<(Self.prefix + headerLength)]
        do { header = try JSON.decode(Header.self, from: text, what: "header") } catch { throw damaged(error.message) }
        payload = Self.prefix + headerLength
        length = bytes.count
        for tensor in header.tensors {
            var size = tensor.element.size
            for extent in tensor.shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: extent)
                guard extent >= 0, !overflow else { throw damaged("tensor '\(tensor.name)' has an impossible shape") }
                size = product
            }
            guard tensor.offset >= 0, tensor.offset % 4 == 0, tensor.offset <= length - payload,
                size <= length - payload - tensor.offset, (UInt(bitPattern: start) + UInt(payload)) % 4 == 0
            else { throw damaged("tensor '\(tensor.name)' lies outside the file") }
        }
        base = start
        self.owned = owned
    }

    deinit { owned?.deallocate() }

    public var byteCount: Int { length }

    /// - Throws: `.model` where the pack is for another task, `.modelVersion` where it was trained on other features.
    public func require(task: String, revision: Int) throws(AffettoError) {
        guard header.task == task else {
            throw AffettoError(.model, "this model pack is for '\(header.task)', not '\(task)'")
        }
        guard header.revision == revision else {
            throw AffettoError(
                .modelVersion, "the \(task) pack reads features of revision \(header.revision), not \(revision)")
        }
    }

    /// The numbers of tensor `name`, which must have exactly this shape. They live as long as the pack.
    public func floats(_ name: String, shape: [Int]) throws(AffettoError) -> UnsafeBufferPointer<Float> {
        let start = try find(name, .float32, shape)
        let count = shape.reduce(1, *)
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: Float.self), count: count)
    }

    public func bytes(_ name: String, shape: [Int]) throws(AffettoError) -> UnsafeBufferPointer<Int8> {
        let start = try find(name, .int8, shape)
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: Int8.self), count: shape.reduce(1, *))
    }

    public func shape(of name: String) throws(AffettoError) -> [Int] {
        guard let tensor = header.tensors.first(where: { $0.name == name }) else {
            throw AffettoError(.model, "the model pack has no tensor '\(name)'")
        }
        return tensor.shape
    }

    public func setting(_ name: String) throws(AffettoError) -> Double {
        guard let value = header.settings[name], value.isFinite else {
            throw AffettoError(.model, "the model pack has no number '\(name)'")
        }
        return value
    }

    private func find(_ name: String, _ element: Element, _ shape: [Int]) throws(AffettoError) -> UnsafeRawPointer {
        guard let tensor = header.tensors.first(where: { $0.name == name }) else {
            throw AffettoError(.model, "the model pack has no tensor '\(name)'")
        }
        guard tensor.element == element, tensor.shape == shape else {
            throw AffettoError(
                .model, "tensor '\(name)' is \(tensor.shape) of \(tensor.element.rawValue), not \(shape)")
        }
        return base + payload + tensor.offset
    }

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        // FNV-1a over 8-byte words, the tail byte by byte: against damage, not against malice.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let words = bytes.count / 8
        for word in 0..<words {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)) &* 0x100_0000_01B3
            hash ^= hash >> 29
        }
        for index in (words * 8)..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}
