/// The numbers of an ML-DSA parameter set, by their names in the standard (FIPS 204, section 4, tables 1 and 2).
struct ParameterSet: Equatable, Sendable {
    /// The number of rows of the matrix A, and of polynomials in s2, t, w and h.
    let k: Int
    /// The number of columns of the matrix A, and of polynomials in s1, y and z.
    let l: Int
    /// The greatest absolute value of a coefficient of the secrets s1 and s2.
    let eta: Int32
    /// The number of coefficients of the challenge c that are 1 or -1.
    let tau: Int
    /// The collision strength of the commitment hash, in bits.
    let lambda: Int
    /// The number of bits of a coefficient of the mask y: its range is γ1 = 2^(maskBitCount - 1).
    let maskBitCount: Int
    /// The number of bits of a coefficient of the commitment w1.
    let commitmentBitCount: Int
    /// The range of low-order rounding.
    let gamma2: Int32
    /// The greatest number of ones in the hint h.
    let omega: Int

    /// ML-DSA-44, security category 2.
    static let mlDSA44 = ParameterSet(
        k: 4,
        l: 4,
        eta: 2,
        tau: 39,
        lambda: 128,
        maskBitCount: 18,
        commitmentBitCount: 6,
        gamma2: (Ring.modulus - 1) / 88,
        omega: 80
    )

    /// ML-DSA-65, security category 3.
    static let mlDSA65 = ParameterSet(
        k: 6,
        l: 5,
        eta: 4,
        tau: 49,
        lambda: 192,
        maskBitCount: 20,
        commitmentBitCount: 4,
        gamma2: (Ring.modulus - 1) / 32,
        omega: 55
    )
}

extension ParameterSet {
    /// The number of bits that are dropped from t.
    static let d = 13
    /// The number of bytes of the seed ξ, of ρ, of K and of the randomness of a signature.
    static let seedByteCount = 32
    /// The number of bytes of tr and of the message representative μ.
    static let hashByteCount = 64
    /// The number of bytes of ρ′ and ρ″.
    static let secretSeedByteCount = 64

    /// The range of the mask's coefficients.
    var gamma1: Int32 { 1 << (maskBitCount - 1) }
    /// The greatest absolute value of a coefficient of c·s1 and c·s2.
    var beta: Int32 { Int32(tau) * eta }
    /// The number of bytes of the commitment hash c̃.
    var challengeByteCount: Int { lambda / 4 }
    /// The number of bytes of a packed polynomial of t1: ten bits for each coefficient.
    static let roundedKeyByteCount = 320
    /// The number of bytes of a packed polynomial of z or y.
    var maskByteCount: Int { Ring.degree / 8 * maskBitCount }
    /// The number of bytes of a packed polynomial of w1.
    var commitmentByteCount: Int { Ring.degree / 8 * commitmentBitCount }
    /// The number of bytes of the packed hint.
    var hintByteCount: Int { omega + k }
    /// The number of bytes of a public key (FIPS 204, table 2).
    var verificationKeyByteCount: Int { Self.seedByteCount + k * Self.roundedKeyByteCount }
    /// The number of bytes of a signature (FIPS 204, table 2).
    var signatureByteCount: Int { challengeByteCount + l * maskByteCount + hintByteCount }
}
