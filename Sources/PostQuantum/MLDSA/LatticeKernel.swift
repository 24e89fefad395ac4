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
    private let roundConstants: ConstantTable<UInt64>
    private let powers: ConstantTable<Int32>
    private let inversePowers: ConstantTable<Int32>

    private typealias Permutation =
        @Sendable @convention(c) (UnsafeMutablePointer<UInt64>, UnsafePointer<UInt64>) -> Void
    private typealias Transformation = @Sendable @convention(c) (Coefficients, UnsafePointer<Int32>) -> Void
    private typealias Accumulation =
        @Sendable @convention(c) (Coefficients, UnsafePointer<Int32>, UnsafePointer<Int32>, Int) -> Void

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
}

extension LatticeKernel {
    private init(
        width: Int,
        permutation: @escaping Permutation,
        widePermutation: @escaping Permutation,
        transformation: @escaping Transformation,
        inverseTransformation: @escaping Transformation,
        accumulation: @escaping Accumulation,
        table: (_ powers: [Int32]) -> [Int32]
    ) {
        self.width = width
        self.permutation = permutation
        self.widePermutation = widePermutation
        self.transformation = transformation
        self.inverseTransformation = inverseTransformation
        self.accumulation = accumulation
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
        table: { TwiddleTable.make(powers: $0, lanes: 8, factor: NumberTheoreticTransform.scale) }
    )

    private static let avx512 = LatticeKernel(
        width: 8,
        permutation: { hotstuff_keccak_avx2($0, $1) },
        widePermutation: { hotstuff_keccak_8_avx512($0, $1) },
        transformation: { hotstuff_ntt_avx512($0, $1) },
        inverseTransformation: { hotstuff_inverse_ntt_avx512($0, $1) },
        accumulation: { hotstuff_multiply_accumulate_avx512($0, $1, $2, $3) },
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
