import AffettoKernels
import Foundation
import Testing

/// Every kernel against plain double arithmetic, at lengths around the vector width and at odd addresses.
@Suite struct KernelsTests {
    private let a = (0..<400).map { Float(sin(Double($0) * 0.7) * 3) }
    private let b = (0..<400).map { Float(cos(Double($0) * 1.3) - 0.2) }

    @Test(arguments: [0, 1, 7, 8, 9, 31, 32, 33, 257])
    func sumsMatch(_ count: Int) {
        var dot = 0.0
        var distance = 0.0
        for i in 0..<count {
            dot += Double(a[i + 1]) * Double(b[i])
            distance += pow(Double(a[i + 1]) - Double(b[i]), 2)
        }
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                let x = a.baseAddress! + 1
                #expect(abs(Double(kernel_dot(x, b.baseAddress!, count)) - dot) < 1e-3)
                #expect(
                    abs(Double(kernel_square_distance(x, b.baseAddress!, count)) - distance) < 1e-5 * distance + 1e-6)
                #expect(kernel_max(x, count) == max(a[1..<(count + 1)].max() ?? 0, 0))
            }
        }
    }

    @Test(arguments: [0, 1, 7, 8, 32, 40, 123])
    func mediansOfNine(_ count: Int) {
        var rows: [[Float]] = []
        for k in 0..<9 {
            let step = k * k + 5
            rows.append((0..<count).map { Float(($0 + 3) * step * 7919 % 101) })
        }
        var out = [Float](repeating: -1, count: count)
        // Nine rows in one piece, so that their pointers hold.
        rows.flatMap { $0 }.withUnsafeBufferPointer { all in
            let pointers = (0..<9).map { k in all.baseAddress.map { $0 + k * count } }
            if count > 0 { kernel_median9(pointers, &out, count) }
        }
        #expect(out == (0..<count).map { i in rows.map { $0[i] }.sorted()[4] })
    }

    /// Sums of products against plain arithmetic, either way of laying `a` out, at sizes around the tiles.
    @Test(arguments: [(1, 1, 1), (4, 16, 8), (5, 17, 3), (9, 40, 7), (3, 15, 300), (70, 33, 20)])
    func matrixProducts(_ m: Int, _ n: Int, _ k: Int) {
        let x = (0..<(m * k)).map { Float(sin(Double($0) * 0.7)) }
        let y = (0..<(k * n)).map { Float(cos(Double($0) * 1.1)) }
        for isTransposed in [false, true] {
            var found = [Float](repeating: 0.5, count: m * n)
            kernel_gemm(x, isTransposed ? 1 : k, isTransposed ? m : 1, y, &found, m, n, k)
            for i in 0..<m {
                for j in 0..<n {
                    let sum = (0..<k).reduce(0.5) {
                        $0 + Double(x[isTransposed ? $1 * m + i : i * k + $1]) * Double(y[$1 * n + j])
                    }
                    #expect(abs(Double(found[i * n + j]) - sum) < 1e-4)
                }
            }
        }
    }

    @Test func logarithmAndPowerAreInverseAndExact() {
        let x = (0..<1000).map { Float(pow(10, Double($0) / 50 - 10)) }
        var y = [Float](repeating: 0, count: 1000)
        kernel_log2(x, &y, 1000)
        for (x, y) in zip(x, y) { #expect(abs(Double(y) - log2(Double(x))) < 3e-6) }
        var back = y
        kernel_exp2(y, &back, 1000)
        for (x, back) in zip(x, back) { #expect(abs(back / x - 1) < 3e-6) }
        var odd = [Float](repeating: 0, count: 4)
        kernel_log2([0, -1, .leastNonzeroMagnitude, .nan], &odd, 4)
        #expect(odd.allSatisfy { $0 == -126 })
        var far = [Float](repeating: 0, count: 3)
        kernel_exp2([500, -500, 0], &far, 3)
        #expect(
            far == [
                Float(sign: .plus, exponent: 126, significand: 1), Float(sign: .plus, exponent: -126, significand: 1),
                1,
            ])
    }

    @Test func inPlace() {
        var x = (1...100).map { Float($0) }
        x.withUnsafeMutableBufferPointer { kernel_sqrt($0.baseAddress!, $0.baseAddress!, 100) }
        #expect(x[8] == 3 && x[99] == 10)
    }

    @Test func clippingCountsWhatIsNoNumber() {
        let x: [Float] = [0.5, .nan, 2e9, -.infinity, -2e9, .infinity, -0.0] + Array(repeating: 1, count: 30)
        var out = [Float](repeating: 9, count: x.count)
        #expect(kernel_clip(x, 100, &out, x.count) == 3)
        #expect(Array(out.prefix(7)) == [0.5, 0, 100, 0, -100, 0, 0])
        #expect(out.dropFirst(7).allSatisfy { $0 == 1 })
    }

    @Test func smoothingLeavesOutWhatIsMissing() {
        let before = [Float](repeating: 3, count: 32)
        var here = [Float](repeating: 6, count: 32)
        var after = [Float](repeating: 0, count: 32)
        here[20] = 0
        after[21] = 12
        var out = [Float](repeating: 0, count: 32)
        kernel_smooth(before, here, after, &out, 10)
        #expect(out[0] == 3)
        #expect(out[15] == 4.5)
        #expect(out[20] == 0)
        #expect(out[21] == 7)
    }

    @Test func complexNumbers() {
        let z: [Float] = [3, 4, 0, 2, 1, 0]
        var power = [Float](repeating: 0, count: 3)
        kernel_power(z, &power, 3)
        #expect(power == [25, 4, 1])
        var same = z
        kernel_conjugate(&same, 3)
        #expect(same == [25, 0, 4, 0, 1, 0])
        var roots = [Float](repeating: 0, count: 3)
        kernel_sqrt(power, &roots, 3)
        #expect(roots == [5, 2, 1])
        var product = [Float](repeating: 0, count: 3)
        kernel_multiply(power, roots, &product, 3)
        #expect(product == [125, 8, 1])
        var rows = [Float](repeating: 0, count: 2)
        kernel_matvec([1, 2, 3, 4, 5, 6], [1, 10, 100], &rows, 2, 3)
        #expect(rows == [321, 654])
    }
}
