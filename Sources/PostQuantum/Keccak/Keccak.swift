/// The permutation Keccak-f[1600] in plain Swift (FIPS 202, section 3).
enum Keccak {
    /// The number of 64-bit lanes of a state.
    static let laneCount = 25
    /// The number of rounds.
    static let roundCount = 24

    /// The constants of the step ι, from the shift register that defines them (FIPS 202, algorithm 5).
    static let roundConstants: [UInt64] = {
        var register: UInt8 = 1
        return (0..<roundCount).map { _ in
            (0..<7).reduce(0) { constant, power in
                let bit = UInt64(register & 1) << ((1 << power) - 1)
                register = register << 1 ^ (register >> 7) * 0x71
                return constant | bit
            }
        }
    }()

    /// Permutes a state of 25 lanes: the lane at column x and row y is the element x + 5y.
    @inline(never)
    static func permute(_ state: UnsafeMutablePointer<UInt64>, _ constants: UnsafePointer<UInt64>) {
        var lanes = Lanes(state)
        for round in 0..<roundCount { lanes.round(constants[round]) }
        lanes.store(to: state)
    }
}

/// The 25 lanes as separate words, which the optimiser keeps in registers as far as there are any.
private struct Lanes {
    var a0, a1, a2, a3, a4: UInt64
    var a5, a6, a7, a8, a9: UInt64
    var a10, a11, a12, a13, a14: UInt64
    var a15, a16, a17, a18, a19: UInt64
    var a20, a21, a22, a23, a24: UInt64

    @inline(__always)
    init(_ s: UnsafeMutablePointer<UInt64>) {
        (a0, a1, a2, a3, a4) = (s[0], s[1], s[2], s[3], s[4])
        (a5, a6, a7, a8, a9) = (s[5], s[6], s[7], s[8], s[9])
        (a10, a11, a12, a13, a14) = (s[10], s[11], s[12], s[13], s[14])
        (a15, a16, a17, a18, a19) = (s[15], s[16], s[17], s[18], s[19])
        (a20, a21, a22, a23, a24) = (s[20], s[21], s[22], s[23], s[24])
    }

    @inline(__always)
    func store(to s: UnsafeMutablePointer<UInt64>) {
        (s[0], s[1], s[2], s[3], s[4]) = (a0, a1, a2, a3, a4)
        (s[5], s[6], s[7], s[8], s[9]) = (a5, a6, a7, a8, a9)
        (s[10], s[11], s[12], s[13], s[14]) = (a10, a11, a12, a13, a14)
        (s[15], s[16], s[17], s[18], s[19]) = (a15, a16, a17, a18, a19)
        (s[20], s[21], s[22], s[23], s[24]) = (a20, a21, a22, a23, a24)
    }

    /// One round: θ, then ρ and π into rows, then χ and ι (FIPS 202, algorithms 1 to 4 and 6).
    @inline(__always)
    mutating func round(_ constant: UInt64) {
        let c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20
        let c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21
        let c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22
        let c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23
        let c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24
        let d0 = c4 ^ Self.rotate(c1, 1)
        let d1 = c0 ^ Self.rotate(c2, 1)
        let d2 = c1 ^ Self.rotate(c3, 1)
        let d3 = c2 ^ Self.rotate(c4, 1)
        let d4 = c3 ^ Self.rotate(c0, 1)

        let row0 = (
            a0 ^ d0, Self.rotate(a6 ^ d1, 44), Self.rotate(a12 ^ d2, 43), Self.rotate(a18 ^ d3, 21),
            Self.rotate(a24 ^ d4, 14)
        )
        let row1 = (
            Self.rotate(a3 ^ d3, 28), Self.rotate(a9 ^ d4, 20), Self.rotate(a10 ^ d0, 3), Self.rotate(a16 ^ d1, 45),
            Self.rotate(a22 ^ d2, 61)
        )
        let row2 = (
            Self.rotate(a1 ^ d1, 1), Self.rotate(a7 ^ d2, 6), Self.rotate(a13 ^ d3, 25), Self.rotate(a19 ^ d4, 8),
            Self.rotate(a20 ^ d0, 18)
        )
        let row3 = (
            Self.rotate(a4 ^ d4, 27), Self.rotate(a5 ^ d0, 36), Self.rotate(a11 ^ d1, 10), Self.rotate(a17 ^ d2, 15),
            Self.rotate(a23 ^ d3, 56)
        )
        let row4 = (
            Self.rotate(a2 ^ d2, 62), Self.rotate(a8 ^ d3, 55), Self.rotate(a14 ^ d4, 39), Self.rotate(a15 ^ d0, 41),
            Self.rotate(a21 ^ d1, 2)
        )

        (a0, a1, a2, a3, a4) = Self.chi(row0)
        (a5, a6, a7, a8, a9) = Self.chi(row1)
        (a10, a11, a12, a13, a14) = Self.chi(row2)
        (a15, a16, a17, a18, a19) = Self.chi(row3)
        (a20, a21, a22, a23, a24) = Self.chi(row4)
        a0 ^= constant
    }

    private typealias Row = (UInt64, UInt64, UInt64, UInt64, UInt64)

    @inline(__always)
    private static func chi(_ b: Row) -> Row {
        (
            b.0 ^ (~b.1 & b.2), b.1 ^ (~b.2 & b.3), b.2 ^ (~b.3 & b.4), b.3 ^ (~b.4 & b.0), b.4 ^ (~b.0 & b.1)
        )
    }

    @inline(__always)
    private static func rotate(_ lane: UInt64, _ count: UInt64) -> UInt64 {
        (lane &<< count) | (lane &>> (64 &- count))
    }
}
