internal import CKernels
internal import Kernels

/// The loops of ML-DSA that have several forms, in one of them.
///
/// All forms give the same results for all inputs in the stated ranges. A key holds its kernel, so choosing costs nothing
/// when it signs or verifies.
struct LatticeKernel: Sendable {
    /// The number of Keccak states that are permuted at once.
    let width: Int

    private let permutation: Permutation
    private let widePermutation: Permutation
    private let transformation: Transformation
    private let inverseTransformation: Transformation
    private let accumulation: Accumulation
    private let highBits: HighBits
    private let subtraction: Subtraction
    private let addition: Addition
    private let measure: Measure
    private let packing: Packing
    private let unpacking: Unpacking
    private let roundConstants: ConstantTable<UInt64>
    private let powers: ConstantTable<Int32>
    private let inversePowers: ConstantTable<Int32>

    private typealias Permutation =
        @Sendable @convention(c) (UnsafeMutablePointer<UInt64>, UnsafePointer<UInt64>) -> Void
    private typealias Transformation = @Sendable @convention(c) (Coefficients, UnsafePointer<Int32>) -> Void
    private typealias Accumulation =
        @Sendable @convention(c) (Coefficients, UnsafePointer<Int32>, UnsafePointer<Int32>, Int) -> Void
    private typealias HighBits = @Sendable @convention(c) (Coefficients, Coefficients, Int32) -> Void
    private typealias Subtraction =
        @Sendable @convention(c) (Coefficients, UnsafePointer<Int32>, Int32, Int32) -> Int32
    private typealias Addition = @Sendable @convention(c) (Coefficients, UnsafePointer<Int32>, Int32) -> Int32
    private typealias Measure = @Sendable @convention(c) (UnsafePointer<Int32>, Int32) -> Int32
    private typealias Packing =
        @Sendable @convention(c) (UnsafePointer<Int32>, UnsafeMutablePointer<UInt8>, Int32) -> Void
    private typealias Unpacking = @Sendable @convention(c) (UnsafePointer<UInt8>, Coefficients, Int32) -> Void

    /// The form for a kernel, which must be one that this processor runs.
    init(_ kernel: Kernel) {
        precondition(kernel.isAvailable, "this processor does not run \(kernel)")
        switch kernel {
        case .swift: self = .swift
        case .avx2: self = .avx2
        case .avx512: self = .avx512
        }
    }

    /// Permutes one Keccak state.
    @inline(__always)
    func permute(_ state: UnsafeMutablePointer<UInt64>) {
        permutation(state, roundConstants.elements)
    }

    /// Permutes `width` interleaved Keccak states.
    @inline(__always)
    func permuteMany(_ states: UnsafeMutablePointer<UInt64>) {
        widePermutation(states, roundConstants.elements)
    }

    /// Transforms a polynomial in place: from (-q, q) to (-9q, 9q).
    @inline(__always)
    func transform(_ polynomial: Coefficients) {
        transformation(polynomial, powers.elements)
    }

    /// Transforms back in place and multiplies by 2^32: from (-q, q) to (-q, q).
    @inline(__always)
    func inverseTransform(_ polynomial: Coefficients) {
        inverseTransformation(polynomial, inversePowers.elements)
    }

    /// The sum of `count` products of transformed polynomials times 2^-32, in (-q, q).
    ///
    /// - Parameters:
    ///   - left: polynomials one behind the other, in (-q, q); if `count` is at most 3, in (-9q, 9q).
    ///   - right: polynomials one behind the other, in (-9q, 9q).
    ///   - count: at most 7.
    ///   - result: where the sum goes.
    @inline(__always)
    func multiply(_ left: UnsafePointer<Int32>, _ right: UnsafePointer<Int32>, count: Int, into result: Coefficients) {
        accumulation(result, left, right, count)
    }

