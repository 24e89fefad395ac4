/// A public key and the scheme that it belongs to.
public struct VerificationKey: Hashable, Sendable {
    /// The scheme.
    public let scheme: SignatureScheme
    /// The key as its scheme encodes it (FIPS 204, algorithm 22 `pkEncode`).
    public let bytes: [UInt8]

    /// Creates a key of bytes that have the scheme's length.
    public init(scheme: SignatureScheme, bytes: [UInt8]) throws(KeyError) {
        let expected = scheme.verificationKeyByteCount
        guard bytes.count == expected else { throw .wrongLength(bytes.count, expected: expected) }
        self.scheme = scheme
        self.bytes = bytes
    }

    init(scheme: SignatureScheme, derivedBytes bytes: [UInt8]) {
        self.scheme = scheme
        self.bytes = bytes
    }
}
