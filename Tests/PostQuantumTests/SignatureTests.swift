import PostQuantum
import Testing

@Suite("Signatures")
struct SignatureTests {
    private let message: [UInt8] = Array(0..<32)
    private let context: [UInt8] = Array("a purpose".utf8)

    @Test(
        "keys, seeds and signatures have the lengths of FIPS 204",
        arguments: [(SignatureScheme.mlDSA44, 1_312, 2_420), (.mlDSA65, 1_952, 3_309)]
    )
    func lengths(scheme: SignatureScheme, keyByteCount: Int, signatureByteCount: Int) throws {
        #expect(scheme.verificationKeyByteCount == keyByteCount)
        #expect(scheme.signatureByteCount == signatureByteCount)
        #expect(scheme.seedByteCount == 32)
        let seed = scheme.generateSeed()
        let signer = try scheme.makeSigner(seed: seed)
        #expect(seed.count == scheme.seedByteCount)
        #expect(signer.verificationKey.bytes.count == scheme.verificationKeyByteCount)
        #expect(try signer.sign(message, context: context).count == scheme.signatureByteCount)
    }

    @Test("what was signed is valid for its message, context and key only", arguments: SignatureScheme.allCases)
    func roundTrip(scheme: SignatureScheme) throws {
        let signer = try scheme.makeSigner(seed: scheme.generateSeed())
        let stranger = try scheme.makeSigner(seed: scheme.generateSeed())
        let verifier = try scheme.makeVerifier(key: signer.verificationKey.bytes)
        let strangersVerifier = try scheme.makeVerifier(key: stranger.verificationKey.bytes)
        let signature = try signer.sign(message, context: context)
        #expect(verifier.isValid(signature, for: message, context: context))
        #expect(!verifier.isValid(signature, for: message, context: []))
        #expect(!verifier.isValid(signature, for: message, context: context + [0]))
        #expect(!verifier.isValid(signature, for: Array(message.dropLast()), context: context))
        #expect(!verifier.isValid(signature, for: message + [0], context: context))
        #expect(!verifier.isValid(signature, for: [], context: context))
        #expect(!strangersVerifier.isValid(signature, for: message, context: context))
    }

    @Test("the bytes of context and message do not flow into each other")
    func contextBoundary() throws {
        let signer = try SignatureScheme.mlDSA65.makeSigner(seed: SignatureScheme.mlDSA65.generateSeed())
        let verifier = try SignatureScheme.mlDSA65.makeVerifier(key: signer.verificationKey.bytes)
        let signature = try signer.sign([2, 3, 4], context: [0, 1])
        #expect(verifier.isValid(signature, for: [2, 3, 4], context: [0, 1]))
        #expect(!verifier.isValid(signature, for: [1, 2, 3, 4], context: [0]))
        #expect(!verifier.isValid(signature, for: [3, 4], context: [0, 1, 2]))
    }

    @Test("a signature with one bit flipped is refused")
    func flippedBits() throws {
        let scheme = SignatureScheme.mlDSA65
        let signer = try scheme.makeSigner(seed: scheme.generateSeed())
        let verifier = try scheme.makeVerifier(key: signer.verificationKey.bytes)
        let signature = try signer.sign(message, context: context)
        for position in stride(from: 0, to: signature.count, by: 41) {
            var altered = signature
            altered[position] ^= 1 << UInt8(position % 8)
            #expect(!verifier.isValid(altered, for: message, context: context), "byte \(position)")
        }
        for position in message.indices {
            var altered = message
            altered[position] ^= 0x80
            #expect(!verifier.isValid(signature, for: altered, context: context), "message byte \(position)")
        }
    }

    @Test("a signature of another length is refused")
    func signatureLength() throws {
        let scheme = SignatureScheme.mlDSA65
        let signer = try scheme.makeSigner(seed: scheme.generateSeed())
        let verifier = try scheme.makeVerifier(key: signer.verificationKey.bytes)
        let signature = try signer.sign(message, context: context)
        #expect(!verifier.isValid([], for: message, context: context))
        #expect(!verifier.isValid(Array(signature.dropLast()), for: message, context: context))
        #expect(!verifier.isValid(signature + [0], for: message, context: context))
        #expect(!verifier.isValid(signature + signature, for: message, context: context))
    }

    @Test("a context of 255 bytes signs, one of 256 does not")
    func longContext() throws {
        let scheme = SignatureScheme.mlDSA65
        let signer = try scheme.makeSigner(seed: scheme.generateSeed())
        let verifier = try scheme.makeVerifier(key: signer.verificationKey.bytes)
        let longest = [UInt8](repeating: 7, count: 255)
        let signature = try signer.sign(message, context: longest)
        #expect(verifier.isValid(signature, for: message, context: longest))
        #expect(throws: SigningError.contextTooLong(256)) { try signer.sign(message, context: longest + [7]) }
        #expect(!verifier.isValid(signature, for: message, context: longest + [7]))
    }

    @Test("keys and seeds of another length are errors", arguments: [0, 1, 31, 33, 1_951, 1_953, 4_032])
    func keyLengths(count: Int) {
        let scheme = SignatureScheme.mlDSA65
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(throws: KeyError.wrongLength(count, expected: 1_952)) { try scheme.makeVerifier(key: bytes) }
        #expect(throws: KeyError.wrongLength(count, expected: 1_952)) {
            try VerificationKey(scheme: scheme, bytes: bytes)
        }
        #expect(throws: KeyError.wrongLength(count, expected: 32)) { try scheme.makeSigner(seed: SecretBytes(bytes)) }
    }

    @Test("one seed makes one key, two seeds make two")
    func determinism() throws {
        let scheme = SignatureScheme.mlDSA65
        let seed = scheme.generateSeed()
        let key = try scheme.makeSigner(seed: seed).verificationKey
        #expect(try scheme.makeSigner(seed: seed).verificationKey == key)
        #expect(try scheme.makeSigner(seed: scheme.generateSeed()).verificationKey != key)
        #expect(try VerificationKey(scheme: scheme, bytes: key.bytes) == key)
    }

    @Test("signing the same twice gives two signatures, both valid")
    func randomised() throws {
        let scheme = SignatureScheme.mlDSA65
        let signer = try scheme.makeSigner(seed: scheme.generateSeed())
        let verifier = try scheme.makeVerifier(key: signer.verificationKey.bytes)
        let first = try signer.sign(message, context: context)
        let second = try signer.sign(message, context: context)
        #expect(first != second)
        #expect(verifier.isValid(first, for: message, context: context))
        #expect(verifier.isValid(second, for: message, context: context))
    }

    @Test("a scheme is found by its name in configuration files")
    func names() {
        #expect(SignatureScheme(rawValue: "ml-dsa-65") == .mlDSA65)
        #expect(SignatureScheme(rawValue: "ML-DSA-65") == nil)
        #expect("\(SignatureScheme.mlDSA65)" == "ml-dsa-65")
    }
}
