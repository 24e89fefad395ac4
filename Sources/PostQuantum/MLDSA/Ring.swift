/// The arithmetic of coefficients, integers modulo q = 8,380,417 (FIPS 204, section 2.3 and appendix A).
///
/// A coefficient is an `Int32` of either sign that stands for its residue class; every function says in which range it
/// takes and gives it. None branches or indexes by the value of a coefficient.
enum Ring {
    /// The modulus q = 2^23 - 2^13 + 1.
    static let modulus: Int32 = 8_380_417
    /// The number of coefficients of a polynomial: the ring is Z_q[X] / (X^256 + 1).
    static let degree = 256
    /// The inverse of q modulo 2^32.
    static let inverseModulus: Int32 = 58_728_449

    /// The product of 2^-32 and a number below 2^31 q in absolute value, in (-q, q) (FIPS 204, algorithm 49).
    @inline(__always)
    static func montgomeryReduce(_ value: Int64) -> Int32 {
        let quotient = Int32(truncatingIfNeeded: value) &* inverseModulus
        return Int32(truncatingIfNeeded: (value &- Int64(quotient) &* Int64(modulus)) &>> 32)
    }

    /// The same residue in [-6283008, 6283008], for any number up to 2^31 - 2^22.
    ///
    /// A residue that has a representative below 2^20 in absolute value comes out as that very number.
    @inline(__always)
    static func reduce(_ value: Int32) -> Int32 {
        let quotient = (value &+ (1 << 22)) &>> 23
        return value &- quotient &* modulus
    }

    /// The same residue in [0, q), for a number in [-q, q).
    @inline(__always)
    static func addModulusIfNegative(_ value: Int32) -> Int32 {
        value &+ ((value &>> 31) & modulus)
    }

    /// The residue of 2^32 times a number in [0, q): its Montgomery form, in [0, q).
    static func montgomeryForm(_ value: Int32) -> Int32 {
        Int32((Int64(value) << 32) % Int64(modulus))
    }
}
