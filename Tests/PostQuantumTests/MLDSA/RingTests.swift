import Testing

@testable import PostQuantum

@Suite("The ring")
struct RingTests {
    private static let q = Int64(Ring.modulus)

    @Test("the inverse of q is one")
    func inverse() {
        #expect(Ring.inverseModulus &* Ring.modulus == 1)
    }

    @Test("Montgomery reduction divides by 2^32 and stays within q, up to the ends of its range")
    func montgomery() {
        var random = SplitMix64(seed: 1)
        let limit = Self.q << 31
        let ends: [Int64] = [0, 1, -1, Self.q, -Self.q, limit - 1, 1 - limit, 1 << 31, -(1 << 31), 1 << 32]
        for value in ends + (0..<10_000).map({ _ in Int64.random(in: (1 - limit)..<limit, using: &random) }) {
            let result = Int64(Ring.montgomeryReduce(value))
            #expect(abs(result) < Self.q, "\(value)")
            let difference = (result << 32).subtractingReportingOverflow(value % Self.q)
            #expect(difference.partialValue % Self.q == 0 && !difference.overflow, "\(value)")
        }
    }

    @Test("reduction centres, and finds small representatives again")
    func reduction() {
        var random = SplitMix64(seed: 2)
        let limit: Int32 = .max - 1 << 22
        for value in [0, limit, -limit] + (0..<10_000).map({ _ in Int32.random(in: -limit...limit, using: &random) }) {
            let result = Ring.reduce(value)
            #expect((-6_283_008...6_283_008).contains(result), "\(value)")
            #expect((Int64(value) - Int64(result)) % Self.q == 0, "\(value)")
            let residue = Ring.addModulusIfNegative(result)
            #expect((0..<Ring.modulus).contains(residue) && (Int64(value) - Int64(residue)) % Self.q == 0, "\(value)")
        }
        for small: Int32 in [-(1 << 20) + 1, -196, -1, 0, 1, 78, (1 << 20) - 1] {
            for multiple: Int32 in -3...3 { #expect(Ring.reduce(small + multiple * Ring.modulus) == small) }
        }
    }
}

@Suite("Rounding")
struct RoundingTests {
    @Test("power-of-two rounding is what the standard defines, for every residue")
    func power2Round() {
        var faults = 0
        for value in 0..<Ring.modulus {
            let (high, low) = Rounding.power2Round(value)
            if high << 13 + low != value || low <= -4_096 || low > 4_096 || high > 1_023 { faults += 1 }
        }
        #expect(faults == 0)
    }

    /// Decomposition as the standard writes it (FIPS 204, algorithm 36), with divisions.
    private func defined(_ value: Int32, _ gamma2: Int32) -> (high: Int32, low: Int32) {
        var low = value % (2 * gamma2)
        if low > gamma2 { low -= 2 * gamma2 }
        if value - low == Ring.modulus - 1 { return (0, low - 1) }
        return ((value - low) / (2 * gamma2), low)
    }

    private func countFaults<Scheme: Decomposition>(_ scheme: Scheme.Type, _ residues: some Sequence<Int32>) -> Int {
        residues.reduce(0) { faults, value in
            let (high, low) = Scheme.decompose(value)
            let expected = defined(value, Scheme.gamma2)
            return faults + (high == expected.high && low == expected.low && Scheme.highBits(value) == high ? 0 : 1)
        }
    }

    @Test("decomposition is what the standard defines, for every residue")
    func decomposition() {
        #expect(countFaults(Decomposition88.self, 0..<Ring.modulus) == 0)
        #expect(countFaults(Decomposition32.self, 0..<Ring.modulus) == 0)
    }

    @Test("a hint moves the high bits by one towards the low bits, around the end")
    func hints() {
        #expect(Decomposition88.highCount == 44)
        #expect(Decomposition32.highCount == 16)
        let (gamma44, gamma65) = (Decomposition88.gamma2, Decomposition32.gamma2)
        // Just above and just below a multiple of 2 γ2, and on it, where the low part is zero and so not positive.
        #expect(Decomposition88.highBitsWithHint(6 * gamma44 + 1) == 4)
        #expect(Decomposition88.highBitsWithHint(6 * gamma44 - 1) == 2)
        #expect(Decomposition88.highBitsWithHint(6 * gamma44) == 2)
        #expect(Decomposition88.highBitsWithHint(0) == 43)
        #expect(Decomposition88.highBitsWithHint(86 * gamma44 + 1) == 0)
        #expect(Decomposition32.highBitsWithHint(6 * gamma65 + 1) == 4)
        #expect(Decomposition32.highBitsWithHint(6 * gamma65 - 1) == 2)
        #expect(Decomposition32.highBitsWithHint(0) == 15)
        #expect(Decomposition32.highBitsWithHint(30 * gamma65 + 1) == 0)
        #expect(Decomposition32.highBitsWithHint(Ring.modulus - 1) == 15)
    }
}
