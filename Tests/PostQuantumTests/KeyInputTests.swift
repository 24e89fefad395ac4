import PostQuantum
import Testing

@Suite("What is refused as a key, a seed or an input of signing")
struct KeyInputTests {
    private let zeros = [UInt8](repeating: 0, count: 32)

    @Test("a seed of another length is an error", arguments: Pairing.all, [0, 1, 31, 33, 64, 4_032])
    func seeds(pairing: Pairing, count: Int) {
        let seed = [UInt8](repeating: 1, count: count)
        #expect(throws: KeyError.wrongLength(count, expected: 32)) { try pairing.makeSigner(seed: seed) }
    }

    @Test("a public key of another length is an error", arguments: Pairing.all)
    func keys(pairing: Pairing) {
        let expected = pairing.scheme.verificationKeyByteCount
        for count in [0, 1, 32, 1_311, 1_312, 1_313, 1_951, 1_952, 1_953, 2_592, 1 << 20] where count != expected {
            let key = [UInt8](repeating: 1, count: count)
            #expect(throws: KeyError.wrongLength(count, expected: expected)) { try pairing.makeVerifier(key: key) }
            #expect(throws: KeyError.wrongLength(count, expected: expected)) {
                try VerificationKey(scheme: pairing.scheme, bytes: key)
            }
        }
    }

    @Test("a context of more than 255 bytes is an error, by whomever it is signed", arguments: Pairing.all)
    func contexts(pairing: Pairing) throws {
        let signer = try pairing.makeSigner(seed: zeros)
        for count in [256, 257, 511, 1 << 16] {
            let context = [UInt8](repeating: 1, count: count)
            #expect(throws: SigningError.contextTooLong(count)) { try signer.sign([1], context: context) }
            #expect(throws: SigningError.contextTooLong(count)) {
                try MessageRepresentative(message: [1], context: context, key: signer.verificationKey)
            }
        }
    }

    @Test("randomness of another length is an error", arguments: Pairing.native)
    func randomness(pairing: NativePairing) throws {
        let key = try pairing.makeKey(seed: zeros)
        let representative = try MessageRepresentative(message: [1], context: [], key: key.verificationKey)
        for count in [0, 1, 31, 33, 64] {
            let randomness = [UInt8](repeating: 1, count: count)
            #expect(throws: SigningError.wrongRandomness(count)) {
                try key.sign([1], context: [], randomness: randomness)
            }
            #expect(throws: SigningError.wrongRandomness(count)) {
                try key.sign(representative, randomness: randomness)
            }
        }
    }

    @Test("a representative has 64 bytes", arguments: [0, 1, 32, 63, 65, 128])
    func representatives(count: Int) {
        #expect(MessageRepresentative(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test("swift-crypto is not asked for a scheme that it does not have")
    func swiftCrypto() {
        let refusal = KeyError.notImplemented(.mlDSA44, .swiftCrypto)
        #expect(throws: refusal) {
            try SignatureScheme.mlDSA44.makeSigner(seed: SecretBytes(zeros), implementation: .swiftCrypto)
        }
        #expect(throws: refusal) {
            let key = [UInt8](repeating: 0, count: 1_312)
            return try SignatureScheme.mlDSA44.makeVerifier(key: key, implementation: .swiftCrypto)
        }
    }
}
