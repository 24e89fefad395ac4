/// A polynomial of R_q as 256 residues in [0, q), with the arithmetic of FIPS 204, sections 7.5 and 7.6, by definition.
struct Polynomial {
    static let q = 8_380_417

    var coefficients: [Int]

    init(_ coefficients: [Int]) {
        self.coefficients = coefficients.map { (($0 % Self.q) + Self.q) % Self.q }
    }

    /// ζ^BitRev8(m) for all m (FIPS 204, appendix B).
    private static let zetas: [Int] = (0..<256).map { m in
        let exponent = (0..<8).reduce(0) { $0 | (m >> $1 & 1) << (7 - $1) }
        return (0..<exponent).reduce(1) { power, _ in power * 1_753 % q }
    }

    /// Algorithm 41.
    var transformed: Polynomial {
        var (w, m) = (coefficients, 0)
        for length in [128, 64, 32, 16, 8, 4, 2, 1] {
            for start in stride(from: 0, to: 256, by: 2 * length) {
                m += 1
                for j in start..<start + length {
                    let t = Self.zetas[m] * w[j + length] % Self.q
                    (w[j], w[j + length]) = ((w[j] + t) % Self.q, (w[j] - t + Self.q) % Self.q)
                }
            }
        }
        return Polynomial(w)
    }

    /// Algorithm 42.
    var transformedBack: Polynomial {
        var (w, m) = (coefficients, 256)
        for length in [1, 2, 4, 8, 16, 32, 64, 128] {
            for start in stride(from: 0, to: 256, by: 2 * length) {
                m -= 1
                for j in start..<start + length {
                    let difference = (w[j] - w[j + length] + Self.q) % Self.q
                    w[j] = (w[j] + w[j + length]) % Self.q
                    w[j + length] = (Self.q - Self.zetas[m]) * difference % Self.q
                }
            }
        }
        return Polynomial(w.map { $0 * 8_347_681 % Self.q })
    }

    static func * (left: Polynomial, right: Polynomial) -> Polynomial {
        Polynomial(zip(left.coefficients, right.coefficients).map { $0 * $1 })
    }

    static func + (left: Polynomial, right: Polynomial) -> Polynomial {
        Polynomial(zip(left.coefficients, right.coefficients).map { $0 + $1 })
    }
}
