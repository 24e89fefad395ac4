import Kernels
import Testing

@testable import PostQuantum

/// A polynomial as the tests write it.
private typealias Numbers = [Int32]

@Suite("The number-theoretic transform")
struct TransformTests {
    private static let q = Int64(Ring.modulus)

    private func random(_ generator: inout SplitMix64, below limit: Int32) -> Numbers {
        (0..<Ring.degree).map { _ in Int32.random(in: 1 - limit..<limit, using: &generator) }
    }

    private func residues(_ numbers: Numbers) -> Numbers {
        numbers.map {
            let rest = $0 % Ring.modulus
            return rest < 0 ? rest + Ring.modulus : rest
        }
    }

    /// Runs a body on a vector with some polynomials, and returns what it then holds.
    private func with(_ polynomials: [Numbers], _ body: (borrowing PolynomialVector) -> Void) -> [Numbers] {
        let vector = PolynomialVector(count: polynomials.count, holdsSecrets: false)
        for (index, numbers) in polynomials.enumerated() { vector[index].update(from: numbers, count: Ring.degree) }
        body(vector)
        return (0..<polynomials.count).map { Array(UnsafeBufferPointer(start: vector[$0], count: Ring.degree)) }
    }

    /// Polynomials that reach the ends of the range, and random ones.
    private func samples(below limit: Int32, seed: UInt64) -> [Numbers] {
        var generator = SplitMix64(seed: seed)
        let ends = [limit - 1, 1 - limit, 0, 1].map { Numbers(repeating: $0, count: Ring.degree) }
        let alternating = (0..<Ring.degree).map { $0 % 2 == 0 ? limit - 1 : 1 - limit }
        let units = [0, 1, 7, 8, 15, 16, 128, 255].map { place in
            (0..<Ring.degree).map { $0 == place ? limit - 1 : 0 }
        }
        return ends + [alternating] + units + (0..<20).map { _ in random(&generator, below: limit) }
    }

    @Test("the transform is the values of the polynomial at the odd powers of the root, in the standard's order")
    func definition() {
        var generator = SplitMix64(seed: 3)
        let polynomial = random(&generator, below: Ring.modulus)
        let transform = with([polynomial]) { LatticeKernel(.swift).transform($0[0]) }[0]
        let powers = (0..<512).reduce(into: [Int64(1)]) { powers, _ in powers.append(powers.last! * 1_753 % Self.q) }
        for place in [0, 1, 2, 3, 100, 254, 255] {
            // FIPS 204, section 7.5: the value at ζ^(2 brv(m) + 1).
            let exponent = 2 * Int(UInt8(place).bitsReversed) + 1
            let value = (0..<Ring.degree).reduce(Int64(0)) { sum, j in
                (sum + Int64(polynomial[j]) * powers[exponent * j % 512]) % Self.q
            }
            #expect((Int64(transform[place]) - value) % Self.q == 0, "place \(place)")
        }
    }

    @Test("all kernels transform alike, within the stated bounds", arguments: Kernel.available)
    func kernelsAgree(_ kernel: Kernel) {
        for (number, polynomial) in samples(below: Ring.modulus, seed: 4).enumerated() {
            let forward = with([polynomial, polynomial]) {
                LatticeKernel(kernel).transform($0[0])
                LatticeKernel(.swift).transform($0[1])
            }
            #expect(forward[0] == forward[1], "sample \(number)")
            #expect(forward[0].allSatisfy { abs($0) < 9 * Ring.modulus }, "sample \(number)")
            let backward = with([polynomial, polynomial]) {
                LatticeKernel(kernel).inverseTransform($0[0])
                LatticeKernel(.swift).inverseTransform($0[1])
            }
            #expect(backward[0] == backward[1], "sample \(number)")
            #expect(backward[0].allSatisfy { abs($0) < Ring.modulus }, "sample \(number)")
        }
    }

    @Test("there and back is a multiplication by 2^32", arguments: Kernel.available)
    func roundTrip(_ kernel: Kernel) {
        for polynomial in samples(below: Ring.modulus, seed: 5) {
            let result = with([polynomial]) {
                LatticeKernel(kernel).transform($0[0])
                for j in 0..<Ring.degree { $0[0][j] = Ring.reduce($0[0][j]) }
                LatticeKernel(kernel).inverseTransform($0[0])
            }[0]
            #expect(residues(result) == residues(polynomial).map(Ring.montgomeryForm))
        }
    }

    @Test("sums of products agree in all kernels, at the ends of the ranges too", arguments: Kernel.available)
    func accumulation(_ kernel: Kernel) {
        for count in 1...7 {
            let left = Array(samples(below: Ring.modulus, seed: 6).suffix(20).prefix(count - 1))
            let right = Array(samples(below: 9 * Ring.modulus, seed: 7).suffix(20).prefix(count - 1))
            for end in [Ring.modulus - 1, 1 - Ring.modulus] {
                let extreme = Numbers(repeating: end, count: Ring.degree)
                let large = Numbers(repeating: 9 * Ring.modulus - 1, count: Ring.degree)
                for (a, b) in [
                    ([extreme] + left, [large] + right),
                    (Array(repeating: extreme, count: count), Array(repeating: large, count: count)),
                ] {
                    let result = with(a + b + [extreme]) {
                        LatticeKernel(kernel).multiply($0[0], $0[count], count: count, into: $0[2 * count])
                    }[2 * count]
                    let sums = (0..<Ring.degree).map { j in
                        (0..<count).reduce(Int64(0)) { $0 + Int64(a[$1][j]) * Int64(b[$1][j]) }
                    }
                    #expect(result == sums.map(Ring.montgomeryReduce), "\(count) products")
                    #expect(result.allSatisfy { abs($0) < Ring.modulus }, "\(count) products")
                }
            }
        }
    }

    @Test("a product of transforms is the product of polynomials modulo X^256 + 1", arguments: Kernel.available)
    func product(_ kernel: Kernel) {
        var generator = SplitMix64(seed: 8)
        let (a, b) = (random(&generator, below: Ring.modulus), random(&generator, below: 1 << 19))
        let result = with([a, b, a]) {
            let kernel = LatticeKernel(kernel)
            kernel.transform($0[0])
            for j in 0..<Ring.degree { $0[0][j] = Ring.reduce($0[0][j]) }
            kernel.transform($0[1])
            kernel.multiply($0[0], $0[1], count: 1, into: $0[2])
            kernel.inverseTransform($0[2])
        }[2]
        var expected = [Int64](repeating: 0, count: Ring.degree)
        for i in 0..<Ring.degree {
            for j in 0..<Ring.degree {
                let term = Int64(a[i]) * Int64(b[j]) % Self.q
                let place = (i + j) % Ring.degree
                expected[place] = (expected[place] + (i + j < Ring.degree ? term : -term)) % Self.q
            }
        }
        #expect(residues(result) == residues(expected.map { Int32($0) }))
    }
}
