/// A private key that signs for one identity.
public protocol Signer: Sendable {
    /// The public key under which others verify what this key signs.
    var verificationKey: VerificationKey { get }

    /// Whether a signature takes nothing but the processor, for well under a millisecond: no device, no network, no question to anybody.
    ///
    /// Whoever needs the signature may then make it on his own thread. False unless a signer says otherwise.
    var takesOnlyProcessor: Bool { get }

    /// Signs a message in a context that keeps signatures of different purposes apart.
    ///
    /// Signing is randomised: two signatures of the same message differ, and both are valid.
    ///
    /// The message is best a 32-byte digest; the context has at most 255 bytes (FIPS 204, section 5.2).
    func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8]
}

extension Signer {
    /// False: nobody else knows what a signer waits for.
    public var takesOnlyProcessor: Bool { false }
}

/// A public key made ready to verify many signatures.
public protocol Verifier: Sendable {
    /// Whether the holder of the private key signed this very message in this very context.
    ///
    /// A signature of any length and content may be asked about; one that is no signature at all is not valid.
    func isValid(_ signature: [UInt8], for message: [UInt8], context: [UInt8]) -> Bool
}
