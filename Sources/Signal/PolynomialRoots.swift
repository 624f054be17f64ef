import Glibc

/// All roots of a real polynomial of fixed degree, by Bairstow's method with deflation; each solve starts from the
/// factors of the one before, which are close when polynomials come from neighbouring frames. Allocates nothing after
/// `init`.
public struct PolynomialRoots: ~Copyable, @unchecked Sendable {
    public let degree: Int
    /// Roots found by the last `solve`: those with a non-negative imaginary part.
    public let re: UnsafeMutablePointer<Double>
    public let im: UnsafeMutablePointer<Double>
    private let a: UnsafeMutablePointer<Double>
    private let b: UnsafeMutablePointer<Double>
    private let c: UnsafeMutablePointer<Double>
    /// u and v of the quadratic factors x² + ux + v last found, in order of deflation.
    private let guesses: UnsafeMutablePointer<Double>

    /// - Parameter degree: 1…32.
    public init(degree: Int) {
        self.degree = degree
        func space(_ count: Int) -> UnsafeMutablePointer<Double> {
            let p = UnsafeMutablePointer<Double>.allocate(capacity: count)
            p.initialize(repeating: 0, count: count)
            return p
        }
        re = space(degree)
        im = space(degree)
        a = space(degree + 1)
        b = space(degree + 1)
        c = space(degree + 1)
        guesses = space(degree + 1)
        forget()
    }

    deinit { for p in [re, im, a, b, c, guesses] { p.deallocate() } }

    /// Starts the next solve from scratch.
    public mutating func forget() {
        let factors = max(degree / 2, 1)
        for i in 0..<(degree / 2) { (guesses[2 * i], guesses[2 * i + 1]) = Self.start(i, of: factors) }
    }

    /// Overwrites the last polynomial and its roots, and starts the next solve from scratch.
    public mutating func wipe() {
        re.update(repeating: 0, count: degree)
        im.update(repeating: 0, count: degree)
        for p in [a, b, c, guesses] { p.update(repeating: 0, count: degree + 1) }
        forget()
    }

    /// A pair of roots of radius 0.9 in direction i + 1/2 of the upper half plane.
    private static func start(_ i: Int, of count: Int) -> (Double, Double) {
        (-1.8 * cos(.pi * (Double(i) + 0.5) / Double(count)), 0.81)
    }

    /// Solves Σ coefficients[i] x^(degree − i) = 0; the first coefficient must not be 0.
    ///
    /// - Returns: how many roots lie in `re` and `im`: one for each complex pair and one for each real root.
    public mutating func solve(_ coefficients: UnsafePointer<Double>) -> Int {
        let scale = 1 / coefficients[0]
        for i in 0...degree { a[i] = coefficients[i] * scale }
        var left = degree
        var found = 0
        var factor = 0
        while left > 2 {
            var (u, v) = (guesses[2 * factor], guesses[2 * factor + 1])
            if !refine(&u, &v, degree: left) {
                var done = false
                for attempt in 0..<12 where !done {
                    (u, v) = Self.start(attempt, of: 12)
                    done = refine(&u, &v, degree: left)
                }
                // Never seen; the rest stays unsolved rather than wrong.
                guard done else { return found }
            }
            (guesses[2 * factor], guesses[2 * factor + 1]) = (u, v)
            found += emit(u, v, at: found)
            // `b` is the quotient.
            left -= 2
            a.update(from: b, count: left + 1)
            factor += 1
        }
        if left == 2 { return found + emit(a[1], a[2], at: found) }
        (re[found], im[found]) = (-a[1], 0)
        return found + 1
    }

    /// Newton's iteration for u and v such that x² + ux + v divides `a`; leaves the quotient in `b`.
    private func refine(_ u: inout Double, _ v: inout Double, degree n: Int) -> Bool {
        for _ in 0..<30 {
            var b1 = 0.0
            var b2 = 0.0
            var c1 = 0.0
            var c2 = 0.0
            // b: quotient and remainder of a; c: of b, one degree shorter.
            for i in 0..<n {
                let bi = a[i] - u * b1 - v * b2
                b[i] = bi
                b2 = b1
                b1 = bi
                if i < n - 1 {
                    let ci = bi - u * c1 - v * c2
                    c2 = c1
                    c1 = ci
                }
            }
            let last = a[n] - u * b1 - v * b2
            // c0 = c[n-1], c1 = c[n-2], c2 = c[n-3].
            let c0 = b1 - u * c1 - v * c2
            let determinant = c1 * c1 - c0 * c2
            guard abs(determinant) > 1e-300 else {
                u += 0.1
                v += 0.1
                continue
            }
            let du = (b1 * c1 - last * c2) / determinant
            let dv = (last * c1 - b1 * c0) / determinant
            u += du
            v += dv
            guard u.isFinite, v.isFinite, abs(u) < 1e6, abs(v) < 1e6 else { return false }
            if abs(du) + abs(dv) < 1e-7 * (1 + abs(u) + abs(v)) {
                divide(u, v, degree: n)
                return true
            }
        }
        return false
    }

    private func divide(_ u: Double, _ v: Double, degree n: Int) {
        var b1 = 0.0
        var b2 = 0.0
        for i in 0..<(n - 1) {
            let bi = a[i] - u * b1 - v * b2
            b[i] = bi
            b2 = b1
            b1 = bi
        }
    }

    /// The roots of x² + ux + v. Returns how many were written.
    private func emit(_ u: Double, _ v: Double, at index: Int) -> Int {
        let half = -0.5 * u
        let d = half * half - v
        if d < 0 {
            (re[index], im[index]) = (half, (-d).squareRoot())
            return 1
        }
        // The root of larger size first: the other follows without cancellation.
        let large = half + (half < 0 ? -d.squareRoot() : d.squareRoot())
        (re[index], im[index]) = (large, 0)
        (re[index + 1], im[index + 1]) = (large == 0 ? 0 : v / large, 0)
        return 2
    }
}
