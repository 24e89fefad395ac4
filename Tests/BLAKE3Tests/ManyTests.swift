import BLAKE3
import Kernels
import Testing

@Suite("BLAKE3 of many inputs")
struct ManyTests {
    @Test("inputs of random lengths hash as one by one, by every kernel", arguments: 0..<60 as Range<UInt64>)
    func mixed(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let limit = [10, 70, 300, 1_025, 5_000][Int(generator.next() % 5)]
        let count = Int(generator.next() % 41)
        expectAlike((0..<count).map { _ in Int(generator.next() % UInt64(limit)) }, "seed \(seed)")
    }

    @Test(
        "any number of equally long inputs hashes as one by one",
        arguments: [0, 1, 32, 64, 65, 80, 200, 1_024, 1_025]
    )
    func equal(length: Int) {
        for count in 0...40 { expectAlike([Int](repeating: length, count: count), "\(count) of \(length) bytes") }
    }

    @Test("inputs of equally many blocks and all lengths of the last one hash as one by one", arguments: [0, 1, 15])
    func lastBlocks(fullBlocks: Int) {
        expectAlike((0...64).map { fullBlocks * 64 + $0 }, "\(fullBlocks) full blocks")
        expectAlike((0...64).reversed().map { fullBlocks * 64 + $0 }, "\(fullBlocks) full blocks, reversed")
    }

    @Test("more inputs than are taken at a time hash as one by one")
    func manyBatches() {
        expectAlike((0..<300).map { $0 * 37 % 1_200 }, "300 inputs")
    }

    @Test("inputs may overlap and come again")
    func overlapping() {
        let bytes = scatteredBytes(400)
        bytes.withUnsafeBytes { bytes in
            let inputs = (0..<50).map { UnsafeRawBufferPointer(rebasing: bytes[$0..<200 + $0 / 2]) }
            #expect(BLAKE3.hashes(of: inputs + inputs) == (inputs + inputs).map { BLAKE3.hash($0) })
        }
    }

    /// Hashes inputs of some lengths, each of which ends where its memory ends.
    private func expectAlike(_ lengths: [Int], _ comment: Comment) {
        let source = scatteredBytes((lengths.max() ?? 0) + lengths.count)
        let copies = lengths.enumerated().map { place, length in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
            copy.copyBytes(from: source[place..<place + length])
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        let inputs = copies.map { UnsafeRawBufferPointer($0) }
        let expected = inputs.map { BLAKE3.hash($0, kernel: .swift) }
        for kernel in Kernel.available {
            #expect(BLAKE3.hashes(of: inputs, kernel: kernel) == expected, comment)
        }
        #expect(BLAKE3.hashes(of: inputs) == expected, comment)
    }
}