    /// The high bits of 256 residues (FIPS 204, algorithm 37 `HighBits`).
    ///
    /// - Parameters:
    ///   - residues: in [-q, q); afterwards the same residues in [0, q).
    ///   - high: where the high bits go; not the same polynomial.
    ///   - gamma2: one of the two values that γ2 has.
    @inline(__always)
    func takeHighBits(of residues: Coefficients, into high: Coefficients, gamma2: Int32) {
        highBits(residues, high, gamma2)
    }

    /// Subtracts a polynomial in (-q, q) from residues in [0, q).
    ///
    /// - Parameters:
    ///   - product: what is subtracted.
    ///   - residues: afterwards the difference, in [0, q).
    ///   - gamma2: one of the two values that γ2 has.
    ///   - bound: greater than zero.
    /// - Returns: whether the low bits of all differences (FIPS 204, algorithm 38 `LowBits`) are below the bound in absolute
    ///   value.
    @inline(__always)
    func subtract(_ product: UnsafePointer<Int32>, from residues: Coefficients, gamma2: Int32, bound: Int32) -> Bool {
        Norm.isKept(subtraction(residues, product, gamma2, bound))
    }

    /// Adds a polynomial in (-q, q) to coefficients in (-q, q), and centres the sums.
    ///
    /// - Parameters:
    ///   - product: what is added.
    ///   - coefficients: afterwards the sums, in [-6283008, 6283008]; those below 2^20 in absolute value are centred.
    ///   - bound: greater than zero, at most 2^20.
    /// - Returns: whether all sums are below the bound in absolute value.
    @inline(__always)
    func add(_ product: UnsafePointer<Int32>, to coefficients: Coefficients, bound: Int32) -> Bool {
        Norm.isKept(addition(coefficients, product, bound))
    }

    /// Whether all coefficients are below a bound in absolute value (FIPS 204, section 2.3).
    ///
    /// It looks at all of them, whatever they are: only the answer depends on them.
    ///
    /// - Parameters:
    ///   - bound: greater than zero.
    ///   - polynomial: 256 centred coefficients.
    /// - Returns: whether the norm is below the bound.
    @inline(__always)
    func isBelow(_ bound: Int32, _ polynomial: UnsafePointer<Int32>) -> Bool {
        Norm.isKept(measure(polynomial, bound))
    }

    /// Packs a polynomial of w1, four or six bits for each coefficient (FIPS 204, algorithm 28 `w1Encode`).
    @inline(__always)
    func packCommitment(_ high: UnsafePointer<Int32>, bitCount: Int, to bytes: UnsafeMutableRawPointer) {
        packing(high, bytes.assumingMemoryBound(to: UInt8.self), Int32(truncatingIfNeeded: bitCount))
    }

    /// Unpacks a polynomial of z or y, whose numbers of 18 or 20 bits are γ1 less the coefficients (FIPS 204, algorithm 19
    /// `BitUnpack`).
    @inline(__always)
    func unpackMask(_ bytes: UnsafeRawPointer, bitCount: Int, into coefficients: Coefficients) {
        unpacking(bytes.assumingMemoryBound(to: UInt8.self), coefficients, Int32(truncatingIfNeeded: bitCount))
    }
}

extension LatticeKernel {
    private init(
        width: Int,
        permutation: @escaping Permutation,
        widePermutation: @escaping Permutation,
        transformation: @escaping Transformation,
        inverseTransformation: @escaping Transformation,
        accumulation: @escaping Accumulation,
        highBits: @escaping HighBits,
        subtraction: @escaping Subtraction,
        addition: @escaping Addition,
        measure: @escaping Measure,
        packing: @escaping Packing,
        unpacking: @escaping Unpacking,
        table: (_ powers: [Int32]) -> [Int32]
    ) {
        self.width = width
        self.permutation = permutation
        self.widePermutation = widePermutation
        self.transformation = transformation
        self.inverseTransformation = inverseTransformation
        self.accumulation = accumulation
        self.highBits = highBits
        self.subtraction = subtraction
        self.addition = addition
        self.measure = measure
        self.packing = packing
        self.unpacking = unpacking
        roundConstants = ConstantTable(Keccak.roundConstants)
        powers = ConstantTable(table(NumberTheoreticTransform.powers))
        inversePowers = ConstantTable(table(NumberTheoreticTransform.inversePowers))
    }

