import AffettoCore

/// Builds the bytes of a `ModelPack`.
public struct ModelPackWriter {
    private var header: ModelPack.Header
    private var payload: [UInt8] = []

    public init(task: String, revision: Int, labels: [String], corpora: [String], settings: [String: Double]) {
        header = .init(
            task: task, revision: revision, labels: labels, corpora: corpora, settings: settings, tensors: [])
    }

    public var notes: [String: String]? {
        get { header.notes }
        set { header.notes = newValue }
    }

    public mutating func add(_ name: String, _ values: [Float], shape: [Int]) {
        append(name, .float32, shape) { payload in
            for value in values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { payload.append(contentsOf: $0) }
            }
        }
    }

    public mutating func add(_ name: String, _ values: [Int8], shape: [Int]) {
        append(name, .int8, shape) { payload in payload.append(contentsOf: values.map { UInt8(bitPattern: $0) }) }
    }

    private mutating func append(
        _ name: String, _ element: ModelPack.Element, _ shape: [Int], _ write: (inout [UInt8]) -> Void
    ) {
        while payload.count % ModelPack.alignment != 0 { payload.append(0) }
        header.tensors.append(.init(name: name, element: element, shape: shape, offset: payload.count))
        write(&payload)
    }

    public func bytes() throws(AffettoError) -> [UInt8] {
        var text = try JSON.encode(header)
        while (ModelPack.prefix + text.count) % ModelPack.alignment != 0 { text.append(UInt8(ascii: " ")) }
        let rest = text + payload
        let checksum = rest.withUnsafeBytes { ModelPack.checksum($0) }
        var out = ModelPack.magic
        withUnsafeBytes(of: ModelPack.format.littleEndian) { out.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(text.count).littleEndian) { out.append(contentsOf: $0) }
        withUnsafeBytes(of: checksum.littleEndian) { out.append(contentsOf: $0) }
        return out + rest
    }
}
