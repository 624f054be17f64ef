import Glibc

/// Window functions, symmetric, peak 1.
public enum Window {
    public static func hann(_ size: Int) -> [Float] { cosine(size, 0.5, 0.5) }
    public static func hamming(_ size: Int) -> [Float] { cosine(size, 0.54, 0.46) }

    private static func cosine(_ size: Int, _ a: Double, _ b: Double) -> [Float] {
        guard size > 1 else { return [Float](repeating: 1, count: max(size, 0)) }
        return (0..<size).map { Float(a - b * cos(2 * .pi * Double($0) / Double(size - 1))) }
    }
}
