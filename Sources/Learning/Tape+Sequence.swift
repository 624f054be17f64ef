import AffettoKernels
import Glibc

// What belongs to sequences: rows that depend on rows before (or after) them.
extension Tape {
    /// A gated recurrent unit (Cho et al. 2014) over rows of which each continues from one other or from nothing:
    ///
    ///     r = σ(x_r + h U_r)   z = σ(x_z + h U_z)   n = tanh(x_n + r ⊙ h U_n)   h′ = (1 − z) ⊙ n + z ⊙ h
    ///
    /// Rows as far from their beginnings are computed together, whichever sequences they are of.
    ///
    /// - Parameters:
    ///   - x: n × 3 width, the inputs of r, z and n. - u: width × 3 width.
    ///   - previous: per row the row whose h it continues from, or −1; no row may come round to itself.
    /// - Returns: h′, n × width.
    public func recur(_ x: Tensor, _ u: Tensor, previous: [Int]) -> Tensor {
        let width = u.rows
        precondition(u.columns == 3 * width && x.columns == 3 * width && previous.count == x.rows)
        let levels = Self.levels(previous)
        let h = Tensor(rows: x.rows, columns: width)
        // r, z, n and h U_n of each row.
        let gates = Tensor(rows: x.rows, columns: 4 * width)
        for (depth, rows) in levels.enumerated() {
            let product = depth == 0 ? Tensor(rows: rows.count, columns: 3 * width) : times(h, u, rows, previous)
            for (at, row) in rows.enumerated() {
                let (r, given) = (gates.value + row * 4 * width, x.value + row * 3 * width)
                let added = product.value + at * 3 * width
                let (n, hidden) = (r + 2 * width, r + 3 * width)
                for i in 0..<(2 * width) { r[i] = given[i] + added[i] }
                Self.sigmoid(r, into: r, count: 2 * width)
                for i in 0..<width {
                    hidden[i] = added[2 * width + i]
                    n[i] = given[2 * width + i] + r[i] * hidden[i]
                }
                Self.tanh(n, into: n, count: width)
                let (out, z) = (h.value + row * width, r + width)
                if depth == 0 {
                    for i in 0..<width { out[i] = (1 - z[i]) * n[i] }
                } else {
                    let before = h.value + previous[row] * width
                    for i in 0..<width { out[i] = (1 - z[i]) * n[i] + z[i] * before[i] }
                }
            }
        }
        onBackward {
            for (depth, rows) in levels.enumerated().reversed() {
                let back = Tensor(rows: rows.count, columns: 3 * width)
                let before = Tensor(rows: rows.count, columns: width)
                for (at, row) in rows.enumerated() {
                    let r = gates.value + row * 4 * width
                    let (z, n, hidden) = (r + width, r + 2 * width, r + 3 * width)
                    let (dh, dx) = (h.gradient + row * width, x.gradient + row * 3 * width)
                    let (added, old) = (back.value + at * 3 * width, before.value + at * width)
                    if depth > 0 { old.update(from: h.value + previous[row] * width, count: width) }
                    for i in 0..<width {
                        let dz = dh[i] * (old[i] - n[i]) * z[i] * (1 - z[i])
                        let dn = dh[i] * (1 - z[i]) * (1 - n[i] * n[i])
                        let dr = dn * hidden[i] * r[i] * (1 - r[i])
                        (dx[i], dx[width + i], dx[2 * width + i]) =
                            (dx[i] + dr, dx[width + i] + dz, dx[2 * width + i] + dn)
                        (added[i], added[width + i], added[2 * width + i]) = (dr, dz, dn * r[i])
                    }
                    if depth > 0 {
                        let earlier = h.gradient + previous[row] * width
                        for i in 0..<width { earlier[i] += dh[i] * z[i] }
                    }
                }
                guard depth > 0 else { continue }
                kernel_gemm(before.value, 1, width, back.value, u.gradient, width, 3 * width, rows.count)
                Self.transposed(u.value, width, 3 * width) {
                    kernel_gemm(back.value, 3 * width, 1, $0, before.gradient, rows.count, width, 3 * width)
                }
                for (at, row) in rows.enumerated() {
                    Self.add(before.gradient + at * width, to: h.gradient + previous[row] * width, count: width)
                }
            }
        }
        return h
    }

    /// The states that `rows` continue from, times `u`.
    private func times(_ h: Tensor, _ u: Tensor, _ rows: [Int], _ previous: [Int]) -> Tensor {
        let width = u.rows
        let before = Tensor(rows: rows.count, columns: width)
        for (at, row) in rows.enumerated() {
            (before.value + at * width).update(from: h.value + previous[row] * width, count: width)
        }
        let product = Tensor(rows: rows.count, columns: 3 * width)
        kernel_gemm(before.value, width, 1, u.value, product.value, rows.count, 3 * width, width)
        operations += 6 * Double(rows.count * width * width) * (isLearning ? 3 : 1)
        return product
    }

