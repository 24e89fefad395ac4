import Kernels
import Testing

@testable import PostQuantum

/// The loops over coefficients of every kernel, against the standard's definitions of single ones.
@Suite("Loops over coefficients")
struct RoundingLoopTests {
    private static let gammas = [Decomposition88.gamma2, Decomposition32.gamma2]

    private func decompose(_ residue: Int32, _ gamma2: Int32) -> (high: Int32, low: Int32) {
        gamma2 == Decomposition32.gamma2 ? Decomposition32.decompose(residue) : Decomposition88.decompose(residue)
    }

    /// Where the high or the low bits turn over, on either side of q too, and numbers between.
    private func samples(_ gamma2: Int32, _ random: inout SplitMix64) -> [Int32] {
        let turns = (0...(Ring.modulus - 1) / gamma2).flatMap { turn in (-2...2).map { turn * gamma2 + $0 } }
        let ends: [Int32] = [-Ring.modulus, 1 - Ring.modulus, -1, 0, 1, Ring.modulus - 1]
        let all = turns + turns.map { $0 - Ring.modulus } + ends
        let others = (0..<4_000).map { _ in Int32.random(in: -Ring.modulus..<Ring.modulus, using: &random) }
        return (all + others).filter { $0 >= -Ring.modulus && $0 < Ring.modulus }
    }

    /// Whole polynomials of numbers, the last filled up with zeros.
    private func polynomials(_ numbers: [Int32]) -> [[Int32]] {
        stride(from: 0, to: numbers.count, by: Ring.degree).map { start in
            let part = numbers[start..<min(start + Ring.degree, numbers.count)]
            return Array(part) + Array(repeating: 0, count: Ring.degree - part.count)
        }
    }

    private func coefficients(_ vector: borrowing PolynomialVector, _ index: Int) -> [Int32] {
        Array(UnsafeBufferPointer(start: vector[index], count: Ring.degree))
    }

    /// Runs a body for all samples of both values of γ2, with two polynomials for it to use.
    private func forSamples(
        seed: UInt64,
        _ body: (_ gamma2: Int32, _ sample: [Int32], borrowing PolynomialVector, inout SplitMix64) -> Void
    ) {
        var random = SplitMix64(seed: seed)
        for gamma2 in Self.gammas {
            for sample in polynomials(samples(gamma2, &random)) {
                body(gamma2, sample, PolynomialVector(count: 2, holdsSecrets: false), &random)
            }
        }
    }

    @Test("high bits are what the standard defines, and residues not negative any more", arguments: Kernel.available)
    func highBits(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        forSamples(seed: 21) { gamma2, sample, vector, _ in
            vector[0].update(from: sample, count: Ring.degree)
            kernel.takeHighBits(of: vector[0], into: vector[1], gamma2: gamma2)
            let residues = sample.map(Ring.addModulusIfNegative)
            let (after, high) = (coefficients(vector, 0), coefficients(vector, 1))
            #expect(after == residues)
            #expect(high == residues.map { decompose($0, gamma2).high })
        }
    }

    @Test("a difference is a residue, and one whose low bits reach the bound is told", arguments: Kernel.available)
    func subtraction(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        forSamples(seed: 22) { gamma2, sample, vector, random in
            let residues = sample.map(Ring.addModulusIfNegative)
            let product = residues.map { _ in Int32.random(in: 1 - Ring.modulus..<Ring.modulus, using: &random) }
            let expected = zip(residues, product).map { residue, product in
                (residue - product + 2 * Ring.modulus) % Ring.modulus
            }
            let greatest = expected.map { abs(decompose($0, gamma2).low) }.max() ?? 0
            for bound in [greatest, greatest + 1] {
                vector[0].update(from: residues, count: Ring.degree)
                vector[1].update(from: product, count: Ring.degree)
                let isKept = kernel.subtract(vector[1], from: vector[0], gamma2: gamma2, bound: bound)
                let differences = coefficients(vector, 0)
                #expect(isKept == (bound > greatest))
                #expect(differences == expected)
            }
        }
    }

    @Test("a difference at every place can be the one that reaches the bound", arguments: Kernel.available)
    func everyPlace(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        for gamma2 in Self.gammas {
            for place in 0..<Ring.degree {
                for low in [100, Ring.modulus - 100] {
                    let vector = PolynomialVector(count: 2, holdsSecrets: false)
                    vector[0].update(repeating: 0, count: 2 * Ring.degree)
                    vector[0][place] = low
                    #expect(!kernel.subtract(vector[1], from: vector[0], gamma2: gamma2, bound: 100))
                    #expect(kernel.subtract(vector[1], from: vector[0], gamma2: gamma2, bound: 101))
                }
            }
        }
    }

    @Test("a sum is centred, and one that reaches the bound is told, at every place", arguments: Kernel.available)
    func addition(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        var random = SplitMix64(seed: 23)
        for place in 0..<Ring.degree {
            for sign: Int32 in [1, -1] {
                let vector = PolynomialVector(count: 2, holdsSecrets: false)
                let sums = (0..<Ring.degree).map { $0 == place ? sign * 5_000 : Int32($0) }
                for j in 0..<Ring.degree {
                    vector[1][j] = Int32.random(in: 1 - Ring.modulus..<Ring.modulus, using: &random)
                    // Another number for the same residue: what is added to the product gives the sum plus or minus q.
                    vector[0][j] = (sums[j] - vector[1][j]) % Ring.modulus
                }
                let (mask, product) = (coefficients(vector, 0), coefficients(vector, 1))
                for bound: Int32 in [5_000, 5_001] {
                    vector[0].update(from: mask, count: Ring.degree)
                    vector[1].update(from: product, count: Ring.degree)
                    #expect(kernel.add(vector[1], to: vector[0], bound: bound) == (bound == 5_001))
                    #expect(coefficients(vector, 0) == sums)
                }
            }
        }
    }

    @Test("a norm below the bound is told from one that is not, at every place", arguments: Kernel.available)
    func norms(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        let vector = PolynomialVector(count: 1, holdsSecrets: false)
        #expect(kernel.isBelow(1, vector[0]))
        for place in 0..<Ring.degree {
            for sign: Int32 in [1, -1] {
                vector[0][place] = sign * 99
                #expect(kernel.isBelow(100, vector[0]))
                #expect(!kernel.isBelow(99, vector[0]))
                vector[0][place] = sign * Ring.modulus
                #expect(!kernel.isBelow(1 << 19, vector[0]))
                vector[0][place] = 0
            }
        }
    }
}