    private static let swift = LatticeKernel(
        width: 1,
        permutation: { Keccak.permute($0, $1) },
        widePermutation: { Keccak.permute($0, $1) },
        transformation: { NumberTheoreticTransform.transform($0, $1) },
        inverseTransformation: { NumberTheoreticTransform.inverseTransform($0, $1) },
        accumulation: { NumberTheoreticTransform.multiplyAccumulate($0, $1, $2, $3) },
        highBits: { RoundingLoops.takeHighBits(of: $0, into: $1, gamma2: $2) },
        subtraction: { RoundingLoops.subtract($1, from: $0, gamma2: $2, bound: $3) },
        addition: { Norm.add($1, to: $0, bound: $2) },
        measure: { Norm.room(of: $0, below: $1) },
        packing: { BitPacking.packCommitment($0, bitCount: Int($2), to: $1) },
        unpacking: { BitPacking.unpackMask($0, bitCount: Int($2), into: $1) },
        table: { $0.map(Ring.montgomeryForm) }
    )

    #if arch(x86_64)
    private static let avx2 = LatticeKernel(
        width: 4,
        permutation: { hotstuff_keccak_avx2($0, $1) },
        widePermutation: { hotstuff_keccak_4_avx2($0, $1) },
        transformation: { hotstuff_ntt_avx2($0, $1) },
        inverseTransformation: { hotstuff_inverse_ntt_avx2($0, $1) },
        accumulation: { hotstuff_multiply_accumulate_avx2($0, $1, $2, $3) },
        highBits: { hotstuff_high_bits_avx2($0, $1, $2) },
        subtraction: { hotstuff_subtract_avx2($0, $1, $2, $3) },
        addition: { hotstuff_add_avx2($0, $1, $2) },
        measure: { hotstuff_room_avx2($0, $1) },
        packing: { hotstuff_pack_commitment_avx2($0, $1, $2) },
        unpacking: { hotstuff_unpack_mask_avx2($0, $1, $2) },
        table: { TwiddleTable.make(powers: $0, lanes: 8, factor: NumberTheoreticTransform.scale) }
    )

    private static let avx512 = LatticeKernel(
        width: 8,
        permutation: { hotstuff_keccak_avx512($0, $1) },
        widePermutation: { hotstuff_keccak_8_avx512($0, $1) },
        transformation: { hotstuff_ntt_avx512($0, $1) },
        inverseTransformation: { hotstuff_inverse_ntt_avx512($0, $1) },
        accumulation: { hotstuff_multiply_accumulate_avx512($0, $1, $2, $3) },
        highBits: { hotstuff_high_bits_avx512($0, $1, $2) },
        subtraction: { hotstuff_subtract_avx512($0, $1, $2, $3) },
        addition: { hotstuff_add_avx512($0, $1, $2) },
        measure: { hotstuff_room_avx512($0, $1) },
        packing: { hotstuff_pack_commitment_avx512($0, $1, $2) },
        unpacking: { hotstuff_unpack_mask_avx512($0, $1, $2) },
        table: { TwiddleTable.make(powers: $0, lanes: 16, factor: NumberTheoreticTransform.scale) }
    )
    #else
    private static let avx2 = LatticeKernel.swift
    private static let avx512 = LatticeKernel.swift
    #endif
}

/// Numbers that stay where they are for as long as the program runs.
private struct ConstantTable<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Written once, before anybody else can see it, and never freed: reading it from several threads is safe.
    let elements: UnsafePointer<Element>

    init(_ array: [Element]) {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: array.count * MemoryLayout<Element>.stride,
            alignment: 64
        )
        let elements = memory.initializeMemory(as: Element.self, from: array, count: array.count)
        self.elements = UnsafePointer(elements)
    }
}
