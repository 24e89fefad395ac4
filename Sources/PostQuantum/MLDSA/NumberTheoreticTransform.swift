/// The number-theoretic transform in plain Swift (FIPS 204, section 7.5).
///
/// It turns a product of polynomials into 256 products of coefficients. All of it is free of branches and of addresses
/// that depend on coefficients.
enum NumberTheoreticTransform {
    /// The powers ζ^brv(m) of the 512th root of unity ζ = 1753, for m from 0 to 255 with their eight bits reversed.
    static let powers: [Int32] = powers(of: 1_753)

    /// The inverses of `powers`.
    static let inversePowers: [Int32] = powers(of: inverseRoot)

    /// 2^64 / 256 modulo q: scales what the inverse transform gives, and undoes the 2^-32 of a product before it.
    static let scale: Int32 = {
        var value = Ring.montgomeryForm(Ring.montgomeryForm(1))
        // Halves it modulo q, eight times.
        for _ in 0..<8 { value = (value & 1 == 0 ? value : value + Ring.modulus) / 2 }
        return value
    }()

    /// Transforms a polynomial in place (FIPS 204, algorithm 41 `NTT`).
    ///
    /// - Parameters:
    ///   - w: coefficients in (-q, q); afterwards the transform, in (-9q, 9q), in the standard's order.
    ///   - powers: the powers of ζ in Montgomery form, in the order of `powers`.
    @inline(never)
    static func transform(_ w: Coefficients, _ powers: UnsafePointer<Int32>) {
        var m = 0
        var length = 128
        while length >= 1 {
            for start in stride(from: 0, to: Ring.degree, by: 2 * length) {
                m += 1
                let zeta = Int64(powers[m])
                for j in start..<start + length {
                    let t = Ring.montgomeryReduce(zeta &* Int64(w[j + length]))
                    w[j + length] = w[j] &- t
                    w[j] = w[j] &+ t
                }
            }
            length >>= 1
        }
    }

    /// Transforms back, in place (FIPS 204, algorithm 42 `NTT⁻¹`), and multiplies by 2^32.
    ///
    /// The factor undoes the 2^-32 that every Montgomery product leaves.
    ///
    /// - Parameters:
    ///   - w: coefficients in (-q, q), in the standard's order; afterwards the polynomial, in (-q, q).
    ///   - inversePowers: the powers of 1/ζ in Montgomery form, in the order of `powers`.
    @inline(never)
    static func inverseTransform(_ w: Coefficients, _ inversePowers: UnsafePointer<Int32>) {
        var length = 1
        while length < Ring.degree {
            let groups = Ring.degree / (2 * length)
            for group in 0..<groups {
                let zeta = Int64(inversePowers[groups + group])
                let start = group * 2 * length
                for j in start..<start + length {
                    let t = w[j]
                    w[j] = t &+ w[j + length]
                    w[j + length] = Ring.montgomeryReduce(zeta &* Int64(t &- w[j + length]))
                }
            }
            length <<= 1
        }
        let factor = Int64(scale)
        for j in 0..<Ring.degree { w[j] = Ring.montgomeryReduce(factor &* Int64(w[j])) }
    }

    /// The sum of products of transformed polynomials (FIPS 204, algorithms 45 to 48), times 2^-32.
    ///
    /// One row of a matrix times a vector, reduced once for each coefficient and not for each product.
    ///
    /// - Parameters:
    ///   - result: afterwards the sum, in (-q, q).
    ///   - left: as many polynomials as `count`, with coefficients in (-q, q); if there are at most 3, in (-9q, 9q).
    ///   - right: as many, with coefficients in (-9q, 9q).
    ///   - count: at most 7, so that the sum stays below 2^31 q.
    @inline(never)
    static func multiplyAccumulate(
        _ result: Coefficients,
        _ left: UnsafePointer<Int32>,
        _ right: UnsafePointer<Int32>,
        _ count: Int
    ) {
        for j in 0..<Ring.degree {
            var sum: Int64 = 0
            for polynomial in 0..<count {
                let index = polynomial &* Ring.degree &+ j
                sum &+= Int64(left[index]) &* Int64(right[index])
            }
            result[j] = Ring.montgomeryReduce(sum)
        }
    }

    /// The inverse of 1753: ζ^511, since ζ^512 = 1.
    private static let inverseRoot = (0..<511).reduce(Int64(1)) { power, _ in power * 1_753 % Int64(Ring.modulus) }

    private static func powers(of root: Int64) -> [Int32] {
        var power: Int64 = 1
        var inOrder: [Int32] = []
        for _ in 0..<Ring.degree {
            inOrder.append(Int32(power))
            power = power * root % Int64(Ring.modulus)
        }
        return (0..<Ring.degree).map { inOrder[Int(UInt8($0).bitsReversed)] }
    }
}

extension UInt8 {
    /// The byte with its bits in the opposite order (FIPS 204, algorithm 43 `BitRev₈`).
    var bitsReversed: UInt8 {
        (0..<8).reduce(0) { reversed, bit in reversed | (self >> bit & 1) << (7 - bit) }
    }
}
