import BLAKE3
import Testing

@Suite("BLAKE3 modes and outputs")
struct ModeTests {
    private let key = [UInt8](0..<32)
    private let context = "swift-hotstuff tests 2025-01-01 00:00:00 mode tests"

    @Test("a key that is not 32 bytes long is refused", arguments: [0, 1, 31, 33, 64, 1_000])
    func wrongKeyLength(count: Int) {
        let key = [UInt8](repeating: 7, count: count)
        #expect(BLAKE3(key: key) == nil)
        #expect(BLAKE3.keyedHash([1, 2, 3], key: key) == nil)
    }

    @Test("the three modes, two keys and two contexts never agree", arguments: [0, 32, 1_024, 2_500])
    func modesAreApart(total: Int) throws {
        let input = scatteredBytes(total)
        let outputs: Set<BLAKE3Output> = [
            BLAKE3.hash(input),
            try #require(BLAKE3.keyedHash(input, key: key)),
            try #require(BLAKE3.keyedHash(input, key: key.reversed())),
            BLAKE3.deriveKey(context: context, material: input),
            BLAKE3.deriveKey(context: context + "2", material: input),
            BLAKE3.deriveKey(context: "", material: input),
        ]
        #expect(outputs.count == 6)
    }

    @Test("a context longer than a chunk derives a key like the hasher does")
    func longContext() {
        let context = String(repeating: "a context of many words, ", count: 200)
        var hasher = BLAKE3(derivingKeyFrom: context)
        hasher.update(key)
        #expect(hasher.finalize() == BLAKE3.deriveKey(context: context, material: key))
        #expect(hasher.finalize() != BLAKE3.deriveKey(context: String(context.dropLast()), material: key))
    }

    @Test("a longer extended output begins with every shorter one", arguments: [0, 1_000, 1_024, 1_025, 5_000])
    func prefixes(total: Int) {
        var hasher = BLAKE3()
        hasher.update(scatteredBytes(total))
        let longest = hasher.finalize(byteCount: 1_000)
        #expect(Set(longest.indices.dropLast(31).map { Array(longest[$0..<$0 + 32]) }).count == 969, "no period")
        for count in [0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 999, 1_000] {
            let output = hasher.finalize(byteCount: count)
            #expect(output.count == count)
            #expect(longest.starts(with: output), "\(count) bytes")
        }
        #expect(hasher.finalize().bytes == Array(longest.prefix(32)))
    }

    @Test("the words of an output are its bytes, lowest first")
    func words() {
        let output = BLAKE3Output(
            word0: 0x0706_0504_0302_0100,
            word1: 0x0F0E_0D0C_0B0A_0908,
            word2: 0x1716_1514_1312_1110,
            word3: 0x1F1E_1D1C_1B1A_1918
        )
        #expect(output.bytes == [UInt8](0..<32))
    }

    @Test("outputs that differ in any one word are unequal")
    func equality() {
        let output = BLAKE3.hash([])
        var changed = [output, output, output, output]
        changed[0].word0 ^= 1
        changed[1].word1 ^= 1
        changed[2].word2 ^= 1
        changed[3].word3 ^= 1
        #expect(changed.allSatisfy { $0 != output })
        #expect(Set(changed + [output, output]).count == 5)
    }

    @Test("one flipped bit anywhere in the input changes the output", arguments: [1, 64, 65, 1_024, 1_025, 2_049])
    func everyBlockCounts(total: Int) {
        var input = scatteredBytes(total)
        let output = BLAKE3.hash(input)
        for position in stride(from: 0, to: total, by: 61) {
            input[position] ^= 0x10
            #expect(BLAKE3.hash(input) != output, "byte \(position) of \(total)")
            input[position] ^= 0x10
        }
    }
}
