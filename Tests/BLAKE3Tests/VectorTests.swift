import Kernels
import Testing

@testable import BLAKE3

@Suite("BLAKE3 vectors")
struct VectorTests {
    @Test(
        "every official vector comes out by every kernel, in all modes and at full length",
        .enabled(if: VectorFiles.hasOfficial),
        arguments: Kernel.available
    )
    func official(kernel: Kernel) throws {
        let vectors = try OfficialVectors.load()
        let key = Array(vectors.key.utf8)
        #expect(vectors.cases.count == 35)
        for vector in vectors.cases {
            try expect(
                countingBytes(vector.length),
                kernel: kernel,
                key: key,
                context: vectors.context,
                hash: vector.hash,
                keyedHash: vector.keyedHash,
                deriveKey: vector.deriveKey
            )
        }
    }

    @Test(
        "every vector of our own comes out by every kernel, in all modes and at full length",
        arguments: Kernel.available
    )
    func own(kernel: Kernel) throws {
        let vectors = try OwnVectors.load()
        let key = try #require(bytes(hexadecimal: vectors.key))
        #expect(vectors.cases.count == 78)
        for vector in vectors.cases {
            try expect(
                scatteredBytes(vector.length),
                kernel: kernel,
                key: key,
                context: vectors.context,
                hash: vector.hash,
                keyedHash: vector.keyedHash,
                deriveKey: vector.deriveKey
            )
        }
    }

    @Test("the hash of nothing and of abc are the published ones")
    func published() throws {
        let nothing = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        let abc = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
        #expect(BLAKE3.hash([]).bytes == bytes(hexadecimal: nothing))
        #expect(BLAKE3.hash(Array("abc".utf8)).bytes == bytes(hexadecimal: abc))
    }

    /// Compares one case with the one-shot functions and, for the whole extended output, with the hashers; by the preferred
    /// kernel, and by one kernel for everything.
    private func expect(
        _ input: [UInt8],
        kernel: Kernel,
        key: [UInt8],
        context: String,
        hash: String,
        keyedHash: String,
        deriveKey: String
    ) throws {
        let length = Comment(rawValue: "\(input.count) bytes of input, \(kernel)")
        let hash = try #require(bytes(hexadecimal: hash))
        let keyedHash = try #require(bytes(hexadecimal: keyedHash))
        let deriveKey = try #require(bytes(hexadecimal: deriveKey))

        #expect(BLAKE3.hash(input).bytes == Array(hash.prefix(32)), length)
        #expect(BLAKE3.keyedHash(input, key: key)?.bytes == Array(keyedHash.prefix(32)), length)
        #expect(BLAKE3.deriveKey(context: context, material: input).bytes == Array(deriveKey.prefix(32)), length)

        let hashers = [BLAKE3(), try #require(BLAKE3(key: key)), BLAKE3(derivingKeyFrom: context)]
        let engine = Engine(kernel)
        let modes = [
            Mode.hash(on: engine),
            try #require(Mode.keyedHash(key, on: engine)),
            Mode.deriveKey(context: context, on: engine),
        ]
        for ((hasher, mode), expected) in zip(zip(hashers, modes), [hash, keyedHash, deriveKey]) {
            let root = input.withUnsafeBytes { BLAKE3Output(mode.root(of: $0)) }
            #expect(root.bytes == Array(expected.prefix(32)), length)
            for var hasher in [hasher, BLAKE3(mode: mode)] {
                hasher.update(input)
                #expect(hasher.finalize().bytes == Array(expected.prefix(32)), length)
                #expect(hasher.finalize(byteCount: expected.count) == expected, length)
            }
        }
    }
}
