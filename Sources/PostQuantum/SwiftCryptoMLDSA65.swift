internal import Crypto

/// An ML-DSA-65 private key, signing with swift-crypto.
///
/// What it signs is verified with this package's own code before it is released.
struct SwiftCryptoSigner: Signer {
    var verificationKey: VerificationKey { verifier.key }
    private let verifier: PreparedVerificationKey
    private let key: MLDSA65.PrivateKey

    /// Expands a seed of exactly 32 bytes.
    init(seed: SecretBytes) throws(KeyError) {
        do {
            key = try seed.key.withUnsafeBytes { try MLDSA65.PrivateKey(seedRepresentation: $0, publicKey: nil) }
        } catch {
            throw .malformed
        }
        let publicKey = VerificationKey(scheme: .mlDSA65, derivedBytes: Array(key.publicKey.rawRepresentation))
        verifier = PreparedVerificationKey(publicKey)
    }

    func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8] {
        guard context.count <= SignatureScheme.maximumContextByteCount else { throw .contextTooLong(context.count) }
        guard let data = try? key.signature(for: message, context: context) else { throw .failed }
        let signature = Array(data)
        guard verifier.isValid(signature, for: message, context: context) else { throw .failed }
        return signature
    }
}

/// An ML-DSA-65 public key, verifying with swift-crypto.
struct SwiftCryptoVerifier: Verifier {
    private let key: MLDSA65.PublicKey

    /// Decodes a key of exactly 1,952 bytes.
    init(key bytes: [UInt8]) throws(KeyError) {
        guard let key = try? MLDSA65.PublicKey(rawRepresentation: bytes) else { throw .malformed }
        self.key = key
    }

    func isValid(_ signature: [UInt8], for message: [UInt8], context: [UInt8]) -> Bool {
        guard signature.count == SignatureScheme.mlDSA65.signatureByteCount else { return false }
        guard context.count <= SignatureScheme.maximumContextByteCount else { return false }
        return key.isValidSignature(signature, for: message, context: context)
    }
}
