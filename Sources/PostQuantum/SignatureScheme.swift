/// A way to sign that withstands a quantum computer, by the name it has in configuration files.
public enum SignatureScheme: String, Hashable, Sendable, CaseIterable {
    /// ML-DSA-44 of FIPS 204, security category 2: the level of Dilithium2.
    case mlDSA44 = "ml-dsa-44"
    /// ML-DSA-65 of FIPS 204, security category 3.
    case mlDSA65 = "ml-dsa-65"

    /// What a new chain uses unless it is told otherwise.
    public static let standard = SignatureScheme.mlDSA44

    /// The longest context that a signature can have: 255 bytes (FIPS 204, section 5.2).
    public static let maximumContextByteCount = 255

    /// The number of bytes of a public key.
    public var verificationKeyByteCount: Int { parameters.verificationKeyByteCount }

    /// The number of bytes of every signature.
    public var signatureByteCount: Int { parameters.signatureByteCount }

    /// The number of bytes of the seed from which the private key is expanded.
    public var seedByteCount: Int { ParameterSet.seedByteCount }

    /// The numbers of the standard.
    var parameters: ParameterSet {
        switch self {
        case .mlDSA44: .mlDSA44
        case .mlDSA65: .mlDSA65
        }
    }

    /// Draws a seed, the only part of a private key that needs keeping.
    public func generateSeed() -> SecretBytes {
        .random(count: seedByteCount)
    }
}

extension SignatureScheme: CustomStringConvertible {
    /// The name in configuration files.
    public var description: String { rawValue }
}
