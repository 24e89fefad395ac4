/// High-order and low-order bits of coefficients (FIPS 204, section 7.4).
///
/// All functions take residues in [0, q), and neither divide nor branch: they are used on secrets.
enum Rounding {
    /// Splits r into (r1, r0) with r = r1 2^13 + r0 and -2^12 < r0 <= 2^12 (FIPS 204, algorithm 35).
    @inline(__always)
    static func power2Round(_ value: Int32) -> (high: Int32, low: Int32) {
        let high = (value &+ (1 << (ParameterSet.d - 1)) &- 1) &>> Int32(ParameterSet.d)
        return (high, value &- (high &<< Int32(ParameterSet.d)))
    }
}

/// Decomposition to the base 2 γ2, for one of the two values that γ2 has.
///
/// A generic parameter rather than a stored number, so that each loop over coefficients is compiled for one γ2.
protocol Decomposition {
    /// The range of the low part.
    static var gamma2: Int32 { get }
    /// The high part of r, in [0, (q - 1) / (2 γ2)) (FIPS 204, algorithm 37).
    static func highBits(_ value: Int32) -> Int32
}

extension Decomposition {
    /// The number of different high parts, m of FIPS 204, algorithm 40.
    static var highCount: Int32 { (Ring.modulus - 1) / (2 * gamma2) }

    /// Splits r into (r1, r0) with r = r1 2 γ2 + r0 modulo q (FIPS 204, algorithm 36).
    ///
    /// The low part lies in (-γ2, γ2]; where r would have the high part m, the high part is 0 and the low part one less.
    @inline(__always)
    static func decompose(_ value: Int32) -> (high: Int32, low: Int32) {
        let high = highBits(value)
        let low = value &- high &* (2 &* gamma2)
        // Only the last γ2 residues, whose high part wrapped around to 0, leave more than (q - 1) / 2.
        return (high, low &- ((((Ring.modulus - 1) / 2 &- low) &>> 31) & Ring.modulus))
    }

    /// The high part of r corrected by a hint bit that is set (FIPS 204, algorithm 40); for public r only.
    @inline(__always)
    static func highBitsWithHint(_ value: Int32) -> Int32 {
        let (high, low) = decompose(value)
        if low > 0 { return high + 1 == highCount ? 0 : high + 1 }
        return high == 0 ? highCount - 1 : high - 1
    }
}

/// γ2 = (q - 1) / 88, of ML-DSA-44.
enum Decomposition88: Decomposition {
    static let gamma2 = (Ring.modulus - 1) / 88

    @inline(__always)
    static func highBits(_ value: Int32) -> Int32 {
        // 2 γ2 = 128 · 1488. Rounding r up to units of 128 and multiplying by 11275 / 2^24, just above 1 / 1488, rounds to
        // the nearest multiple for every r below q; a test compares all of them with the definition.
        let units = (value &+ 127) &>> 7
        let high = (units &* 11_275 &+ (1 << 23)) &>> 24
        return high & ~((43 &- high) &>> 31)
    }
}

/// γ2 = (q - 1) / 32, of ML-DSA-65.
enum Decomposition32: Decomposition {
    static let gamma2 = (Ring.modulus - 1) / 32

    @inline(__always)
    static func highBits(_ value: Int32) -> Int32 {
        // 2 γ2 = 128 · 4092, and 1025 / 2^22 is just above 1 / 4092; as above.
        let units = (value &+ 127) &>> 7
        return ((units &* 1_025 &+ (1 << 21)) &>> 22) & 15
    }
}

/// The loops over 256 coefficients in plain Swift.
enum RoundingLoops {
    /// The high bits of residues in [-q, q), which are in [0, q) afterwards (FIPS 204, algorithm 37 `HighBits`).
    @inline(never)
    static func takeHighBits(of residues: Coefficients, into high: Coefficients, gamma2: Int32) {
        if gamma2 == Decomposition32.gamma2 {
            takeHighBits(Decomposition32.self, of: residues, into: high)
        } else {
            takeHighBits(Decomposition88.self, of: residues, into: high)
        }
    }

    /// Subtracts a polynomial from residues; negative if the low bits of one difference are not below the bound in absolute
    /// value (FIPS 204, algorithm 38 `LowBits`).
    @inline(never)
    static func subtract(
        _ product: UnsafePointer<Int32>,
        from residues: Coefficients,
        gamma2: Int32,
        bound: Int32
    ) -> Int32 {
        gamma2 == Decomposition32.gamma2
            ? subtract(Decomposition32.self, product, from: residues, bound: bound)
            : subtract(Decomposition88.self, product, from: residues, bound: bound)
    }

    @inline(__always)
    private static func takeHighBits(
        _ decomposition: (some Decomposition).Type,
        of residues: Coefficients,
        into high: Coefficients
    ) {
        for j in 0..<Ring.degree {
            residues[j] = Ring.addModulusIfNegative(residues[j])
            high[j] = decomposition.highBits(residues[j])
        }
    }

    @inline(__always)
    private static func subtract(
        _ decomposition: (some Decomposition).Type,
        _ product: UnsafePointer<Int32>,
        from residues: Coefficients,
        bound: Int32
    ) -> Int32 {
        var room: Int32 = 0
        for j in 0..<Ring.degree {
            residues[j] = Ring.addModulusIfNegative(Ring.reduce(residues[j] &- product[j]))
            room |= Norm.room(of: decomposition.decompose(residues[j]).low, below: bound)
        }
        return room
    }
}

extension ParameterSet {
    /// The high part of a public residue in [0, q) whose hint is one (FIPS 204, algorithm 40 `UseHint`).
    func highBitsWithHint(_ residue: Int32) -> Int32 {
        gamma2 == Decomposition32.gamma2
            ? Decomposition32.highBitsWithHint(residue) : Decomposition88.highBitsWithHint(residue)
    }
}
