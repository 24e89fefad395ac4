import Kernels
import Testing

@testable import BLAKE3

/// Every kernel against plain Swift, which the vectors hold.
@Suite("BLAKE3 by every kernel")
struct KernelTests {
    /// The kernels that are not plain Swift; on a processor without any, plain Swift is compared with itself.
    static let kernels = Array(Kernel.available.suffix(max(1, Kernel.available.count - 1)))

    @Test("every length up to five chunks hashes as by plain Swift", arguments: kernels)
    func everyLength(kernel: Kernel) {
        let input = scatteredBytes(5 * 1_024 + 1)
        for length in 0...input.count {
            withExactCopy(of: input.prefix(length)) {
                #expect(BLAKE3.hash($0, kernel: kernel) == BLAKE3.hash($0, kernel: .swift), "\(length) bytes")
            }
        }
    }

    @Test("lengths beside every number of chunks up to two tiles hash as by plain Swift", arguments: kernels)
    func everyChunkCount(kernel: Kernel) {
        let input = scatteredBytes(130 * 1_024)
        input.withUnsafeBytes { input in
            for length in stride(from: 5 * 1_024, to: input.count, by: 1_024) {
                let nearby = length + [-1, 0, 1, 500][length / 1_024 % 4]
                let bytes = UnsafeRawBufferPointer(rebasing: input[..<nearby])
                #expect(BLAKE3.hash(bytes, kernel: kernel) == BLAKE3.hash(bytes, kernel: .swift), "\(nearby) bytes")
            }
        }
    }

    @Test("a power of two of chunks and a byte beside hashes as by plain Swift, up to a mebibyte", arguments: kernels)
    func powersOfTwo(kernel: Kernel) {
        let input = scatteredBytes((1 << 20) + 1)
        input.withUnsafeBytes { input in
            for exponent in 0...10 {
                for length in (1_024 << exponent) - 1...(1_024 << exponent) + 1 {
                    let bytes = UnsafeRawBufferPointer(rebasing: input[..<length])
                    #expect(BLAKE3.hash(bytes, kernel: kernel) == BLAKE3.hash(bytes, kernel: .swift), "\(length) bytes")
                }
            }
        }
    }

    @Test("input at any address hashes alike", arguments: Kernel.available)
    func unaligned(kernel: Kernel) {
        for length in [1, 63, 64, 65, 200, 1_024, 3_000, 17_000] {
            let input = scatteredBytes(length)
            let expected = input.withUnsafeBytes { BLAKE3.hash($0, kernel: .swift) }
            for offset in [1, 2, 3, 7, 15, 31, 33, 63] {
                withExactCopy(of: input, offset: offset) {
                    #expect(BLAKE3.hash($0, kernel: kernel) == expected, "\(length) bytes at \(offset)")
                    #expect(
                        BLAKE3.hashes(of: [$0, $0], kernel: kernel) == [expected, expected],
                        "\(length) at \(offset)"
                    )
                }
            }
        }
    }

    @Test(
        "the index of a chunk has 64 bits, also where it passes 32 in the middle of the lanes",
        arguments: Kernel.available
    )
    func highCounters(kernel: Kernel) throws {
        // By a program of another hand, for the chunks 2^32 - 2 to 2^32 + 1.
        let published = [
            "30fd1c31f31ffb88d71e613d9f47e8531f9b90ae0d884a751782c3b6980eb012",
            "3e0b33c8ddc962b21e1cd32285ad42661cd54b753f3b281baa3d9355bf8a36b4",
            "3e74207f8df7cec3323bb50349a7a7e6fec2c1d530b7567724e4162c10bdb25f",
            "d6ff4707010377975636cea153e48c5c917c6f83b498ce37ca746182b7322a6c",
        ]
        let mode = Mode.hash(on: Engine(kernel))
        let edge: UInt64 = 1 << 32
        let firsts: [UInt64] = [edge - 2, edge - 10, edge << 8 + 5, UInt64.max - 7]
        for count in [4, 11, 20] {
            for first in firsts {
                let input = scatteredBytes(count * 1_024)
                let tile = input.withUnsafeBytes { Tile($0, firstChunk: first, mode: mode) }
                #expect(tile.count == count)
                for place in 0..<count {
                    let alone = input[(place * 1_024)...].prefix(1_024).withUnsafeBytes { bytes in
                        var value = mode.key
                        let index = first &+ UInt64(place)
                        value.absorb(
                            bytes,
                            labels: Labels(counter: index, flags: [], first: .chunkStart, last: .chunkEnd),
                            kernel: kernel
                        )
                        return BLAKE3Output(value)
                    }
                    #expect(BLAKE3Output(tile[place]) == alone, "place \(place) of \(count) from \(first)")
                    if first == edge - 2, place < published.count {
                        #expect(alone.bytes == bytes(hexadecimal: published[place]), "chunk \(place), \(kernel)")
                    }
                }
            }
        }
    }

    @Test("input in random pieces hashes like the whole, by every kernel", arguments: 0..<24 as Range<UInt64>)
    func randomPieces(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let input = scatteredBytes(Int(generator.next() % 300_000))
        let whole = input.withUnsafeBytes { BLAKE3.hash($0, kernel: .swift) }
        let limit = [700, 5_000, 40_000, 150_000][Int(generator.next() % 4)]
        var hashers = Kernel.available.map { BLAKE3(mode: .hash(on: Engine($0))) }
        var start = 0
        while start < input.count {
            let end = min(start + 1 + Int(generator.next() % UInt64(limit)), input.count)
            withExactCopy(of: input[start..<end]) { piece in
                for index in hashers.indices { hashers[index].update(piece) }
            }
            start = end
        }
        for (hasher, kernel) in zip(hashers, Kernel.available) {
            #expect(hasher.finalize() == whole, "\(kernel), seed \(seed)")
        }
    }
}