    /// Rows by how many come before them.
    private static func levels(_ previous: [Int]) -> [[Int]] {
        var depth = [Int](repeating: -1, count: previous.count)
        for row in previous.indices where depth[row] < 0 {
            // Back to a row whose depth is known, then forth again.
            var trail = [row]
            while let last = trail.last, previous[last] >= 0, depth[previous[last]] < 0 {
                precondition(trail.count <= previous.count, "rows that continue each other in a circle")
                trail.append(previous[last])
            }
            for r in trail.reversed() { depth[r] = previous[r] < 0 ? 0 : depth[previous[r]] + 1 }
        }
        var levels = [[Int]](repeating: [], count: (depth.max() ?? -1) + 1)
        for (row, depth) in depth.enumerated() { levels[depth].append(row) }
        return levels
    }

    /// Which rows of its segment a row may attend to.
    public enum Reach: Sendable {
        case earlier, upToItself, all, itself
    }

    /// Scaled dot-product attention (Vaswani et al. 2017) within segments, over the nearest `window` rows either way.
    ///
    /// - Parameter present: rows that may be attended to. A row with nothing to attend to gets zeros.
    /// - Returns: n × columns of `values`.
    public func attend(
        _ queries: Tensor, _ keys: Tensor, _ values: Tensor, segments: [Range<Int>], reach: Reach, present: [Bool],
        window: Int = 128
    ) -> Tensor {
        precondition(keys.columns == queries.columns && keys.rows == queries.rows && values.rows == queries.rows)
        let (width, columns) = (queries.columns, values.columns)
        let scale = 1 / Float(width).squareRoot()
        let out = Tensor(rows: queries.rows, columns: columns)
        var blocks: [Block] = []
        for segment in segments {
            var start = segment.lowerBound
            while start < segment.upperBound {
                let end = min(start + 64, segment.upperBound)
                let first = reach == .itself ? start : max(segment.lowerBound, start - window)
                let last = reach == .all ? min(segment.upperBound, end + window) : end
                blocks.append(Block(rows: start..<end, keys: first..<last))
                start = end
            }
        }
        for block in blocks {
            let (n, k) = (block.rows.count, block.keys.count)
            let q = queries.value + block.rows.lowerBound * width
            Self.transposed(keys.value + block.keys.lowerBound * width, k, width) {
                kernel_gemm(q, width, 1, $0, block.weights.value, n, k, width)
            }
            for (at, row) in block.rows.enumerated() {
                let line = block.weights.value + at * k
                for (j, key) in block.keys.enumerated() {
                    let isOpen =
                        switch reach {
                        case .earlier: key < row
                        case .upToItself: key <= row
                        case .all: true
                        case .itself: key == row
                        }
                    line[j] = isOpen && present[key] && abs(key - row) <= window ? line[j] * scale : -.infinity
                }
                Self.softmax(line, count: k)
            }
            kernel_gemm(
                block.weights.value, k, 1, values.value + block.keys.lowerBound * columns,
                out.value + block.rows.lowerBound * columns, n, columns, k)
            operations += 2 * Double(n * k * (width + columns)) * (isLearning ? 3 : 1)
        }
        onBackward {
            for block in blocks {
                let (n, k) = (block.rows.count, block.keys.count)
                let (row, key) = (block.rows.lowerBound, block.keys.lowerBound)
                let (p, dp) = (block.weights.value, block.weights.gradient)
                kernel_gemm(p, 1, k, out.gradient + row * columns, values.gradient + key * columns, k, columns, n)
                Self.transposed(values.value + key * columns, k, columns) {
                    kernel_gemm(out.gradient + row * columns, columns, 1, $0, dp, n, k, columns)
                }
                for at in 0..<n {
                    let (p, dp) = (p + at * k, dp + at * k)
                    let mean = kernel_dot(p, dp, k)
                    for j in 0..<k { dp[j] = p[j] * (dp[j] - mean) * scale }
                }
                kernel_gemm(dp, k, 1, keys.value + key * width, queries.gradient + row * width, n, width, k)
                kernel_gemm(dp, 1, k, queries.value + row * width, keys.gradient + key * width, k, width, n)
            }
        }
        return out
    }

    /// Rows that attend, the keys they may reach, and how much to each.
    private struct Block {
        let rows: Range<Int>
        let keys: Range<Int>
        let weights: Tensor

        init(rows: Range<Int>, keys: Range<Int>) {
            self.rows = rows
            self.keys = keys
            weights = Tensor(rows: rows.count, columns: keys.count)
        }
    }

    /// In place; all zeros where every entry is −∞.
    private static func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) {
        var top = -Float.infinity
        for i in 0..<count { top = max(top, x[i]) }
        guard top > -.infinity else {
            for i in 0..<count { x[i] = 0 }
            return
        }
        var sum: Float = 0
        for i in 0..<count {
            x[i] = exp(x[i] - top)
            sum += x[i]
        }
        for i in 0..<count { x[i] /= sum }
    }
}
