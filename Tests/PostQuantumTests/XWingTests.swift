import PostQuantum
import Testing

@Suite("X-Wing key agreement")
struct XWingTests {
    @Test("both sides end up with the same secret")
    func roundTrip() throws {
        let key = try XWing.EphemeralKey()
        let sent = try XWing.encapsulate(to: key.publicKey)
        #expect(key.publicKey.count == XWing.publicKeyByteCount)
        #expect(sent.ciphertext.count == XWing.ciphertextByteCount)
        #expect(sent.sharedSecret.count == XWing.sharedSecretByteCount)
        #expect(try key.decapsulate(sent.ciphertext) == sent.sharedSecret)
    }

    @Test("every encapsulation and every key pair is fresh")
    func freshness() throws {
        let key = try XWing.EphemeralKey()
        let first = try XWing.encapsulate(to: key.publicKey)
        let second = try XWing.encapsulate(to: key.publicKey)
        #expect(first.sharedSecret != second.sharedSecret)
        #expect(first.ciphertext != second.ciphertext)
        #expect(try XWing.EphemeralKey().publicKey != key.publicKey)
        #expect(try XWing.EphemeralKey().decapsulate(first.ciphertext) != first.sharedSecret)
    }

    @Test("a ciphertext that was altered gives another secret", arguments: [0, 500, 1_087, 1_088, 1_119])
    func alteredCiphertext(position: Int) throws {
        let key = try XWing.EphemeralKey()
        let sent = try XWing.encapsulate(to: key.publicKey)
        var altered = sent.ciphertext
        altered[position] ^= 1
        #expect(try key.decapsulate(altered) != sent.sharedSecret)
    }

    @Test("a ciphertext of another length is an error", arguments: [0, 1, 1_119, 1_121, 2_240])
    func ciphertextLength(count: Int) throws {
        let key = try XWing.EphemeralKey()
        #expect(throws: KeyAgreementError.wrongLength(count, expected: 1_120)) {
            try key.decapsulate([UInt8](repeating: 0, count: count))
        }
    }

    @Test("a public key of another length is an error", arguments: [0, 32, 1_184, 1_215, 1_217])
    func publicKeyLength(count: Int) {
        #expect(throws: KeyAgreementError.wrongLength(count, expected: 1_216)) {
            try XWing.encapsulate(to: [UInt8](repeating: 0, count: count))
        }
    }

    @Test("a public key whose coefficients are not reduced is an error (FIPS 203, section 7.2)")
    func malformedPublicKey() {
        #expect(throws: KeyAgreementError.failed) {
            try XWing.encapsulate(to: [UInt8](repeating: 0xFF, count: XWing.publicKeyByteCount))
        }
    }
}
