extension SignatureScheme {
    /// Expands a seed to the private key (FIPS 204, algorithm 6 `KeyGen_internal`).
    ///
    /// - Parameters:
    ///   - seed: the seed.
    ///   - implementation: whose code signs.
    /// - Returns: the private key.
    /// - Throws: that the seed has a wrong length, or that the implementation does not know the scheme.
    public func makeSigner(
        seed: SecretBytes,
        implementation: SignatureImplementation = .preferred
    ) throws(KeyError) -> any Signer {
        guard seed.count == seedByteCount else { throw .wrongLength(seed.count, expected: seedByteCount) }
        switch (implementation, self) {
        case (.native(let kernel), _): return try SigningKey(scheme: self, seed: seed, kernel: kernel)
        case (.swiftCrypto, .mlDSA65): return try SwiftCryptoSigner(seed: seed)
        case (.swiftCrypto, .mlDSA44): throw .notImplemented(self, implementation)
        }
    }

    /// Prepares a public key for verification.
    ///
    /// - Parameters:
    ///   - bytes: the key as its scheme encodes it.
    ///   - implementation: whose code verifies.
    /// - Returns: the key made ready.
    /// - Throws: that the key has a wrong length, or that the implementation does not know the scheme.
    public func makeVerifier(
        key bytes: [UInt8],
        implementation: SignatureImplementation = .preferred
    ) throws(KeyError) -> any Verifier {
        let key = try VerificationKey(scheme: self, bytes: bytes)
        switch (implementation, self) {
        case (.native(let kernel), _): return PreparedVerificationKey(key, kernel: kernel)
        case (.swiftCrypto, .mlDSA65): return try SwiftCryptoVerifier(key: bytes)
        case (.swiftCrypto, .mlDSA44): throw .notImplemented(self, implementation)
        }
    }
}
