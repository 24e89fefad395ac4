public import Kernels

/// An ML-DSA private key, expanded once to sign many messages.
///
/// What depends on secrets takes the same steps whatever they are: no branch, no address and no division depends on them.
/// The memory of secrets is overwritten when the key, or an attempt at a signature, goes; registers and stack are not.
/// Every signature is verified before it is released: one that a fault in memory or processor spoilt could give the key
/// away.
public final class SigningKey: Signer {
    /// The public key under which others verify what this key signs.
    public var verificationKey: VerificationKey { verifier.key }
    /// True: a signature takes some tens of microseconds.
    public var takesOnlyProcessor: Bool { true }
    /// The public key made ready, which verifies each signature before it goes out.
    public let verifier: PreparedVerificationKey
    private let secrets: ExpandedSecrets
    private let parameters: ParameterSet
    private let kernel: LatticeKernel

    /// Expands a seed of 32 bytes (FIPS 204, algorithm 6 `ML-DSA.KeyGen_internal`).
    ///
    /// - Parameters:
    ///   - scheme: the parameter set.
    ///   - seed: the seed ξ.
    ///   - kernel: the form of the loops, one of `Kernel.available`.
    /// - Throws: `KeyError.wrongLength` unless the seed has 32 bytes.
    public convenience init(
        scheme: SignatureScheme,
        seed: SecretBytes,
        kernel: Kernel = .preferred
    ) throws(KeyError) {
        guard seed.count == scheme.seedByteCount else { throw .wrongLength(seed.count, expected: scheme.seedByteCount) }
        let kernel = LatticeKernel(kernel)
        let parameters = scheme.parameters
        let secrets = seed.withUnsafeBytes { ExpandedSecrets(seed: $0, parameters: parameters, kernel: kernel) }
        let key = VerificationKey(scheme: scheme, derivedBytes: secrets.verificationKeyBytes)
        self.init(secrets: secrets, verifier: PreparedVerificationKey(key, kernel: kernel))
    }

    /// Creates a key of its two halves.
    init(secrets: ExpandedSecrets, verifier: PreparedVerificationKey) {
        self.secrets = secrets
        self.verifier = verifier
        parameters = verifier.parameters
        kernel = verifier.kernel
    }

    /// Signs a message in a context, hedged: with fresh randomness (FIPS 204, algorithm 2 `ML-DSA.Sign`).
    public func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8] {
        try sign(message, context: context, randomness: Self.freshRandomness())
    }

    /// Signs a message in a context with given randomness.
    ///
    /// - Parameters:
    ///   - message: the message; best a 32-byte digest.
    ///   - context: at most 255 bytes.
    ///   - randomness: 32 bytes; 32 zeros give the deterministic variant (FIPS 204, section 3.4).
    /// - Returns: the signature.
    /// - Throws: that the context or the randomness has a wrong length, or that the signature proved invalid.
    public func sign(
        _ message: [UInt8],
        context: [UInt8],
        randomness: [UInt8]
    ) throws(SigningError) -> [UInt8] {
        guard let representative = verifier.representative(of: message, context: context) else {
            throw .contextTooLong(context.count)
        }
        return try sign(representative, randomness: randomness)
    }

    /// Signs a message of which only the representative is known, hedged.
    public func sign(_ representative: MessageRepresentative) throws(SigningError) -> [UInt8] {
        try sign(representative, randomness: Self.freshRandomness())
    }

    /// Signs a message of which only the representative is known (FIPS 204, algorithm 7 `ML-DSA.Sign_internal`).
    ///
    /// The number of attempts, 4.25 on average for ML-DSA-44 and 5.1 for ML-DSA-65, tells nothing of the key.
    ///
    /// - Parameters:
    ///   - representative: μ.
    ///   - randomness: 32 bytes; 32 zeros give the deterministic variant.
    /// - Returns: the signature.
    /// - Throws: that the randomness has a wrong length, or that the signature proved invalid.
    public func sign(
        _ representative: MessageRepresentative,
        randomness: [UInt8]
    ) throws(SigningError) -> [UInt8] {
        guard randomness.count == ParameterSet.seedByteCount else { throw .wrongRandomness(randomness.count) }
        var masks = MaskStream(
            seed: maskSeed(representative, randomness),
            parameters: parameters,
            kernel: kernel
        )
        let attempt = SigningAttempt(secrets: secrets, key: verifier)
        while masks.hasNextAttempt {
            guard var signature = attempt.run(representative, &masks) else { continue }
            guard verifier.isValid(signature, for: representative) else {
                // It may give the key away.
                signature.withUnsafeMutableBytes { wipe($0) }
                throw .failed
            }
            return signature
        }
        throw .failed
    }

    /// ρ″ = H(K ‖ rnd ‖ μ), from which all masks of a signature are drawn.
    private func maskSeed(_ representative: MessageRepresentative, _ randomness: [UInt8]) -> SecretBuffer {
        let seed = SecretBuffer(byteCount: ParameterSet.secretSeedByteCount)
        var sponge = Sponge(.shake256, kernel: kernel)
        sponge.absorb(UnsafeRawBufferPointer(secrets.maskKey.bytes))
        sponge.absorb(randomness)
        sponge.absorb(representative.bytes)
        sponge.squeeze(into: seed.bytes)
        return seed
    }

    private static func freshRandomness() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return [UInt8](unsafeUninitializedCapacity: ParameterSet.seedByteCount) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            count = bytes.count
            for offset in stride(from: 0, to: count, by: MemoryLayout<UInt64>.size) {
                bytes.storeBytes(of: generator.next(), toByteOffset: offset, as: UInt64.self)
            }
        }
    }
}
