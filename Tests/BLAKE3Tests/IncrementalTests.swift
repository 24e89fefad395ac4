import BLAKE3
import Testing

@Suite("BLAKE3 in pieces")
struct IncrementalTests {
    /// Lengths at and beside every kind of edge: byte, block, chunk, full subtree.
    static let edges = [
        0, 1, 63, 64, 65, 127, 128, 129, 960, 1_023, 1_024, 1_025, 1_088, 2_047, 2_048, 2_049, 3_072, 3_073, 4_096,
        4_097,
    ]

    @Test("input split in two anywhere beside an edge hashes like the whole", arguments: edges)
    func twoPieces(total: Int) {
        let input = scatteredBytes(total)
        let whole = BLAKE3.hash(input)
        for cut in Self.edges where cut <= total {
            var hasher = BLAKE3()
            hasher.update(input[..<cut])
            hasher.update(input[cut...])
            #expect(hasher.finalize() == whole, "\(total) bytes cut at \(cut)")
        }
    }

    @Test(
        "input in equal pieces hashes like the whole",
        arguments: [1, 3, 63, 64, 65, 100, 1_000, 1_023, 1_024, 1_025, 2_048, 3_000, 4_096, 5_000]
    )
    func equalPieces(size: Int) {
        let input = scatteredBytes(9 * 1_024 + 17)
        var hasher = BLAKE3()
        var start = 0
        while start < input.count {
            let end = min(start + size, input.count)
            hasher.update(input[start..<end])
            start = end
        }
        #expect(hasher.finalize() == BLAKE3.hash(input))
    }

    @Test("input in random pieces hashes like the whole", arguments: 0..<40 as Range<UInt64>)
    func randomPieces(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let input = scatteredBytes(Int(generator.next() % 20_000))
        var hasher = BLAKE3()
        var start = 0
        while start < input.count {
            let limit = [65, 1_100, 9_000][Int(generator.next() % 3)]
            let end = min(start + Int(generator.next() % UInt64(limit)), input.count)
            hasher.update(input[start..<end])
            start = end
        }
        #expect(hasher.finalize() == BLAKE3.hash(input), "seed \(seed)")
    }

    @Test("output taken after every piece is that of the input so far, and disturbs nothing")
    func finalizeInTheMiddle() {
        let input = scatteredBytes(5_036)
        var hasher = BLAKE3()
        #expect(hasher.finalize() == BLAKE3.hash([]))
        var end = 0
        for size in [1, 62, 1, 1, 63, 896, 1, 1_023, 1_024, 0, 64, 1_900] {
            hasher.update(input[end..<end + size])
            end += size
            let expected = BLAKE3.hash(Array(input[..<end]))
            #expect(hasher.finalize() == expected, "after \(end) bytes")
            #expect(hasher.finalize(byteCount: 100).starts(with: expected.bytes), "after \(end) bytes")
            #expect(hasher.finalize() == expected, "after \(end) bytes, again")
        }
    }

    @Test("a copy of a hasher goes its own way")
    func copies() {
        let input = scatteredBytes(7_000)
        var original = BLAKE3()
        original.update(input[..<3_500])
        var copy = original
        copy.update(input[..<10])
        original.update(input[3_500...])
        #expect(original.finalize() == BLAKE3.hash(input))
        #expect(copy.finalize() == BLAKE3.hash(Array(input[..<3_500]) + input[..<10]))
    }

    @Test("empty updates change nothing, at an edge or beside it", arguments: [0, 1, 64, 1_024, 2_048, 2_050])
    func emptyUpdates(total: Int) {
        let input = scatteredBytes(total)
        var hasher = BLAKE3()
        hasher.update([])
        hasher.update(input)
        hasher.update(UnsafeRawBufferPointer(start: nil, count: 0))
        hasher.update(input[total...])
        #expect(hasher.finalize() == BLAKE3.hash(input))
    }

    @Test(
        "bytes hash alike from an array, a slice and an unaligned buffer",
        arguments: [0, 5, 64, 100, 1_024, 1_500, 3_072]
    )
    func kindsOfInput(total: Int) {
        let padded = scatteredBytes(total + 3)
        let expected = BLAKE3.hash(Array(padded[3...]))
        padded.withUnsafeBytes { buffer in
            let unaligned = UnsafeRawBufferPointer(rebasing: buffer[3...])
            #expect(BLAKE3.hash(unaligned) == expected)
            var hasher = BLAKE3()
            hasher.update(unaligned)
            #expect(hasher.finalize() == expected)
        }
        var hasher = BLAKE3()
        hasher.update(padded[3...])
        #expect(hasher.finalize() == expected)
    }
}
