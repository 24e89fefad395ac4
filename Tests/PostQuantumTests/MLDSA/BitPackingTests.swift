import Kernels
import Testing

@testable import PostQuantum

@Suite("Packing")
struct BitPackingTests {
    private let sets = [ParameterSet.mlDSA44, .mlDSA65]

    /// The numbers of some bits in a string of bytes, bit by bit (FIPS 204, algorithm 18).
    private func numbers(_ bytes: [UInt8], bitCount: Int) -> [Int32] {
        let bits = bytes.flatMap { byte in (0..<8).map { Int32(byte >> $0 & 1) } }
        return (0..<Ring.degree).map { index in
            (0..<bitCount).reduce(0) { $0 | bits[index * bitCount + $1] << Int32($1) }
        }
    }

    private func coefficients(_ vector: borrowing PolynomialVector) -> [Int32] {
        Array(UnsafeBufferPointer(start: vector[0], count: Ring.degree))
    }

    @Test("masks unpack as the standard says, and pack to the same bytes", arguments: Kernel.available)
    func masks(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        var random = SplitMix64(seed: 9)
        for parameters in sets {
            let bytes = random.bytes(parameters.maskByteCount)
            let vector = PolynomialVector(count: 1, holdsSecrets: false)
            (bytes + [255, 255, 255]).withUnsafeBytes {
                kernel.unpackMask($0.baseAddress!, bitCount: parameters.maskBitCount, into: vector[0])
            }
            let expected = numbers(bytes, bitCount: parameters.maskBitCount).map { parameters.gamma1 - $0 }
            #expect(coefficients(vector) == expected)
            var packed = [UInt8](repeating: 0xaa, count: parameters.maskByteCount)
            packed.withUnsafeMutableBytes {
                BitPacking.packMask(vector[0], parameters: parameters, to: $0.baseAddress!)
            }
            #expect(packed == bytes)
        }
    }

    @Test("t1 unpacks as the standard says, and packs to the same bytes")
    func roundedKeys() {
        var random = SplitMix64(seed: 10)
        let bytes = random.bytes(ParameterSet.roundedKeyByteCount)
        let vector = PolynomialVector(count: 1, holdsSecrets: false)
        (bytes + [255, 255, 255]).withUnsafeBytes {
            BitPacking.unpackRoundedKey($0.baseAddress!, into: vector[0])
        }
        #expect(coefficients(vector) == numbers(bytes, bitCount: 10))
        var packed = [UInt8](repeating: 0, count: bytes.count)
        packed.withUnsafeMutableBytes { BitPacking.packRoundedKey(vector[0], to: $0.baseAddress!) }
        #expect(packed == bytes)
    }

    @Test("commitments pack to bytes from which the standard reads them, and to no others", arguments: Kernel.available)
    func commitments(_ kernel: Kernel) {
        let kernel = LatticeKernel(kernel)
        var random = SplitMix64(seed: 11)
        for parameters in sets {
            let count = (Ring.modulus - 1) / (2 * parameters.gamma2)
            let vector = PolynomialVector(count: 1, holdsSecrets: false)
            for j in 0..<Ring.degree { vector[0][j] = Int32.random(in: 0..<count, using: &random) }
            let behind: [UInt8] = Array(repeating: 0xaa, count: 16)
            var packed = [UInt8](repeating: 0, count: parameters.commitmentByteCount) + behind
            packed.withUnsafeMutableBytes {
                kernel.packCommitment(vector[0], bitCount: parameters.commitmentBitCount, to: $0.baseAddress!)
            }
            #expect(numbers(packed, bitCount: parameters.commitmentBitCount) == coefficients(vector))
            #expect(packed[parameters.commitmentByteCount...] == behind[...])
        }
    }
}

@Suite("Hints")
struct HintTests {
    private let parameters = ParameterSet.mlDSA65

    private func places(_ bytes: [UInt8]) -> [[Int]]? {
        bytes.withUnsafeBytes { buffer in
            PackedHint(buffer, parameters: parameters).map { hint in
                (0..<parameters.k).map { row in hint.places(inRow: row).map(Int.init) }
            }
        }
    }

    private func packed(_ places: [Int], ends: [Int]) -> [UInt8] {
        (places + Array(repeating: 0, count: parameters.omega - places.count) + ends).map(UInt8.init)
    }

    @Test("a hint packs and is read again, from none to the greatest number of ones")
    func roundTrip() {
        var random = SplitMix64(seed: 12)
        for count in [0, 1, 2, 30, 54, 55] {
            var rows = [Set<Int>](repeating: [], count: parameters.k)
            while rows.reduce(0, { $0 + $1.count }) < count {
                rows[Int.random(in: 0..<parameters.k, using: &random)].insert(Int.random(in: 0..<256, using: &random))
            }
            let vector = PolynomialVector(count: parameters.k, holdsSecrets: false)
            for (row, places) in rows.enumerated() { for place in places { vector[row][place] = 1 } }
            var bytes = [UInt8](repeating: 0, count: parameters.hintByteCount)
            bytes.withUnsafeMutableBytes { PackedHint.pack(vector, parameters: parameters, to: $0) }
            #expect(places(bytes) == rows.map { $0.sorted() }, "\(count) ones")
        }
    }

    @Test("every other form of a hint is refused")
    func canonical() {
        let ends = [2, 2, 3, 3, 3, 4]
        #expect(places(packed([3, 9, 0, 255], ends: ends)) == [[3, 9], [], [0], [], [], [255]])
        #expect(places(packed([9, 3, 0, 255], ends: ends)) == nil, "places that fall")
        #expect(places(packed([3, 3, 0, 255], ends: ends)) == nil, "a place twice")
        #expect(places(packed([3, 9, 0, 255], ends: [2, 1, 3, 3, 3, 4])) == nil, "an end before the one before")
        #expect(places(packed([3, 9, 0, 255], ends: [2, 2, 3, 3, 3, 56])) == nil, "an end behind the list")
        #expect(places(packed([3, 9, 0, 255], ends: [2, 2, 3, 3, 3, 255])) == nil, "an end behind everything")
        #expect(places(packed([3, 9, 0, 255, 1], ends: ends)) == nil, "a place that belongs to no polynomial")
        #expect(places(packed([3, 9, 0, 255] + Array(repeating: 0, count: 50) + [7], ends: ends)) == nil, "at the end")
        let full = Array(1...parameters.omega)
        #expect(places(packed(full, ends: Array(repeating: 55, count: 6))) == [full, [], [], [], [], []])
    }
}
