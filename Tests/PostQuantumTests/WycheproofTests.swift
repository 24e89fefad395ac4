import PostQuantum
import Testing

/// Vectors of Project Wycheproof for ML-DSA-44 and ML-DSA-65: their signatures are made with 32 zeros for randomness,
/// unless they say otherwise.
@Suite("Wycheproof vectors for ML-DSA", .enabled(if: WycheproofFile.isAtHand))
struct WycheproofTests {
    @Test("every valid signature is accepted and every other refused", arguments: Pairing.all)
    func verification(pairing: Pairing) throws {
        let file = try WycheproofFile.verification(pairing.scheme)
        var count = 0
        for group in file.testGroups {
            let verifier = try? pairing.makeVerifier(key: #require(group.publicKey).bytes)
            for test in group.tests {
                count += 1
                let isValid = try verifier?.isValid(
                    test.sig.bytes,
                    for: #require(test.msg).bytes,
                    context: test.ctx?.bytes ?? []
                )
                #expect((isValid ?? false) == (test.result == "valid"), "test case \(test.tcId): \(test.comment)")
            }
        }
        #expect(count == file.numberOfTests)
        #expect(count > 150)
    }

    @Test(
        "every seed gives the listed key, and message or representative the listed signature",
        arguments: Pairing.native
    )
    func signing(pairing: NativePairing) throws {
        let file = try WycheproofFile.signing(pairing.scheme)
        var count = 0
        for group in file.testGroups {
            let key = try? pairing.makeKey(seed: #require(group.privateSeed).bytes)
            #expect(key?.verificationKey.bytes == group.publicKey?.bytes)
            for test in group.tests {
                count += 1
                let signature = key.flatMap { try? sign(test, with: $0) }
                let expected = test.result == "valid" ? test.sig.bytes : nil
                #expect(signature == expected, "test case \(test.tcId): \(test.comment)")
            }
        }
        #expect(count == file.numberOfTests)
        #expect(count > 80)
    }

    private func sign(_ test: WycheproofFile.Case, with key: SigningKey) throws -> [UInt8] {
        let randomness = test.rnd?.bytes ?? [UInt8](repeating: 0, count: 32)
        let context = test.ctx?.bytes ?? []
        guard let message = test.msg?.bytes else {
            let mu = try #require(test.mu).bytes
            let representative = try #require(MessageRepresentative(bytes: mu))
            return try key.sign(representative, randomness: randomness)
        }
        if let mu = test.mu?.bytes {
            let key = key.verificationKey
            let representative = try MessageRepresentative(message: message, context: context, key: key)
            #expect(representative == MessageRepresentative(bytes: mu), "test case \(test.tcId): \(test.comment)")
        }
        return try key.sign(message, context: context, randomness: randomness)
    }

    @Test("swift-crypto gives every seed the listed key, and what it signs is valid")
    func swiftCryptoSigning() throws {
        let pairing = Pairing.swiftCrypto
        let file = try WycheproofFile.signing(pairing.scheme)
        var signed = 0
        for group in file.testGroups {
            let signer = try? pairing.makeSigner(seed: #require(group.privateSeed).bytes)
            #expect(signer?.verificationKey.bytes == group.publicKey?.bytes)
            for test in group.tests {
                guard let message = test.msg?.bytes else { continue }
                let context = test.ctx?.bytes ?? []
                let signature = try? signer?.sign(message, context: context)
                #expect((signature != nil) == (test.result == "valid"), "test case \(test.tcId): \(test.comment)")
                guard let signature, let key = signer?.verificationKey.bytes else { continue }
                let verifier = try pairing.makeVerifier(key: key)
                #expect(verifier.isValid(signature, for: message, context: context), "test case \(test.tcId)")
                #expect(verifier.isValid(test.sig.bytes, for: message, context: context), "test case \(test.tcId)")
                signed += 1
            }
        }
        #expect(signed > 80)
    }
}
