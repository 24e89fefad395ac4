/// A way to sign that withstands a quantum computer, by the name it has in configuration files.
public enum SignatureScheme: String, Hashable, Sendable, CaseIterable {
    /// ML-DSA-65 of FIPS 204, security category 3.
    case mlDSA65 = "ml-dsa-65"

    /// The longest context that a signature can have: 255 bytes (FIPS 204, section 5.2).
    public static let maximumContextByteCount = 255

    /// The number of bytes of a public key.
    public var verificationKeyByteCount: Int {
        switch self {
        case .mlDSA65: 1_952
        }
    }

    /// The number of bytes of every signature.
    public var signatureByteCount: Int {
        switch self {
        case .mlDSA65: 3_309
        }
    }

    /// The number of bytes of the seed from which the private key is expanded.
    public var seedByteCount: Int {
        switch self {
        case .mlDSA65: 32
        }
    }

    /// Draws a seed, the only part of a private key that needs keeping.
    public func generateSeed() -> SecretBytes {
        .random(count: seedByteCount)
    }

    /// Expands a seed to the private key (FIPS 204, algorithm 6 `KeyGen_internal`).
    public func makeSigner(seed: SecretBytes) throws(KeyError) -> any Signer {
        guard seed.count == seedByteCount else { throw .wrongLength(seed.count, expected: seedByteCount) }
        switch self {
        case .mlDSA65: return try MLDSA65Signer(seed: seed)
        }
    }

    /// Prepares a public key for verification.
    public func makeVerifier(key bytes: [UInt8]) throws(KeyError) -> any Verifier {
        guard bytes.count == verificationKeyByteCount else {
            throw .wrongLength(bytes.count, expected: verificationKeyByteCount)
        }
        switch self {
        case .mlDSA65: return try MLDSA65Verifier(key: bytes)
        }
    }
}

extension SignatureScheme: CustomStringConvertible {
    /// The name in configuration files.
    public var description: String { rawValue }
}
