import Glibc

/// A matrix of numbers, row-major, and the gradient of the loss by each of them. Belongs to one thread.
public final class Tensor {
    public let rows: Int
    public let columns: Int
    public let value: UnsafeMutablePointer<Float>
    public let gradient: UnsafeMutablePointer<Float>

    public var count: Int { rows * columns }

    /// All zeros.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        value = Self.zeros(rows * columns)
        gradient = Self.zeros(rows * columns)
    }

    public convenience init(_ values: [Float], rows: Int, columns: Int) {
        precondition(values.count == rows * columns)
        self.init(rows: rows, columns: columns)
        for (i, value) in values.enumerated() { self.value[i] = value }
    }

    deinit {
        free(value)
        free(gradient)
    }

    public var values: [Float] { Array(UnsafeBufferPointer(start: value, count: count)) }
    public var gradients: [Float] { Array(UnsafeBufferPointer(start: gradient, count: count)) }

    /// `calloc`, because the system hands large blocks out as zeros that were never touched: a gradient that nobody asks for costs
    /// nothing.
    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        guard let memory = calloc(max(count, 1), MemoryLayout<Float>.stride) else { fatalError("out of memory") }
        return memory.bindMemory(to: Float.self, capacity: max(count, 1))
    }
}
