import PostQuantum
import Testing

@Suite("Own vectors for ML-DSA")
struct OwnVectorTests {
    private func vectors(of scheme: SignatureScheme) throws -> MLDSAVectors.ParameterSet {
        try #require(try MLDSAVectors.parameterSet(of: scheme), "no vectors for \(scheme)")
    }

    @Test("a seed gives the listed public key", arguments: Pairing.all)
    func keys(pairing: Pairing) throws {
        let set = try vectors(of: pairing.scheme)
        #expect(set.keys.count == 5)
        for key in set.keys {
            let signer = try pairing.makeSigner(seed: key.seed.bytes)
            #expect(sha256(signer.verificationKey.bytes) == key.publicKeySHA256.bytes)
        }
    }

    @Test("message, context and randomness give the listed signature", arguments: Pairing.native)
    func signatures(pairing: NativePairing) throws {
        let set = try vectors(of: pairing.scheme)
        let keys = try set.keys.map { try pairing.makeKey(seed: $0.seed.bytes) }
        #expect(set.cases.count == 23)
        for (number, test) in set.cases.enumerated() {
            let key = keys[test.key]
            let (message, context) = (test.message.bytes, test.context.bytes)
            let signature = try key.sign(message, context: context, randomness: test.randomness.bytes)
            #expect(sha256(signature) == test.signatureSHA256.bytes, "case \(number)")
            let representative = try MessageRepresentative(message: message, context: context, key: key.verificationKey)
            #expect(representative == MessageRepresentative(bytes: test.representative.bytes), "case \(number)")
            let verifier = PreparedVerificationKey(key.verificationKey, kernel: pairing.kernel)
            #expect(verifier.isValid(signature, for: message, context: context), "case \(number)")
            #expect(verifier.isValid(signature, for: representative), "case \(number)")
        }
    }

    @Test("a representative of no known message gives the listed signature", arguments: Pairing.native)
    func representatives(pairing: NativePairing) throws {
        let set = try vectors(of: pairing.scheme)
        let keys = try set.keys.map { try pairing.makeKey(seed: $0.seed.bytes) }
        #expect(set.representatives.count == 7)
        for (number, test) in set.representatives.enumerated() {
            let representative = try #require(MessageRepresentative(bytes: test.representative.bytes))
            let signature = try keys[test.key].sign(representative, randomness: test.randomness.bytes)
            #expect(sha256(signature) == test.signatureSHA256.bytes, "case \(number)")
            let verifier = PreparedVerificationKey(keys[test.key].verificationKey, kernel: pairing.kernel)
            #expect(verifier.isValid(signature, for: representative), "case \(number)")
        }
    }

    @Test("the listed signature is valid, its listed alterations and forgeries are not", arguments: Pairing.all)
    func alterations(pairing: Pairing) throws {
        let set = try vectors(of: pairing.scheme)
        let verifiers = try set.publicKeys.map { try pairing.makeVerifier(key: $0.bytes) }
        let (message, context) = (set.whole.message.bytes, set.whole.context.bytes)
        #expect(verifiers[0].isValid(set.whole.signature.bytes, for: message, context: context))
        #expect(set.altered.count > 30)
        for test in set.altered {
            var signature = set.whole.signature.bytes
            for edit in test.edits { signature[edit[0]] = UInt8(edit[1]) }
            let isValid = verifiers[test.key ?? 0].isValid(
                signature,
                for: test.message?.bytes ?? message,
                context: test.context?.bytes ?? context
            )
            #expect(!isValid, "\(test.name)")
        }
        #expect(set.forged.count == 2)
        for test in set.forged {
            #expect(!verifiers[0].isValid(test.signature.bytes, for: message, context: context), "\(test.name)")
        }
    }
}
